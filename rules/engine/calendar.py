"""The Korean calendar of public holidays, as dated data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6


class OutsideCalendarError(ValueError):
    """A day for which no holidays are recorded; guessing could move a deadline."""

    def __init__(self, day: date, first: date, last: date) -> None:
        self.day, self.first, self.last = day, first, last
        super().__init__(f"{day} is outside the holiday calendar, which runs from {first} to {last}")


@dataclass(frozen=True)
class Calendar:
    """Public holidays between `first` and `last`, both included. Sundays are so by rule."""

    first: date
    last: date
    holidays: Mapping[date, str]

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
