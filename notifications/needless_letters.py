"""What the emails about closed cases say: the number of the case and days, never its title."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from incidents.clocks import day_label
from incidents.models import Case, NeedlessStep
from incidents.models.destruction import WITHIN_DAYS
from incidents.permissions import can_decide_case
from incidents.queries.retention import retention_of
from notifications.models import OutgoingEmail, Withdrawal


def needless_obstacle(email: OutgoingEmail) -> Withdrawal | None:
    """Nobody is told of a case that is open again, postponed, or asked to be destroyed."""
    case = Case.objects.filter(reference=email.facts["case"]).first()
    if case is None or not can_decide_case(email.to_user, case):
        return Withdrawal.NO_ACCESS
    kept = retention_of(case)
    is_same = (
        kept is not None and not kept.held and kept.needless_on.isoformat() == email.facts["needless_on"]
    )
    return None if is_same and not case.destructions.standing().exists() else Withdrawal.ENDED


def needless_context(email: OutgoingEmail, now: datetime) -> dict[str, Any]:
    needless_on = date.fromisoformat(email.facts["needless_on"])
    return {
        "reference": email.facts["case"],
        "ended": day_label(needless_on),
        "last_day": day_label(needless_on + timedelta(days=WITHIN_DAYS)),
        "is_last": email.facts["step"] == NeedlessStep.LAST_DAY,
        "url": settings.SITE_URL + reverse("incidents:case-destruction", args=[email.facts["case"]]),
    }
