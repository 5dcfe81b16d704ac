"""What there is to do, as the pages list it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils.translation import gettext as _

from incidents.clocks import duration_label, instant_label
from incidents.models import Case, Phase, Task
from incidents.reading import task_guidance, task_title, task_who

if TYPE_CHECKING:
    from core.accounts.models import User


@dataclass(frozen=True, slots=True)
class TaskLine:
    task: Task
    state: str  # open | late | done | skipped
    word: str
    due_label: str

    @property
    def title(self) -> str:
        return task_title(self.task)

    @property
    def guidance(self) -> str:
        return task_guidance(self.task)

    @property
    def who(self) -> str:
        return task_who(self.task)


def task_lines(case: Case, now: datetime) -> list[TaskLine]:
    """Every task of the case in the order of the playbook."""
    return [task_line(task, now) for task in case.tasks.select_related("case", "owner", "done_by")]


def my_open_tasks(user: User, *, now: datetime, limit: int = 100) -> list[TaskLine]:
    """Open tasks of open cases one may see: one's own first, then those nobody has taken."""
    rows = (
        Task.objects.visible_to(user)
        .open()
        .exclude(case__phase=Phase.CLOSED)
        .filter(Q(owner=user) | Q(owner=None))
        .select_related("case", "owner", "done_by")
        .order_by(F("owner").asc(nulls_last=True), F("due_at").asc(nulls_last=True), "pk")
    )
    return [task_line(task, now) for task in rows[:limit]]


def task_line(task: Task, now: datetime) -> TaskLine:
    """`task` as it reads at `now`."""
    due = instant_label(task.due_at) if task.due_at else ""
    if task.done_at is not None:
        return TaskLine(task, "done", _("마침"), due)
    if task.skipped_at is not None:
        return TaskLine(task, "skipped", _("하지 않음"), due)
    if task.due_at is not None and task.due_at < now:
        return TaskLine(task, "late", _("%(span)s 지남") % {"span": duration_label(now - task.due_at)}, due)
    if task.due_at is None:
        return TaskLine(task, "open", _("할 일"), due)
    return TaskLine(task, "open", _("%(span)s 남음") % {"span": duration_label(task.due_at - now)}, due)
