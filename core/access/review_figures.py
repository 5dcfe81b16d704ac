"""What a reviewer looks at first: the figures of a period, and rows drawn from it that nobody chose."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from core.access.chain_models import AccessLink
from core.access.models import AccessRow, Act, Result
from core.access.reviews import Period
from core.accounts.models import Organization
from core.audit.models import GENESIS

FEW = 5_000  # up to here all ids are read; beyond it ids are guessed until enough of them are there
TRIES = 50_000
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Figures:
    """What was done in a period, counted."""

    rows: int
    refused: int
    taken: int  # downloaded or printed
    searched: int
    people: int

    def as_data(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__slots__}

    def lines(self) -> list[tuple[str, int]]:
        return [
            (_("모든 행"), self.rows),
            (_("거부된 것"), self.refused),
            (_("다운로드와 출력"), self.taken),
            (_("검색"), self.searched),
            (_("본 사람 수"), self.people),
        ]


def rows_of(place: Organization, period: Period) -> QuerySet[AccessRow]:
    return AccessRow.objects.filter(organization=place, at__gte=period.first, at__lt=period.end)


def figures_of(place: Organization, period: Period) -> Figures:
    """Two passes over an index that holds all of it."""
    rows = rows_of(place, period).order_by()
    counts = rows.aggregate(
        rows=Count("pk"),
        refused=Count("pk", filter=Q(result=Result.REFUSED)),
        taken=Count("pk", filter=Q(act__in=(Act.DOWNLOAD, Act.PRINT))),
        searched=Count("pk", filter=Q(act=Act.SEARCH)),
    )
    people = rows.exclude(account=None).values("account").distinct().count()
    return Figures(**counts, people=people)


def seed_of(place: Organization, period: Period) -> str:
    """What a sample is drawn by: the hash the chain had at the last row of the period. Nobody knew it before,
    and nobody can choose another afterwards.
    """
    last = rows_of(place, period).order_by("-at", "-pk").values_list("pk", flat=True).first()
    return AccessLink.objects.filter(row=last or 0).values_list("hash", flat=True).first() or GENESIS


def sample_of(place: Organization, period: Period, *, seed: str, size: int, total: int) -> list[AccessRow]:
    """`size` rows of the period, the same for the same seed, the earliest first. `total` is how many there are."""
    rows = rows_of(place, period)
    if total <= FEW:
        every = sorted(rows.order_by().values_list("pk", flat=True))
        drawn = {every[at] for at in _distinct(seed, len(every), min(size, len(every)))}
        return list(AccessRow.objects.filter(pk__in=drawn).order_by("pk").select_related("account"))
    drawn = set()
    ids = rows.values_list("pk", flat=True)
    first, last = ids.order_by("at", "pk")[0], ids.order_by("-at", "-pk")[0]
    guesses = _numbers(seed, last - first + 1)
    for _round in range(TRIES // AT_ONCE):
        wanted = list(dict.fromkeys(first + next(guesses) for _ in range(AT_ONCE)))
        there = _of_place(wanted, place, period)
        drawn.update([pk for pk in wanted if pk in there and pk not in drawn][: size - len(drawn)])
        if len(drawn) >= size:
            break
    return list(AccessRow.objects.filter(pk__in=drawn).order_by("pk").select_related("account"))


def _of_place(ids: list[int], place: Organization, period: Period) -> set[int]:
    """Which of the ids are rows of the place in the period. Asked by id alone: a database with a choice of
    indexes may take the one over the whole period.
    """
    rows = AccessRow.objects.filter(pk__in=ids).order_by().values_list("pk", "organization_id", "at")
    return {pk for pk, of, at in rows if of == place.pk and period.first <= at < period.end}


def _numbers(seed: str, below: int) -> Iterator[int]:
    """Numbers from 0 to `below` that follow from the seed, the same on every machine."""
    for turn in count():
        yield int.from_bytes(hashlib.sha256(f"{seed}:{turn}".encode()).digest()) % below


def _distinct(seed: str, below: int, many: int) -> set[int]:
    found: set[int] = set()
    numbers = _numbers(seed, below) if below else iter(())
    while len(found) < many:
        found.add(next(numbers))
    return found
