"""What a link of the access log is over, and where the chain stands.

Requests write rows and nothing else, so that no page waits for another. The sweep gives each row its number
and its hash a few seconds later, in the order of their ids. An id is given before its row is committed, so
a row may come to light after one with a higher id: it gets its number when it is seen. How far back a pass
looks for such rows is `LOOK_BACK`; a row older than that without a number was put there by another way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet

from core.access.chain_models import AccessLink, PurgedEnd
from core.access.models import AccessRow
from core.audit.chain import digest, plain
from core.audit.models import GENESIS

LOOK_BACK = 20_000  # ids
CHUNK = 2_000
COLUMNS = tuple(field.attname for field in AccessRow._meta.concrete_fields)


@dataclass(frozen=True, slots=True)
class End:
    """How far a chain goes: the number and the hash of its last link."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A link with its row, as the database has them now; no row where it is gone."""

    number: int
    hash: str
    row_id: int
    row: Mapping[str, Any] | None

    @property
    def at(self) -> datetime | None:
        return self.row["at"] if self.row else None


def body_of(row: Mapping[str, Any], *, number: int, previous: str) -> dict[str, Any]:
    """What the hash of a link is over. What is empty is left out, so that a column added later to the log
    leaves the hashes of earlier rows as they are.
    """
    filled = {name: plain(value) for name, value in row.items() if value not in ("", None, [], 0)}
    return {**filled, "number": number, "previous": previous}


def hash_of(row: Mapping[str, Any], *, number: int, previous: str) -> str:
    return digest(body_of(row, number=number, previous=previous))


def beginning() -> End:
    """Where the chain begins: at the first row, or behind the last purge."""
    last = PurgedEnd.objects.last()
    return End(last.number, last.hash) if last else End(0, GENESIS)


def end_of_chain() -> End:
    last = AccessLink.objects.last()
    return End(last.pk, last.hash) if last else beginning()


def horizon() -> int:
    """The id below which no row can still be on its way into the log."""
    highest = AccessLink.objects.aggregate(highest=Max("row"))["highest"] or 0
    return max(int(highest) - LOOK_BACK, 0)


def without_number() -> QuerySet[AccessRow]:
    """The rows that no link names."""
    return AccessRow.objects.filter(~Exists(AccessLink.objects.filter(row=OuterRef("pk")))).order_by("pk")


def linked_after(number: int, *, most: int | None = None) -> Iterator[Linked]:
    """The links after `number` with their rows, in order."""
    links = AccessLink.objects.filter(pk__gt=number).order_by("pk")
    left = most
    while left is None or left > 0:
        some = list(links.values_list("pk", "row", "hash")[: min(CHUNK, left or CHUNK)])
        if not some:
            return
        rows = _rows([row for _number, row, _hash in some])
        yield from (Linked(pk, hash_, row, rows.get(row)) for pk, row, hash_ in some)
        links = AccessLink.objects.filter(pk__gt=some[-1][0]).order_by("pk")
        left = None if left is None else left - len(some)


def _rows(ids: list[int]) -> dict[int, dict[str, Any]]:
    near = AccessRow.objects.filter(pk__gte=min(ids), pk__lte=max(ids))
    if max(ids) - min(ids) > 2 * CHUNK:  # one that came to light late lies far from the others
        near = AccessRow.objects.filter(pk__in=ids)
    return {row["id"]: row for row in near.order_by().values(*COLUMNS)}
