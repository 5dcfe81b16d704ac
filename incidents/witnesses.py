"""The rows of a case that history vouches for: words by a digest, and the state of what services change."""

from __future__ import annotations

from core.audit.chain import digest, digest_of_words
from core.audit.witnesses import columns_of, register_state
from core.audit.witnesses import register as bear_witness
from incidents.models import (
    AwarenessClaim,
    Case,
    CaseMember,
    CounselNote,
    CustodyEntry,
    Deadline,
    Destruction,
    Duty,
    Evidence,
    EvidenceScan,
    FactRevision,
    HolidayChange,
    LawEdition,
    NeedlessNotice,
    OpenPointDecision,
    ProcedureStep,
    Task,
    TimelineEntry,
)

# What a person wrote (notes, reasons, titles) is left out: it may have to be erased one day, and reasons
# are vouched for beside their events. A name added here disagrees with every history written before.
CASE = (
    "organization_id",
    "is_personal_data",
    "is_cyber_incident",
    "is_service_outage",
    "phase",
    "lead_id",
    "opened_at",
    "opened_by_id",
    "closed_at",
)
DUTY = (
    "case_id",
    "rule_id",
    "family",
    "subject_key",
    "terms",
    "rules_digest",
    "computed_at",
    "superseded_at",
)
DEADLINE = (
    "case_id",
    "duty_id",
    "kind",
    "law_state",
    "anchor",
    "starts_at",
    "due_at",
    "last_day",
    "limit",
    "target_at",
    "confidence",
    "rules_digest",
    "created_at",
    "owner_id",
    "acknowledged_at",
    "missed_at",
    "met_at",
    "met_by_id",
    "dismissed_at",
    "dismissed_by_id",
    "superseded_at",
    "superseded_by_id",
)
OF_THE_LAW = ("title", "cite", "why")  # of a deadline that a duty made; otherwise a person wrote them
DECISION = ("case_id", "question", "answer", "decided_at", "decided_by_id", "replaced_at")
FACT = ("case_id", "name", "key", "number", "certainty", "recorded_at", "recorded_by_id")
ENTRY = ("case_id", "kind", "happened_at", "recorded_at", "recorded_by_id")
STEP = (
    "case_id",
    "kind",
    "happened_on",
    "given",
    "recorded_at",
    "recorded_by_id",
    "withdrawn_at",
    "withdrawn_by_id",
)
EVIDENCE = (
    "case_id",
    "number",
    "media_type",
    "size",
    "sha256",
    "kept_as",
    "recorded_at",
    "recorded_by_id",
)
COUNSEL_NOTE = ("case_id", "number", "recorded_at", "recorded_by_id")
CUSTODY = ("evidence_id", "number", "kind", "happened_at", "until", "recorded_at", "recorded_by_id")
MEMBER = ("case_id", "user_id", "joined_at", "left_at", "ends_on")
CLAIM = (
    "case_id",
    "anchor",
    "at",
    "basis",
    "recorded_at",
    "recorded_by_id",
    "withdrawn_at",
    "withdrawn_by_id",
)
HOLIDAY = ("day", "change", "name", "recorded_at", "recorded_by_id", "ended_at", "ended_by_id")
EDITION = ("digest", "installed_at", "applied_at", "applied_by_id")
SCAN = ("evidence_id", "verdict", "finding", "engine", "scanned_at")
NEEDLESS = ("case_id", "needless_on", "step", "told_at")
DESTRUCTION = (
    "case_id",
    "ground",
    "needless_on",
    "asked_at",
    "asked_by_id",
    "is_approved",
    "decided_at",
    "decided_by_id",
    "is_reapplied",
    "begun_at",
    "finished_at",
    "certificate_id",
)
TASK = ("case_id", "code", "due_at", "owner_id", "done_at", "done_by_id", "skipped_at")


def register() -> None:
    bear_witness("incidents.factrevision", key="digest", witness=_facts)
    bear_witness("incidents.counselnote", key="digest", witness=_counsel_notes)
    register_state("incidents.counselnote", columns_of(CounselNote, COUNSEL_NOTE))
    bear_witness("incidents.timelineentry", key="digest", witness=_entries)
    bear_witness("incidents.procedurestep", key="digest", witness=_steps)
    register_state("incidents.procedurestep", columns_of(ProcedureStep, _step_columns))
    register_state("incidents.case", columns_of(Case, CASE))
    register_state("incidents.duty", columns_of(Duty, DUTY))
    register_state("incidents.deadline", columns_of(Deadline, _deadline_columns))
    register_state("incidents.task", columns_of(Task, TASK))
    register_state("incidents.openpointdecision", columns_of(OpenPointDecision, DECISION))
    register_state("incidents.destruction", columns_of(Destruction, DESTRUCTION))
    register_state("incidents.needlessnotice", columns_of(NeedlessNotice, NEEDLESS))
    register_state("incidents.evidence", columns_of(Evidence, EVIDENCE))
    register_state("incidents.evidencescan", columns_of(EvidenceScan, SCAN))
    register_state("incidents.custodyentry", columns_of(CustodyEntry, CUSTODY))
    register_state("incidents.factrevision", columns_of(FactRevision, FACT))
    register_state("incidents.timelineentry", columns_of(TimelineEntry, ENTRY))
    register_state("incidents.casemember", columns_of(CaseMember, MEMBER))
    register_state("incidents.awarenessclaim", columns_of(AwarenessClaim, CLAIM))
    register_state("incidents.holidaychange", columns_of(HolidayChange, HOLIDAY))
    register_state("incidents.lawedition", columns_of(LawEdition, EDITION), told_at_birth=False)


def _facts(ids: list[int]) -> dict[int, str]:
    return {row.pk: digest(row.said()) for row in FactRevision.objects.filter(pk__in=ids)}


def _counsel_notes(ids: list[int]) -> dict[int, str]:
    rows = CounselNote.objects.filter(pk__in=ids)
    return {row.pk: digest_of_words(row.text, salt=row.salt) for row in rows}


def _entries(ids: list[int]) -> dict[int, str]:
    return {row.pk: digest(row.said()) for row in TimelineEntry.objects.filter(pk__in=ids)}


def _steps(ids: list[int]) -> dict[int, str]:
    return {row.pk: digest(row.said()) for row in ProcedureStep.objects.filter(pk__in=ids)}


def _step_columns(row: ProcedureStep) -> tuple[str, ...]:
    return (*STEP, "first_id") if row.first_id else STEP


def _deadline_columns(row: Deadline) -> tuple[str, ...]:
    return (*DEADLINE, *OF_THE_LAW) if row.duty_id else DEADLINE
