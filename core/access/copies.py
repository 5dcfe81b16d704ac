"""Giving out copies: a number and a row for each, a purpose always, a limit a day, a second person for large ones."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core.access.catalogue import SETTINGS, Code
from core.access.copy_models import Copy, CopyKind, CopyRequest, CopyYear
from core.access.queries import value_of
from core.access.signals import copy_answered, copy_asked
from core.accounts.days import SEOUL
from core.accounts.models import User
from core.accounts.taking_out import why_not
from core.audit.models import HOUSE
from core.audit.services import record

LONGEST = 500


class CopyRefused(Exception):
    """Nothing leaves, and why. `field` is where the page says so."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class MayNotTakeOut(CopyRefused):
    """The person has no right to take things out of the organisation; the words say whom to ask."""


class NeedsSecondPerson(CopyRefused):
    """So many people are covered that somebody else has to approve it first."""

    def __init__(self) -> None:
        super().__init__(
            _("정보주체가 많아 다른 사람의 승인이 먼저 필요합니다. 아래에서 승인을 요청해 주세요.")
        )


def checked_purpose(purpose: str) -> str:
    """The purpose as it is kept. CopyRefused without one, and for one longer than its column."""
    purpose = purpose.replace("\x00", "").strip()
    if not purpose:
        raise CopyRefused(_("내보내는 목적을 적어 주세요."), field="purpose")
    if len(purpose) > LONGEST:
        told = {"n": len(purpose), "limit": LONGEST}
        raise CopyRefused(_("%(n)d자입니다. %(limit)d자까지 적을 수 있습니다.") % told, field="purpose")
    return purpose


def refuse_without_right(actor: User, organization_id: int) -> None:
    """MayNotTakeOut for somebody none of whose roles there has the right."""
    if words := why_not(actor, organization_id):
        raise MayNotTakeOut(words)


def refuse_over_limit(actor: User, *, now: datetime) -> None:
    """CopyRefused when `actor` has taken out as much today (Asia/Seoul) as the setting allows."""
    limit = value_of(Code.COPIES_A_DAY)
    if copies_today(actor, now=now) >= limit:
        raise CopyRefused(
            _(
                "오늘 내보낼 수 있는 횟수(%(limit)s)를 모두 썼습니다. 내일 다시 하거나, 권한이 있는 다른 사람에게 "
                "부탁해 주세요. 횟수는 설정 › 안전조치에서 관리자가 바꿉니다."
            )
            % {"limit": SETTINGS[Code.COPIES_A_DAY].said(limit)}
        )


def copies_today(actor: User, *, now: datetime) -> int:
    today = now.astimezone(SEOUL).date()
    first = datetime.combine(today, time(), SEOUL)
    return Copy.objects.filter(
        made_by=actor, made_at__gte=first, made_at__lt=first + timedelta(days=1)
    ).count()


def needs_second_person(person_count: int) -> bool:
    """Whether so many people are covered that one person alone may not take it out."""
    return person_count >= value_of(Code.SECOND_PERSON_FROM)


@transaction.atomic
def make_copy(
    *,
    organization_id: int,
    kind: CopyKind,
    what: str,
    original_hash: str,
    purpose: str,
    actor: User,
    now: datetime,
    case_key: str = "",
    is_marked: bool = True,
    is_locked: bool = False,
    person_count: int = 0,
) -> Copy:
    """The next number, in the register before anything leaves.

    CopyRefused without the right, without a purpose, over the day's limit, and for `person_count` people who
    ask for a second person's approval when there is none of `actor`'s to use; it is used up by this.
    """
    refuse_without_right(actor, organization_id)
    purpose = checked_purpose(purpose)
    number = _next_number(now)  # whoever comes second waits here, and counts what the first has taken
    refuse_over_limit(actor, now=now)
    request = refuse_alone(person_count=person_count, case_key=case_key, kind=kind, actor=actor, now=now)
    if request:
        request.used_at = now
        request.save(update_fields=["used_at"])
    copy = Copy.objects.create(
        number=number,
        organization_id=organization_id,
        case_key=case_key,
        kind=kind,
        what=what,
        original_hash=original_hash,
        is_marked=is_marked,
        is_locked=is_locked,
        purpose=purpose,
        made_at=now,
        made_by=actor,
        allowed_by=request,
    )
    data = {"number": number, "kind": str(kind), "original": original_hash, "marked": is_marked}
    also = [request] if request else []
    record("copy.made", subject=copy, actor=actor, at=now, chain=case_key or HOUSE, data=data, also=also)
    return copy


def _next_number(now: datetime) -> str:
    year = now.astimezone(SEOUL).year
    CopyYear.objects.get_or_create(year=year)
    counter = CopyYear.objects.select_for_update(no_key=True).get(year=year)
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return f"{year}-{counter.last_number:06}"


def usable_request(
    *, case_key: str, kind: CopyKind, person_count: int, actor: User, now: datetime
) -> CopyRequest | None:
    """An approval that `actor` asked for and has not used. One given for fewer people than `person_count` is none."""
    rows = CopyRequest.objects.usable(now=now).filter(
        case_key=case_key, kind=kind, asked_by=actor, person_count__gte=person_count
    )
    return rows.order_by("decided_at").first()


def refuse_alone(
    *, person_count: int, case_key: str, kind: CopyKind, actor: User, now: datetime
) -> CopyRequest | None:
    """The approval to use; None where none is needed. NeedsSecondPerson where there is none to use."""
    if not needs_second_person(person_count):
        return None
    request = usable_request(case_key=case_key, kind=kind, person_count=person_count, actor=actor, now=now)
    if request is None:
        raise NeedsSecondPerson
    return request


@transaction.atomic
def ask_for_copy(
    *,
    organization_id: int,
    case_key: str,
    kind: CopyKind,
    person_count: int,
    purpose: str,
    actor: User,
    now: datetime,
) -> CopyRequest:
    """Ask a second person. CopyRefused without a purpose.

    Asked already for as many people and still waiting, it is that request.
    """
    purpose = checked_purpose(purpose)
    waiting = CopyRequest.objects.waiting(now=now).filter(
        case_key=case_key, kind=kind, asked_by=actor, person_count__gte=person_count
    )
    if asked := waiting.first():
        return asked
    request = CopyRequest.objects.create(
        organization_id=organization_id,
        case_key=case_key,
        kind=kind,
        person_count=person_count,
        purpose=purpose,
        asked_at=now,
        asked_by=actor,
    )
    data = {"kind": str(kind), "people": person_count}
    record("copy.asked", subject=request, actor=actor, at=now, chain=case_key, reason=purpose, data=data)
    copy_asked.send(sender=CopyRequest, request=request, now=now)
    return request


@transaction.atomic
def answer_request(
    *, request_id: int, is_approved: bool, note: str, actor: User, now: datetime
) -> CopyRequest:
    """Approve or refuse. CopyRefused for whoever asked, for one answered or lapsed, and for a refusal without words."""
    rows = CopyRequest.objects.select_for_update(of=("self",), no_key=True)
    request = rows.get(pk=request_id)
    note = note.replace("\x00", "").strip()[:LONGEST]
    if request.asked_by_id == actor.pk:
        raise CopyRefused(_("내가 요청한 것은 내가 승인할 수 없습니다. 다른 사람에게 부탁해 주세요."))
    if request.state(now=now) != "waiting":
        raise CopyRefused(_("이미 답했거나 하루가 지나 끝난 요청입니다."))
    if not is_approved and not note:
        raise CopyRefused(_("거절하는 이유를 적어 주세요."), field="note")
    request.is_approved, request.note = is_approved, note
    request.decided_at, request.decided_by = now, actor
    request.save(update_fields=["is_approved", "note", "decided_at", "decided_by"])
    action = "copy.approved" if is_approved else "copy.refused"
    record(action, subject=request, actor=actor, at=now, chain=request.case_key, reason=note)
    copy_answered.send(sender=CopyRequest, request=request, now=now)
    return request
