"""What this app does when the case announces something."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.dispatch import receiver

from core.access.alert_models import Alert, Explanation
from core.access.copy_models import CopyRequest
from core.access.models import ReviewKind, YearlyDuty
from core.access.reviews import Period
from core.access.signals import (
    account_unused,
    alert_raised,
    copy_answered,
    copy_asked,
    door_locked,
    explanation_asked,
    review_overdue,
    second_network,
    yearly_check_due,
)
from core.accounts.models import Organization, Role, User
from core.accounts.signals import role_changed
from core.audit.models import DayHead
from core.audit.signals import day_closed
from incidents.models import Case, Destruction, NeedlessStep
from incidents.signals import case_needless, deadlines_changed, destruction_answered, destruction_asked
from notifications import services
from notifications.services import access, approvals
from notifications.services.needless import tell_needless_case


@receiver(deadlines_changed, dispatch_uid="reminders follow deadlines")
def plan_reminders(sender: object, case: Case, now: datetime, **rest: Any) -> None:
    """In the transaction of the change: a deadline and its reminders are born together."""
    services.plan_reminders(case_id=case.pk, now=now)


@receiver(account_unused, dispatch_uid="owners hear of unused accounts")
def tell_unused_account(sender: object, user: User, closes_on: date, now: datetime, **rest: Any) -> None:
    """In the transaction of the warning."""
    services.tell_unused_account(user=user, closes_on=closes_on, now=now)


@receiver(yearly_check_due, dispatch_uid="the CPO hears of the yearly check")
def tell_yearly_check(
    sender: object, duty: YearlyDuty, due_on: date, is_overdue: bool, now: datetime, **rest: Any
) -> None:
    """In the transaction of the step."""
    services.tell_yearly_check(duty=duty, due_on=due_on, is_overdue=is_overdue, now=now)


@receiver(role_changed, dispatch_uid="those who watch hear of roles")
def announce_role_change(
    sender: object,
    organization: Organization,
    user: User,
    role: Role,
    is_given: bool,
    actor: User | None,
    now: datetime,
    **rest: Any,
) -> None:
    """In the transaction of the change. What the setting up of a house gives, without an actor, is no news."""
    if actor is not None or not is_given:
        services.announce_role_change(
            organization=organization, user=user, role=role, is_given=is_given, actor=actor, now=now
        )


@receiver(day_closed, dispatch_uid="auditors hear of days")
def announce_day(sender: object, head: DayHead, now: datetime, **rest: Any) -> None:
    """In the transaction of the closing."""
    services.announce_day(head=head, now=now)


@receiver(case_needless, dispatch_uid="those who decide hear of cases kept long enough")
def announce_needless_case(
    sender: object, case: Case, needless_on: date, step: NeedlessStep, now: datetime, **rest: Any
) -> None:
    """In the transaction of the telling."""
    tell_needless_case(case=case, needless_on=needless_on, step=step, now=now)


@receiver(alert_raised, dispatch_uid="those who watch hear of alerts")
def tell_alert(sender: object, alert: Alert, now: datetime, **rest: Any) -> None:
    access.tell_alert(alert=alert, now=now)


@receiver(explanation_asked, dispatch_uid="who is asked hears of it")
def tell_explanation_asked(sender: object, explanation: Explanation, now: datetime, **rest: Any) -> None:
    access.tell_explanation_asked(explanation=explanation, now=now)


@receiver(review_overdue, dispatch_uid="reviewers hear of overdue reviews")
def tell_overdue_review(
    sender: object,
    place: Organization,
    kind: ReviewKind,
    period: Period,
    people: list[User],
    now: datetime,
    **rest: Any,
) -> None:
    access.tell_overdue_review(place=place, kind=kind, period=period, people=people, now=now)


@receiver(door_locked, dispatch_uid="owners and administrators hear of lock-outs")
def tell_lock_out(sender: object, user: User | None, now: datetime, **rest: Any) -> None:
    access.tell_lock_out(user=user, now=now)


@receiver(second_network, dispatch_uid="owners hear of a second network")
def tell_second_network(sender: object, user: User, now: datetime, **rest: Any) -> None:
    access.tell_second_network(user=user, now=now)


@receiver(copy_asked, dispatch_uid="deciders hear of copies that wait")
def tell_copy_waits(sender: object, request: CopyRequest, now: datetime, **rest: Any) -> None:
    approvals.tell_copy_waits(request, now=now)


@receiver(copy_answered, dispatch_uid="who asked for a copy hears the answer")
def tell_copy_answered(sender: object, request: CopyRequest, now: datetime, **rest: Any) -> None:
    approvals.tell_copy_answered(request, now=now)


@receiver(destruction_asked, dispatch_uid="deciders hear of destructions that wait")
def tell_destruction_waits(sender: object, row: Destruction, now: datetime, **rest: Any) -> None:
    approvals.tell_destruction_waits(row, now=now)


@receiver(destruction_answered, dispatch_uid="who asked for a destruction hears the answer")
def tell_destruction_answered(sender: object, row: Destruction, now: datetime, **rest: Any) -> None:
    approvals.tell_destruction_answered(row, now=now)
