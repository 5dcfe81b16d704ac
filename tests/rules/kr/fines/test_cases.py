"""Every golden case of the topic `fine`, and that each vector of the sheet is among them."""

from __future__ import annotations

import re
from typing import Any

import pytest

import rules
from tests.rules.cases import Case, cases_in

NAMES = ("fines_2020", "fines_2023", "fines_2026", "edges", "network", "payment")
FILES = tuple(f"kr/fines/{name}.yaml" for name in NAMES)
VECTOR = re.compile(r"\b[KL]\d\d\b")
NUMBERED = {f"K{number:02}" for number in range(1, 60)} | {f"L{number:02}" for number in range(1, 9)}


@pytest.mark.parametrize("case", cases_in(*FILES), ids=str)
def test_the_fines_are_as_worked_out(case: Case) -> None:
    answer = rules.assess("fine", case.given)
    for key, expected in case.expect.items():
        if key == "warnings":
            weighed = {"percentages_unconfirmed", "mitigation_limit_unconfirmed"}
            assert [item["code"] for item in answer[key] if item["code"] not in weighed] == expected
        elif isinstance(expected, list):
            assert len(answer[key]) == len(expected)
            for shown, wanted in zip(answer[key], expected, strict=True):
                assert_holds(shown, wanted)
        elif isinstance(expected, dict):
            assert_holds(answer[key], expected)
        else:
            assert answer[key] == expected, key


def assert_holds(shown: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert {key: shown[key] for key in wanted} == wanted


def test_every_vector_of_the_sheet_is_a_case() -> None:
    named = {number for case in cases_in(*FILES) for number in VECTOR.findall(case.name)}
    assert named == NUMBERED


def test_the_example_is_the_decision_of_2024_06_26() -> None:
    from rules.engine.source import read_document

    facts, _ = read_document(rules.example("fine"))
    answer = rules.assess_document("fine", facts)
    assert [act["amount"] for act in answer["acts"]] == ["4200000", "3600000", "3600000"]
    assert (answer["total"], answer["total_if_paid_early"]) == ("11400000", "9120000")
