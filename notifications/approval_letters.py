"""What the emails about approvals say: what waits or was answered, in which case, until when; never a name or a word of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.copy_models import CopyKind, CopyRequest
from incidents.clocks import instant_label
from incidents.models import Case, Destruction
from incidents.permissions import can_decide_case, can_see_case
from notifications.models import OutgoingEmail, Paper, PaperKind, Withdrawal
from notifications.permissions import can_decide_version

PAPER, COPY, DESTRUCTION = "paper", "copy", "destruction"


def waiting_obstacle(email: OutgoingEmail) -> Withdrawal | None:
    """Nobody is told of what was answered meanwhile, nor whoever may no longer answer it."""
    case = _case(email)
    if not _still_waits(email):
        return Withdrawal.ENDED
    if email.facts["what"] == PAPER:
        paper = Paper.objects.get(pk=email.facts["paper"])
        return None if can_decide_version(email.to_user, paper.latest()) else Withdrawal.NO_ACCESS
    return None if can_decide_case(email.to_user, case) else Withdrawal.NO_ACCESS


def answered_obstacle(email: OutgoingEmail) -> Withdrawal | None:
    return None if can_see_case(email.to_user, _case(email)) else Withdrawal.NO_ACCESS


def _still_waits(email: OutgoingEmail) -> bool:
    facts = email.facts
    if facts["what"] == PAPER:
        return Paper.objects.get(pk=facts["paper"]).latest().awaits_approval()
    if facts["what"] == COPY:
        return CopyRequest.objects.waiting(now=timezone.now()).filter(pk=facts["request"]).exists()
    return Destruction.objects.filter(pk=facts["row"], decided_at=None).exists()


def approval_context(email: OutgoingEmail, now: datetime) -> dict[str, Any]:
    """Of both emails: what it is about, and the page where it is answered or gone on with."""
    case = _case(email)
    return {
        "reference": case.reference,
        "thing": _thing(email),
        "asked": instant_label(datetime.fromisoformat(email.facts["asked_at"])),
        "is_approved": bool(email.facts.get("is_approved")),
        "url": settings.SITE_URL + _page(email, case),
    }


def _thing(email: OutgoingEmail) -> str:
    facts = email.facts
    if facts["what"] == PAPER:
        return str(PaperKind(facts["kind"]).label)
    if facts["what"] == COPY:
        return _("%(kind)s 반출") % {"kind": CopyKind(facts["kind"]).label}
    return _("사건 파기")


def _page(email: OutgoingEmail, case: Case) -> str:
    facts = email.facts
    if facts["what"] == PAPER:
        paper = Paper.objects.get(pk=facts["paper"])
        return reverse("notifications:paper", args=[case.reference, paper.number])
    if facts["what"] == DESTRUCTION:
        return reverse("incidents:case-destruction", args=[case.reference])
    if email.template == "approval_waits":
        return reverse("incidents:decide-copy", args=[case.reference, facts["request"]])
    return reverse("incidents:case-copies", args=[case.reference])


def _case(email: OutgoingEmail) -> Case:
    return Case.objects.select_related("organization").get(pk=email.facts["case"])
