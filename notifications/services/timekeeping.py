"""Comparing this machine's clock, and telling history when it goes astray and when it is right again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from core.audit.services import record
from notifications.models import ClockReading
from notifications.timekeeping import Comparison, NoAnswer, compare

EVERY = timedelta(hours=1)
AFTER_A_FAULT = timedelta(minutes=10)


def check_clock(*, now: datetime) -> bool:
    """Compare if it is due and a source is set; whether it was asked. Never inside a transaction."""
    source = settings.TIME_SOURCE
    if not source or not _claimed(source, now=now):
        return False
    try:
        found, fault = compare(source), ""
    except NoAnswer as obstacle:
        found, fault = None, str(obstacle)
    _keep(found, fault, source=source, now=now)
    return True


def _claimed(source: str, *, now: datetime) -> bool:
    """One worker asks, and the others find the next time in the row."""
    _row, is_first = ClockReading.objects.get_or_create(
        pk=1, defaults={"source": source, "ask_after": now + AFTER_A_FAULT}
    )
    due = ClockReading.objects.filter(pk=1, ask_after__lte=now)
    return is_first or bool(due.update(ask_after=now + AFTER_A_FAULT))


@transaction.atomic
def _keep(found: Comparison | None, fault: str, *, source: str, now: datetime) -> None:
    """A fault keeps the last comparison: a clock does not come right because nobody answers."""
    row = ClockReading.objects.select_for_update().get(pk=1)
    was_astray = row.astray_since is not None
    row.source, row.fault = source, fault[:100]
    if found is not None:
        row.offset, row.doubt, row.asked_at = found.offset, found.doubt, now
        row.ask_after = now + EVERY
        row.astray_since = (row.astray_since or now) if row.is_astray else None
    row.save()
    if found is not None and was_astray != row.is_astray:
        action = "clock.astray" if row.is_astray else "clock.set-right"
        record(action, subject=row, actor=None, at=now, data={"milliseconds": found.offset})
