"""The migration operation that guards the access log: rows go only when a purge has been written down."""

from __future__ import annotations

from core.audit.operations import AppendOnly

LOG, PURGES = "access_accessrow", "access_accesspurge"
LINKS, ENDS = "access_accesslink", "access_purgedend"


class Purgeable(AppendOnly):
    """Append-only, but a row of the log may be deleted once a purge names a later instant than its own."""

    refusal = "breachdesk_refuse_unpurged"  # the function of the database, one for each table

    def __init__(self) -> None:
        super().__init__(LOG)

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return type(self).__qualname__, [], {}

    def _covered(self) -> str:
        return f'EXISTS (SELECT 1 FROM {PURGES} WHERE "before" > OLD.at)'

    def _postgresql(self) -> list[str]:
        function = f"""
            CREATE OR REPLACE FUNCTION {self.refusal}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF NOT {self._covered()} THEN
                RAISE EXCEPTION 'append-only: % on % without a purge is refused', TG_OP, TG_TABLE_NAME
                  USING ERRCODE = 'integrity_constraint_violation';
              END IF;
              RETURN OLD;
            END $$"""
        return [function, *map(self._unpurged, super()._postgresql())]

    def _unpurged(self, statement: str) -> str:
        is_delete = f"{self.table}_no_delete" in statement
        return statement.replace("breachdesk_refuse_change", self.refusal) if is_delete else statement

    def _sqlite(self) -> list[str]:
        before = f"BEFORE DELETE ON {self.table}"
        return [
            statement.replace(before, f"{before} WHEN NOT {self._covered()}")
            for statement in super()._sqlite()
        ]


class PurgeableLinks(Purgeable):
    """Append-only, but a link may be deleted once a purge has kept the end of what it takes away."""

    refusal = "breachdesk_refuse_unpurged_link"

    def __init__(self) -> None:
        AppendOnly.__init__(self, LINKS, unique=(("row",),))

    def _covered(self) -> str:
        return f"EXISTS (SELECT 1 FROM {ENDS} WHERE number >= OLD.id)"
