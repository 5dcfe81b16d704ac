"""Showing one person one page as it was written, for a reason and some minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.access.catalogue import Code
from core.access.queries import value_of
from core.access.unmasking_models import Unmasking
from core.accounts.models import User
from core.audit.services import record


@transaction.atomic
def unmask(
    *, user: User, organization_id: int, case_key: str, page: str, reason: str, now: datetime
) -> Unmasking:
    """Let `user` read `page` unmasked for as long as the setting says. ValidationError without a reason."""
    reason = reason.replace("\x00", "").strip()[:500]
    if not reason:
        raise ValidationError({"reason": _("마스킹을 해제하는 이유를 적어 주세요.")})
    row = Unmasking.objects.create(
        user=user,
        organization_id=organization_id,
        case_key=case_key,
        page=page,
        reason=reason,
        at=now,
        until=now + timedelta(minutes=value_of(Code.UNMASK_MINUTES)),
    )
    data = {"until": row.until.isoformat(), "place": page}
    record("masking.lifted", subject=row, actor=user, at=now, chain=case_key, data=data)
    return row


def live_unmasking(user: User, page: str, *, now: datetime) -> Unmasking | None:
    """What opens `page` to `user` now; None while it is masked."""
    return Unmasking.objects.live(user=user, page=page, now=now).order_by("-until").first()
