"""Every golden case of the topics `surcharge` and `payment`, and that every numbered example is among them."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

import rules
from rules.engine.faults import FactsError
from rules.kr.surcharge.law import ARTICLES, articles
from tests.rules.cases import Case, cases_in

PAYMENTS = cases_in("kr/surcharge/payment.yaml")
CASES = cases_in(*(f"kr/surcharge/{name}.yaml" for name in ARTICLES))
VECTOR = re.compile(r"\b[NPQRGEFHL]\d\d\b")
NUMBERED = {
    *(f"N{number:02}" for number in range(1, 17)),
    *(f"P{number:02}" for number in range(1, 18)),
    *(f"Q{number:02}" for number in range(1, 14)),
    *(f"R{number:02}" for number in range(1, 14)),
    *(f"G{number:02}" for number in range(1, 13)),
    *(f"E{number:02}" for number in range(1, 23)),
    *(f"F{number:02}" for number in range(1, 15)),
    *(f"H{number:02}" for number in range(1, 20)),
    *(f"L{number:02}" for number in range(9, 16)),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_surcharge_is_as_worked_out(case: Case) -> None:
    if "faults" in case.expect:
        assert_refused("surcharge", case)
        return
    answer = rules.assess("surcharge", case.given)
    for name, expected in case.expect.items():
        assert shown(answer, name, expected) == expected, name


def shown(answer: dict[str, Any], name: str, expected: Any) -> object:
    """The part of the answer a case speaks of, in the shape it speaks of it."""
    if name == "steps":
        amounts = {step["code"]: step["amount"] for step in answer["steps"]}
        return {code: amounts.get(code) for code in expected}
    if name == "warned":
        return [code for code in expected if code in {item["code"] for item in answer["warnings"]}]
    if name == "triggers":
        return {item["code"]: item["met"] for item in answer["high_cap"]["triggers"]}
    return answer[name]


@pytest.mark.parametrize("case", PAYMENTS, ids=str)
def test_the_payment_is_as_worked_out(case: Case) -> None:
    if "faults" in case.expect:
        assert_refused("payment", case)
        return
    answer = rules.assess("payment", case.given)
    assert {name: answer[name] for name in case.expect} == case.expect


def assert_refused(topic: str, case: Case) -> None:
    with pytest.raises(FactsError) as raised:
        rules.assess(topic, case.given)
    said = {fault.path: f"{fault.message} {fault.hint}" for fault in raised.value.faults}
    assert set(said) == set(case.expect["faults"])
    for path, words in case.expect["faults"].items():
        assert words in said[path], said[path]


def test_every_numbered_example_is_worked_out() -> None:
    named = Counter(number for case in (*CASES, *PAYMENTS) for number in VECTOR.findall(case.name))
    assert set(named) == NUMBERED


def test_every_regime_has_a_case() -> None:
    met = {case.expect.get("regime") for case in CASES}
    regimes = {
        entry.version
        for article in articles().values()
        for entry in article.regimes
        if entry.version and "refused" not in dict(entry.values or {})
    }
    assert regimes - met == set()
