"""Every golden case of the topic `followups`."""

from __future__ import annotations

from typing import Any

import pytest

import rules
from rules.kr.followups.law import current_law
from tests.rules.cases import Case, cases_in, same

FILES = tuple(f"kr/followups/{name}.yaml" for name in ("vra", "remedies", "mediation", "network", "pipa"))


@pytest.mark.parametrize("case", cases_in(*FILES), ids=str)
def test_the_followups_are_as_worked_out(case: Case) -> None:
    answer = rules.assess("followups", case.given)
    found = {named(item): item for item in answer["followups"]}
    for name, expected in case.expect.items():
        if expected == "not_due":
            assert name in {item["id"] for item in answer["not_due"]}
        if isinstance(expected, str):
            assert name not in found
        else:
            assert_as_expected(found[name], expected)


def named(item: dict[str, Any]) -> str:
    return f"{item['id']} {item['for']}" if item["for"] else str(item["id"])


def assert_as_expected(item: dict[str, Any], expected: dict[str, Any]) -> None:
    shown = {
        **item,
        "warnings": [warned["code"] for warned in item["warnings"]],
        "open": item["open_question"] is not None,
    }
    words = expected.get("missed_has", "")
    assert words in item["if_missed"]
    plain = {key: value for key, value in expected.items() if key != "missed_has"}
    wrong = {key: (shown[key], value) for key, value in plain.items() if not same(key, shown[key], value)}
    assert not wrong, f"{item['id']}: answered, expected: {wrong}"


def test_every_version_has_a_case() -> None:
    met = {
        (item["id"], item["version"])
        for case in cases_in(*FILES)
        for item in rules.assess("followups", case.given)["followups"]
        if named(item) in case.expect or item["id"] in case.expect
    }
    law = {(family.id, entry.version) for family in current_law().families for entry in family.entries}
    assert law - met == set()
