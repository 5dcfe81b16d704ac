"""Telling the CPO of the yearly check that is owed, and those above when it is late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from core.access.models import YearlyDuty
from core.accounts.models import Membership, Organization, Role, User
from notifications.services.mail import queue_email

ABOVE = (
    Role.APPROVER,
    Role.AUDITOR,
)  # whom the CPO answers to: the owner or CEO approves, the auditor watches


def tell_yearly_check(*, duty: YearlyDuty, due_on: date, is_overdue: bool, now: datetime) -> None:
    """Owe an email to each CPO; once it is late, to those above as well; to the administrators if there is no CPO.

    Call it inside the transaction of the step.
    """
    facts = {"duty": duty.pk, "due_on": due_on.isoformat(), "is_overdue": is_overdue}
    told: set[int] = set()
    for person, role in _heard(duty.organization, is_overdue=is_overdue):
        if person.pk not in told:
            told.add(person.pk)
            queue_email(
                template="yearly_check",
                to_user=person,
                organization_id=duty.organization_id,
                reason=role,
                now=now,
                facts=facts,
            )


def _heard(organization: Organization, *, is_overdue: bool) -> Iterator[tuple[User, str]]:
    held = Membership.objects.held().filter(organization=organization).select_related("user")
    officers = list(held.filter(role=Role.CPO).order_by("order", "pk"))
    yield from ((one.user, one.role) for one in officers or held.filter(role=Role.ADMIN).order_by("pk"))
    if is_overdue:
        yield from ((one.user, one.role) for one in held.filter(role__in=ABOVE).order_by("order", "pk"))
