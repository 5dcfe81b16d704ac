"""Periods as 민법 제155조부터 제161조까지 counts them, in Korean time.

Hours run at once and without a pause. Days leave out the first one, unless it
begins at midnight, and a last day on a Saturday or a holiday moves on.
"""

from __future__ import annotations

import calendar as gregorian
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rules.engine.calendar import ONE_DAY, Calendar
from rules.engine.korean import SEOUL

LENGTH = re.compile(
    r"P(?!$)(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,7})S)?)?"
)
MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Length:
    """An ISO 8601 period, taken apart; `clock` is its part in hours, minutes and seconds."""

    text: str
    months: int
    days: int
    clock: timedelta


@dataclass(frozen=True, slots=True)
class LastDay:
    """The day at whose end a period runs out, where it stood before it moved, and each day passed over."""

    day: date
    moved_from: date | None
    skipped: tuple[tuple[date, str], ...]


def read_length(text: str) -> Length:
    """Raises ValueError unless `text` is a period of ISO 8601 with whole numbers."""
    match = LENGTH.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an ISO 8601 period such as PT72H or P30D")
    part = {name: int(number or 0) for name, number in match.groupdict().items()}
    clock = timedelta(hours=part["hours"], minutes=part["minutes"], seconds=part["seconds"])
    return Length(text, part["years"] * 12 + part["months"], part["weeks"] * 7 + part["days"], clock)


def end_of_hours(*, start: datetime, length: Length) -> datetime:
    """The last instant in time, itself included; nights and holidays count. Source: 민법 제156조."""
    if length.months or length.days or not length.clock:
        raise ValueError(f"{length.text} is not a period in hours")
    return start.astimezone(SEOUL) + length.clock


def end_of_days(*, start: datetime | date, length: Length, calendar: Calendar) -> LastDay:
    """The last day of a period in days, weeks, months or years.

    Raises OutsideCalendarError. Source: 민법 제157조, 제159조, 제160조, 제161조.
    """
    if length.clock or not (length.months or length.days):
        raise ValueError(f"{length.text} is not a period in days")
    reckoned = _after_months(first_counted_day(start), length.months) - ONE_DAY + timedelta(days=length.days)
    day, skipped = calendar.next_working_day(reckoned)
    return LastDay(day, reckoned if skipped else None, skipped)


def end_of_workdays(*, start: datetime | date, length: Length, calendar: Calendar) -> LastDay:
    """The last of so many working days, the first day left out. Guidance counts so; no statute does."""
    if length.clock or length.months or not length.days:
        raise ValueError(f"{length.text} is not a period in whole days")
    day = first_counted_day(start) - ONE_DAY
    skipped: tuple[tuple[date, str], ...] = ()
    for _ in range(length.days):
        day, passed = calendar.next_working_day(day + ONE_DAY)
        skipped += passed
    return LastDay(day, None, skipped)


def end_of_calendar_days(*, start: date, length: Length) -> LastDay:
    """The last of so many days after `start`, every day counted and none passed over."""
    if length.clock or not (length.months or length.days):
        raise ValueError(f"{length.text} is not a period in days")
    last = _after_months(start + ONE_DAY, length.months) - ONE_DAY + timedelta(days=length.days)
    return LastDay(last, None, ())


def first_counted_day(start: datetime | date) -> date:
    """The day after `start`; the day itself if it begins at midnight. Source: 민법 제157조."""
    if not isinstance(start, datetime):
        return start + ONE_DAY
    local = start.astimezone(SEOUL)
    return local.date() if local.time() == MIDNIGHT else local.date() + ONE_DAY


def _after_months(first: date, months: int) -> date:
    """The day after the period that starts on `first` ends. Source: 민법 제160조."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    last_of_month = gregorian.monthrange(year, month + 1)[1]
    if first.day <= last_of_month:
        return date(year, month + 1, first.day)
    return (
        date(year, month + 1, last_of_month) + ONE_DAY
    )  # no corresponding day: the month's last day ends it
