"""Changes to who may come in: the safety settings, closed accounts, allowed networks, reviews."""

from __future__ import annotations

import ipaddress
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.access.catalogue import SETTINGS, Code
from core.access.models import (
    AccessRow,
    NetworkRule,
    Review,
    ReviewKind,
    SafetySetting,
    SessionEnd,
    Verdict,
)
from core.access.queries import lowest_of, value_of
from core.access.sessions import end_sessions_of
from core.accounts.models import ApiToken, Membership, Organization, Role, User
from core.accounts.token_services import revoke_api_token
from core.audit.services import record


@transaction.atomic
def set_safety_setting(
    *, code: Code, value: int, reason: str, actor: User, now: datetime, log_floor_months: int = 12
) -> SafetySetting:
    """Set one number from now on. ValidationError names the range of a value outside it, or a missing reason.

    `log_floor_months` is the least the law allows for the access log of this installation.
    """
    setting = SETTINGS[code]
    lowest = lowest_of(setting, log_floor_months)
    if not lowest <= value <= setting.highest:
        told = {"low": setting.said(lowest), "high": setting.said(setting.highest)}
        raise ValidationError({"value": _("%(low)s부터 %(high)s까지 정할 수 있습니다.") % told})
    if not reason.strip():
        raise ValidationError({"reason": _("바꾸는 이유를 적어 주세요.")})
    _refuse_closing_before_warning(code, value)
    before = value_of(code)
    row = SafetySetting.objects.create(
        code=code, value=value, set_at=now, set_by=actor, reason=reason.strip()[:500]
    )
    data = {"code": str(code), "before": before, "after": value}
    record("safety.setting-changed", subject=row, actor=actor, at=now, reason=reason.strip(), data=data)
    return row


def _refuse_closing_before_warning(code: Code, value: int) -> None:
    pair = {Code.UNUSED_WARN_DAYS: Code.UNUSED_CLOSE_DAYS, Code.UNUSED_CLOSE_DAYS: Code.UNUSED_WARN_DAYS}
    if code not in pair:
        return
    other = value_of(pair[code])
    warn, close = (value, other) if code is Code.UNUSED_WARN_DAYS else (other, value)
    if warn >= close:
        raise ValidationError(
            {
                "value": _("알리는 날(%(warn)d일)은 닫는 날(%(close)d일)보다 앞이어야 합니다.")
                % {"warn": warn, "close": close}
            }
        )


@transaction.atomic
def close_account(*, user_id: int, actor: User | None, now: datetime, reason: str) -> User:
    """Close an account in one act: it signs in no more, its sessions end, its tokens are revoked. Again changes nothing."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if not user.is_active:
        return user
    user.is_active = False
    user.save(update_fields=["is_active"])
    record("person.closed", subject=user, actor=actor, at=now, reason=reason)
    end_sessions_of(user_id=user.pk, how=SessionEnd.CLOSED, now=now)
    end_tokens_of(user=user, actor=actor, now=now, reason=reason)
    return user


@transaction.atomic
def reopen_account(*, user_id: int, actor: User, now: datetime, reason: str) -> User:
    """Let a closed account sign in again. What was revoked stays revoked."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        record("person.reopened", subject=user, actor=actor, at=now, reason=reason)
    return user


def end_tokens_of(*, user: User, actor: User | None, now: datetime, reason: str) -> None:
    """Revoke every token that still opens something. Call it inside the transaction of the change."""
    for token in ApiToken.objects.filter(owner=user, revoked_at=None):
        revoke_api_token(token_id=token.pk, actor=actor, now=now, reason=reason)


@transaction.atomic
def add_network(
    *, organization: Organization, role: str, network: str, actor: User, now: datetime, reason: str
) -> NetworkRule:
    """Allow a network. ValidationError for what is no network."""
    try:
        sound = str(ipaddress.ip_network(network.strip(), strict=False))
    except ValueError as fault:
        raise ValidationError({"network": _("192.0.2.0/24처럼 적어 주세요.")}) from fault
    rule = NetworkRule.objects.create(
        organization=organization, role=role, network=sound, added_at=now, added_by=actor
    )
    data = {"organization": organization.pk, "role": role, "network": sound}
    record("network.allowed", subject=rule, actor=actor, at=now, reason=reason, data=data)
    return rule


@transaction.atomic
def end_network(*, rule_id: int, actor: User, now: datetime, reason: str) -> None:
    """Allow a network no longer; again changes nothing."""
    rule = NetworkRule.objects.select_for_update(of=("self",), no_key=True).get(pk=rule_id)
    if rule.ended_at is None:
        rule.ended_at, rule.ended_by = now, actor
        rule.save(update_fields=["ended_at", "ended_by"])
        record("network.ended", subject=rule, actor=actor, at=now, reason=reason)


def can_review(user: User, organization: Organization) -> bool:
    """Watches over the organisation and administers nothing: whoever runs the system does not judge its log."""
    watches = Membership.objects.of(user, Role.CPO, Role.AUDITOR).filter(organization=organization).exists()
    return watches and not Membership.objects.of(user, Role.ADMIN).exists()


@transaction.atomic
def record_review(
    *,
    kind: ReviewKind,
    organization: Organization,
    first_day: date,
    last_day: date,
    verdict: Verdict,
    note: str,
    row_count: int,
    reviewer: User,
    now: datetime,
) -> Review:
    """Keep the verdict on a period. PermissionError for whoever administers the system."""
    if not can_review(reviewer, organization):
        raise PermissionError("an administrator does not review")
    row = Review.objects.create(
        kind=kind,
        organization=organization,
        first_day=first_day,
        last_day=last_day,
        verdict=verdict,
        note=note,
        row_count=row_count,
        reviewed_at=now,
        reviewer=reviewer,
    )
    data = {
        "kind": str(kind),
        "organization": organization.pk,
        "first_day": first_day.isoformat(),
        "last_day": last_day.isoformat(),
        "verdict": str(verdict),
        "rows": row_count,
    }
    record("review.recorded", subject=row, actor=reviewer, at=now, data=data)
    return row


def rows_between(organization: Organization, first: datetime, end: datetime) -> int:
    return AccessRow.objects.filter(organization=organization, at__gte=first, at__lt=end).count()
