"""The Korean calendar of public holidays, as dated data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

ONE_DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6


class OutsideCalendarError(ValueError):
    """A day for which no holidays are recorded; guessing could move a deadline."""

    def __init__(self, day: date, first: date, last: date) -> None:
        self.day, self.first, self.last = day, first, last
        super().__init__(f"{day} is outside the holiday calendar, which runs from {first} to {last}")


class DayChange(NamedTuple):
    """A day somebody counts as a public holiday, or as none, otherwise than the calendar's files say."""

    day: date
    change: str  # "holiday" or "no_holiday"
    name: str


Changes = tuple[DayChange, ...]


@dataclass(frozen=True)
class Calendar:
    """Public holidays between `first` and `last`, both included. Sundays are so by rule.

    `changes` are those made after the files, already counted in `holidays`.
    """

    first: date
    last: date
    holidays: Mapping[date, str]
    changes: Changes = ()

    def changed(self, changes: Changes) -> Calendar:
        """This calendar with these changes, in place of any made before to the same day."""
        holidays = dict(self.holidays)
        for day, change, name in changes:
            holidays.pop(day, None)
            if change == "holiday":
                holidays[day] = name
        return Calendar(self.first, self.last, holidays, (*self.changes, *changes))

    @cached_property
    def digest(self) -> str:
        """sha256 over the span, every holiday with its name, and the changes, in one fixed form."""
        days = {day.isoformat(): name for day, name in self.holidays.items()}
        changes = [[day.isoformat(), change, name] for day, change, name in sorted(self.changes)]
        content = {"first": str(self.first), "last": str(self.last), "holidays": days, "changes": changes}
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def rest_day_name(self, day: date) -> str | None:
        """Why `day` is no working day (holiday, 일요일, 토요일); None if it is one.

        Raises OutsideCalendarError. Source: 민법 제161조; 관공서의 공휴일에 관한 규정 제2조·제3조.
        """
        if not self.first <= day <= self.last:
            raise OutsideCalendarError(day, self.first, self.last)
        if day in self.holidays:
            return self.holidays[day]
        return {SATURDAY: "토요일", SUNDAY: "일요일"}.get(day.weekday())

    def next_working_day(self, day: date) -> tuple[date, tuple[tuple[date, str], ...]]:
        """`day`, or the first working day after it, with each day passed over and its name."""
        skipped: list[tuple[date, str]] = []
        while (name := self.rest_day_name(day)) is not None:
            skipped.append((day, name))
            day += ONE_DAY
        return day, tuple(skipped)
