"""Clocks of one case and of all cases one may see, tightest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Case as Choice
from django.db.models import Count, F, IntegerField, Q, When
from django.db.models.functions import Coalesce

from incidents.clocks import Clock, State, clock_of
from incidents.lateness import is_late, late_at
from incidents.models import Case, Deadline

if TYPE_CHECKING:
    from core.accounts.models import User

RELATED = ("case", "owner", "dismissed_by", "duty")


@dataclass(frozen=True, slots=True)
class Wall:
    """One page of the clock wall. `hero` is the nearest end still to come, None if there is none."""

    hero: Clock | None
    clocks: list[Clock]
    has_more: bool


def clock_wall(user: User, *, now: datetime, show: str = "", start: int = 0, size: int = 40) -> Wall:
    """Running clocks of the cases `user` may see: those past their end first, then by end (or internal target).

    `show` narrows to `overdue` or `unacknowledged`. Two queries however many cases there are.
    """
    rows = _narrowed(Deadline.objects.visible_to(user).running(), show, now=now)
    pinned = Choice(When(late_at(now), then=0), default=1, output_field=IntegerField())
    ends = Coalesce("due_at", "target_at").asc(nulls_last=True)
    page = list(rows.select_related(*RELATED).order_by(pinned, ends, "pk")[start : start + size + 1])
    clocks = [clock_of(row, now) for row in page]
    return Wall(hero=_hero(user, clocks, now=now), clocks=clocks[:size], has_more=len(clocks) > size)


def _narrowed(rows, show: str, *, now: datetime):  # type: ignore[no-untyped-def]
    if show == "overdue":
        return rows.overdue(now=now)
    if show == "unacknowledged":
        return rows.filter(acknowledged_at=None, due_at__isnull=False)
    return rows


def _hero(user: User, clocks: list[Clock], *, now: datetime) -> Clock | None:
    """The first clock of the page still to come; asked for only when the page holds none."""
    for clock in clocks:
        if clock.due_at is not None and not is_late(clock.deadline, now):
            return clock
    rows = Deadline.objects.visible_to(user).running().filter(due_at__isnull=False).exclude(late_at(now))
    row = rows.select_related(*RELATED).tightest_first().first()
    return clock_of(row, now) if row else None


def waiting_counts(user: User, *, now: datetime) -> dict[str, int]:
    """How many clocks one may see are past their end, and how many nobody has acknowledged."""
    return (
        Deadline.objects.visible_to(user)
        .running()
        .aggregate(
            overdue=Count("pk", filter=late_at(now)),
            unacknowledged=Count("pk", filter=Q(acknowledged_at=None, due_at__isnull=False)),
        )
    )


@dataclass(frozen=True, slots=True)
class CaseClocks:
    """The clocks of one case: running, ended (met or not applicable), and those replaced since."""

    running: list[Clock]
    ended: list[Clock]
    replaced: list[Clock]


def case_clocks(case: Case, now: datetime) -> CaseClocks:
    rows = case.deadlines.select_related(*RELATED, "met_by").order_by(
        F("due_at").asc(nulls_last=True), F("target_at").asc(nulls_last=True), "pk"
    )
    return sorted_clocks([clock_of(row, now) for row in rows])


def sorted_clocks(clocks: list[Clock]) -> CaseClocks:
    """The clocks of one case by how they stand, each part in the order given."""
    return CaseClocks(
        running=[clock for clock in clocks if clock.is_running],
        ended=[clock for clock in clocks if clock.state in (State.MET, State.MET_LATE, State.NOT_APPLICABLE)],
        replaced=[clock for clock in clocks if clock.state is State.SUPERSEDED],
    )
