"""From which instant a duty's clock runs, on which day's law, and when it runs out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from rules.duties.jurisdiction import Jurisdiction
from rules.duties.questions import Asked, Decisions, ask, question_of
from rules.duties.rows import Family
from rules.engine.calendar import OutsideCalendarError
from rules.engine.conditions import Words
from rules.engine.history import Entry, in_force
from rules.engine.periods import (
    LastDay,
    Length,
    end_of_calendar_days,
    end_of_days,
    end_of_hours,
    end_of_workdays,
)


@dataclass(slots=True)
class Clock:
    """The fact a duty runs from. `start` is None while unknown; `doubt` says why it is only a stand-in."""

    fact: str
    start: datetime | None
    doubt: Asked | None = None

    @property
    def is_refused(self) -> bool:
        """A person decided that the duty does not run from the stand-in."""
        return bool(self.doubt and self.doubt.decision and self.doubt.answer == "not_owed")


@dataclass(slots=True)
class KeyDays:
    """The calendar day of each selecting fact in the jurisdiction, and which of them were presumed."""

    days: Mapping[str, date]
    presumed: frozenset[str]
    only: date | None  # where one fact alone selects


@dataclass(slots=True)
class Deadline:
    """An inclusive instant (hours), or a last day (days), or neither where the law names no number.

    `is_provisional`: no calendar reaches that far, so the day may still move.
    """

    due_at: datetime | None = None
    last_day: LastDay | None = None
    is_provisional: bool = False

    def expiry_day(self, home: Jurisdiction) -> date | None:
        """The day on which the period runs out."""
        if self.due_at is not None:
            return home.day(self.due_at)
        return self.last_day.day if self.last_day else None


NO_DEADLINE = Deadline()
NOTHING_PRESUMED: frozenset[str] = frozenset()


def clock_of(family: Family, facts: Mapping[str, Any], decisions: Decisions) -> Clock:
    """The duty's own clock; else the first stand-in whose condition is met."""
    if family.clock in facts:
        return Clock(family.clock, facts[family.clock])
    for fallback in family.fallback_clocks:
        fact = fallback["fact"]
        if fact in facts and fallback["when"].weigh(facts, family.lexicon.vocabulary).holds:
            doubt = ask(question_of(fallback, "stand_in"), decisions) if "why" in fallback else None
            return Clock(fact, facts[fact], doubt)
    return Clock(family.clock, None)


def key_days(
    family: Family, facts: Mapping[str, Any], clock: Clock, latest_occurrence: datetime | None
) -> KeyDays:
    """Each selecting fact's day. An unknown occurrence is put at the latest it can have been.

    Where even the clock is unknown, the earliest known awareness shows which version to speak of,
    and the last entry does where nothing is known.
    """
    home, days, unknown = family.home, {}, []
    for key in family.keys:
        if key in facts:
            days[key] = home.day(facts[key])
        else:
            unknown.append(key)
    if not unknown:
        return KeyDays(days, NOTHING_PRESUMED, _only(days))
    reference = latest_occurrence or facts.get("occurred_at")
    start = clock.start or reference
    fallback = home.day(start) if start else date.max
    for key in unknown:
        days[key] = home.day(reference) if key == "occurred_at" and reference else fallback
    if clock.start and family.clock in unknown:
        unknown.remove(family.clock)
    return KeyDays(days, frozenset(unknown), _only(days))


def _only(days: Mapping[str, date]) -> date | None:
    return next(iter(days.values())) if len(days) == 1 else None


def entry_spoken_of(family: Family, days: Mapping[str, date]) -> tuple[Entry, bool]:
    """The entry in force and True; or the nearest one that says anything and False."""
    entry = in_force(family.entries, days)
    if entry is not None and entry.values is not None:
        return entry, True
    return (family.spoken[0] if entry is None else family.spoken[-1]), False


def deadline(*, start: datetime, length: Length | None, counting: str, home: Jurisdiction) -> Deadline:
    """When a period of `length` from `start` ends, as the jurisdiction counts.

    Where its calendar does not reach that far, the day is not moved and `is_provisional` is true.
    """
    if length is None:
        return NO_DEADLINE
    if counting == "HOURS":
        return Deadline(due_at=end_of_hours(start=start, length=length))
    if counting == "CALENDAR_DAYS" or home.calendar is None:
        return Deadline(last_day=end_of_calendar_days(start=home.day(start), length=length))
    end = end_of_days if counting == "DAYS" else end_of_workdays
    try:
        return Deadline(last_day=end(start=start, length=length, calendar=home.calendar))
    except OutsideCalendarError:
        last = end_of_calendar_days(start=home.day(start), length=length)
        return Deadline(last_day=last, is_provisional=True)


def end_of_last_day(last: LastDay, home: Jurisdiction) -> datetime:
    """The instant at which the last day is over; performance before it is in time."""
    return datetime.combine(last.day + timedelta(days=1), time(0), home.zone)


def provisional(home: Jurisdiction) -> Words:
    """What to say of a last day beyond the calendar."""
    last = home.calendar.last.isoformat() if home.calendar else ""
    return Words(
        f"공휴일은 {last}까지만 알려져 있어 마지막 날이 토요일이나 공휴일이면 더 늦어질 수 있습니다.",
        f"Holidays are known only until {last}; a last day on one of them would move on.",
    )
