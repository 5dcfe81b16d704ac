"""The topic `duties`: facts of an incident in, every duty it brings out."""

from __future__ import annotations

from typing import Any

from rules.duties.answer import not_owed_answer, owed_answer
from rules.duties.assessment import NotOwed, Owed, weigh_family
from rules.duties.facts import read_facts
from rules.duties.law import Law, current_law
from rules.engine.topic import Topic

EXAMPLE = """\
organization: {is_icsp: true}
incident:
  occurred_at: 2026-10-01T02:00+09:00
  intrusion_known_at: 2026-10-01T14:00+09:00
  leak_known_at: 2026-10-01T20:00+09:00
  effect: [leak]
  person_count: 1200
  has_sensitive: false
  has_unique_id: false
  illegal_external_access: true
  is_user_data: true
  confirmed_facts:
    - {id: f1, confirmed_at: 2026-10-02T09:00+09:00}
"""


def assess_duties(document: object) -> dict[str, Any]:
    """Every duty owed or unsettled, and for every other family why it is not. Raises FactsError."""
    return answer_of(document, current_law())


def answer_of(document: object, law: Law) -> dict[str, Any]:
    """The answer under the law of one edition. Raises FactsError."""
    stated = read_facts(document, law)
    law = law.counted_by(stated.changes)
    duties, not_due = [], []
    for family in law.families:
        for result in weigh_family(family, stated):
            if isinstance(result, Owed):
                duties.append(owed_answer(result))
            else:
                not_due.append(not_owed_answer(result))
    return {
        "topic": "duties",
        "rules_digest": law.digest,
        "calendar_digest": law.calendar.digest if law.calendar else None,
        "duties": duties,
        "not_due": not_due,
    }


def explain_duties(document: object) -> dict[str, Any]:
    """The answer of `assess_duties`, with an `explain` in every entry. Raises FactsError."""
    from rules.duties.explain import explanation  # only a reader who asks pays for it

    law = current_law()
    stated = read_facts(document, law)
    law = law.counted_by(stated.changes)
    results = [result for family in law.families for result in weigh_family(family, stated)]
    return {
        "topic": "duties",
        "rules_digest": law.digest,
        "calendar_digest": law.calendar.digest if law.calendar else None,
        "duties": [
            {**owed_answer(result), "explain": explanation(result, stated)}
            for result in results
            if isinstance(result, Owed)
        ],
        "not_due": [
            {**not_owed_answer(result), "explain": explanation(result, stated)}
            for result in results
            if isinstance(result, NotOwed)
        ],
    }


def law_files() -> tuple[str, ...]:
    return current_law().files


TOPIC = Topic(
    name="duties",
    summary="사고의 통지·신고 의무와 기한",
    summary_en="duties to notify and report an incident, with their deadlines",
    schema=lambda: current_law().record.schema(),
    example=EXAMPLE,
    assess=assess_duties,
    law_files=law_files,
    explain=explain_duties,
)
