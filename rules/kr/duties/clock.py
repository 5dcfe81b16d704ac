"""From which instant a duty's clock runs, on which day's law, and when it runs out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rules.engine.conditions import Words
from rules.engine.history import Entry, in_force
from rules.engine.korean import seoul_day
from rules.engine.periods import LastDay, end_of_days, end_of_hours, end_of_workdays, read_length
from rules.kr.calendar import korean_calendar
from rules.kr.duties.facts import NAMES, latest_possible_occurrence
from rules.kr.duties.rows import Family

CIVIL_ACT = {
    "HOURS": ("민법 제155조", "민법 제156조"),
    "DAYS": ("민법 제155조", "민법 제157조", "민법 제159조", "민법 제161조"),
    "WORKDAYS": (),
}


@dataclass(frozen=True)
class Clock:
    """The fact a duty runs from. `start` is None while unknown; `doubt` says why it is only a stand-in."""

    fact: str
    start: datetime | None
    doubt: Words | None = None


@dataclass(frozen=True)
class KeyDays:
    """The Korean calendar day of each selecting fact, and which of them were presumed."""

    days: Mapping[str, date]
    presumed: frozenset[str]


@dataclass(frozen=True)
class Deadline:
    """An inclusive instant (hours), or a last day (days), or neither where the law names no number."""

    due_at: datetime | None = None
    last_day: LastDay | None = None


def clock_of(family: Family, facts: Mapping[str, Any]) -> Clock:
    """The duty's own clock; else the first stand-in whose condition is met."""
    if family.clock in facts:
        return Clock(family.clock, facts[family.clock])
    for fallback in family.fallback_clocks:
        if fallback["fact"] in facts and fallback["when"].weigh(facts, NAMES).holds:
            return Clock(
                fallback["fact"], facts[fallback["fact"]], Words(fallback["why"], fallback["why_en"])
            )
    return Clock(family.clock, None)


def key_days(family: Family, facts: Mapping[str, Any], clock: Clock) -> KeyDays:
    """Each selecting fact's day. An unknown occurrence is put at the latest it can have been.

    Where even the clock is unknown, the earliest known awareness shows which version to speak of,
    and the last entry does where nothing is known.
    """
    reference: datetime | None = latest_possible_occurrence(facts) or facts.get("occurred_at")
    start = clock.start or reference
    fallback = seoul_day(start) if start else date.max
    bound = seoul_day(reference) if reference else fallback
    days = {key: bound if key == "occurred_at" else fallback for key in family.keys}
    days |= {key: seoul_day(facts[key]) for key in family.keys if key in facts}
    known = {key for key in family.keys if key in facts or (key == family.clock and clock.start)}
    return KeyDays(days, family.keys - known)


def entry_spoken_of(family: Family, days: Mapping[str, date]) -> tuple[Entry, bool]:
    """The entry in force and True; or the nearest one that says anything and False."""
    entry = in_force(family.entries, days)
    if entry is not None and entry.values is not None:
        return entry, True
    spoken = [candidate for candidate in family.entries if candidate.values is not None]
    return (spoken[0] if entry is None else spoken[-1]), False


def values_on(entry: Entry, days: Mapping[str, date]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What the entry says with its changes up to these days, and every article cited for it."""
    values: dict[str, Any] = dict(entry.values or {})
    cites = list(entry.cite)
    for change in entry.changes_on(days):
        values |= change.values
        cites += change.cite
    return values, tuple(dict.fromkeys(cites))


def deadline(*, start: datetime, limit: str | None, counting: str) -> Deadline:
    """When a period of `limit` from `start` ends. Raises OutsideCalendarError for days no calendar knows."""
    if limit is None:
        return Deadline()
    length = read_length(limit)
    if counting == "HOURS":
        return Deadline(due_at=end_of_hours(start=start, length=length))
    end = end_of_days if counting == "DAYS" else end_of_workdays
    return Deadline(last_day=end(start=start, length=length, calendar=korean_calendar()))
