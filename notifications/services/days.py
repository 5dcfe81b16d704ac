"""Sending the head of a closed day to the auditors: a copy that whoever owns the database cannot change."""

from __future__ import annotations

from datetime import datetime

from core.accounts.models import Membership, Role
from core.audit.models import DayHead
from notifications.services.mail import queue_email


def announce_day(*, head: DayHead, now: datetime) -> None:
    """Owe every auditor one email with the day, its head, the key and the signature.

    Call it inside the transaction of the closing.
    """
    held = Membership.objects.held(Role.AUDITOR).select_related("user")
    facts = {
        "day": head.day.isoformat(),
        "head": head.hash,
        "key": head.key_id,
        "signature": head.signature,
        "events": head.event_count,
    }
    for membership in {membership.user_id: membership for membership in held.order_by("-pk")}.values():
        queue_email(
            template="day_closed",
            to_user=membership.user,
            organization_id=membership.organization_id,
            now=now,
            facts=facts,
        )
