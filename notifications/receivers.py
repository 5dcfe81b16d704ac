"""What this app does when the case announces something."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.dispatch import receiver

from core.access.models import YearlyDuty
from core.access.signals import account_unused, yearly_check_due
from core.accounts.models import Organization, Role, User
from core.accounts.signals import role_changed
from core.audit.models import DayHead
from core.audit.signals import day_closed
from incidents.models import Case
from incidents.signals import deadlines_changed
from notifications import services


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
