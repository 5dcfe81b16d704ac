"""The key that ties an account to a person of the personnel records, which public systems (공공시스템) require."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Organization, User
from core.audit.services import record


def check_personnel(user: User, organization: Organization, *, reason: str) -> None:
    """ValidationError for somebody without a personnel key in an organisation that runs a public system.

    In an emergency a reason does, which history keeps (안전성 확보조치 기준 제16조).
    """
    if organization.is_public_system and not user.personnel_key and not reason.strip():
        raise ValidationError(
            {
                "reason": _(
                    "공공시스템은 인사정보 키가 있는 사람에게만 역할을 줍니다. 긴급하면 이유를 적어 주세요."
                )
            }
        )


@transaction.atomic
def set_personnel_key(*, user_id: int, key: str, actor: User, now: datetime, reason: str) -> User:
    """Tie an account to the personnel records; the same again changes nothing. History keeps that, not the key.

    ValidationError for a key somebody else has, and for taking it from somebody in a public system.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    key = key.strip()
    if key == user.personnel_key:
        return user
    if not key and Organization.objects.filter(memberships__user=user, is_public_system=True).exists():
        raise ValidationError({"personnel_key": _("공공시스템에 역할이 있는 사람에게는 키가 있어야 합니다.")})
    if key and User.objects.filter(personnel_key=key).exists():
        raise ValidationError({"personnel_key": _("다른 계정에 있는 키입니다. 한 사람에 계정은 하나입니다.")})
    user.personnel_key = key
    user.save(update_fields=["personnel_key"])
    record(
        "person.personnel-key-set",
        subject=user,
        actor=actor,
        at=now,
        reason=reason,
        data={"is_set": bool(key)},
    )
    return user
