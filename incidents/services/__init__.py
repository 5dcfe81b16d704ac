"""The one way a case changes. Each service is one transaction with its history inside."""

from incidents.services.cases import (
    advance_phase,
    close_case,
    describe_case,
    description_mark,
    join_case,
    leave_case,
    open_case,
    open_case_at_a_press,
    reopen_case,
)
from incidents.services.deadlines import (
    acknowledge_deadline,
    add_deadline,
    dismiss_deadline,
    fulfil_deadline,
    note_missed_deadlines,
    refuse_impossible_instant,
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
from incidents.services.holding import CaseClosed, hold_open_case
from incidents.services.obstacles import Obstacle
from incidents.services.records import add_timeline_entry, keep_draft, throw_away_draft
from incidents.services.tasks import add_task, finish_task, skip_task, take_task

__all__ = [
    "CaseClosed",
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
    "description_mark",
    "dismiss_deadline",
    "finish_task",
    "fulfil_deadline",
    "hold_open_case",
    "join_case",
    "keep_draft",
    "leave_case",
    "note_missed_deadlines",
    "open_case",
    "open_case_at_a_press",
    "preview_facts",
    "recompute_duties",
    "record_facts",
    "refuse_impossible_instant",
    "reopen_case",
    "reopen_deadline",
    "skip_task",
    "take_task",
    "throw_away_draft",
]
