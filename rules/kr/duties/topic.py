"""The topic `duties`: facts of an incident in, every duty it brings out."""

from __future__ import annotations

from typing import Any

from rules.engine.law_files import digest_of, under
from rules.engine.topic import Topic
from rules.kr.duties.answer import not_owed_answer, owed_answer
from rules.kr.duties.assessment import Owed, weigh_family
from rules.kr.duties.facts import facts_record, read_facts
from rules.kr.duties.rows import duty_files, families

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
    facts = read_facts(document)
    results = [result for family in families() for result in weigh_family(family, facts)]
    return {
        "topic": "duties",
        "rules_digest": digest_of(law_files()),
        "duties": [owed_answer(result) for result in results if isinstance(result, Owed)],
        "not_due": [not_owed_answer(result) for result in results if not isinstance(result, Owed)],
    }


def law_files() -> tuple[str, ...]:
    return (*duty_files(), *under("kr/calendar", "kr/codes.yaml", "kr/contents.yaml", "kr/coverage.yaml"))


TOPIC = Topic(
    name="duties",
    summary="사고의 통지·신고 의무와 기한",
    summary_en="duties to notify and report an incident, with their deadlines",
    schema=lambda: facts_record().schema(),
    example=EXAMPLE,
    assess=assess_duties,
    law_files=law_files,
)
