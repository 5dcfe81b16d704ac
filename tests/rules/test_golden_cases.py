"""Every golden case of the topics `duties` and `period`."""

from __future__ import annotations

from typing import Any

import pytest

import rules
from tests.rules.cases import Case, cases_in, same

DUTY_FILES = (
    "kr/pipa/s34_notice.yaml",
    "kr/pipa/s34_report.yaml",
    "kr/pipa/s34_2_possibility.yaml",
    "kr/pipa/s39_4.yaml",
    "kr/na/s27_3.yaml",
    "kr/na/s48_3_report.yaml",
)


@pytest.mark.parametrize("case", cases_in(*DUTY_FILES), ids=str)
def test_the_duties_are_as_worked_out(case: Case) -> None:
    answer = rules.assess("duties", case.given)
    for duty, expected in case.expect.items():
        if expected == "not_due":
            assert duty in {item["family"] for item in answer["not_due"]}
            assert duty not in {item["family"] for item in answer["duties"]}
        else:
            _assert_owed(answer, duty, expected)


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
