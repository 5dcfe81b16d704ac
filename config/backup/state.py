"""What a house is at one instant, in figures: a restored one has to be the same, to the row and to the clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from core.audit.models import Chain
from incidents.models import Deadline, Destruction, Evidence


@dataclass(frozen=True, slots=True)
class State:
    """Rows of each table, the end of each chain, and each open clock with its end."""

    migrations: list[str]
    counts: dict[str, int]
    heads: dict[str, str]  # chain → `length:hash`
    clocks: dict[str, str]  # id of an open deadline → `due_at|target_at`
    evidence: list[str]  # names of the kept files

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def differences(self, other: State) -> list[str]:
        """In what `other` is not this: table, chain or clock, with both figures."""
        return [
            f"{word} {key}: 백업 {mine.get(key, '없음')}, 지금 {theirs.get(key, '없음')}"
            for word, mine, theirs in (
                ("표", self.counts, other.counts),
                ("이력", self.heads, other.heads),
                ("시계", self.clocks, other.clocks),
            )
            for key in sorted({*mine, *theirs})
            if mine.get(key) != theirs.get(key)
        ]


def state_of(alias: str = "default") -> State:
    """How the database behind `alias` stands."""
    connection = connections[alias]
    names = sorted(name for name in connection.introspection.table_names() if not name.startswith("sqlite_"))
    return State(
        migrations=sorted(
            f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
        ),
        counts={name: _count(alias, name) for name in names},
        heads=_heads(alias),
        clocks=_clocks(alias),
        evidence=sorted(_standing_evidence(alias)),
    )


def _count(alias: str, table: str) -> int:
    with connections[alias].cursor() as cursor:
        quoted = connections[alias].ops.quote_name(table)
        cursor.execute(f"SELECT COUNT(*) FROM {quoted}")  # noqa: S608 - the database's own name of a table
        (count,) = cursor.fetchone()
    return int(count)


def _heads(alias: str) -> dict[str, str]:
    rows = Chain.objects.using(alias).values_list("key", "length", "head")
    return {key: f"{length}:{head}" for key, length, head in rows}


def _clocks(alias: str) -> dict[str, str]:
    rows = Deadline.objects.using(alias).running().values_list("pk", "due_at", "target_at")
    return {
        str(pk): "|".join(moment.isoformat() if moment else "" for moment in (due_at, target_at))
        for pk, due_at, target_at in rows
    }


def _standing_evidence(alias: str) -> Iterable[str]:
    """The kept files that have to be there: those of a case that is being destroyed, or was, may be gone."""
    destroyed = Destruction.objects.using(alias).filter(begun_at__isnull=False).values("case")
    return Evidence.objects.using(alias).exclude(case__in=destroyed).values_list("kept_as", flat=True)
