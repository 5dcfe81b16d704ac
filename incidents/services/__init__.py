"""The one way a case changes. Each service is one transaction with its history inside."""

from incidents.services.cases import (
    advance_phase,
    close_case,
    describe_case,
    join_case,
    leave_case,
    open_case,
    open_case_at_a_press,
)
from incidents.services.deadlines import (
    acknowledge_deadline,
    add_deadline,
    dismiss_deadline,
    fulfil_deadline,
    note_missed_deadlines,
    reopen_deadline,
)
from incidents.services.facts import (
    EditedMeanwhile,
    FactChange,
    ReasonMissing,
    preview_facts,
    recompute_duties,
    record_facts,
)
from incidents.services.obstacles import Obstacle
from incidents.services.records import add_timeline_entry, keep_draft, throw_away_draft
from incidents.services.tasks import add_task, finish_task, skip_task, take_task

__all__ = [
    "EditedMeanwhile",
    "FactChange",
    "Obstacle",
    "ReasonMissing",
    "acknowledge_deadline",
    "add_deadline",
    "add_task",
    "add_timeline_entry",
    "advance_phase",
    "close_case",
    "describe_case",
    "dismiss_deadline",
    "finish_task",
    "fulfil_deadline",
    "join_case",
    "keep_draft",
    "leave_case",
    "note_missed_deadlines",
    "open_case",
    "open_case_at_a_press",
    "preview_facts",
    "recompute_duties",
    "record_facts",
    "reopen_deadline",
    "skip_task",
    "take_task",
    "throw_away_draft",
]
