"""Opening, naming, moving and closing a case, and who takes part in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.accounts.days import SEOUL, day_in_seoul
from core.accounts.models import Membership, Organization
from core.audit.chain import digest
from core.audit.services import record
from incidents.models import Case, CaseMember, CaseYear, Certainty, Phase
from incidents.permissions import WORKING, can_decide_case
from incidents.reading import FROM_THE_PRESS, REOPENED
from incidents.services.facts import EditedMeanwhile, FactChange, record_facts
from incidents.services.holding import CaseClosed, hold_case, hold_open_case, refuse_destroyed
from incidents.services.obstacles import Obstacle
from incidents.services.parts import end_part
from incidents.services.records import add_timeline_entry
from incidents.services.tasks import start_playbook
from incidents.telling import TITLE_BESIDE

if TYPE_CHECKING:
    from core.accounts.models import User


SAME_PRESS = timedelta(seconds=30)


def _locked_counter(now: datetime) -> CaseYear:
    year = now.astimezone(SEOUL).year
    CaseYear.objects.get_or_create(year=year)
    return CaseYear.objects.select_for_update(no_key=True).get(year=year)


def _next_reference(counter: CaseYear) -> str:
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return f"{counter.year}-{counter.last_number:03d}"


@transaction.atomic
def open_case_at_a_press(*, organization_id: int, actor: User, now: datetime) -> Case:
    """‘지금 알았다’. A second press within `SAME_PRESS`, nothing said in between, finds the case of the first."""
    _locked_counter(now)  # two presses at the same moment come here one after the other
    untouched = Case.objects.filter(organization=organization_id, opened_by=actor, title="", fact_count=2)
    just_opened = untouched.filter(opened_at__gte=now - SAME_PRESS).order_by("-pk").first()
    return just_opened or open_case(organization_id=organization_id, actor=actor, now=now)


@transaction.atomic
def open_case(
    *,
    organization_id: int,
    actor: User,
    now: datetime,
    facts: list[FactChange] | None = None,
    title: str = "",
) -> Case:
    """A new case at the instant somebody knew, with nothing else required.

    Without `facts`, what was known is not yet said; so that no clock is lost, `now` is taken as
    an estimate both of the awareness of a leak and of an intrusion, until a person says otherwise.
    """
    organization = Organization.objects.get(pk=organization_id)
    case = Case.objects.create(
        organization=organization,
        reference=_next_reference(_locked_counter(now)),
        title=title.strip(),
        lead=actor,
        opened_at=now,
        opened_by=actor,
    )
    record(
        "case.opened",
        subject=case,
        actor=actor,
        at=now,
        chain=case.reference,
        reason=case.title,
        data={"organization": organization.pk, "opened_at": now.isoformat(), TITLE_BESIDE: True},
    )
    _seat_everyone(case, actor=actor, now=now)
    start_playbook(case, actor=actor, now=now)
    record_facts(case_id=case.pk, changes=facts or _known_now(now), actor=actor, now=now)
    case.refresh_from_db()
    return case


def _known_now(now: datetime) -> list[FactChange]:
    source = FROM_THE_PRESS
    return [
        FactChange(name, now, Certainty.ESTIMATED, source) for name in ("leak_known_at", "intrusion_known_at")
    ]


def _seat_everyone(case: Case, *, actor: User, now: datetime) -> None:
    held = Membership.objects.held(*WORKING).filter(organization=case.organization, joins_new_cases=True)
    called = held.values_list("user_id", flat=True)
    for user_id in sorted({actor.pk, *called}):
        _seat(case, user_id, actor=actor, now=now)


def _seat(case: Case, user_id: int, *, actor: User, now: datetime, ends_on: date | None = None) -> None:
    member, is_new = CaseMember.objects.get_or_create(
        case=case, user_id=user_id, left_at=None, defaults={"joined_at": now, "ends_on": ends_on}
    )
    if is_new:
        record(
            "case.joined",
            subject=member,
            actor=actor,
            at=now,
            chain=case.reference,
            data={"user": user_id, **({"ends_on": ends_on.isoformat()} if ends_on else {})},
        )


@transaction.atomic
def join_case(*, case_id: int, user_id: int, actor: User, now: datetime, ends_on: date | None = None) -> None:
    """Let a person of the organisation take part, until the end of `ends_on` where it ends (Asia/Seoul).

    Again changes nothing. Obstacle for anybody else, and for a last day that is past.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    people = Membership.objects.held().filter(organization=case.organization_id)
    if not people.filter(user=user_id).exists():
        raise Obstacle(
            _("이 기관에 역할이 있는 사람만 참여할 수 있습니다. 설정에서 역할을 먼저 주세요."), field="user"
        )
    if ends_on is not None and ends_on < day_in_seoul(now):
        raise Obstacle(_("마지막 날은 오늘이나 그 뒤여야 합니다."), field="ends_on")
    for over in case.members.over(now=now).filter(user=user_id):
        end_part(over, now=now)
    _seat(case, user_id, actor=actor, now=now, ends_on=ends_on)


@transaction.atomic
def leave_case(*, case_id: int, user_id: int, actor: User, now: datetime, reason: str) -> None:
    """End a person's part. Obstacle for the lead, who hands over first, and without a reason."""
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case_id)
    if case.lead_id == user_id:
        raise Obstacle(_("담당자를 먼저 바꿔 주세요. 담당자가 없는 사건은 없습니다."))
    if not reason.strip():
        raise Obstacle(_("내보내는 이유를 적어 주세요."), field="reason")
    member = CaseMember.objects.filter(case=case, user_id=user_id, left_at=None).first()
    if member is None:
        return
    member.left_at = now
    member.save(update_fields=["left_at"])
    record(
        "case.left",
        subject=member,
        actor=actor,
        at=now,
        chain=case.reference,
        reason=reason,
        data={"user": user_id},
    )


def description_mark(case: Case) -> str:
    """What the name, kinds and lead of `case` are now, as one short mark: two that differ were edited between."""
    names = ("title", "is_personal_data", "is_cyber_incident", "is_service_outage", "lead_id")
    return digest([getattr(case, name) for name in names])[:16]


@transaction.atomic
def describe_case(
    *,
    case_id: int,
    actor: User,
    now: datetime,
    title: str,
    kinds: dict[str, bool],
    lead_id: int | None = None,
    expected: str | None = None,
) -> Case:
    """Name the case, say what kinds it is, hand it to another lead.

    `expected` is its `description_mark` when the person began: EditedMeanwhile if it is another now.
    A closed case keeps its name, and still gets another lead.
    """
    case = hold_case(case_id)
    if expected is not None and expected != description_mark(case):
        told = {"title": case.title or "—", "kinds": " · ".join(case.kind_words) or "—", "lead": case.lead}
        raise EditedMeanwhile(
            _(
                "보는 사이 다른 사람이 고쳤습니다. 지금 저장된 값은 이름 ‘%(title)s’, 종류 %(kinds)s, 담당 %(lead)s입니다. "
                "적은 내용은 아래에 그대로 있습니다. 확인하고 다시 저장하면 아래 내용으로 바뀝니다."
            )
            % told
        )
    wanted = {"title": title.strip(), **kinds}
    if lead_id is not None:
        wanted["lead_id"] = lead_id
    changed = {name: value for name, value in wanted.items() if getattr(case, name) != value}
    if not changed:
        return case
    if case.is_closed and set(changed) != {"lead_id"}:
        raise CaseClosed
    old = {name: getattr(case, name) for name in changed if name != "title"}
    for name, value in changed.items():
        setattr(case, name, value)
    case.save(update_fields=list(changed))
    if "lead_id" in changed:
        _seat(case, case.lead_id, actor=actor, now=now)
    new = {name: value for name, value in changed.items() if name != "title"}
    data = {"old": old, "new": new, "title_changed": "title" in changed}
    words = ""
    if "title" in changed:
        data[TITLE_BESIDE], words = True, case.title
    record("case.described", subject=case, actor=actor, at=now, chain=case.reference, reason=words, data=data)
    return case


@transaction.atomic
def advance_phase(*, case_id: int, phase: Phase, actor: User, now: datetime) -> Case:
    """Move an open case to another phase, forwards or back. Closing and reopening have their own services."""
    case = hold_open_case(case_id)
    if phase == Phase.CLOSED:
        raise Obstacle(_("종결은 [사건 종결]에서 사유와 함께 합니다."))
    if case.phase != phase:
        old, case.phase = case.phase, phase
        case.save(update_fields=["phase"])
        data = {"old": str(old), "new": str(phase)}
        record("case.phase-moved", subject=case, actor=actor, at=now, chain=case.reference, data=data)
    return case


@transaction.atomic
def close_case(*, case_id: int, actor: User, now: datetime, reason: str) -> Case:
    """Close a case whose clocks have all ended; again changes nothing. Obstacle while one still runs.

    Nothing is deleted.
    """
    case = hold_case(case_id)
    if case.is_closed:
        return case
    if not reason.strip():
        raise Obstacle(_("종결하는 이유를 적어 주세요."), field="reason")
    running = case.deadlines.running().count()
    if running:
        raise Obstacle(
            ngettext(
                "아직 끝나지 않은 기한이 %(n)d개 있습니다. 이행을 기록하거나 해당 없음을 정해 주세요.",
                "아직 끝나지 않은 기한이 %(n)d개 있습니다. 이행을 기록하거나 해당 없음을 정해 주세요.",
                running,
            )
            % {"n": running}
        )
    case.phase, case.closed_at = Phase.CLOSED, now
    case.save(update_fields=["phase", "closed_at"])
    record("case.closed", subject=case, actor=actor, at=now, chain=case.reference, reason=reason)
    return case


@transaction.atomic
def reopen_case(
    *, case_id: int, actor: User, now: datetime, reason: str, phase: Phase = Phase.INVESTIGATION
) -> Case:
    """Open a closed case again, in `phase`; the timeline and history tell why.

    Obstacle without a reason, for a case that is not closed, and for whoever may not decide.
    """
    case = hold_case(case_id)
    if not can_decide_case(actor, case):
        raise Obstacle(_("종결한 사건은 개인정보 보호책임자나 승인자가 다시 엽니다."))
    if not case.is_closed:
        raise Obstacle(_("종결한 사건이 아닙니다. 이미 다시 열었을 수 있습니다."))
    refuse_destroyed(case)
    if not reason.strip():
        raise Obstacle(_("다시 여는 이유를 적어 주세요."), field="reason")
    if phase == Phase.CLOSED:
        raise Obstacle(_("다시 열면서 이어 갈 단계를 골라 주세요."), field="phase")
    data = {"closed_at": case.closed_at.isoformat() if case.closed_at else None, "phase": str(phase)}
    case.phase, case.closed_at = phase, None
    case.save(update_fields=["phase", "closed_at"])
    record("case.reopened", subject=case, actor=actor, at=now, chain=case.reference, reason=reason, data=data)
    add_timeline_entry(case_id=case.pk, text=REOPENED, happened_at=now, actor=actor, now=now)
    return case
