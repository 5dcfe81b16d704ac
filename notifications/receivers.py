"""What this app does when the case announces something."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from incidents.models import Case
from incidents.signals import deadlines_changed
from notifications import services


@receiver(deadlines_changed, dispatch_uid="reminders follow deadlines")
def plan_reminders(sender: object, case: Case, now: datetime, **rest: Any) -> None:
    """In the transaction of the change: a deadline and its reminders are born together."""
    services.plan_reminders(case_id=case.pk, now=now)
