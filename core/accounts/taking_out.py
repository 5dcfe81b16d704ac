"""The right to take things out of the house (출력·다운로드), which a role has or lacks beside what else it may do."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.accounts.models import Membership, Organization, Role, User
from core.accounts.requesters import NOBODY_NAMED, Requester
from core.accounts.standing import roles_held
from core.audit.services import record

NAMED = 3


def places_to_take_out_of(user: User) -> QuerySet[Membership, int]:
    """The ids of the organisations in which a role of `user` that counts now has the right."""
    return Membership.objects.of(user).filter(may_take_out=True).values_list("organization", flat=True)


def may_take_out(user: User, organization_id: int) -> bool:
    """Whether any role of `user` in the organisation has the right; what the role may do is asked elsewhere."""
    return any(held.may_take_out for held in roles_held(user) if held.organization == organization_id)


def why_not(user: User, organization_id: int) -> str:
    """Empty for somebody who may; else that they may not, and who could change that."""
    if may_take_out(user, organization_id):
        return ""
    place = Organization.objects.get(pk=organization_id)
    admins = User.objects.filter(pk__in=place.memberships.held(Role.ADMIN).values("user")).order_by("name")
    told = {"place": place, "who": ", ".join(admin.name for admin in admins[:NAMED]) or _("관리자")}
    return (
        _(
            "%(place)s의 자료를 출력하거나 내려받을 권한이 없습니다. 보고 기록하는 일은 그대로 할 수 있습니다. "
            "권한이 필요하면 이 기관의 관리자(%(who)s)에게 요청해 주세요."
        )
        % told
    )


def require_right(user: User, organization_id: int) -> None:
    """PermissionDenied, whose page says whom to ask, for somebody who may not take things out of the organisation."""
    if words := why_not(user, organization_id):
        raise PermissionDenied(words)


@transaction.atomic
def set_taking_out(
    *,
    membership_id: int,
    may_take_out: bool,
    actor: User,
    now: datetime,
    reason: str,
    requester: Requester = NOBODY_NAMED,
) -> Membership:
    """Give a role the right to take things out, or take it back; the same again changes nothing."""
    held = Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=membership_id)
    if held.may_take_out == may_take_out:
        return held
    held.may_take_out = may_take_out
    held.save(update_fields=["may_take_out"])
    data = {
        "user": held.user_id,
        "organization": held.organization_id,
        "role": held.role,
        "before": {"may_take_out": not may_take_out},
        "after": {"may_take_out": may_take_out},
        **requester.as_data(),
    }
    reason = requester.beside(reason)
    record("role.taking-out-set", subject=held, actor=actor, at=now, reason=reason, data=data)
    return held
