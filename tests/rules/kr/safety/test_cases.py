"""Every golden case of the topic `safety`, and the days a record is kept."""

from __future__ import annotations

from datetime import date

import pytest

import rules
from rules.kr.safety.law import measures
from rules.kr.safety.topic import last_day_kept
from tests.rules.cases import Case, cases_in

FILE = "kr/safety/measures.yaml"


@pytest.mark.parametrize("case", cases_in(FILE), ids=str)
def test_the_measures_are_as_worked_out(case: Case) -> None:
    answered = {item["id"]: item for item in rules.assess("safety", case.given)["measures"]}
    for name, expected in case.expect.items():
        assert {key: answered[name].get(key) for key in expected} == expected, name


def test_every_version_has_a_case() -> None:
    met = {
        (item["id"], item.get("version"))
        for case in cases_in(FILE)
        for item in rules.assess("safety", case.given)["measures"]
        if item["id"] in case.expect
    }
    law = {(measure.id, entry.version) for measure in measures().values() for entry in measure.entries}
    assert law - met == set()


@pytest.mark.parametrize(
    ("recorded_on", "floor", "last"),
    [
        (date(2024, 2, 29), "P1Y", date(2025, 2, 28)),  # L6: refused on the 28th, allowed from 1 March
        (date(2026, 11, 21), "P3Y", date(2029, 11, 21)),  # R1: that day included
        (date(2025, 11, 30), "P2Y", date(2027, 11, 30)),
        (date(2026, 8, 31), "P1M", date(2026, 9, 30)),
    ],
)
def test_a_record_is_kept_through_its_last_day(recorded_on: date, floor: str, last: date) -> None:
    assert last_day_kept(recorded_on=recorded_on, floor=floor) == last


def test_a_wrong_fact_is_named() -> None:
    with pytest.raises(rules.FactsError) as told:
        rules.assess("safety", {"as_of": "2026-11-21", "persons": 3, "size": "huge"})
    assert {fault.path for fault in told.value.faults} == {"persons", "size"}
