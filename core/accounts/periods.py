"""Until when a role may be given."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.days import day_in_seoul
from core.accounts.models import Membership, Organization, Role

ROLE_OVER = gettext_lazy("마지막 날이 지남")


def check_period(
    organization: Organization,
    role: str,
    *,
    ends_on: date | None,
    is_external: bool,
    now: datetime,
    but: Membership | None = None,
) -> None:
    """ValidationError for a last day that is past, that somebody from outside lacks, or that would leave no
    administrator who stays. `but` is the role in question, where there is one already.
    """
    if ends_on is None:
        if is_external:
            raise ValidationError({"ends_on": _("외부 사람의 역할에는 마지막 날이 있어야 합니다.")})
        return
    if ends_on < day_in_seoul(now):
        raise ValidationError({"ends_on": _("마지막 날은 오늘이나 그 뒤여야 합니다.")})
    if role == Role.ADMIN and not _another_stays(organization, but):
        raise ValidationError(
            {"ends_on": _("끝나는 날이 없는 관리자가 한 명은 있어야 합니다. 다른 관리자를 먼저 정해 주세요.")}
        )


def _another_stays(organization: Organization, but: Membership | None) -> bool:
    staying = Membership.objects.held(Role.ADMIN).filter(organization=organization, ends_on=None)
    return (staying.exclude(pk=but.pk) if but else staying).exists()
