"""What the law leaves open is a question with a default; a person's decision settles it."""

from __future__ import annotations

from typing import Any

import pytest

import rules

T52 = {"leak_known_at": "2026-11-02T10:00+09:00", "person_count": 2, "is_pseudonymised_only": True,
       "illegal_external_access": True}  # fmt: skip
PSEUDONYMISED = "kr.pipa.s28_7.report"
ICSP = {"is_icsp": True}


def decided(question: str, answer: str) -> dict[str, Any]:
    return {"question": question, "answer": answer, "by": "개인정보 보호책임자", "reason": "법무 검토"}


def answered(
    family: str, incident: dict[str, Any], *decisions: dict[str, Any], organization: Any = None
) -> dict[str, Any]:
    document = {"organization": organization or {}, "incident": incident, "decisions": list(decisions)}
    answer = rules.assess("duties", document)
    (found,) = [item for item in answer["duties"] + answer["not_due"] if item["family"] == family]
    return {"state": "not_due", **found}


def question(item: dict[str, Any], question_id: str) -> dict[str, Any]:
    (found,) = [asked for asked in item["questions"] if asked["id"] == question_id]
    return dict(found)


def test_undecided_it_stays_unsettled_and_shows_its_answers_and_default() -> None:
    item = answered("kr.pipa.s34.report", T52)
    assert item["state"] == "unsettled"
    asked = question(item, PSEUDONYMISED)
    assert [choice["answer"] for choice in asked["answers"]] == ["owed", "not_owed"]
    assert (asked["default"], asked["decided"]) == ("owed", None)
    assert asked["why"].endswith("판단하여야 합니다.")


def test_decided_owed_it_is_due() -> None:
    item = answered("kr.pipa.s34.report", T52, decided(PSEUDONYMISED, "owed"))
    assert (item["state"], item["due_at"]) == ("due", "2026-11-05T10:00:00+09:00")
    assert item["open_question"] is None
    assert question(item, PSEUDONYMISED)["decided"] == {
        "answer": "owed",
        "by": "개인정보 보호책임자",
        "reason": "법무 검토",
    }


def test_decided_not_owed_it_is_not_due() -> None:
    item = answered("kr.pipa.s34.report", T52, decided(PSEUDONYMISED, "not_owed"))
    assert (item["state"], item["reason"]) == ("not_due", "decided")
    assert question(item, PSEUDONYMISED)["decided"]["answer"] == "not_owed"


DAMAGED = {"leak_known_at": "2026-09-10T23:30+09:00", "person_count": 2000, "effect": ["damage"]}


@pytest.mark.parametrize(
    ("facts", "answer", "state"),
    [
        (DAMAGED, None, "not_due"),
        (DAMAGED, "not_owed", "not_due"),
        (DAMAGED, "owed", "due"),
        ({**DAMAGED, "person_count": 5, "has_sensitive": False, "has_unique_id": False,
          "illegal_external_access": False}, "owed", "not_due"),
    ],
    ids=["undecided", "not owed", "owed", "owed, but below every trigger"],
)  # fmt: skip
def test_a_reservation_decided_makes_the_duty_owed_if_all_else_is_met(
    facts: dict[str, Any], answer: str | None, state: str
) -> None:
    decisions = [decided("kr.pipa.s34.damage_only", answer)] if answer else []
    assert answered("kr.pipa.s34.report", facts, *decisions)["state"] == state


CONVERTED = {
    "possibility_known_at": "2026-09-14T09:00+09:00",
    "possibility_outcome": "confirmed",
    "possibility_outcome_at": "2026-09-16T20:00+09:00",
    "leak_known_at": "2026-09-16T20:00+09:00",
    "person_count": 10,
}
FIRST, OWN = "2026-09-17T09:00:00+09:00", "2026-09-19T20:00:00+09:00"


@pytest.mark.parametrize(
    ("answer", "due", "target"),
    [(None, OWN, FIRST), ("both", OWN, FIRST), ("earlier", FIRST, None), ("own", OWN, None)],
)
def test_which_of_two_clocks_binds_can_be_decided(answer: str | None, due: str, target: str | None) -> None:
    decisions = [decided("kr.pipa.s34_2.first_clock_runs_on", answer)] if answer else []
    item = answered("kr.pipa.s34.subject_notice", CONVERTED, *decisions)
    assert item["due_at"] == due
    assert (item["safe_target"] and item["safe_target"]["due_at"]) == target


STRADDLING = {"occurred_at": "2026-09-30T13:00+09:00", "intrusion_known_at": "2026-09-30T14:00+09:00"}


@pytest.mark.parametrize(
    ("answer", "ceiling", "confidence"),
    [
        (None, "50000000", "uncertain"),
        ("at_expiry", "50000000", "statute"),
        ("at_start", "30000000", "statute"),
    ],
)
def test_which_penalty_applies_across_the_change_can_be_decided(
    answer: str | None, ceiling: str, confidence: str
) -> None:
    decisions = [decided("kr.na.s48_3.report.sanction", answer)] if answer else []
    item = answered("kr.na.s48_3.report", STRADDLING, *decisions, organization=ICSP)
    assert (item["sanction_ceiling"], item["sanction_confidence"]) == (ceiling, confidence)
    assert item["sanction"]["straddles"]
    assert {item["sanction"]["ceiling"], item["sanction"]["otherwise"]} == {"30000000", "50000000"}
    assert item["state"] == "due"


BY_LEAK = {"leak_known_at": "2026-11-02T10:00+09:00", "illegal_external_access": True, "is_user_data": True}


@pytest.mark.parametrize(("answer", "state"), [(None, "unsettled"), ("owed", "due"), ("not_owed", "not_due")])
def test_a_stand_in_for_the_clock_can_be_accepted_or_refused(answer: str | None, state: str) -> None:
    decisions = [decided("kr.na.s48_3.intrusion_known", answer)] if answer else []
    item = answered("kr.na.s48_3.report", BY_LEAK, *decisions, organization=ICSP)
    assert item["state"] == state


TOLD = {
    "occurred_at": "2026-11-02T08:00+09:00",
    "intrusion_known_at": "2026-11-02T09:00+09:00",
    "leak_known_at": "2026-11-02T10:00+09:00",
    "is_user_data": True,
}


@pytest.mark.parametrize(("answer", "state"), [(None, "prompt"), ("owed", "prompt"), ("not_owed", "not_due")])
def test_an_assumption_holds_until_decided_otherwise(answer: str | None, state: str) -> None:
    decisions = [decided("kr.na.s48_3.leak_notice_counts", answer)] if answer else []
    assert answered("kr.na.s48_3.user_notice", TOLD, *decisions, organization=ICSP)["state"] == state


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"question": "kr.no.such"}, "decisions[0].question"),
        ({"answer": "perhaps"}, "decisions[0].answer"),
        ({"answer": "both"}, "decisions[0].answer"),
        ({"reason": None}, "decisions[0].reason"),
        ({"who": "x"}, "decisions[0].who"),
    ],
)
def test_a_decision_that_is_none_is_refused(wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(rules.FactsError) as raised:
        answered("kr.pipa.s34.report", T52, {**decided(PSEUDONYMISED, "owed"), **wrong})
    assert [fault.path for fault in raised.value.faults] == [path]


def test_a_question_is_decided_once() -> None:
    twice = [decided(PSEUDONYMISED, "owed"), decided(PSEUDONYMISED, "not_owed")]
    with pytest.raises(rules.FactsError) as raised:
        answered("kr.pipa.s34.report", T52, *twice)
    assert [fault.path for fault in raised.value.faults] == ["decisions[1].question"]
