"""Setting until when a role holds, and ending those whose last day is over."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from core.accounts.models import Membership, User
from core.accounts.periods import ROLE_OVER, check_period
from core.accounts.services import take_role
from core.audit.services import record


@transaction.atomic
def set_role_period(
    *,
    membership_id: int,
    ends_on: date | None,
    is_external: bool,
    actor: User,
    now: datetime,
    reason: str,
) -> Membership:
    """Let a role hold until the end of `ends_on` (Asia/Seoul), or without an end; the same again changes nothing.

    ValidationError as `check_period` says; a role that is over is given anew.
    """
    rows = Membership.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    held = rows.get(pk=membership_id)
    check_period(held.organization, held.role, ends_on=ends_on, is_external=is_external, now=now, but=held)
    before = {"ends_on": _said(held.ends_on), "is_external": held.is_external}
    after = {"ends_on": _said(ends_on), "is_external": is_external}
    if before == after:
        return held
    held.ends_on, held.is_external = ends_on, is_external
    held.save(update_fields=["ends_on", "is_external"])
    whose = {"user": held.user_id, "organization": held.organization_id, "role": held.role}
    data = {**whose, "before": before, "after": after}
    record("role.period-set", subject=held, actor=actor, at=now, reason=reason, data=data)
    return held


def end_roles_over(*, now: datetime) -> int:
    """End each role whose last day is over, as if an administrator took it; how many. They counted no more already."""
    ended = 0
    for pk in list(Membership.objects.over(now=now).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            still = Membership.objects.over(now=now).select_for_update(of=("self",), no_key=True)
            if still.filter(pk=pk).exists():  # another sweep may have been faster
                take_role(membership_id=pk, actor=None, now=now, reason=str(ROLE_OVER))
                ended += 1
    return ended


def _said(day: date | None) -> str | None:
    return day.isoformat() if day else None
