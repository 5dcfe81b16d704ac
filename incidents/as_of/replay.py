"""What history says of the columns that services overwrite: who had a deadline, whether it was met, the phase …

Rows that are only ever added, or ended once, carry their instants themselves and are not looked up here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.audit.models import Event
from incidents.models import Case, Phase
from incidents.telling import TITLE_BESIDE

OF_CASES = ("case.opened", "case.described", "case.phase-moved", "case.closed", "case.reopened")
OF_DEADLINES = (
    "deadline.moved",
    "deadline.acknowledged",
    "deadline.missed",
    "deadline.met",
    "deadline.dismissed",
    "deadline.reopened",
)
OF_TASKS = ("playbook.started", "task.added", "task.taken", "task.finished", "task.skipped")
KINDS = ("is_personal_data", "is_cyber_incident", "is_service_outage")


def telling_events(case: Case) -> list[Event]:
    """The events of the case that say what an overwritten column was, in their order. One query."""
    events = Event.objects.filter(chain_id=case.reference, action__in=(*OF_CASES, *OF_DEADLINES, *OF_TASKS))
    return list(events.select_related("words").order_by("sequence"))


def until(events: Iterable[Event], at: datetime) -> list[Event]:
    """Those recorded by `at`; what was recorded at that very instant counts."""
    return [event for event in events if event.recorded_at <= at]


def row_of(event: Event) -> int:
    """The id of the row an event is about."""
    return int(event.subject.rpartition(":")[2])


def words_of(event: Event | None) -> str:
    """What was written beside an event; where it was erased, a sentence that says so."""
    if event is None:
        return ""
    return _("적었던 말을 지웠습니다.") if event.is_erased else event.reason


@dataclass(slots=True)
class DeadlineState:
    """The overwritten columns of one deadline. `met` and `dismissed` are the events that ended it."""

    owner_id: int | None = None
    acknowledged_at: datetime | None = None
    missed_at: datetime | None = None
    met: Event | None = None
    dismissed: Event | None = None

    def tell(self, event: Event) -> None:
        match event.action:
            case "deadline.acknowledged":
                self.owner_id, self.acknowledged_at = event.data["owner"], event.recorded_at
            case "deadline.missed":
                self.missed_at = event.recorded_at
            case "deadline.met":
                self.met, self.dismissed = event, None
            case "deadline.dismissed":
                self.dismissed = event
            case "deadline.reopened":
                self.met = self.dismissed = None


def deadline_states(events: Iterable[Event], before: Mapping[int, int]) -> dict[int, DeadlineState]:
    """By the deadline's id. `before` maps a deadline to the one it took the place of, whose owner and
    fulfilment it takes over.
    """
    states: dict[int, DeadlineState] = {}
    for event in events:
        if event.action not in OF_DEADLINES:
            continue
        pk = row_of(event)
        if event.action == "deadline.moved":
            held = states.get(before.get(pk, 0), DeadlineState())
            states[pk] = replace(held, missed_at=None, dismissed=None)
        else:
            states.setdefault(pk, DeadlineState()).tell(event)
    return states


@dataclass(slots=True)
class TaskState:
    """The overwritten columns of one task. `done` and `skipped` are the events that ended it."""

    owner_id: int | None = None
    done: Event | None = None
    skipped: Event | None = None

    def tell(self, event: Event) -> None:
        match event.action:
            case "task.taken":
                self.owner_id = event.actor_id
            case "task.finished":
                self.done, self.skipped = event, None
            case "task.skipped":
                self.skipped = event


def task_states(events: Iterable[Event], by_code: Mapping[str, int]) -> dict[int, TaskState]:
    """By the task's id; a task without a state had not been given yet. `by_code` finds those of a playbook."""
    states: dict[int, TaskState] = {}
    for event in events:
        if event.action == "playbook.started":
            states |= {by_code[code]: TaskState() for code in event.data["steps"] if code in by_code}
        elif event.action in OF_TASKS:
            states.setdefault(row_of(event), TaskState()).tell(event)
    return states


@dataclass(slots=True)
class CaseState:
    """The overwritten columns of the case. `titled` is the event that gave the title it had."""

    phase: str = Phase.DETECTION
    closed_at: datetime | None = None
    lead_id: int | None = None
    kinds: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(KINDS, False))
    titled: Event | None = None

    def tell(self, event: Event) -> None:
        data: dict[str, Any] = event.data
        match event.action:
            case "case.opened":
                self.lead_id, self.titled = event.actor_id, event
            case "case.described":
                self._describe(event, data["new"])
            case "case.phase-moved":
                self.phase = data["new"]
            case "case.closed":
                self.phase, self.closed_at = Phase.CLOSED, event.recorded_at
            case "case.reopened":
                self.phase, self.closed_at = data["phase"], None

    def _describe(self, event: Event, new: Mapping[str, Any]) -> None:
        self.lead_id = new.get("lead_id", self.lead_id)
        self.kinds |= {name: new[name] for name in KINDS if name in new}
        if event.data.get("title_changed"):
            self.titled = event


def case_state(events: Iterable[Event]) -> CaseState:
    state = CaseState()
    for event in events:
        if event.action in OF_CASES:
            state.tell(event)
    return state


def title_kept_beside(event: Event | None) -> str | None:
    """The title an event gave; None where it was erased, or history did not keep titles yet."""
    if event is None or not event.data.get(TITLE_BESIDE) or event.is_erased:
        return None
    return event.reason
