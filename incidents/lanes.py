"""Clocks drawn as lanes on one axis of time. The table of the same page says the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.accounts.days import SEOUL
from incidents.clocks import Clock, weekday
from incidents.models import Case
from incidents.rivals import ContestedDuty, RivalClock

WIDTH, LANE, GROUP = 1000, 34, 26
EDGE = WIDTH + 180  # the drawing goes on this far to the right of the axis
WORDS = 330  # how far the words of a bar can reach
Place = Callable[[datetime], int]


@dataclass(frozen=True, slots=True)
class Lane:
    """One clock: a bar from its start to its end, in the units of the drawing."""

    clock: Clock
    y: int
    x: int
    width: int
    text_y: int


@dataclass(frozen=True, slots=True)
class Tick:
    x: int
    label: str


@dataclass(frozen=True, slots=True)
class Lanes:
    lanes: list[Lane]
    ticks: list[Tick]
    now_x: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class RivalLane:
    """One duty under one time of knowing; `mark_x` is where it was performed, None while it was not."""

    clock: RivalClock
    y: int
    x: int
    width: int
    mark_x: int | None

    @property
    def text_x(self) -> int:
        """Over the bar, or on either side of the mark where that would cross the words."""
        over = min(self.x + 8, EDGE - WORDS)
        if self.mark_x is None:
            return over
        places = (over, self.mark_x + 8, self.mark_x - 8 - WORDS)
        return next((x for x in places if 0 <= x <= EDGE - WORDS and not self._crosses(x)), over)

    def _crosses(self, x: int) -> bool:
        return self.mark_x is not None and x - 4 <= self.mark_x <= x + WORDS

    @property
    def text_y(self) -> int:
        return self.y + 13


@dataclass(frozen=True, slots=True)
class RivalGroup:
    title: str
    y: int
    lanes: list[RivalLane]


@dataclass(frozen=True, slots=True)
class RivalLanes:
    groups: list[RivalGroup]
    ticks: list[Tick]
    now_x: int | None
    width: int
    height: int


def rival_lanes(duties: Sequence[ContestedDuty], *, now: datetime) -> RivalLanes | None:
    """Each duty with a lane for every time of knowing; None where nothing is contested.

    The axis ends at the last end or performance; `now` is drawn while it lies on it.
    """
    clocks = [clock for duty in duties for clock in duty.clocks]
    if not clocks:
        return None
    first = min(clock.starts_at for clock in clocks)
    last = max(max(clock.due_at, clock.met_at or clock.due_at) for clock in clocks)
    place = _placing(first, last)
    groups, top = [], 0
    for duty in duties:
        rows = [_rival_lane(clock, top + GROUP + n * LANE, place) for n, clock in enumerate(duty.clocks)]
        groups.append(RivalGroup(duty.title, top + 16, rows))
        top += GROUP + len(rows) * LANE + 10
    now_x = place(now) if first <= now <= last else None
    return RivalLanes(groups, _ticks(first, last, place), now_x, WIDTH, top + 20)


def _rival_lane(clock: RivalClock, y: int, place: Place) -> RivalLane:
    start, end = place(clock.starts_at), place(clock.due_at)
    return RivalLane(clock, y, start, max(end - start, 3), place(clock.met_at) if clock.met_at else None)


def _placing(first: datetime, last: datetime) -> Place:
    span = max((last - first).total_seconds(), 3600.0)
    return lambda moment: round((moment - first).total_seconds() / span * WIDTH)


def lanes(case: Case, clocks: list[Clock], *, now: datetime) -> Lanes | None:
    """The drawing, or None when fewer than two clocks have both a start and an end."""
    shown = [clock for clock in clocks if clock.due_at and clock.deadline.starts_at]
    if len(shown) < 2:
        return None
    first = min(clock.deadline.starts_at for clock in shown if clock.deadline.starts_at)
    last = max([now, *(clock.due_at for clock in shown if clock.due_at)])
    place = _placing(first, last)
    rows = []
    for number, clock in enumerate(shown):
        assert clock.due_at is not None and clock.deadline.starts_at is not None
        start, end = place(clock.deadline.starts_at), place(clock.due_at)
        top = number * LANE + 4
        rows.append(Lane(clock, top, start, max(end - start, 3), top + 12))
    return Lanes(rows, _ticks(first, last, place), place(now), WIDTH, len(rows) * LANE + 24)


def _ticks(first: datetime, last: datetime, place: Place) -> list[Tick]:
    """Midnights in Korea, at most eight."""
    midnight = first.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    days = max((last - midnight).days + 1, 1)
    step = timedelta(days=-(-days // 8))
    ticks = []
    while midnight <= last:
        ticks.append(Tick(place(midnight), f"{midnight:%m-%d}({weekday(midnight.date())})"))
        midnight += step
    return ticks
