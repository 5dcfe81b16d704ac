"""Parts in a case that are over because their last day is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from core.accounts.days import end_of
from core.audit.services import record
from incidents.models import CaseMember


def end_parts_over(*, now: datetime) -> int:
    """End the part of everybody whose last day in a case has passed; how many. The lead stays named as such."""
    over = CaseMember.objects.over(now=now).exclude(user=F("case__lead"))
    ended = 0
    for pk in list(over.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            rows = CaseMember.objects.select_for_update(of=("self",), no_key=True).select_related("case")
            member = rows.get(pk=pk)
            if member.left_at is None:
                end_part(member, now=now)
                ended += 1
    return ended


def end_part(member: CaseMember, *, now: datetime) -> None:
    """They left when the day was over, whenever that is noticed. Call it inside the transaction of the change."""
    assert member.ends_on is not None
    member.left_at = end_of(member.ends_on)
    member.save(update_fields=["left_at"])
    record(
        "case.left",
        subject=member,
        actor=None,
        at=now,
        happened_at=member.left_at,
        chain=member.case.reference,
        data={"user": member.user_id, "ends_on": member.ends_on.isoformat()},
    )
