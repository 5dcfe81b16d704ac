"""The documents the topic `fine` accepts, and every way it refuses one."""

from __future__ import annotations

from typing import Any

import pytest

import rules

ACT = {"item": "safeguards", "ended_on": "2024-05-01"}
GOOD = {"decided_on": "2024-12-11", "acts": [ACT]}
OLD = {"ended_on": "2022-05-01"}
NOTICE = {"item": "leak_notice"}
PRIORS: dict[str, Any] = {"detected_on": "2024-06-01", "prior_dispositions": ["2023-01-10"]}
# What is changed in the one act of a good document, the place of the fault, and a word of what it says.
MISTAKES: dict[str, tuple[dict[str, Any], str, str]] = {
    "an unknown item": ({"item": "safegards"}, "item", "safeguards"),
    "an unknown article": ({"item": "99①"}, "item", "없는 항목"),
    "an article of another edition": ({"item": "34④"}, "item", "2026-09-11"),
    "an article of two items": ({"item": "63①"}, "item", "materials_false"),
    "an item that is no text": ({"item": 29}, "item", "정수"),
    "no item": ({"item": None}, "item", "없습니다"),
    "no end": ({"ended_on": None}, "ended_on", "is_ongoing"),
    "ended and ongoing": ({"is_ongoing": True}, "ended_on", "하나만"),
    "an end before all known amounts": ({"ended_on": "2020-08-04"}, "ended_on", "2020-08-05"),
    "an end that is no day": ({"ended_on": "2024-02-30"}, "ended_on", "달력"),
    "an end before the start": ({"started_on": "2024-05-02"}, "ended_on", "2024-05-02"),
    "detected before the end": ({"detected_on": "2024-04-30"}, "detected_on", "2024-05-01"),
    "detected after the decision": ({"detected_on": "2024-12-12"}, "detected_on", "2024-12-11"),
    "ended after the decision": ({"ended_on": "2024-12-12"}, "ended_on", "2024-12-11"),
    "complete after the end": ({**NOTICE, "completed_on": "2024-05-02"}, "completed_on", "2024-05-01"),
    "complete before the start": (
        {**NOTICE, "started_on": "2024-04-30", "completed_on": "2024-04-29"},
        "completed_on",
        "2024-04-30",
    ),
    "complete, of an item without a time limit": ({"completed_on": "2024-05-01"}, "completed_on", "기한"),
    "an earlier fine without the day of detection": (
        {"prior_dispositions": ["2023-01-10"]},
        "detected_on",
        "별표",
    ),
    "an earlier fine after the decision": (
        {**PRIORS, "prior_dispositions": ["2024-12-12"]},
        "prior_dispositions[0]",
        "2024-12-11",
    ),
    "an earlier fine twice": (
        {**PRIORS, "prior_dispositions": ["2023-01-10", "2023-01-10"]},
        "prior_dispositions[1].on",
        "두 번",
    ),
    "a step of four": (
        {**PRIORS, "prior_dispositions": [{"on": "2023-01-10", "step": 4}]},
        "prior_dispositions[0].step",
        "3",
    ),
    "a step for one of two": (
        {**PRIORS, "prior_dispositions": [{"on": "2023-01-10", "step": 1}, "2022-01-10"]},
        "prior_dispositions",
        "섞여",
    ),
    "an earlier fine that is no day": (
        {**PRIORS, "prior_dispositions": [3]},
        "prior_dispositions[0]",
        "2022",
    ),
    "a percentage over the limit": ({"aggravate": {"degree": "50.01"}}, "aggravate.degree", "50%"),
    "a mitigation over the old limit": (
        {**OLD, "mitigate": {"minor": "51"}},
        "mitigate.minor",
        "0% 이상 50% 이하",
    ),
    "a percentage over a hundred": ({"mitigate": {"minor": "101"}}, "mitigate.minor", "100%"),
    "a negative percentage": ({"mitigate": {"minor": "-20"}}, "mitigate.minor", "부호 없이"),
    "a percentage of three decimals": ({"mitigate": {"minor": "1.005"}}, "mitigate.minor", "둘째 자리"),
    "a percentage as a number": ({"mitigate": {"minor": 20}}, "mitigate.minor", "따옴표"),
    "a percentage as a float": ({"mitigate": {"minor": 2.5}}, "mitigate.minor", "따옴표"),
    "an unknown factor": ({"aggravate": {"colour": "10"}}, "aggravate.colour", "모르는"),
    "a factor of the older edition": (
        {"aggravate": {"obstruction": "10"}},
        "aggravate.obstruction",
        "별표 2",
    ),
    "a factor of the newer edition": (
        {**OLD, "mitigate": {"self_report": "10"}},
        "mitigate.self_report",
        "별표 2",
    ),
    "three months that were not": (
        {"started_on": "2022-02-02", "ended_on": "2022-04-30", "aggravate": {"period": "10"}},
        "aggravate.period",
        "3개월",
    ),
    "a listed person over the limit": (
        {"mitigate": {"listed_person": "51"}},
        "mitigate.listed_person",
        "2조의2",
    ),
    "a listed person with another cut": (
        {"mitigate": {"listed_person": "50", "minor": "10"}},
        "mitigate.listed_person",
        "제18조",
    ),
    "a surcharge of another time": ({"surcharged_under": "pipa_39_15"}, "surcharged_under", "제76조"),
    "a surcharge for the network act": (
        {"item": "na_isms", "ended_on": "2026-10-02", "surcharged_under": "pipa_64_2"},
        "surcharged_under",
        "제76조",
    ),
    "minutes of stop for another item": (
        {"service_stop_minutes": 3},
        "service_stop_minutes",
        "na_user_notice",
    ),
    "a network amount before it was read": (
        {"item": "na_incident_report", "ended_on": "2026-09-30"},
        "ended_on",
        "2026-10-01",
    ),
    "an unknown key": ({"colour": "red"}, "colour", "모르는"),
}
LATE = ("a surcharge for the network act", "a network amount before it was read")


def faults_of(document: object) -> tuple[rules.Fault, ...]:
    with pytest.raises(rules.FactsError) as raised:
        rules.assess("fine", document)  # type: ignore[arg-type]
    assert all(fault.message for fault in raised.value.faults)
    return raised.value.faults


def test_the_document_the_mistakes_are_made_in_is_good() -> None:
    assert rules.assess("fine", GOOD)["total"] == "6000000"


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_place_and_what_is_allowed(mistake: str) -> None:
    change, path, word = MISTAKES[mistake]
    decided_on = "2026-11-20" if mistake in LATE else "2024-12-11"
    (fault,) = faults_of({"decided_on": decided_on, "acts": [{**ACT, **change}]})
    assert fault.path == f"acts[0].{path}"
    assert word in f"{fault.message} {fault.hint}"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"decided_on": None}, "decided_on"),
        ({"decided_on": "2031-01-01"}, "decided_on"),
        ({"acts": None}, "acts"),
        ({"acts": []}, "acts"),
        ({"acts": {}}, "acts"),
        ({"acts": [3]}, "acts[0]"),
        ({"in_arrears": "yes"}, "in_arrears"),
        ({"colour": "red"}, "colour"),
        ({"payment": {}}, "payment.paid_on"),
        (
            {"payment": {"opinion_until": "2024-12-02", "pay_by": "2024-12-01", "paid_on": "2024-12-03"}},
            "payment.pay_by",
        ),
        (
            {"paid_early": True, "payment": {"opinion_until": "2024-12-02", "paid_on": "2024-12-03"}},
            "paid_early",
        ),
        (
            {"paid_early": False, "payment": {"opinion_until": "2024-12-02", "paid_on": "2024-12-02"}},
            "paid_early",
        ),
        ({"settings": {"look_back_first_day": "maybe"}}, "settings.look_back_first_day"),
        ({"settings": {"mitigation_limit_pct": "120"}}, "settings.mitigation_limit_pct"),
    ],
)
def test_a_mistake_of_the_whole_is_refused_with_its_place(change: dict[str, Any], path: str) -> None:
    assert [fault.path for fault in faults_of({**GOOD, **change})] == [path]


@pytest.mark.parametrize(
    ("given", "decided_on", "paths"),
    [
        ({"days": 0, "is_fixed": True}, "2026-10-01", ["days"]),
        ({"days": 1, "is_fixed": True, "revenue": "1"}, "2026-10-01", ["revenue"]),
        ({"days": 1}, "2026-10-01", ["revenue", "revenue_from", "revenue_to"]),
        ({"days": 1, "is_fixed": True, "aggravate_pct": "51"}, "2026-10-01", ["aggravate_pct"]),
        (
            {"days": 1, "revenue": "5", "revenue_from": "2025-01-02", "revenue_to": "2025-01-01"},
            "2026-10-01",
            ["revenue_to"],
        ),
        ({"days": 1, "is_fixed": True}, "2026-09-30", [""]),
    ],
)
def test_a_coercive_penalty_that_cannot_be_is_refused(
    given: dict[str, Any], decided_on: str, paths: list[str]
) -> None:
    faults = faults_of({"decided_on": decided_on, "acts": [], "coercive_penalty": given})
    assert [fault.path.removeprefix("coercive_penalty").removeprefix(".") for fault in faults] == paths


def test_whoever_is_in_arrears_gets_no_mitigation() -> None:
    acts = [{**ACT, "mitigate": {"minor": "10"}}]
    assert [fault.path for fault in faults_of({**GOOD, "acts": acts, "in_arrears": True})] == [
        "acts[0].mitigate"
    ]
    assert rules.assess("fine", {**GOOD, "acts": acts, "in_arrears": False})["total"] == "5400000"


def test_the_limit_of_mitigation_may_be_set_where_the_law_names_none() -> None:
    acts = [{**ACT, "mitigate": {"minor": "95"}}]
    settings = {"mitigation_limit_pct": "90"}
    (fault,) = faults_of({**GOOD, "acts": acts, "settings": settings})
    assert (fault.path, "90% 이하" in fault.hint) == ("acts[0].mitigate.minor", True)
    assert rules.assess("fine", {**GOOD, "acts": acts})["total"] == "300000"
    (fault,) = faults_of({**GOOD, "acts": acts, "settings": {"mitigation_limit_pct": "0"}})
    assert "0% 이하" in fault.hint


def test_three_months_that_were_are_taken() -> None:
    act = {"item": "29", "started_on": "2022-02-01", "ended_on": "2022-04-30", "aggravate": {"period": "10"}}
    assert rules.assess("fine", {**GOOD, "acts": [act]})["total"] == "6600000"


def test_every_fault_of_the_document_is_found_in_one_go() -> None:
    acts = [
        {**ACT, "item": "nothing", "detected_on": "2024-04-30", "aggravate": {"degree": "x"}},
        {**ACT, "started_on": "2024-06-01", "mitigate": {"colour": "1"}},
        {"ended_on": "2024-13-01"},
    ]
    found = {fault.path for fault in faults_of({"acts": acts, "size": 3})}
    assert found == {
        "decided_on", "size", "acts[0].item", "acts[0].detected_on", "acts[0].aggravate.degree", "acts[1].ended_on",
        "acts[1].mitigate.colour", "acts[2].item", "acts[2].ended_on",
    }  # fmt: skip


@pytest.mark.parametrize("document", [None, [], "facts", 3])
def test_what_is_no_document_is_refused(document: object) -> None:
    assert [fault.path for fault in faults_of(document)] == [""]


def test_the_schema_names_every_item_and_factor() -> None:
    act = rules.schema("fine")["properties"]["acts"]["items"]["properties"]
    assert "safeguards" in act["item"]["anyOf"][0]["enum"]
    assert {"period", "degree", "other"} <= set(act["aggravate"]["anyOf"][0]["properties"])
    assert "listed_person" in act["mitigate"]["anyOf"][0]["properties"]
