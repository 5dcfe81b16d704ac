"""When a follow-up's period ends, with the days passed over and the doubts left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.engine.calendar import ONE_DAY, Calendar, OutsideCalendarError
from rules.engine.korean import seoul_day
from rules.engine.periods import (
    Length,
    end_of_calendar_days,
    end_of_days,
    first_counted_day,
    read_length,
)

Skipped = tuple[tuple[date, str], ...]
CITES = {
    "DAYS": ("민법 제155조", "민법 제157조", "민법 제159조", "민법 제161조"),
    "CONTINUING": ("행정기본법 제6조제2항",),
    "DAYS_BEFORE": ("민법 제155조", "민법 제157조"),
    "NAMED": (),
}
BY_CALENDAR = "민법 제160조"  # months and years go by the calendar


@dataclass(frozen=True, slots=True)
class Ending:
    """The last day. `is_beyond` says that the holiday calendar ends before it, so that it may yet move."""

    first: date
    day: date
    moved_from: date | None = None
    skipped: Skipped = ()
    is_beyond: bool = False

    @property
    def unmoved(self) -> date:
        return self.moved_from or self.day


def ending(*, start: datetime | date, length: str, counting: str, calendar: Calendar) -> Ending:
    """The end of a period counted as `counting` says.

    DAYS leaves out the first day and moves past Saturdays and holidays (민법 제157조, 제159조부터
    제161조까지). CONTINUING counts the first day and stands on a holiday (행정기본법 제6조제2항).
    DAYS_BEFORE counts back from `start` and does not move. Beyond the holiday calendar the day is
    left where it was reckoned.
    """
    period = read_length(length)
    if counting == "CONTINUING":
        first = _day(start)
        return Ending(first, end_of_calendar_days(start=first - ONE_DAY, length=period).day)
    if counting == "DAYS_BEFORE":
        first = _day(start)
        return Ending(first, first - _in_days(period))
    return _days(start, period, calendar)


def _day(start: datetime | date) -> date:
    return seoul_day(start) if isinstance(start, datetime) else start


def _days(start: datetime | date, length: Length, calendar: Calendar) -> Ending:
    first = first_counted_day(start)
    try:
        last = end_of_days(start=start, length=length, calendar=calendar)
    except OutsideCalendarError:
        reckoned = end_of_calendar_days(start=first - ONE_DAY, length=length).day
        return Ending(first, reckoned, is_beyond=True)
    return Ending(first, last.day, last.moved_from, last.skipped)


def _in_days(length: Length) -> timedelta:
    if length.months:
        raise ValueError(f"{length.text} cannot be counted back in days")
    return timedelta(days=length.days)


def working_day_before(day: date, calendar: Calendar) -> date | None:
    """The last working day before `day`; None where the calendar does not reach."""
    earlier = day - ONE_DAY
    try:
        while calendar.rest_day_name(earlier) is not None:
            earlier -= ONE_DAY
    except OutsideCalendarError:
        return None
    return earlier


def rest_day_name(day: date, calendar: Calendar) -> str | None:
    """Why `day` is no working day; None if it is one or lies beyond the calendar."""
    try:
        return calendar.rest_day_name(day)
    except OutsideCalendarError:
        return None


def cites_of(counting: str, length: str | None) -> list[str]:
    """The articles a period is counted by."""
    cites = list(CITES[counting])
    if counting == "DAYS" and length and read_length(length).months:
        cites.insert(-1, BY_CALENDAR)
    return cites
