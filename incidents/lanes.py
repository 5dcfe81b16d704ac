"""The clocks of a case drawn as lanes on one axis of time. The table of the same page says the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.clocks import SEOUL, Clock, weekday
from incidents.models import Case

WIDTH, LABELS, LANE = 1000, 0, 34


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


def lanes(case: Case, clocks: list[Clock], *, now: datetime) -> Lanes | None:
    """The drawing, or None when fewer than two clocks have both a start and an end."""
    shown = [clock for clock in clocks if clock.due_at and clock.deadline.starts_at]
    if len(shown) < 2:
        return None
    first = min(clock.deadline.starts_at for clock in shown if clock.deadline.starts_at)
    last = max([now, *(clock.due_at for clock in shown if clock.due_at)])
    span = max((last - first).total_seconds(), 3600.0)

    def place(moment: datetime) -> int:
        return round((moment - first).total_seconds() / span * WIDTH)

    rows = []
    for number, clock in enumerate(shown):
        assert clock.due_at is not None and clock.deadline.starts_at is not None
        start, end = place(clock.deadline.starts_at), place(clock.due_at)
        top = number * LANE + 4
        rows.append(Lane(clock, top, start, max(end - start, 3), top + 12))
    return Lanes(rows, _ticks(first, last, place), place(now), WIDTH, len(rows) * LANE + 24)


def _ticks(first: datetime, last: datetime, place) -> list[Tick]:  # type: ignore[no-untyped-def]
    """Midnights in Korea, at most eight."""
    midnight = first.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    days = max((last - midnight).days + 1, 1)
    step = timedelta(days=-(-days // 8))
    ticks = []
    while midnight <= last:
        ticks.append(Tick(place(midnight), f"{midnight:%m-%d}({weekday(midnight.date())})"))
        midnight += step
    return ticks
