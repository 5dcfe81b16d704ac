"""Migration operations that make the database itself the guard of history."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class AppendOnly(Operation):
    """Refuse UPDATE, DELETE and TRUNCATE on `table`, whoever asks and by whatever road.

    SQLite's `INSERT OR REPLACE` deletes without firing delete triggers, so an insert
    over an existing key is refused too. `unique` names the table's further unique keys,
    each a tuple of columns.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, unique: tuple[tuple[str, ...], ...] = ()) -> None:
        self.table = table
        self.unique = unique

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__qualname__, [self.table], {"unique": self.unique}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of the model state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self.lift(schema_editor)  # to lay the guards again where a changed column has left some behind
        for statement in self._statements(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self.lift(schema_editor)

    def lift(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Take the guards away."""
        on_table = f" ON {self.table}" if schema_editor.connection.vendor == "postgresql" else ""
        for name in self._names(schema_editor.connection.vendor):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}", params=None)

    def describe(self) -> str:
        return f"Make {self.table} append-only"

    def _names(self, vendor: str) -> tuple[str, ...]:
        third = "truncate" if vendor == "postgresql" else "replace"
        return tuple(f"{self.table}_no_{verb}" for verb in ("update", "delete", third))

    def _statements(self, vendor: str) -> list[str]:
        return self._postgresql() if vendor == "postgresql" else self._sqlite()

    @property
    def lifted(self) -> Lifted:
        """The operation that takes these guards away while columns change."""
        return Lifted(self)

    def _postgresql(self) -> list[str]:
        function = """
            CREATE OR REPLACE FUNCTION breachdesk_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME
                  USING ERRCODE = 'integrity_constraint_violation'; END $$"""
        rows = [
            f"CREATE TRIGGER {self.table}_no_{verb} BEFORE {verb.upper()} ON {self.table} "
            f"FOR EACH {each} EXECUTE FUNCTION breachdesk_refuse_change()"
            for verb, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT"))
        ]
        return [function, *rows]

    def _sqlite(self) -> list[str]:
        rows = [
            f"CREATE TRIGGER {self.table}_no_{verb} BEFORE {verb.upper()} ON {self.table} "
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {verb} on {self.table} is refused'); END"
            for verb in ("update", "delete")
        ]
        taken = " OR ".join(self._is_taken(key) for key in (("id",), *self.unique))
        replace = (
            f"CREATE TRIGGER {self.table}_no_replace BEFORE INSERT ON {self.table} WHEN {taken} "
            f"BEGIN SELECT RAISE(ABORT, 'append-only: replacing a row of {self.table} is refused'); END"
        )
        return [*rows, replace]

    def _is_taken(self, key: tuple[str, ...]) -> str:
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        return f"EXISTS (SELECT 1 FROM {self.table} WHERE {same})"


class Chained(AppendOnly):
    """Append-only, and each row must follow the row before it: no gap, no fork, no insertion."""

    def _names(self, vendor: str) -> tuple[str, ...]:
        return (*super()._names(vendor), f"{self.table}_must_follow")

    def _postgresql(self) -> list[str]:
        function = f"""
            CREATE OR REPLACE FUNCTION breachdesk_must_follow() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF NEW.sequence > 1 AND NOT EXISTS (SELECT 1 FROM {self.table} WHERE chain_id = NEW.chain_id
                  AND sequence = NEW.sequence - 1 AND hash = NEW.previous_hash) THEN
                RAISE EXCEPTION 'history: % #% does not follow', NEW.chain_id, NEW.sequence
                  USING ERRCODE = 'integrity_constraint_violation';
              END IF;
              RETURN NEW;
            END $$"""
        trigger = (
            f"CREATE TRIGGER {self.table}_must_follow BEFORE INSERT ON {self.table} "
            "FOR EACH ROW EXECUTE FUNCTION breachdesk_must_follow()"
        )
        return [*super()._postgresql(), function, trigger]

    def _sqlite(self) -> list[str]:
        follow = (
            f"CREATE TRIGGER {self.table}_must_follow BEFORE INSERT ON {self.table} "
            f"WHEN NEW.sequence > 1 AND NOT EXISTS (SELECT 1 FROM {self.table} WHERE chain_id = NEW.chain_id "
            "AND sequence = NEW.sequence - 1 AND hash = NEW.previous_hash) "
            "BEGIN SELECT RAISE(ABORT, 'history: the event does not follow the one before'); END"
        )
        return [*super()._sqlite(), follow]


class Erasable(AppendOnly):
    """Append-only, but a row may be deleted once history tells of it: an event `action` about its event."""

    def __init__(self, table: str, unique: tuple[tuple[str, ...], ...] = (), *, action: str) -> None:
        super().__init__(table, unique)
        self.action = action

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__qualname__, [self.table], {"unique": self.unique, "action": self.action}

    def _told(self) -> str:
        return (
            f"EXISTS (SELECT 1 FROM audit_event WHERE action = '{self.action}' "
            "AND subject = 'audit.event:' || OLD.event_id)"
        )

    def _postgresql(self) -> list[str]:
        function = f"""
            CREATE OR REPLACE FUNCTION breachdesk_refuse_untold() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF NOT {self._told()} THEN
                RAISE EXCEPTION 'append-only: an untold % on % is refused', TG_OP, TG_TABLE_NAME
                  USING ERRCODE = 'integrity_constraint_violation';
              END IF;
              RETURN OLD;
            END $$"""
        return [function, *map(self._untold, super()._postgresql())]

    def _untold(self, statement: str) -> str:
        is_delete = f"{self.table}_no_delete" in statement
        return statement.replace("refuse_change", "refuse_untold") if is_delete else statement

    def _sqlite(self) -> list[str]:
        before = f"BEFORE DELETE ON {self.table}"
        return [
            statement.replace(before, f"{before} WHEN NOT {self._told()}") for statement in super()._sqlite()
        ]


def _under_destruction(chain: str) -> str:
    """Whether history says that the words of `chain` (SQL for a case's reference) are being destroyed."""
    return (
        f"EXISTS (SELECT 1 FROM audit_event b WHERE b.action = 'destruction.begun' AND b.chain_id = {chain} "
        "AND NOT EXISTS (SELECT 1 FROM audit_event f WHERE f.action = 'destruction.finished' "
        "AND f.chain_id = b.chain_id AND f.sequence > b.sequence))"
    )


class Destroyable(AppendOnly):
    """Append-only, but a row may be changed while history says that its case is being destroyed.

    `chain` is SQL for the reference of the case that the row `OLD` belongs to.
    """

    def __init__(self, table: str, unique: tuple[tuple[str, ...], ...] = (), *, chain: str) -> None:
        super().__init__(table, unique)
        self.chain = chain

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__qualname__, [self.table], {"unique": self.unique, "chain": self.chain}

    def _postgresql(self) -> list[str]:
        name = f"{self.table}_refuse_change"
        function = f"""
            CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF NOT {_under_destruction(self.chain)} THEN
                RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME
                  USING ERRCODE = 'integrity_constraint_violation';
              END IF;
              RETURN NEW;
            END $$"""
        rows = [
            statement.replace("breachdesk_refuse_change", name)
            if f"{self.table}_no_update" in statement
            else statement
            for statement in super()._postgresql()
        ]
        return [function, *rows]

    def _sqlite(self) -> list[str]:
        before = f"BEFORE UPDATE ON {self.table}"
        during = _under_destruction(self.chain)
        return [statement.replace(before, f"{before} WHEN NOT {during}") for statement in super()._sqlite()]


class ErasableOrDestroyed(Erasable):
    """Erasable, and deleted too while history says that the case of its event is being destroyed."""

    def _told(self) -> str:
        chain = "(SELECT e.chain_id FROM audit_event e WHERE e.id = OLD.event_id)"
        return f"({super()._told()} OR {_under_destruction(chain)})"


class Lifted(Operation):
    """Guards taken away within one migration, because SQLite makes a table anew when a column changes.

    The same migration lays them again.
    """

    reversible = False
    reduces_to_sql = True

    def __init__(self, guard: AppendOnly) -> None:
        self.guard = guard

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of the model state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self.guard.lift(schema_editor)

    def describe(self) -> str:
        return f"Lift the guards of {self.guard.table}"


def guarded_tables(connection: BaseDatabaseWrapper) -> set[str]:
    """The tables this database refuses to change, as its guards stand now."""
    catalogue = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        names = {row[0] for row in cursor.fetchall()}
    tables = {name.removesuffix("_no_update") for name in names if name.endswith("_no_update")}
    return {table for table in tables if f"{table}_no_delete" in names}
