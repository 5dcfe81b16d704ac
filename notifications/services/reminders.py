"""Telling people of a deadline, climbing to the next one, and acknowledging.

Locks are taken in one order everywhere: case, deadline, email, history, reminder. Events are
therefore recorded before the reminder rows they tell of are touched.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

import incidents.services
from core.audit.services import record
from incidents.models import Case, Deadline
from notifications.ladder import OWNER, Rung, administrators_of, ladder_of
from notifications.models import OutgoingEmail, Reminder, Withdrawal
from notifications.services.mail import queue_email
from notifications.services.planning import is_last_end, plan_reminders, policy_of, step_after

if TYPE_CHECKING:
    from core.accounts.models import User


class ClaimLost(Exception):
    """Another worker did the same at the same moment; this transaction is undone."""


def _lock(deadline_id: int) -> Deadline:
    """The deadline and its case, locked in the order every service keeps."""
    case_id = Deadline.objects.values_list("case_id", flat=True).get(pk=deadline_id)
    Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case_id)
    rows = Deadline.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("case__organization", "case__lead", "owner").get(pk=deadline_id)


def _is_running(deadline: Deadline) -> bool:
    ended = (deadline.met_at, deadline.dismissed_at, deadline.superseded_at)
    return all(instant is None for instant in ended)


def is_answered(reminder: Reminder, deadline: Deadline) -> bool:
    """Whether somebody took this on: here, or on the deadline itself since the reminder went out."""
    if reminder.answered_at is not None or reminder.raised_at is None:
        return reminder.answered_at is not None
    return deadline.acknowledged_at is not None and deadline.acknowledged_at >= reminder.raised_at


def _is_in_hand(reminder: Reminder, deadline: Deadline, ladder: list[Rung]) -> bool:
    """Long before the end, a deadline somebody still here has taken on is recalled to them alone."""
    owned = bool(ladder) and ladder[0].reason == OWNER and deadline.acknowledged_at is not None
    return owned and not reminder.is_urgent


@transaction.atomic
def raise_reminder(*, deadline_id: int, now: datetime) -> bool:
    """Tell the first people of the latest step that is due; earlier ones are overtaken. False if none is due.

    After the end, the next hourly step is made here: one ahead, however long nobody looked.
    """
    deadline = _lock(deadline_id)
    unraised = Reminder.objects.due(now=now).unraised().filter(deadline=deadline)
    due = list(unraised.order_by("remind_at", "-of_target"))
    if not due:
        return False
    if not _is_running(deadline):
        plan_reminders(case_id=deadline.case_id, now=now)
        return False
    reminder, before = due[-1], _raised_before(deadline)
    ladder = ladder_of(deadline)
    in_hand = _is_in_hand(reminder, deadline, ladder)
    # Whoever was told of an unanswered reminder is told again: the circle never shrinks.
    level = before.level if before and not in_hand and not is_answered(before, deadline) else 1
    told = ladder[: max(1, level)]
    earlier = OutgoingEmail.objects.filter(deadline=deadline, template="reminder")
    earlier.withdraw(Withdrawal.OVERTAKEN, now=now)
    _tell_history("reminder.raised", reminder, deadline, told, now=now)
    wait = policy_of(deadline.case.organization_id).wait(is_urgent=reminder.is_urgent)
    taken = Reminder.objects.unraised().filter(pk=reminder.pk, act_at__lte=now)
    if not taken.update(raised_at=now, level=len(told), act_at=None if in_hand else now + wait):
        raise ClaimLost
    _overtake(reminder, due[:-1], now=now)
    _owe(reminder, deadline, told, now=now)
    _make_next(reminder, deadline, now=now)
    return True


def _raised_before(deadline: Deadline) -> Reminder | None:
    told = Reminder.objects.open().filter(deadline=deadline, raised_at__isnull=False)
    return told.order_by("-raised_at", "-pk").first()


def _overtake(newest: Reminder, unraised: list[Reminder], *, now: datetime) -> None:
    """The newest reminder speaks for all: older ones neither go out nor climb."""
    rows = Reminder.objects.open().filter(deadline=newest.deadline_id).exclude(pk=newest.pk)
    rows.unraised().filter(pk__in=[row.pk for row in unraised]).update(
        withdrawn_at=now, withdrawn_reason=Withdrawal.OVERTAKEN, act_at=None
    )
    rows.filter(raised_at__isnull=False, act_at__isnull=False).update(act_at=None)


def _owe(
    reminder: Reminder, deadline: Deadline, told: list[Rung], *, now: datetime, climbed: bool = False
) -> None:
    organization_id = deadline.case.organization_id
    facts = {"climbed": True} if climbed else {}
    people = [(rung.user, rung.reason) for rung in told]
    template = "reminder"
    if not people:
        template, people = "nobody_to_call", [(user, "admin") for user in administrators_of(organization_id)]
    for user, reason in people:
        queue_email(
            template=template,
            to_user=user,
            organization_id=organization_id,
            now=now,
            reason=reason,
            deadline=deadline,
            reminder=reminder,
            facts=facts,
        )


def _make_next(reminder: Reminder, deadline: Deadline, *, now: datetime) -> None:
    of_target = reminder.of_target
    if reminder.minutes_before > 0 or not is_last_end(deadline, of_target=of_target):
        return
    end = deadline.target_at if of_target else deadline.due_at
    assert end is not None
    policy = policy_of(deadline.case.organization_id)
    step = step_after(deadline, policy, of_target=of_target, end=end, now=now)
    Reminder.objects.get_or_create(
        deadline=deadline,
        of_target=of_target,
        minutes_before=step.minutes_before,
        withdrawn_at=None,
        defaults={"remind_at": step.remind_at, "act_at": step.remind_at},
    )


@transaction.atomic
def climb(*, reminder_id: int, now: datetime) -> bool:
    """Nobody acknowledged in time: tell the next person. False when there is nothing to do, or nobody left."""
    deadline = _lock(Reminder.objects.values_list("deadline_id", flat=True).get(pk=reminder_id))
    due = Reminder.objects.due(now=now).unanswered().filter(pk=reminder_id)
    reminder = due.first()
    if reminder is None:
        return False
    if not _is_running(deadline) or is_answered(reminder, deadline):
        due.update(act_at=None)
        return False
    told = set(reminder.emails.values_list("to_user_id", flat=True))
    rung = next((rung for rung in ladder_of(deadline) if rung.user.pk not in told), None)
    if rung is None:
        _tell_history("reminder.unanswered", reminder, deadline, [], now=now)
        due.update(act_at=None)
        return False
    _tell_history("reminder.escalated", reminder, deadline, [rung], now=now)
    wait = policy_of(deadline.case.organization_id).wait(is_urgent=reminder.is_urgent)
    if not due.update(level=reminder.level + 1, act_at=now + wait):
        raise ClaimLost
    _owe(reminder, deadline, [rung], now=now, climbed=True)
    return True


def _tell_history(
    action: str, reminder: Reminder, deadline: Deadline, told: list[Rung], *, now: datetime
) -> None:
    data = {
        "deadline": deadline.pk,
        "minutes_before": reminder.minutes_before,
        "of_target": reminder.of_target,
        "told": [rung.user.pk for rung in told],
    }
    record(action, subject=reminder, actor=None, at=now, chain=deadline.case.reference, data=data)


@transaction.atomic
def acknowledge(*, deadline_id: int, actor: User, now: datetime) -> Deadline:
    """`확인함 · 내가 처리`: the person owns the deadline, and what was told of it climbs no further."""
    deadline = incidents.services.acknowledge_deadline(deadline_id=deadline_id, actor=actor, now=now)
    open_ones = Reminder.objects.unanswered().filter(deadline=deadline)
    answered = list(open_ones.order_by("pk").values_list("pk", flat=True))
    if answered:
        data = {"deadline": deadline.pk, "reminders": answered}
        record(
            "reminder.answered",
            subject=deadline,
            actor=actor,
            at=now,
            chain=deadline.case.reference,
            data=data,
        )
        open_ones.filter(pk__in=answered).update(answered_at=now, answered_by=actor, act_at=None)
    return deadline
