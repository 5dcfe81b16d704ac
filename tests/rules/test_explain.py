"""`explain`: it says why, and what it claims of the other side of a boundary is true when assessed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from tests.rules.cases import Case, duty_cases
from tests.rules.test_boundaries import INSTANTS, at, other_facts, sectors

CASES = [case for case in duty_cases() if case.expect]
T12 = {"incident": {"leak_known_at": "2023-09-15T00:00+09:00", "person_count": 5000}}
LINE = {
    "leak_known_at": "2026-09-11T00:00+09:00",
    "effect": ["leak"],
    "person_count": 1000,
    "has_sensitive": False,
    "has_unique_id": False,
    "illegal_external_access": False,
}


def entries(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [*answer["duties"], *answer["not_due"]]


def entry_of(document: dict[str, Any], family: str) -> dict[str, Any]:
    (found,) = [item for item in entries(rules.explain("duties", document)) if item["family"] == family]
    return found


def claimed(document: dict[str, Any], claim: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    """What assessing the moved facts says of the same duty."""
    moved = {
        scope: {**(document.get(scope) or {}), **claim["facts"].get(scope, {})}
        for scope in ("organization", "incident")
    }
    answer = rules.assess("duties", {**document, **moved})
    (there,) = [
        other
        for other in entries(answer)
        if other["family"] == item["family"] and other["for"] in (item["for"], None)
    ]
    return {
        "id": there["id"],
        "state": there.get("state", "not_due"),
        "due_at": there.get("due_at"),
        "last_day": there.get("last_day"),
    }


def assert_claims_hold(document: dict[str, Any]) -> int:
    checked = 0
    for item in entries(rules.explain("duties", document)):
        explained = item["explain"]
        claims = [*explained["neighbours"], *filter(None, [explained.get("would_be_due")])]
        for claim in claims:
            assert claimed(document, claim, item) == claim["result"], (item["id"], claim)
            assert claim["why"].endswith("다.")
            checked += 1
    return checked


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_a_golden_case_says_of_its_neighbours_is_true(case: Case) -> None:
    assert assert_claims_hold(case.given) > 0


@settings(max_examples=20, deadline=None)
@given(
    others=other_facts,
    organization=sectors,
    known=st.sets(st.sampled_from(INSTANTS), min_size=1),
    days=st.integers(0, 5_500),
)
def test_what_any_answer_says_of_its_neighbours_is_true(
    others: dict[str, Any], organization: dict[str, Any], known: set[str], days: int
) -> None:
    from datetime import date, timedelta

    instant = at(date(2011, 9, 30) + timedelta(days=days))
    assert_claims_hold(
        {"organization": organization, "incident": {**others, **dict.fromkeys(known, instant)}}
    )


def test_explaining_changes_nothing_in_the_answer() -> None:
    document = {"organization": {"is_icsp": True}, "incident": LINE}
    plain, explained = rules.assess("duties", document), rules.explain("duties", document)
    for item in entries(explained):
        del item["explain"]
    assert explained == plain


def test_one_minute_earlier_the_old_version_would_apply() -> None:
    neighbours = entry_of({"incident": LINE}, "kr.pipa.s34.report")["explain"]["neighbours"]
    by_kind = {neighbour["kind"]: neighbour for neighbour in neighbours}
    assert by_kind["version"]["facts"] == {"incident": {"leak_known_at": "2026-09-10T23:59:00+09:00"}}
    assert by_kind["version"]["result"] == {
        "id": "kr.pipa.s34.report.v2",
        "state": "due",
        "due_at": "2026-09-13T23:59:00+09:00",
        "last_day": None,
    }
    assert by_kind["threshold"]["facts"] == {"incident": {"person_count": 999}}
    assert by_kind["threshold"]["result"]["state"] == "not_due"
    assert by_kind["threshold"]["why"] == "정보주체 수가 999명이었다면 의무가 없습니다."


def test_what_was_known_later_drags_the_occurrence_along() -> None:
    document = {"incident": {**LINE, "occurred_at": "2026-09-10T23:59:30+09:00"}}
    (moved,) = [
        neighbour["facts"]["incident"]
        for neighbour in entry_of(document, "kr.pipa.s34.subject_notice")["explain"]["neighbours"]
        if neighbour["kind"] == "version"
    ]
    assert moved == dict.fromkeys(("leak_known_at", "occurred_at"), "2026-09-10T23:59:00+09:00")


def test_a_duty_not_owed_says_what_failed_first_and_what_would_make_it_due() -> None:
    explained = entry_of({"incident": {**LINE, "person_count": 999}}, "kr.pipa.s34.report")["explain"]
    assert explained["first_failed"]["reason"] == "unmet"
    assert [part["holds"] for part in explained["first_failed"]["condition"]["parts"]] == [False] * 4
    assert explained["would_be_due"]["facts"] == {"incident": {"person_count": 1000}}
    assert explained["would_be_due"]["result"]["due_at"] == "2026-09-14T00:00:00+09:00"


def test_the_days_passed_over_are_named_one_by_one() -> None:
    known = {"leak_known_at": "2019-09-09T10:00+09:00", "person_count": 1200}
    lines = entry_of({"incident": known}, "kr.pipa.s34.report")["explain"]["arithmetic"]
    skipped = [line["value"] for line in lines if line["code"] == "guidance_skipped"]
    assert skipped == ["2019-09-12", "2019-09-13", "2019-09-14", "2019-09-15"]
    assert lines[-1]["value"] == "2019-09-18"


def test_facts_are_told_apart_as_known_presumed_and_missing() -> None:
    facts = entry_of({"incident": {"leak_known_at": LINE["leak_known_at"]}}, "kr.pipa.s34.report")["explain"][
        "facts"
    ]
    states = {fact["name"]: fact["state"] for fact in facts}
    assert states["leak_known_at"] == "known"
    assert states["occurred_at"] == states["effect"] == "presumed"
    assert states["person_count"] == states["has_sensitive"] == "missing"


def test_the_version_names_its_boundaries() -> None:
    version = entry_of(T12, "kr.pipa.s34.subject_notice")["explain"]["version"]
    assert [(seam["on"], seam["before"], seam["from"]) for seam in version["boundaries"]] == [
        ("2023-09-15", "v1", "v2"),
        ("2026-09-11", "v2", "v3"),
    ]
    assert (version["selected_by"], version["on"]) == ("leak_known_at", "2023-09-15")


def test_a_topic_that_does_not_explain_itself_says_so() -> None:
    with pytest.raises(KeyError):
        rules.explain("period", {"start": "2026-07-01", "length": "P60D", "counting": "DAYS"})
