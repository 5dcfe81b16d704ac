"""The duties of whoever handles personal data here: their text by edition, who still has to read it, and reading it."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.access.catalogue import Code
from core.access.duty_models import Acknowledgement
from core.access.queries import value_of
from core.access.reviews import months_before
from core.accounts.models import Membership, User
from core.audit.services import record

EDITION = "2026-11-21"  # with every change of the words; then everybody reads them anew
DUTIES = (
    _("사건을 처리하는 데 필요한 개인정보만 보고, 그 목적으로만 씁니다."),
    _("계정과 인증 수단은 나만 쓰고, 비밀번호와 복구 코드를 남에게 알리지 않습니다."),
    _("내려받거나 출력한 것은 이유를 적고, 필요가 없어지면 바로 파기합니다."),
    _("개인정보를 메일, 메신저, 개인 기기로 옮기지 않습니다."),
    _("맡은 일이 바뀌거나 끝나면 바로 관리자에게 알려 권한을 거두게 합니다."),
    _("유출되었거나 그럴 수 있다고 알게 되면 바로 [지금 알았다]를 누릅니다."),
    _("무엇을 보고 바꿨는지 접속기록과 이력에 남는다는 것을 압니다."),
)
PLEDGE = (
    _("공공시스템의 개인정보를 맡은 업무 밖으로 쓰거나 알리지 않을 것을 서약합니다."),
    _("이 의무를 어기면 법과 기관의 규정에 따라 책임을 질 수 있다는 것을 압니다."),
)


def text_digest(*, with_pledge: bool) -> str:
    """The SHA-256 of the words as the house wrote them, whatever language they were read in."""
    with translation.override(settings.LANGUAGE_CODE):
        words = [str(line) for line in (*DUTIES, *(PLEDGE if with_pledge else ()))]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def owes_pledge(user: User) -> bool:
    """Whether `user` has a role in an organisation that runs a public system (공공시스템)."""
    return Membership.objects.of(user).filter(organization__is_public_system=True).exists()


def owes_acknowledgement(user: User, *, now: datetime) -> bool:
    """Whether `user` has to read their duties before anything else opens.

    With a public system always; elsewhere where the settings ask for it. Once, then after the set months, and
    after a change of the words.
    """
    with_pledge = owes_pledge(user)
    if not (with_pledge or settings.REQUIRE_ACKNOWLEDGEMENT):
        return False
    rows = Acknowledgement.objects.filter(
        user=user,
        edition=EDITION,
        acknowledged_at__gt=months_before(now, value_of(Code.ACKNOWLEDGE_MONTHS)),
    )
    return not (rows.filter(is_pledge=True) if with_pledge else rows).exists()


@transaction.atomic
def acknowledge_duties(*, user: User, now: datetime) -> Acknowledgement:
    """Keep that `user` has read the present edition, with the pledge where they owe one."""
    with_pledge = owes_pledge(user)
    row = Acknowledgement.objects.create(
        user=user,
        edition=EDITION,
        digest=text_digest(with_pledge=with_pledge),
        is_pledge=with_pledge,
        acknowledged_at=now,
    )
    data = {"edition": row.edition, "digest": row.digest, "is_pledge": row.is_pledge}
    record("person.duties-acknowledged", subject=user, actor=user, at=now, data=data)
    return row
