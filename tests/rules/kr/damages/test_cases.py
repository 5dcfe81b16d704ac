"""Every golden case of the topic `damages`, its scenarios, and every way it refuses a document."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from tests.rules.cases import Case, cases_in

FILE = "kr/damages/damages.yaml"
GOOD = {"leaked_on": "2025-04-18", "claimants": 10}


@pytest.mark.parametrize("case", cases_in(FILE), ids=str)
def test_the_damages_are_as_worked_out(case: Case) -> None:
    answer = rules.assess("damages", case.given)
    shown = {
        **answer,
        "amounts": {item["code"]: item["amount"] for item in answer["scenarios"]},
        "asked": [item["id"] for item in answer["questions"]],
    }
    for key, expected in case.expect.items():
        if key in ("punitive", "statutory"):
            assert {name: shown[key][name] for name in expected} == expected
        else:
            assert shown[key] == expected, key


@settings(max_examples=50, deadline=None)
@given(
    st.dates(min_value=date(2012, 1, 1), max_value=date(2027, 1, 1)),
    st.integers(min_value=0, max_value=10_000_000),
    st.integers(min_value=0, max_value=10**13),
)
def test_every_figure_is_a_scenario_and_never_a_forecast(leaked_on: date, claimants: int, loss: int) -> None:
    facts = {
        "leaked_on": leaked_on,
        "claimants": claimants,
        "subjects": claimants,
        "actual_damage": str(loss),
    }
    answer = rules.assess("damages", facts)
    told = [*answer["scenarios"], *answer["precedents"]]
    assert answer["kind"] == "scenario"
    assert {item["kind"] for item in told} == {"scenario"}
    assert all(item["label"].endswith("(시나리오)") for item in told)
    assert all(item["source"] and item["cite"] and item["confidence"] for item in told)
    assert all(
        int(item["amount"]) == int(item["per_head"]) * item["persons"] for item in told if item["per_head"]
    )


@pytest.mark.parametrize(
    ("change", "path", "word"),
    [
        ({"claim_per_head": "3000001"}, "claim_per_head", "3,000,000원 이하"),
        ({"leaked_on": "2016-07-24", "claim_per_head": "1"}, "claim_per_head", "2016-07-25"),
        ({"subjects": 9}, "claimants", "9명 이하"),
        ({"claimants": -1}, "claimants", "0"),
        ({"claimants": None}, "claimants", "없습니다"),
        ({"leaked_on": None}, "leaked_on", "없습니다"),
        ({"leaked_on": "1990-01-01"}, "leaked_on", "1995-01-08"),
        ({"actual_damage": "-5"}, "actual_damage", "원"),
        ({"actual_damage": "10000000000000001"}, "actual_damage", "10,000,000,000,000,000원 이하"),
        ({"actual_damage": 5}, "actual_damage", "정수"),
        ({"law": "civil"}, "law", "pipa"),
        ({"intent_or_gross": True, "is_without_fault": True}, "is_without_fault", "제39조"),
        ({"colour": "red"}, "colour", "모르는"),
    ],
)
def test_a_mistake_is_refused_with_its_place(change: dict[str, Any], path: str, word: str) -> None:
    with pytest.raises(rules.FactsError) as raised:
        rules.assess("damages", {**GOOD, **change})
    (fault,) = raised.value.faults
    assert fault.path == path
    assert word in f"{fault.message} {fault.hint}"
