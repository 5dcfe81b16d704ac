"""Rival times of knowing: stated, withdrawn, or made the one the case goes by."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

import rules
from core.audit.chain import digest
from core.audit.services import record
from incidents.clocks import instant_label
from incidents.duties import Movement
from incidents.facts import label_of
from incidents.law import current_facts, law_document
from incidents.models import AwarenessClaim, Basis, Case, Certainty
from incidents.rivals import ANCHORS, duties_under
from incidents.services.facts import FactChange, recompute_duties, record_facts
from incidents.services.holding import hold_open_case
from incidents.services.obstacles import Obstacle
from incidents.values import CLOCK_SKEW

if TYPE_CHECKING:
    from core.accounts.models import User

LONGEST_SOURCE = 300
LONGEST_REASON = 500


@transaction.atomic
def claim_awareness(
    *, case_id: int, anchor: str, at: datetime, basis: str, source: str, actor: User, now: datetime
) -> AwarenessClaim:
    """Put a rival time of knowing beside the official one and give its clocks the safe end it leads to.

    Obstacle at the field: an anchor no clock runs from, a future instant, no source, a time that
    another fact contradicts, or one already stated.
    """
    source = source.replace("\x00", "").strip()
    _refuse_unfit(anchor=anchor, at=at, basis=basis, source=source, now=now)
    case = hold_open_case(case_id)
    if case.awareness_claims.standing().filter(anchor=anchor, at=at).exists():
        raise Obstacle(_("같은 시각을 이미 적었습니다."), field="at")
    claim = AwarenessClaim(
        case=case, anchor=anchor, at=at, basis=basis, source=source, recorded_at=now, recorded_by=actor
    )
    _refuse_contradiction(case, claim)
    claim.save()
    _tell("awareness.claimed", claim, actor=actor, now=now)
    recompute_duties(case_id=case.pk, actor=actor, now=now, reason="다투는 인지 시각이 더해짐")
    return claim


@transaction.atomic
def withdraw_awareness_claim(*, claim_id: int, reason: str, actor: User, now: datetime) -> AwarenessClaim:
    """Nobody upholds it any more; it stays, with the reason. A second time changes nothing."""
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise Obstacle(_("거두는 이유를 적어 주세요."), field="reason")
    if len(reason) > LONGEST_REASON:
        told = {"n": len(reason), "limit": LONGEST_REASON}
        raise Obstacle(
            _("거두는 이유가 %(n)d자입니다. %(limit)d자까지 적을 수 있습니다.") % told, field="reason"
        )
    case_id = AwarenessClaim.objects.values_list("case_id", flat=True).get(pk=claim_id)
    case = hold_open_case(case_id)
    claim = AwarenessClaim.objects.select_for_update(of=("self",), no_key=True).get(pk=claim_id)
    if claim.withdrawn_at is not None:
        return claim
    claim.withdrawn_at, claim.withdrawn_by, claim.withdrawn_reason = now, actor, reason
    claim.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _tell("awareness.withdrawn", claim, actor=actor, now=now, reason=reason)
    recompute_duties(case_id=case.pk, actor=actor, now=now, reason="다투던 인지 시각을 거둠")
    return claim


@transaction.atomic
def adopt_awareness_claim(*, claim_id: int, reason: str, actor: User, now: datetime) -> list[Movement]:
    """Make a claim the time the case goes by: a further revision of the fact, with the reason.

    The time the case went by until now becomes a claim itself, so that nothing anybody said is lost.
    """
    claim = AwarenessClaim.objects.select_related("case").get(pk=claim_id)
    if claim.withdrawn_at is not None:
        raise Obstacle(_("거둔 시각입니다. 다시 적은 뒤 정해 주세요."))
    case = hold_open_case(claim.case_id)
    before = next((fact for fact in current_facts(case) if fact.name == claim.anchor and fact.value), None)
    change = FactChange(claim.anchor, claim.at, Certainty.CONFIRMED, claim.source[:200])
    moved = record_facts(case_id=case.pk, changes=[change], actor=actor, now=now, reason=reason)
    if before is not None and datetime.fromisoformat(before.value) != claim.at:
        claim_awareness(
            case_id=case.pk,
            anchor=claim.anchor,
            at=datetime.fromisoformat(before.value),
            basis=Basis.OTHER,
            source="앞서 이 사건의 공식 시각이었음",
            actor=actor,
            now=now,
        )
    return moved


def _refuse_unfit(*, anchor: str, at: datetime, basis: str, source: str, now: datetime) -> None:
    if anchor not in ANCHORS:
        names = ", ".join(label_of(name) for name in ANCHORS)
        raise Obstacle(_("기한이 시작하는 사실을 골라 주세요: %(names)s") % {"names": names}, field="anchor")
    if basis not in Basis.values:
        raise Obstacle(_("근거의 종류를 골라 주세요."), field="basis")
    if at.tzinfo is None:
        raise Obstacle(_("시간대가 없는 시각입니다. +09:00처럼 시간대를 적어 주세요."), field="at")
    if at > now + CLOCK_SKEW:
        message = _("아직 오지 않은 시각입니다(지금 %(now)s).") % {"now": instant_label(now)}
        raise Obstacle(message, field="at")
    if not source:
        raise Obstacle(_("무엇을 근거로 그렇게 보는지 적어 주세요."), field="source")
    if len(source) > LONGEST_SOURCE:
        told = {"n": len(source), "limit": LONGEST_SOURCE}
        raise Obstacle(_("근거가 %(n)d자입니다. %(limit)d자까지 적을 수 있습니다.") % told, field="source")


def _refuse_contradiction(case: Case, claim: AwarenessClaim) -> None:
    try:
        duties_under(law_document(case, current_facts(case)), claim)
    except rules.FactsError as refusal:
        raise Obstacle(" ".join(fault.message for fault in refusal.faults), field="at") from refusal


def _tell(action: str, claim: AwarenessClaim, *, actor: User, now: datetime, reason: str = "") -> None:
    record(
        action,
        subject=claim,
        actor=actor,
        at=now,
        happened_at=claim.at,
        chain=claim.case.reference,
        reason=reason,
        data={
            "anchor": claim.anchor,
            "at": claim.at.isoformat(),
            "basis": str(claim.basis),
            "digest": digest(claim.said()),
        },
    )
