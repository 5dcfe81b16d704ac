"""Planning: which instants a case is recalled at, by the organisation's policy. Nobody is told anything here."""

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
from notifications.models import Reminder, ReminderPolicy, Withdrawal

if TYPE_CHECKING:
    from core.accounts.models import User


class PolicyChangedMeanwhile(incidents.services.Obstacle):
    """Somebody else saved the policy since the page was opened."""


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


def is_last_end(deadline: Deadline, *, of_target: bool) -> bool:
    """After this end the hourly reminders run: the legal one, or the target where the law has no number."""
    return of_target == (deadline.due_at is None)


def _before(deadline: Deadline, policy: ReminderPolicy, *, of_target: bool, end: datetime) -> list[Step]:
    """The steps up to `end` that the limit allows: those after the clock's start, and the end itself."""
    start = deadline.starts_at or deadline.created_at
    instants = {minutes: end - timedelta(minutes=minutes) for minutes in policy.offsets}
    allowed = {minutes: instant for minutes, instant in instants.items() if instant > start} | {0: end}
    return [Step(deadline.pk, of_target, minutes, instant) for minutes, instant in allowed.items()]


def step_after(
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
        elif end <= now and is_last_end(deadline, of_target=of_target):
            waiting = any(row.raised_at is None and row.minutes_before < 0 for row in rows)
            if not waiting:
                yield step_after(deadline, policy, of_target=of_target, end=end, now=now)


@transaction.atomic
def plan_reminders(*, case_id: int, now: datetime) -> None:
    """Make the open reminders of a case agree with its deadlines; again changes nothing.

    A reminder no longer wanted is withdrawn with its reason. What was told stays as it was.
    """
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case_id)
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
    policy = ReminderPolicy.objects.select_for_update(of=("self",), no_key=True).get(
        organization=organization_id
    )
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
