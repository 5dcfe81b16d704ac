"""Rows as the API answers them: what the pages show, and no more."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from incidents.clocks import Clock
from incidents.duties import Movement
from incidents.facts import label_of
from incidents.models import Case, Deadline, FactRevision
from incidents.reading import kept, why_of

CASE = ("reference", "title", "is_personal_data", "is_cyber_incident", "is_service_outage", "phase")
CLOCK = (
    "kind",
    "law_state",
    "anchor",
    "starts_at",
    "last_day",
    "limit",
    "target_at",
    "cite",
    "confidence",
    "rules_digest",
    "acknowledged_at",
    "missed_at",
    "met_at",
    "dismissed_at",
    "superseded_at",
)


def case_answer(case: Case) -> dict[str, Any]:
    """A row of `queries.case_rows`."""
    return {
        **{name: getattr(case, name) for name in CASE},
        "url": f"{settings.SITE_URL}{case.get_absolute_url()}",
        "organization": {"id": case.organization_id, "name": case.organization.name},
        "phase_label": case.get_phase_display(),
        "lead": str(case.lead),
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "nearest_end_at": case.nearest_due_at,  # type: ignore[attr-defined]
    }


def case_with_facts(case: Case) -> dict[str, Any]:
    rows = FactRevision.objects.filter(case=case).current().select_related("recorded_by")
    facts = [_fact_answer(row) for row in rows.order_by("name", "key")]
    return {**case_answer(case), "fact_count": case.fact_count, "facts": facts}


def _fact_answer(row: FactRevision) -> dict[str, Any]:
    return {
        "name": row.name,
        "key": row.key,
        "label": label_of(row.name),
        "value": row.value,
        "until_at": row.until_at,
        "certainty": row.certainty,
        "source": kept(row.source),
        "revision": row.number,
        "recorded_at": row.recorded_at,
        "recorded_by": str(row.recorded_by),
    }


def clock_answer(clock: Clock) -> dict[str, Any]:
    row = clock.deadline
    return {
        **{name: getattr(row, name) for name in CLOCK},
        "id": row.pk,
        "url": f"{settings.SITE_URL}{clock.url}",
        "title": clock.title,
        "state": clock.state.value,
        "state_label": clock.word,
        "due_at": _due_at(row),
        "seconds_left": clock.seconds_left,
        "due_label": clock.due_label,
        "time_label": clock.time_label,
        "why": why_of(row),
        "owner": clock.owner_label,
        "terms": row.duty.terms if row.duty else None,
    }


def _due_at(row: Deadline) -> Any:
    """A day-counted end is told by its last day alone: the midnight kept for it is already too late."""
    return None if row.last_day else row.due_at


def movement_answer(moved: Movement) -> dict[str, Any]:
    subject = moved.after or moved.before
    assert subject is not None and subject.duty is not None
    return {
        "change": moved.change.value,
        "title": moved.title,
        "rule_id": subject.duty.rule_id,
        "difference": moved.difference,
        "before": _terms(moved.before),
        "after": _terms(moved.after),
    }


def _terms(row: Deadline | None) -> dict[str, Any] | None:
    if row is None:
        return None
    names = ("law_state", "starts_at", "last_day", "limit")
    return {**{name: getattr(row, name) for name in names}, "due_at": _due_at(row)}
