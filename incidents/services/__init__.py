"""The one way a case changes. Each service is one transaction with its history inside."""

from incidents.services.awareness import (
    adopt_awareness_claim,
    claim_awareness,
    withdraw_awareness_claim,
)
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
from incidents.services.copies import (
    locked_bundle,
    locked_evidence,
    people_in_export,
    refuse_export,
    take_out_case,
    take_out_evidence,
)
from incidents.services.counsel import add_counsel_note
from incidents.services.deadlines import (
    acknowledge_deadline,
    add_deadline,
    dismiss_deadline,
    fulfil_deadline,
    note_missed_deadlines,
    refuse_impossible_instant,
    reopen_deadline,
)
from incidents.services.decisions import decide_open_point, withdraw_decision
from incidents.services.evidence import (
    copy_evidence,
    hold_evidence,
    keep_evidence_until,
    record_custody,
    take_evidence,
)
from incidents.services.exporting import Bundle, HistoryBroken, MayNotExport, export_case
from incidents.services.facts import (
    EditedMeanwhile,
    FactChange,
    ReasonMissing,
    preview_facts,
    recompute_duties,
    record_facts,
)
from incidents.services.holding import CaseClosed, hold_open_case
from incidents.services.law import (
    add_holiday_change,
    apply_edition,
    end_holiday_change,
    note_installed_edition,
    refuse_idle_change,
)
from incidents.services.obstacles import Obstacle
from incidents.services.parts import end_parts_over
from incidents.services.procedure import correct_step, record_step, refresh_procedure, withdraw_step
from incidents.services.records import add_timeline_entry, keep_draft, throw_away_draft
from incidents.services.scans import record_scan, scan_waiting_evidence
from incidents.services.tasks import add_task, finish_task, skip_task, take_task

__all__ = [
    "Bundle",
    "CaseClosed",
    "EditedMeanwhile",
    "FactChange",
    "HistoryBroken",
    "MayNotExport",
    "Obstacle",
    "ReasonMissing",
    "acknowledge_deadline",
    "add_counsel_note",
    "add_deadline",
    "add_holiday_change",
    "add_task",
    "add_timeline_entry",
    "adopt_awareness_claim",
    "advance_phase",
    "apply_edition",
    "claim_awareness",
    "close_case",
    "copy_evidence",
    "correct_step",
    "decide_open_point",
    "describe_case",
    "description_mark",
    "dismiss_deadline",
    "end_holiday_change",
    "end_parts_over",
    "export_case",
    "finish_task",
    "fulfil_deadline",
    "hold_evidence",
    "hold_open_case",
    "join_case",
    "keep_draft",
    "keep_evidence_until",
    "leave_case",
    "locked_bundle",
    "locked_evidence",
    "note_installed_edition",
    "note_missed_deadlines",
    "open_case",
    "open_case_at_a_press",
    "people_in_export",
    "preview_facts",
    "recompute_duties",
    "record_custody",
    "record_facts",
    "record_scan",
    "record_step",
    "refresh_procedure",
    "refuse_export",
    "refuse_idle_change",
    "refuse_impossible_instant",
    "reopen_case",
    "reopen_deadline",
    "scan_waiting_evidence",
    "skip_task",
    "take_evidence",
    "take_out_case",
    "take_out_evidence",
    "take_task",
    "throw_away_draft",
    "withdraw_awareness_claim",
    "withdraw_decision",
    "withdraw_step",
]
