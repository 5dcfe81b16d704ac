"""From the answers of the first minutes to facts and kinds. ‘아직 모름’ says nothing, so no clock is lost by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from incidents.forms.cases import NO, YES
from incidents.models import Case, Certainty
from incidents.services import FactChange


def intake_changes(answers: Mapping[str, Any], known: Mapping[str, datetime]) -> list[FactChange]:
    """What the answers state. A ‘아니요’ takes the awareness away (its reason becomes the source).

    `known` holds the instants recorded so far: without a ‘예’, the same instant again is no statement.
    """
    source = _("접수 문답")
    changes = [
        *_awareness("leak_known_at", "leak", answers, known, source),
        *_awareness("intrusion_known_at", "intrusion", answers, known, source),
    ]
    for question, name in (
        ("intrusion", "illegal_external_access"),
        ("has_sensitive", "has_sensitive"),
        ("has_unique_id", "has_unique_id"),
    ):
        if answers[question] in (YES, NO):
            changes.append(FactChange(name, answers[question] == YES, Certainty.ESTIMATED, source))
    for name in ("summary", "occurred_at", "person_count"):
        if answers[name] not in (None, "") and answers[name] != known.get(name):
            changes.append(FactChange(name, answers[name], Certainty.ESTIMATED, source))
    return changes


def _awareness(
    name: str, question: str, answers: Mapping[str, Any], known: Mapping[str, datetime], source: str
) -> list[FactChange]:
    answer, at = answers[question], answers[name]
    if answer == NO:
        return [FactChange(name, None, Certainty.UNKNOWN, answers[f"{question}_reason"][:200])]
    if answer == YES and at is not None:
        return [FactChange(name, at, Certainty.CONFIRMED, source)]
    return (
        [FactChange(name, at, Certainty.ESTIMATED, source)]
        if at is not None and at != known.get(name)
        else []
    )


def kinds_from(answers: dict[str, Any], case: Case) -> dict[str, bool]:
    """The kinds the answers name; an answer still open leaves the kind as it was."""
    asked = {"leak": "is_personal_data", "intrusion": "is_cyber_incident", "outage": "is_service_outage"}
    return {
        name: answers[question] == YES if answers[question] in (YES, NO) else getattr(case, name)
        for question, name in asked.items()
    }
