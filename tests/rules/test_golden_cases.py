"""Every golden case of the topics `duties` and `period`, and that every law file has its cases."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

import rules
from rules.duties.law import current_law, duty_files
from rules.duties.rows import Family
from rules.engine.conditions import Leaf
from rules.engine.history import Entry
from tests.rules.cases import HERE, Case, case_files, cases_in, duty_cases, same, without_law

CASES = [case for case in duty_cases() if case.expect]
VERSIONS = {
    family.id_of(entry): (family, entry)
    for family in current_law().families
    for entry in family.entries
    if entry.values
}
VECTOR = re.compile(r"\bT\d\d[a-z]?\b")
NUMBERED = {f"T{number:02}" for number in range(1, 53)} | {"T37b"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_duties_are_as_worked_out(case: Case) -> None:
    answer = rules.assess("duties", case.given)
    for duty, expected in case.expect.items():
        if expected == "not_due":
            assert duty in {item["family"] for item in answer["not_due"]}
            assert duty not in {item["family"] for item in answer["duties"]}
        else:
            _assert_owed(answer, duty, expected)


@pytest.mark.parametrize("file", duty_files())
def test_a_law_file_has_its_cases(file: str) -> None:
    assert (HERE / file).exists(), f"tests/rules/{file} is missing"


def test_a_case_file_stands_beside_a_law_file() -> None:
    assert without_law() == []


@pytest.mark.parametrize("duty", VERSIONS)
def test_every_version_is_worked_out_or_restated(duty: str) -> None:
    assert [case for case in duty_cases() if duty in case.expect or duty in case.terms]


def test_every_numbered_vector_is_worked_out_and_keeps_its_number() -> None:
    named = Counter(case.name for case in cases_in(*case_files()) if VECTOR.search(case.name))
    assert [name for name, times in named.items() if times > 1] == []
    assert {number for name in named for number in VECTOR.findall(name)} == NUMBERED


@pytest.mark.parametrize(
    ("duty", "stated"),
    [(duty, stated) for case in duty_cases() for duty, stated in case.terms.items()],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_a_version_has_the_terms_restated(duty: str, stated: dict[str, Any]) -> None:
    family, entry = VERSIONS[duty]
    terms = _terms(family, entry)
    assert {key: terms[key] for key in stated} == stated


def _terms(family: Family, entry: Entry) -> dict[str, Any]:
    values = dict(entry.values or {})
    posting = values.get("posting")
    effects = [
        list(leaf.wanted) for leaf in values["needs"] if isinstance(leaf, Leaf) and leaf.fact == "effect"
    ]
    return {
        "from": entry.first_day.isoformat() if entry.first_day else "untraced",
        "to": entry.end.isoformat() if entry.end else None,
        "selected_by": entry.selected_by,
        "clock": family.clock,
        "counting": values["counting"],
        "limit": values.get("limit"),
        "guidance": values["guidance"]["limit"] if "guidance" in values else None,
        "recipient": [code for group in values["recipient"] for code in group],
        "contents": values.get("contents"),
        "delay": list(values["delay"]["grounds"]) if "delay" in values else [],
        "then": values["delay"]["then"] if "delay" in values else None,
        "posting": [posting["kind"], posting["days"]] if posting else None,
        "exceptions": list(values.get("exceptions", ())),
        "ceiling": values["sanction"]["ceiling"] if "sanction" in values else None,
        "effects": effects[0] if effects else None,
        "confidence": entry.confidence,
    }


def _assert_owed(answer: dict[str, Any], duty: str, expected: dict[str, Any]) -> None:
    owed = {item["id"]: item for item in answer["duties"]}
    assert duty in owed, f"{duty} is not among {sorted(owed)}"
    item = owed[duty]
    target = item["safe_target"]
    shown = {
        **item,
        "contents_count": len(item["contents"]),
        "safe_target_at": target and target["due_at"],
    }
    assert set(expected) <= set(shown)
    wrong = {key: (shown[key], value) for key, value in expected.items() if not same(key, shown[key], value)}
    assert not wrong, f"{duty}: answered, expected: {wrong}"


@pytest.mark.parametrize("case", cases_in("kr/period.yaml"), ids=str)
def test_the_period_ends_as_worked_out(case: Case) -> None:
    answer = rules.assess("period", case.given)
    wrong = {key: answer[key] for key, value in case.expect.items() if not same(key, answer[key], value)}
    assert not wrong
