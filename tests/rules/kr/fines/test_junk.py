"""Whatever stands in a document of fines, publication or damages: it is answered, or refused with a place."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

import rules
from rules.engine.source import read_document

WHOLE: dict[str, dict[str, Any]] = {
    "fine": {
        "decided_on": "2026-11-20",
        "in_arrears": False,
        "paid_early": True,
        "payment": {"opinion_until": "2026-11-10", "pay_by": "2026-11-30", "paid_on": "2026-11-09"},
        "settings": {
            "look_back_first_day": "not_counted",
            "apply_lighter_later_law": True,
            "mitigation_limit_pct": "80",
        },
        "coercive_penalty": {
            "days": 3,
            "revenue": "1000000007",
            "revenue_from": "2023-01-01",
            "revenue_to": "2025-12-31",
            "aggravate_pct": "12.5",
        },
        "acts": [
            {
                "item": "leak_report",
                "detail": "늦은 신고",
                "started_on": "2026-09-20",
                "completed_on": "2026-09-20",
                "ended_on": "2026-10-01",
                "detected_on": "2026-10-02",
                "prior_dispositions": [{"on": "2025-01-10", "step": 1}],
                "aggravate": {"degree": "20"},
                "mitigate": {"minor": "33.33"},
                "conduct": "a",
                "is_without_fault": False,
            },
            {
                "item": "na_user_notice",
                "is_ongoing": True,
                "service_stop_minutes": 3,
                "user_data": "none",
                "is_like_weight": True,
            },
        ],
    },
    "publication": {
        "decided_on": "2026-11-20",
        "posted_on": "2026-11-21",
        "party": {"name": "가", "is_public_body": True, "is_public_system_operator": False},
        "leak": {"person_count": 1000, "has_unique_id": True, "has_sensitive": False},
        "prior_sanctions": [{"on": "2025-01-10", "kind": "fine"}],
        "settings": {"count_this_decision": True},
        "acts": [
            {
                "item": "34④",
                "content": "늦은 신고",
                "started_on": "2026-09-20",
                "ended_on": "2026-10-01",
                "sanctions": [{"kind": "fine", "amount": "9000000"}, {"kind": "order"}],
            }
        ],
    },
    "damages": {
        "leaked_on": "2026-10-01",
        "claimants": 12,
        "subjects": 100,
        "law": "pipa",
        "intent_or_gross": True,
        "is_without_fault": False,
        "actual_damage": "5",
        "claim_per_head": "3000000",
    },
}
JUNK: list[Any] = [
    None, "", " ", "x", "29", "63①", "39의4①", "34③", "none", "network", "pipa_64_2", "na_isms", 0, -1, 3.5, 10**30,
    float("nan"), True, "50", "100", "-5", "9" * 200, "2024-05-01", "2026-11-20", "1900-01-01", "2028-12-31",
    "2030-01-01", [], [None], [{}], ["2023-01-01", "2022-01-01"], {}, {"on": "2023-01-01"}, {"degree": "1"},
]  # fmt: skip


def places(content: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    pairs = (
        content.items()
        if isinstance(content, dict)
        else enumerate(content)
        if isinstance(content, list)
        else ()
    )
    for key, item in pairs:
        yield (*path, key)
        yield from places(item, (*path, key))


def changed(document: dict[str, Any], path: tuple[Any, ...], value: object) -> dict[str, Any]:
    result: Any = copy.deepcopy(document)
    inner = result
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = copy.deepcopy(value)
    return dict(result)


@pytest.mark.parametrize("topic", WHOLE)
def test_the_whole_document_is_answered(topic: str) -> None:
    assert rules.assess(topic, WHOLE[topic])["topic"] == topic


@pytest.mark.parametrize(
    ("topic", "path"), [(topic, path) for topic, document in WHOLE.items() for path in places(document)]
)
def test_anything_in_any_place_is_answered_or_refused(topic: str, path: tuple[Any, ...]) -> None:
    for value in JUNK:
        document = changed(WHOLE[topic], path, value)
        with suppress(rules.FactsError):
            json.dumps(rules.assess(topic, document), allow_nan=False)


@pytest.mark.parametrize("topic", WHOLE)
def test_the_example_is_read_from_text_as_well(topic: str) -> None:
    content, faults = read_document(rules.example(topic))
    assert faults == []
    assert rules.assess_document(topic, content, faults)["topic"] == topic
