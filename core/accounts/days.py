"""Days as rights count them: in Korea, the last one included."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

SEOUL = ZoneInfo("Asia/Seoul")


def day_in_seoul(at: datetime) -> date:
    return at.astimezone(SEOUL).date()


def end_of(last_day: date) -> datetime:
    """The first instant after `last_day`."""
    return datetime.combine(last_day + timedelta(days=1), datetime.min.time(), SEOUL)


def not_over(at: datetime | None = None) -> Q:
    """Rows whose `ends_on` is not past at `at`.

    Without an instant it is now: whether a right stands is always asked at the moment it is used, deep in
    querysets that have no other clock.
    """
    return Q(ends_on=None) | Q(ends_on__gte=day_in_seoul(at or timezone.now()))
