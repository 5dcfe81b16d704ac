"""Telling those who decide a closed case that its retention is over."""

from __future__ import annotations

from datetime import date, datetime

from incidents.models import Case, NeedlessStep
from incidents.permissions import people_who_decide
from notifications.services.mail import queue_email


def tell_needless_case(*, case: Case, needless_on: date, step: NeedlessStep, now: datetime) -> None:
    """Owe an email to each of them. Call it inside the transaction of the step."""
    facts = {"case": case.reference, "needless_on": needless_on.isoformat(), "step": str(step)}
    for person in people_who_decide(case):
        queue_email(
            template="case_needless",
            to_user=person,
            organization_id=case.organization_id,
            now=now,
            facts=facts,
        )
