"""What the law leaves open, settled by a person for one case, or opened again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

import rules
from core.audit.services import record
from incidents.duties import Movement
from incidents.models import Case, OpenPointDecision
from incidents.open_points import OpenPoint, open_points
from incidents.reading import remember
from incidents.services.facts import LONGEST_REASON, EditedMeanwhile, recompute_duties
from incidents.services.holding import hold_open_case
from incidents.services.obstacles import Obstacle

if TYPE_CHECKING:
    from core.accounts.models import User

DECIDED = gettext_noop("정해지지 않은 점을 판단함")
WITHDRAWN = gettext_noop("정해지지 않은 점의 판단을 거둠")
remember(DECIDED, WITHDRAWN)


@transaction.atomic
def decide_open_point(
    *,
    case_id: int,
    question: str,
    answer: str,
    reason: str,
    actor: User,
    now: datetime,
    seen: int | None = None,
) -> list[Movement]:
    """Answer a question the law now puts for this case, and recompute the duties; return what moved.

    An earlier answer is replaced and stays. The same answer with the same reason changes nothing.
    `seen` is the decision that stood when the person began, 0 for none: EditedMeanwhile if another
    stands now. Obstacle at the field for a question not asked, an answer it does not admit, or no
    reason; CaseClosed on a closed case.
    """
    reason = _cleaned(reason, _("판단한 이유를 적어 주세요."))
    case = hold_open_case(case_id)
    earlier = _standing(case, question)
    if seen is not None and seen != (earlier.pk if earlier else 0):
        raise EditedMeanwhile(
            _("보는 사이 다른 사람이 이 물음을 판단하거나 거두었습니다. 지금 판단을 보고 다시 저장해 주세요.")
        )
    point = _asked_now(case, question)
    if answer not in point.codes:
        raise Obstacle(_("이 물음에 쓸 수 있는 답을 골라 주세요."), field="answer")
    if earlier and (earlier.answer, earlier.reason) == (answer, reason):
        return []
    if earlier:
        earlier.replaced_at = now
        earlier.save(update_fields=["replaced_at"])
    row = OpenPointDecision.objects.create(
        case=case, question=question, answer=answer, reason=reason, decided_at=now, decided_by=actor
    )
    record(
        "decision.made",
        subject=row,
        actor=actor,
        at=now,
        chain=case.reference,
        reason=reason,
        data={"question": question, "answer": answer, "instead_of": earlier.answer if earlier else None},
        also=[earlier] if earlier else [],
    )
    return recompute_duties(case_id=case.pk, actor=actor, now=now, reason=DECIDED)


@transaction.atomic
def withdraw_decision(
    *, case_id: int, question: str, reason: str, actor: User, now: datetime
) -> list[Movement]:
    """The question is open again and the duties are recomputed; the decision stays, with the reason.

    Again changes nothing. Obstacle without a reason, CaseClosed on a closed case.
    """
    reason = _cleaned(reason, _("판단을 거두는 이유를 적어 주세요."))
    case = hold_open_case(case_id)
    row = _standing(case, question)
    if row is None:
        return []
    row.replaced_at = now
    row.save(update_fields=["replaced_at"])
    record(
        "decision.withdrawn",
        subject=row,
        actor=actor,
        at=now,
        chain=case.reference,
        reason=reason,
        data={"question": question, "answer": row.answer},
    )
    return recompute_duties(case_id=case.pk, actor=actor, now=now, reason=WITHDRAWN)


def _cleaned(reason: str, missing: str) -> str:
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise Obstacle(missing, field="reason")
    if len(reason) > LONGEST_REASON:
        told = {"n": len(reason), "limit": LONGEST_REASON}
        raise Obstacle(_("이유가 %(n)d자입니다. %(limit)d자까지 적을 수 있습니다.") % told, field="reason")
    return reason


def _standing(case: Case, question: str) -> OpenPointDecision | None:
    rows = case.decisions.standing().filter(question=question)
    return rows.select_for_update(of=("self",), no_key=True).first()


def _asked_now(case: Case, question: str) -> OpenPoint:
    try:
        point = open_points(case).of(question)
    except rules.FactsError as refusal:
        raise Obstacle(_("사실이 서로 맞지 않아 판단할 수 없습니다. 사실을 먼저 고쳐 주세요.")) from refusal
    if point is None:
        raise Obstacle(_("지금 사실에서는 묻지 않는 물음입니다. 사실이 바뀌었는지 확인해 주세요."))
    return point
