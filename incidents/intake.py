"""From the answers of the first minutes to facts and kinds. ‘아직 모름’ says nothing, so no clock is lost by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from incidents.forms.cases import NO, NOT_KNOWN, YES
from incidents.models import Case, Certainty, FactRevision
from incidents.reading import FROM_THE_QUESTIONS
from incidents.services import FactChange

AWARENESS = {"leak": "leak_known_at", "intrusion": "intrusion_known_at"}
YES_OR_NO = {
    "intrusion": "illegal_external_access",
    "has_sensitive": "has_sensitive",
    "has_unique_id": "has_unique_id",
}
PLAIN = ("summary", "occurred_at", "person_count")
FACTS = frozenset({*AWARENESS.values(), *YES_OR_NO.values(), *PLAIN})


def answers_so_far(case: Case, facts: Mapping[str, FactRevision]) -> dict[str, Any]:
    """The questions as the facts answer them: what the form shows when it is opened again."""
    answers: dict[str, Any] = {"title": case.title, "outage": YES if case.is_service_outage else NOT_KNOWN}
    for question, name in AWARENESS.items():
        known = facts.get(name)
        answers[name] = datetime.fromisoformat(known.value) if known and known.value else None
        said_no = known is not None and not known.value
        confirmed = known is not None and known.certainty == Certainty.CONFIRMED
        answers[question] = NO if said_no else YES if confirmed else NOT_KNOWN
        answers[f"{question}_reason"] = known.source if known and said_no else ""
    for question, name in YES_OR_NO.items():
        stated = facts[name].value if name in facts else None
        if stated is not None:
            answers[question] = YES if stated else NO
        elif answers.get(question) != NO:
            answers[question] = NOT_KNOWN
    for name in PLAIN:
        value = facts[name].value if name in facts else None
        answers[name] = datetime.fromisoformat(value) if name == "occurred_at" and value else value
    return answers


def intake_changes(answers: Mapping[str, Any], shown: Mapping[str, Any]) -> list[FactChange]:
    """What the answers state. A ‘아니요’ takes the awareness away (its reason becomes the source).

    `shown` is what the form was opened with: the same answer again is no statement, so that it
    neither makes a confirmed fact an estimate nor undoes what somebody else corrected meanwhile.
    """
    source = FROM_THE_QUESTIONS
    changes = [
        change
        for question, name in AWARENESS.items()
        for change in _awareness(name, question, answers, shown, source)
    ]
    for question, name in YES_OR_NO.items():
        if answers[question] in (YES, NO) and answers[question] != shown[question]:
            changes.append(FactChange(name, answers[question] == YES, Certainty.ESTIMATED, source))
    for name in PLAIN:
        value = answers[name].replace("\r\n", "\n") if name == "summary" else answers[name]
        if value not in (None, "") and value != shown[name]:
            changes.append(FactChange(name, value, Certainty.ESTIMATED, source))
    return changes


def _awareness(
    name: str, question: str, answers: Mapping[str, Any], shown: Mapping[str, Any], source: str
) -> list[FactChange]:
    answer, at, reason = answers[question], answers[name], f"{question}_reason"
    is_same_answer = answer == shown[question]
    if answer == NO:
        if is_same_answer and shown[name] is None and answers[reason] == shown[reason]:
            return []
        return [FactChange(name, None, Certainty.UNKNOWN, answers[reason][:200])]
    if at is None or (is_same_answer and at == shown[name]):
        return []
    if answer == YES:
        return [FactChange(name, at, Certainty.CONFIRMED, source)]
    return [FactChange(name, at, Certainty.ESTIMATED, source)] if at != shown[name] else []


def kinds_from(answers: dict[str, Any], case: Case) -> dict[str, bool]:
    """The kinds the answers name; an answer still open leaves the kind as it was."""
    asked = {"leak": "is_personal_data", "intrusion": "is_cyber_incident", "outage": "is_service_outage"}
    return {
        name: answers[question] == YES if answers[question] in (YES, NO) else getattr(case, name)
        for question, name in asked.items()
    }
