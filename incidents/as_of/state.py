"""A case as it was at an instant: its own rows, each with the columns it had then."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F

from core.accounts.models import User
from incidents.as_of.evidence import evidence_as_of
from incidents.as_of.replay import (
    DeadlineState,
    TaskState,
    case_state,
    deadline_states,
    task_states,
    telling_events,
    title_kept_beside,
    until,
    words_of,
)
from incidents.clocks import Clock, clock_of
from incidents.models import (
    AwarenessClaim,
    Case,
    CaseMember,
    Deadline,
    DeadlineKind,
    Duty,
    Evidence,
    FactRevision,
    OpenPointDecision,
    ProcedureStep,
    Task,
    TimelineEntry,
)
from incidents.telling import words_of_meeting

if TYPE_CHECKING:
    from core.audit.models import Event

type People = dict[int, User]


@dataclass(frozen=True, slots=True)
class CaseAsOf:
    """Everything the case held at `at`. What had ended by then is here too, ended; what came later is not.

    The rows are for reading: their columns are those of `at`, and saving one would bring the past back.
    """

    at: datetime
    case: Case
    is_title_known: bool
    facts: list[FactRevision]
    duties: list[Duty]
    deadlines: list[Deadline]
    tasks: list[Task]
    members: list[CaseMember]
    steps: list[ProcedureStep]
    decisions: list[OpenPointDecision]
    claims: list[AwarenessClaim]
    timeline: list[TimelineEntry]
    evidence: list[Evidence]

    @property
    def clocks(self) -> list[Clock]:
        """Every deadline as it read at `at`, in the order of the page of clocks."""
        return [clock_of(row, self.at) for row in self.deadlines]

    @property
    def tightest(self) -> list[Clock]:
        return [clock for clock in self.clocks if clock.is_running]

    @property
    def present(self) -> list[CaseMember]:
        """Who took part."""
        return [member for member in self.members if member.left_at is None]

    @property
    def duties_met(self) -> tuple[int, int]:
        """How many statutory duties were met, of how many that applied."""
        held = [
            row
            for row in self.deadlines
            if row.kind == DeadlineKind.DUTY and row.superseded_at is None and row.dismissed_at is None
        ]
        return sum(row.met_at is not None for row in held), len(held)


def case_as_of(case: Case, at: datetime) -> CaseAsOf | None:
    """`case` at `at`, recorded and not yet recorded told apart to the instant; None before it was opened.

    A fixed number of queries however long the history is.
    """
    if at < case.opened_at:
        return None
    events = telling_events(case)
    told = until(events, at)
    tasks, deadlines = list(case.tasks.all()), _deadlines(case, at)
    people = _people(case, told, tasks, deadlines)
    past, is_title_known = _case(case, events, told, people)
    past.fact_count = FactRevision.objects.filter(case=case, recorded_at__lte=at).count()
    return CaseAsOf(
        at=at,
        case=past,
        is_title_known=is_title_known,
        facts=list(
            FactRevision.objects.filter(case=case)
            .as_of(at)
            .select_related("recorded_by")
            .order_by("name", "key")
        ),
        duties=[_ended_later(row, at, "superseded_at", superseded_reason="") for row in _duties(case, at)],
        deadlines=_rewound_deadlines(past, deadlines, events, told, people, at),
        tasks=_rewound_tasks(past, tasks, events, told, people),
        members=[
            _ended_later(row, at, "left_at")
            for row in case.members.filter(joined_at__lte=at)
            .select_related("user")
            .order_by("user__name", "pk")
        ],
        steps=_withdrawable(case.procedure.all(), at),
        decisions=[
            _ended_later(row, at, "replaced_at")
            for row in case.decisions.filter(decided_at__lte=at).select_related("decided_by")
        ],
        claims=_withdrawable(case.awareness_claims.all(), at),
        timeline=list(case.timeline.filter(recorded_at__lte=at).select_related("recorded_by")),
        evidence=evidence_as_of(case, at),
    )


def _ended_later[Row: (Duty, CaseMember, OpenPointDecision, ProcedureStep, AwarenessClaim, Deadline)](
    row: Row, at: datetime, column: str, **blank: object
) -> Row:
    """`row` with the instant it ended at taken away, and what `blank` names with it, if that lies after `at`."""
    ended_at = getattr(row, column)
    if ended_at is not None and ended_at > at:
        for name, value in {column: None, **blank}.items():
            setattr(row, name, value)
    return row


def _withdrawable[Row: (ProcedureStep, AwarenessClaim)](rows, at: datetime) -> list[Row]:  # type: ignore[no-untyped-def]
    found = rows.filter(recorded_at__lte=at).select_related("recorded_by", "withdrawn_by")
    return [_ended_later(row, at, "withdrawn_at", withdrawn_by=None, withdrawn_reason="") for row in found]


def _duties(case: Case, at: datetime) -> list[Duty]:
    return list(case.duties.filter(computed_at__lte=at).order_by("pk"))


def _deadlines(case: Case, at: datetime) -> list[Deadline]:
    rows = case.deadlines.filter(created_at__lte=at).select_related("duty")
    return list(rows.order_by(F("due_at").asc(nulls_last=True), F("target_at").asc(nulls_last=True), "pk"))


def _people(case: Case, told: list[Event], tasks: list[Task], deadlines: list[Deadline]) -> People:
    """Whoever a rewound column can name."""
    ids = {event.actor_id for event in told} | {case.lead_id}
    ids |= {task.owner_id for task in tasks} | {row.owner_id for row in deadlines}
    ids |= {event.data.get("owner") for event in told}
    ids |= {
        (event.data.get("new") or {}).get("lead_id") for event in told if event.action == "case.described"
    }
    return User.objects.in_bulk([pk for pk in ids if pk is not None])


def _case(case: Case, events: list[Event], told: list[Event], people: People) -> tuple[Case, bool]:
    state, last = case_state(told), case_state(events)
    past = copy(case)
    past.phase, past.closed_at = state.phase, state.closed_at
    if state.lead_id is not None:
        past.lead = people[state.lead_id]
    for name, value in state.kinds.items():
        setattr(past, name, value)
    title = case.title if _same(state.titled, last.titled) else title_kept_beside(state.titled)
    past.title = title or ""
    return past, title is not None


def _same(one: Event | None, other: Event | None) -> bool:
    """Whether the same event stands behind both, so that the row still holds what was written then."""
    return (one and one.pk) == (other and other.pk)


def _rewound_deadlines(
    past: Case, rows: list[Deadline], events: list[Event], told: list[Event], people: People, at: datetime
) -> list[Deadline]:
    replaced = Deadline.objects.filter(case=past.pk).values_list("superseded_by", "pk")
    before = {heir: pk for heir, pk in replaced if heir is not None}
    then, now = deadline_states(told, before), deadline_states(events, before)
    notes = _notes_of_meetings(past, now)
    for row in rows:
        row.case = past
        _ended_later(row, at, "superseded_at", superseded_by=None)
        if row.duty is not None:
            _ended_later(row.duty, at, "superseded_at", superseded_reason="")
        _rewind_deadline(row, then.get(row.pk, DeadlineState()), notes, people)
    return rows


type Notes = dict[
    int, tuple[str, str]
]  # event of a meeting that still stands → why it was late, what was done


def _notes_of_meetings(past: Case, now: dict[int, DeadlineState]) -> Notes:
    """What was written when a deadline was met stands in the row for as long as the meeting stands."""
    held = Deadline.objects.filter(case=past.pk, met_at__isnull=False)
    words = {pk: (late, note) for pk, late, note in held.values_list("pk", "lateness_reason", "met_note")}
    return {state.met.pk: words[pk] for pk, state in now.items() if state.met and pk in words}


def _rewind_deadline(row: Deadline, state: DeadlineState, notes: Notes, people: People) -> None:
    row.owner = people[state.owner_id] if state.owner_id else None
    row.acknowledged_at, row.missed_at = state.acknowledged_at, state.missed_at
    met, dismissed = state.met, state.dismissed
    row.met_at = met.happened_at if met else None
    row.met_by = people[met.actor_id] if met and met.actor_id else None
    row.lateness_reason, row.met_note = notes.get(met.pk) or _words_of_meeting(met) if met else ("", "")
    row.dismissed_at = dismissed.recorded_at if dismissed else None
    row.dismissed_by = people[dismissed.actor_id] if dismissed and dismissed.actor_id else None
    row.dismissed_reason = words_of(dismissed)


def _words_of_meeting(met: Event) -> tuple[str, str]:
    return (words_of(met), "") if met.is_erased else words_of_meeting(met)


def _rewound_tasks(
    past: Case, rows: list[Task], events: list[Event], told: list[Event], people: People
) -> list[Task]:
    """The tasks given by then. History names those of a playbook by their step."""
    by_code = {row.code: row.pk for row in rows if row.code}
    then = task_states(told, by_code)
    given = [row for row in rows if row.pk in then]
    for row in given:
        row.case = past
        _rewind_task(row, then[row.pk], people)
    return given


def _rewind_task(row: Task, state: TaskState, people: People) -> None:
    row.owner = people[state.owner_id] if state.owner_id else None
    row.done_at = state.done.recorded_at if state.done else None
    row.done_by = people[state.done.actor_id] if state.done and state.done.actor_id else None
    row.skipped_at = state.skipped.recorded_at if state.skipped else None
    row.skipped_reason = words_of(state.skipped)
