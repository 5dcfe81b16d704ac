"""Planning the reminders of a case, telling people, climbing to the next one, and acknowledging.

Locks are taken in one order everywhere: case, deadline, email, history, reminder. Events are
therefore recorded before the reminder rows they tell of are touched.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

import incidents.services
from core.audit.services import record
from incidents.models import Case, Deadline
from notifications.ladder import OWNER, Rung, administrators_of, ladder_of
from notifications.models import OutgoingEmail, Reminder, ReminderPolicy, Withdrawal
from notifications.services.mail import queue_email

if TYPE_CHECKING:
    from core.accounts.models import User


class PolicyChangedMeanwhile(incidents.services.Obstacle):
    """Somebody else saved the policy since the page was opened."""


class ClaimLost(Exception):
    """Another worker did the same at the same moment; this transaction is undone."""


@dataclass(frozen=True, slots=True)
class Step:
    """One instant at which a deadline is to be recalled."""

    deadline_id: int
    of_target: bool
    minutes_before: int
    remind_at: datetime

    @property
    def key(self) -> tuple[int, bool, int]:
        return self.deadline_id, self.of_target, self.minutes_before


def policy_of(organization_id: int) -> ReminderPolicy:
    """The organisation's policy, or the defaults, not saved."""
    row = ReminderPolicy.objects.filter(organization=organization_id).first()
    return row or ReminderPolicy(organization_id=organization_id)


def _ends(deadline: Deadline) -> list[tuple[bool, datetime]]:
    """(whether it is the internal target, the instant): the legal end, and a target that comes before it."""
    due_at, target_at = deadline.due_at, deadline.target_at
    ends = [(False, due_at)] if due_at else []
    if target_at and (due_at is None or target_at < due_at):
        ends.append((True, target_at))
    return ends


def _is_last_end(deadline: Deadline, *, of_target: bool) -> bool:
    """After this end the hourly reminders run: the legal one, or the target where the law has no number."""
    return of_target == (deadline.due_at is None)


def _before(deadline: Deadline, policy: ReminderPolicy, *, of_target: bool, end: datetime) -> list[Step]:
    """The steps up to `end` that the limit allows: those after the clock's start, and the end itself."""
    start = deadline.starts_at or deadline.created_at
    instants = {minutes: end - timedelta(minutes=minutes) for minutes in policy.offsets}
    allowed = {minutes: instant for minutes, instant in instants.items() if instant > start} | {0: end}
    return [Step(deadline.pk, of_target, minutes, instant) for minutes, instant in allowed.items()]


def _after(
    deadline: Deadline, policy: ReminderPolicy, *, of_target: bool, end: datetime, now: datetime
) -> Step:
    """The first step after `now` of those that follow a passed end."""
    count = (now - end) // policy.overdue_every + 1
    minutes = count * policy.overdue_minutes
    return Step(deadline.pk, of_target, -minutes, end + timedelta(minutes=minutes))


def _wanted(
    deadline: Deadline, policy: ReminderPolicy, rows: list[Reminder], *, now: datetime
) -> Iterable[Step]:
    """What is still to be recalled: all to come, and of what has passed only the last, if nobody told of it."""
    for of_target, end in _ends(deadline):
        raised = [row for row in rows if row.raised_at and row.of_target == of_target]
        steps = _before(deadline, policy, of_target=of_target, end=end)
        yield from (step for step in steps if step.remind_at > now)
        passed = [step for step in steps if step.remind_at <= now]
        last = max(passed, key=lambda step: step.remind_at, default=None)
        if last is not None and all(row.remind_at < last.remind_at for row in raised):
            yield last
        elif end <= now and _is_last_end(deadline, of_target=of_target):
            waiting = any(row.raised_at is None and row.minutes_before < 0 for row in rows)
            if not waiting:
                yield _after(deadline, policy, of_target=of_target, end=end, now=now)


@transaction.atomic
def plan_reminders(*, case_id: int, now: datetime) -> None:
    """Make the open reminders of a case agree with its deadlines; again changes nothing.

    A reminder no longer wanted is withdrawn with its reason. What was told stays as it was.
    """
    case = Case.objects.get(pk=case_id)
    policy = policy_of(case.organization_id)
    running = {deadline.pk: deadline for deadline in case.deadlines.running()}
    rows: dict[int, list[Reminder]] = {pk: [] for pk in running}
    useful = (
        Q(raised_at=None) | Q(act_at__isnull=False) | Q(deadline__in=list(running), minutes_before__gte=0)
    )
    for row in Reminder.objects.open().filter(useful, deadline__case=case).select_related("deadline"):
        rows.setdefault(row.deadline_id, []).append(row)
    _rest([row for row in _all(rows) if row.deadline_id not in running and row.raised_at])
    wanted = {
        step.key: step
        for pk, deadline in running.items()
        for step in _wanted(deadline, policy, rows[pk], now=now)
    }
    held = {_key(row) for row in _all(rows)}
    _withdraw_unwanted(_all(rows), wanted, running, now=now)
    Reminder.objects.bulk_create(
        [
            Reminder(
                deadline_id=step.deadline_id,
                of_target=step.of_target,
                minutes_before=step.minutes_before,
                remind_at=step.remind_at,
                act_at=step.remind_at,
            )
            for step in wanted.values()
            if step.key not in held
        ]
    )


def _all(rows: dict[int, list[Reminder]]) -> list[Reminder]:
    return [row for group in rows.values() for row in group]


def _key(row: Reminder) -> tuple[int, bool, int]:
    return row.deadline_id, row.of_target, row.minutes_before


def _rest(rows: list[Reminder]) -> None:
    """Nothing more is to be done about these: they were told, and the deadline has ended."""
    if rows:
        Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(act_at=None)


def _withdraw_unwanted(
    rows: list[Reminder],
    wanted: dict[tuple[int, bool, int], Step],
    running: dict[int, Deadline],
    *,
    now: datetime,
) -> None:
    reasons: dict[Withdrawal, list[int]] = {}
    for row in rows:
        is_chain = row.minutes_before < 0 and row.deadline_id in running
        if row.raised_at is None and not is_chain and _key(row) not in wanted:
            reasons.setdefault(_why_unwanted(row, running, now=now), []).append(row.pk)
    for reason, ids in reasons.items():
        unraised = Reminder.objects.unraised().filter(pk__in=ids)
        unraised.update(withdrawn_at=now, withdrawn_reason=reason, act_at=None)


def _why_unwanted(row: Reminder, running: dict[int, Deadline], *, now: datetime) -> Withdrawal:
    if row.deadline_id not in running:
        return Withdrawal.REPLACED if row.deadline.superseded_at else Withdrawal.ENDED
    return Withdrawal.OVERTAKEN if row.remind_at <= now else Withdrawal.POLICY


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
    if reminder.minutes_before > 0 or not _is_last_end(deadline, of_target=of_target):
        return
    end = deadline.target_at if of_target else deadline.due_at
    assert end is not None
    policy = policy_of(deadline.case.organization_id)
    step = _after(deadline, policy, of_target=of_target, end=end, now=now)
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


@transaction.atomic
def change_policy(
    *,
    organization_id: int,
    offsets: list[int],
    overdue_minutes: int,
    escalation_minutes: int,
    urgent_minutes: int,
    expected_version: int,
    actor: User,
    now: datetime,
) -> ReminderPolicy:
    """Keep how an organisation is reminded and plan its open cases anew. Nothing new changes nothing.

    `offsets` are minutes before the end. PolicyChangedMeanwhile when `expected_version` is not the
    present one; ValidationError names what is out of range.
    """
    ReminderPolicy.objects.get_or_create(organization_id=organization_id)
    policy = ReminderPolicy.objects.select_for_update(of=("self",)).get(organization=organization_id)
    if policy.version != expected_version:
        raise PolicyChangedMeanwhile(
            _("보는 사이 다른 사람이 알림 정책을 바꿨습니다. 지금 값을 확인하고 다시 저장해 주세요.")
        )
    wanted = {
        "offsets": sorted(offsets, reverse=True),
        "overdue_minutes": overdue_minutes,
        "escalation_minutes": escalation_minutes,
        "urgent_minutes": urgent_minutes,
    }
    before = {name: getattr(policy, name) for name in wanted}
    if before == wanted:
        return policy
    for name, value in wanted.items():
        setattr(policy, name, value)
    policy.full_clean()
    policy.version, policy.changed_at = policy.version + 1, now
    policy.save()
    data = {"organization": organization_id, "before": before, "after": wanted}
    record("reminder-policy.changed", subject=policy, actor=actor, at=now, data=data)
    running = Deadline.objects.running().filter(case__organization=organization_id)
    for case_id in running.order_by("case").values_list("case", flat=True).distinct():
        plan_reminders(case_id=case_id, now=now)
    return policy
