"""Situations that the tests of timers and mail share: a case with a known clock, and people on call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.accounts.models import Organization, Role, User
from incidents import services as incident_services
from incidents.models import Case, Certainty, Deadline
from incidents.services import FactChange
from notifications import services
from notifications.models import Reminder
from tests.core.accounts.factories import MembershipFactory
from tests.incidents.factories import KNOWN, opened_case, organization_with

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
TITLE = "고객센터 홍길동 계정 탈취"


@dataclass
class Situation:
    """One case, one of its deadlines, and the people around it."""

    organization: Organization
    case: Case
    deadline: Deadline
    handler: User
    people: dict[Role, User]

    def again(self) -> Deadline:
        return Deadline.objects.get(pk=self.deadline.pk)

    def told(self) -> list[User]:
        """Whom the reminders of this deadline were addressed to, in order."""
        from notifications.models import OutgoingEmail

        rows = OutgoingEmail.objects.filter(deadline=self.deadline, template="reminder").order_by("pk")
        return [row.to_user for row in rows.select_related("to_user")]


def instants(deadline: Deadline) -> list[datetime]:
    """When the open reminders of `deadline` go out, earliest first."""
    rows = Reminder.objects.unraised().filter(deadline=deadline).order_by("remind_at")
    return list(rows.values_list("remind_at", flat=True))


def hours_before(deadline: Deadline) -> list[float]:
    rows = Reminder.objects.unraised().filter(deadline=deadline).order_by("remind_at")
    return [row.minutes_before / 60 for row in rows]


def a_clock(
    *roles: Role,
    starts_at: datetime = KNOWN,
    due_in: timedelta = 72 * HOUR,
    now: datetime | None = None,
) -> Situation:
    """A case opened at `starts_at` by the 담당자, whose only deadline began then and ends after `due_in`.

    The duties the law would add are left out: what is tested here is time, not law.
    """
    organization, people = organization_with(Role.HANDLER, *roles)
    handler = people[Role.HANDLER]
    case = opened_case(
        organization=organization,
        actor=handler,
        now=starts_at,
        facts=[FactChange("occurred_at", starts_at - HOUR, Certainty.ESTIMATED)],
        title=TITLE,
    )
    for other in case.deadlines.running():
        incident_services.dismiss_deadline(deadline_id=other.pk, actor=handler, now=starts_at, reason="시험")
    deadline = incident_services.add_deadline(
        case_id=case.pk,
        title="홍길동에게 답하기",
        actor=handler,
        now=now or starts_at,
        starts_at=starts_at,
        due_at=starts_at + due_in,
    )
    return Situation(organization, case, deadline, handler, people)


def a_legal_clock(*roles: Role, now: datetime = KNOWN) -> Situation:
    """A case of a known leak, and the deadline of its 72-hour report."""
    organization, people = organization_with(Role.HANDLER, *roles)
    handler = people[Role.HANDLER]
    facts = [
        FactChange("leak_known_at", now),
        FactChange("effect", ["leak"]),
        FactChange("person_count", 1200),
        FactChange("illegal_external_access", True),
    ]
    case = opened_case(organization=organization, actor=handler, now=now, facts=facts, title=TITLE)
    deadline = case.deadlines.running().get(duty__family="kr.pipa.s34.report")
    return Situation(organization, case, deadline, handler, people)


def sweep_until(end: datetime, *, start: datetime, every: timedelta) -> None:
    """Sweep from `start` up to and including `end`."""
    now = start
    while now <= end:
        services.sweep(now=now)
        now += every


def another(role: Role, organization: Organization, order: int = 0) -> User:
    return MembershipFactory(organization=organization, role=role, order=order).user


Clock = Callable[[], datetime]
