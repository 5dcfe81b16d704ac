"""Every golden case of the topic `publication`, and every way it refuses a document."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

import rules
from rules.engine.source import read_document
from rules.kr.publication.law import current_law
from tests.rules.cases import Case, cases_in

FILE = "kr/publication/criteria.yaml"
ACT: dict[str, Any] = {
    "item": "29",
    "ended_on": "2022-09-27",
    "sanctions": [{"kind": "fine", "amount": "6000000"}],
}
GOOD = {"decided_on": "2024-06-26", "acts": [ACT]}


@pytest.mark.parametrize("case", cases_in(FILE), ids=str)
def test_the_publication_is_as_worked_out(case: Case) -> None:
    answer = rules.assess("publication", case.given)
    shown = {**answer, "warnings": [item["code"] for item in answer["warnings"]]}
    for key, expected in case.expect.items():
        if isinstance(expected, dict):
            assert {name: shown[key][name] for name in expected} == expected
        else:
            assert shown[key] == expected, key


def test_every_criterion_is_met_in_one_case_and_not_in_another() -> None:
    seen = {
        (item["edition"], item["number"], item["met"])
        for case in cases_in(FILE)
        for item in rules.assess("publication", case.given)["criteria"]
    }
    for entry in current_law().rules["criteria"]:
        for criterion in (entry.values or {})["criteria"]:
            if (entry.version, criterion["test"]) not in (
                ("publication_2025", "accusation"),
                ("publication_2025", "repeated"),
            ):
                assert (entry.version, criterion["number"], True) in seen
            assert (entry.version, criterion["number"], False) in seen or criterion["test"] == "public_body"


def test_the_example_is_the_decision_of_2024_06_26() -> None:
    facts, _ = read_document(rules.example("publication"))
    answer = rules.assess_document("publication", facts)
    assert (answer["criteria_met"], answer["period"]) == (["4", "5"], "P1Y")
    assert [row["sanction"] for row in answer["notice"]["rows"]] == [
        "과태료 부과 420만 원",
        "과태료 부과 360만 원",
        "과태료 부과 360만 원",
    ]


def test_whether_to_publish_is_never_decided() -> None:
    for case in cases_in(FILE):
        answer = rules.assess("publication", case.given)
        assert answer["state"] in ("possible", "unsettled")
        assert "위원회가 정합니다" in answer["why"]
        assert "criteria_unconfirmed" in {item["code"] for item in answer["warnings"]}


@pytest.mark.parametrize("name", current_law().rules)
def test_the_day_decides_on_both_sides_of_every_edge(name: str) -> None:
    law = current_law()
    for earlier, later in pairwise(law.rules[name]):
        assert law.on(name, later.start - timedelta(days=1)) is earlier
        assert law.on(name, later.start) is later
        assert law.on(name, later.start + timedelta(days=1)) is later


@pytest.mark.parametrize(
    ("change", "path", "word"),
    [
        ({"decided_on": "2020-11-17", "acts": [{**ACT, "ended_on": "2020-09-01"}]}, "decided_on", "2020-11-18"),
        ({"acts": []}, "acts", "하나 이상"),
        ({"acts": [{**ACT, "ended_on": "2024-06-27"}]}, "acts[0].ended_on", "처분일"),
        ({"acts": [{**ACT, "started_on": "2022-09-28"}]}, "acts[0].ended_on", "2022-09-28"),
        ({"acts": [{**ACT, "ended_on": "2020-08-04"}]}, "acts[0].ended_on", "2020-08-05"),
        ({"acts": [{**ACT, "completed_on": "2022-09-01"}]}, "acts[0].completed_on", "기한"),
        ({"acts": [{**ACT, "item": "77"}]}, "acts[0].item", "없는 항목"),
        ({"acts": [{**ACT, "sanctions": []}]}, "acts[0].sanctions", "제66조제1항"),
        ({"acts": [{**ACT, "sanctions": [{"kind": "fine"}]}]}, "acts[0].sanctions[0].amount", "과태료"),
        ({"acts": [{**ACT, "sanctions": [{"kind": "order", "amount": "1"}]}]}, "acts[0].sanctions[0].amount", "과징금"),
        ({"acts": [{**ACT, "sanctions": [{"kind": "fine", "amount": "-1"}]}]}, "acts[0].sanctions[0].amount", "원"),
        ({"acts": [{**ACT, "sanctions": [{"kind": "jail"}]}]}, "acts[0].sanctions[0].kind", "쓸 수 있는"),
        ({"posted_on": "2024-06-25"}, "posted_on", "2024-06-26"),
        ({"prior_sanctions": [{"on": "2024-06-27", "kind": "fine"}]}, "prior_sanctions[0].on", "2024-06-26"),
        ({"leak": {"person_count": -1}}, "leak.person_count", "0"),
        ({"party": {"colour": "red"}}, "party.colour", "모르는"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_with_its_place(change: dict[str, Any], path: str, word: str) -> None:
    with pytest.raises(rules.FactsError) as raised:
        rules.assess("publication", {**GOOD, **change})
    (fault,) = raised.value.faults
    assert fault.path == path
    assert word in f"{fault.message} {fault.hint}"


def test_an_item_of_the_network_act_is_refused() -> None:
    act = {**ACT, "item": "na_isms", "ended_on": "2026-10-01"}
    with pytest.raises(rules.FactsError) as raised:
        rules.assess("publication", {"decided_on": "2026-11-11", "acts": [act]})
    assert [fault.path for fault in raised.value.faults] == ["acts[0].item"]
