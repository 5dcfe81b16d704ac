"""What there is to do: from the playbook of the first hour, and what people add."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from incidents.models import Case, Task
from incidents.playbook import playbook
from incidents.services.holding import hold_open_case
from incidents.services.obstacles import Obstacle

if TYPE_CHECKING:
    from core.accounts.models import User

LONGEST_REASON = 300


def start_playbook(case: Case, *, actor: User, now: datetime, name: str = "first_hour") -> None:
    """Give the case the tasks of a playbook. Called inside the transaction that opens it."""
    steps = playbook(name)
    tasks = Task.objects.bulk_create(
        Task(
            case=case,
            code=step.code,
            title=step.title,
            guidance=step.guidance,
            who=step.who,
            order=order,
            due_at=now + timedelta(minutes=step.within_minutes),
        )
        for order, step in enumerate(steps)
    )
    data = {"playbook": name, "steps": [step.code for step in steps]}
    record("playbook.started", subject=case, actor=actor, at=now, chain=case.reference, data=data, also=tasks)


def _locked(task_id: int) -> Task:
    hold_open_case(Task.objects.values_list("case_id", flat=True).get(pk=task_id))
    return Task.objects.select_for_update(of=("self",), no_key=True).select_related("case").get(pk=task_id)


def _tell(action: str, task: Task, *, actor: User, now: datetime, reason: str = "") -> None:
    record(action, subject=task, actor=actor, at=now, chain=task.case.reference, reason=reason)


@transaction.atomic
def add_task(
    *, case_id: int, title: str, actor: User, now: datetime, due_at: datetime | None = None, who: str = ""
) -> Task:
    """One more thing to do, written by a person."""
    if not title.strip():
        raise Obstacle(_("할 일을 적어 주세요."), field="title")
    case = hold_open_case(case_id)
    task = Task.objects.create(
        case=case,
        title=title.strip(),
        due_at=due_at,
        who=who,
        order=Task.objects.filter(case_id=case_id).count(),
    )
    _tell("task.added", task, actor=actor, now=now)
    return task


@transaction.atomic
def take_task(*, task_id: int, actor: User, now: datetime) -> Task:
    """The person does it; taking it over from somebody is recorded like any change."""
    task = _locked(task_id)
    if task.owner_id != actor.pk:
        task.owner = actor
        task.save(update_fields=["owner"])
        _tell("task.taken", task, actor=actor, now=now)
    return task


@transaction.atomic
def finish_task(*, task_id: int, actor: User, now: datetime) -> Task:
    """Done; again changes nothing."""
    task = _locked(task_id)
    if task.done_at is None:
        task.done_at, task.done_by = now, actor
        task.skipped_at, task.skipped_reason = None, ""
        task.save()
        _tell("task.finished", task, actor=actor, now=now)
    return task


@transaction.atomic
def skip_task(*, task_id: int, actor: User, now: datetime, reason: str) -> Task:
    """Decided not to do it; the reason is required and stays whole. Obstacle past `LONGEST_REASON` characters."""
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise Obstacle(_("하지 않는 이유를 적어 주세요."), field="reason")
    if len(reason) > LONGEST_REASON:
        told = {"n": len(reason), "limit": LONGEST_REASON}
        raise Obstacle(
            _("하지 않는 이유가 %(n)d자입니다. %(limit)d자까지 적을 수 있습니다.") % told, field="reason"
        )
    task = _locked(task_id)
    if task.done_at is None:
        task.skipped_at, task.skipped_reason = now, reason
        task.save(update_fields=["skipped_at", "skipped_reason"])
        _tell("task.skipped", task, actor=actor, now=now, reason=reason)
    return task
