"""The topic `followups`: what has happened since the report in, every period it started out."""

from __future__ import annotations

from typing import Any

from rules.engine.law_files import digest_of, under
from rules.engine.topic import Topic
from rules.kr.calendar import korean_calendar
from rules.kr.followups.answer import followup_answer, not_in_force_answer
from rules.kr.followups.assessment import followups_of
from rules.kr.followups.events import facts_record, read_facts
from rules.kr.followups.law import current_law
from rules.kr.followups.results import Followup, NotInForce

EXAMPLE = """\
events:
  - {id: report, kind: leak_report_received, on: 2026-05-04}
  - id: prior-notice
    kind: fine_prior_notice_received
    on: 2026-05-29
    given: {comments_by: 2026-06-12}
  - {id: fine, kind: fine_disposition_received, on: 2026-07-01}
  - {id: order, kind: corrective_order_received, on: 2026-07-01, given: {comply_by: 2026-09-30}}
  - {id: suit, kind: disposition_known, on: 2026-06-26, given: {disposition_on: 2026-06-24}}
  - {id: surcharge, kind: surcharge_notice_received, at: "2026-10-09T10:30+09:00"}
  - {id: proposal, kind: mediation_proposal_received, on: 2026-10-12}
"""


def assess_followups(document: object) -> dict[str, Any]:
    """Every follow-up of every event told, and those whose law was not in force. Raises FactsError."""
    law = current_law()
    events = read_facts(document, law.events)
    results = followups_of(events, law)
    calendar = events[0].calendar if events else korean_calendar()
    return {
        "topic": "followups",
        "rules_digest": digest_of(law_files()),
        "calendar_digest": calendar.digest,
        "followups": [followup_answer(item, law.events) for item in results if isinstance(item, Followup)],
        "not_due": [not_in_force_answer(item) for item in results if isinstance(item, NotInForce)],
    }


def law_files() -> tuple[str, ...]:
    return under("kr/followups", "kr/calendar", "facts/coverage.yaml")


TOPIC = Topic(
    name="followups",
    summary="신고 이후의 절차와 기한",
    summary_en="what follows the report, with its periods and remedies",
    schema=lambda: facts_record(current_law().events).schema(),
    example=EXAMPLE,
    assess=assess_followups,
    law_files=law_files,
)
