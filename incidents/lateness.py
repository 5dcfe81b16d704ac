"""When a deadline is late: one rule, asked of a row in memory and of the database.

An hour-counted end is itself still in time (민법 제156조); a day-counted one is the 00:00 Asia/Seoul
after its last day, already too late.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from django.db.models import Q


class HasEnd(Protocol):
    """What has an end: an instant or none, and the last day where days were counted."""

    due_at: datetime | None
    last_day: date | None


def is_late(deadline: HasEnd, at: datetime) -> bool:
    """Whether `at` is past the end; never where there is no end."""
    if deadline.due_at is None:
        return False
    return at >= deadline.due_at if deadline.last_day else at > deadline.due_at


def late_at(moment: datetime) -> Q:
    """The rows for which `is_late(row, moment)` holds."""
    return Q(last_day=None, due_at__lt=moment) | Q(last_day__isnull=False, due_at__lte=moment)
