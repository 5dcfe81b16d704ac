"""What holds of every fine: ceilings, sums, directions, whole won, and steps by the look-back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from rules.kr.fines.facts import Prior
from rules.kr.fines.law import Item, current_law
from rules.kr.fines.looking_back import last_day_of_window, look_back
from rules.kr.fines.payment import default_payment, full_months

LAW = current_law()
LAST = date(2026, 11, 20)
LISTED = list(LAW.items.values())
percents = st.decimals(min_value=0, max_value=50, places=2).map(lambda number: f"{number.normalize():f}")
steps = st.integers(min_value=0, max_value=3)


@st.composite
def acts(draw: st.DrawFn) -> dict[str, Any]:
    """An act of a row that was in the annex on its day, with factors of that edition."""
    item: Item = draw(st.sampled_from(LISTED))
    entry = draw(st.sampled_from([entry for entry in item.entries if entry.values]))
    ended_on = draw(st.dates(min_value=entry.start, max_value=min(entry.end or LAST, LAST)))
    rule = LAW.rule(f"adjusting_{item.law}", ended_on).values or {}
    act: dict[str, Any] = {"item": item.code, "ended_on": ended_on.isoformat()}
    for name, side in (("aggravate", "aggravation"), ("mitigate", "mitigation")):
        if rule[side]:
            codes = draw(st.lists(st.sampled_from(sorted(rule[side])), unique=True, max_size=3))
            act[name] = {code: draw(percents) for code in codes}
    prior = draw(steps)
    if prior:
        act["prior_dispositions"] = [{"on": (ended_on - timedelta(days=30)).isoformat(), "step": prior}]
        act["detected_on"] = act["ended_on"]
    return act


def fine(*given_acts: dict[str, Any], **others: Any) -> dict[str, Any]:
    return rules.assess("fine", {"decided_on": LAST.isoformat(), "acts": list(given_acts), **others})


def one(act: dict[str, Any]) -> dict[str, Any]:
    answered: dict[str, Any] = fine(act)["acts"][0]
    return answered


@settings(max_examples=120, deadline=None)
@given(acts())
def test_a_fine_never_passes_its_ceiling_nor_falls_below_nothing(act: dict[str, Any]) -> None:
    answered = one(act)
    if answered["base"] is None:
        return
    amount = int(answered["amount_if_not_dropped"])
    assert 0 <= amount <= int(answered["ceiling"])


@settings(max_examples=120, deadline=None)
@given(acts())
def test_the_steps_add_up_to_the_fine(act: dict[str, Any]) -> None:
    answered = one(act)
    line = {step["code"]: int(step["amount"]) for step in answered["steps"]}
    assert line["base"] + line["aggravation"] - line["mitigation"] == line["net"]
    assert line["final"] == min(line["net"], int(answered["ceiling"]))
    assert ("ceiling" in line) == answered["ceiling_reached"] == (line["net"] > int(answered["ceiling"]))
    assert line["final"] == int(answered["amount_if_not_dropped"])


@settings(max_examples=80, deadline=None)
@given(acts(), percents, percents)
def test_more_aggravation_is_never_less_money_and_more_mitigation_never_more(
    act: dict[str, Any], one_percent: str, other_percent: str
) -> None:
    low, high = sorted((one_percent, other_percent), key=Decimal)
    item, ended_on = LAW.items[act["item"]], date.fromisoformat(act["ended_on"])
    if "other" not in (LAW.rule(f"adjusting_{item.law}", ended_on).values or {})["aggravation"]:
        return
    plus = [
        int(
            one({**act, "aggravate": {**act.get("aggravate", {}), "other": percent}})["amount_if_not_dropped"]
        )
        for percent in (low, high)
    ]
    minus = [
        int(one({**act, "mitigate": {**act.get("mitigate", {}), "other": percent}})["amount_if_not_dropped"])
        for percent in (low, high)
    ]
    assert plus == sorted(plus)
    assert minus == sorted(minus, reverse=True)


@settings(max_examples=60, deadline=None)
@given(st.lists(acts(), min_size=1, max_size=5), st.booleans())
def test_the_total_is_the_sum_of_the_acts_and_every_amount_whole_won(
    given_acts: list[dict[str, Any]], is_one_act: bool
) -> None:
    named = [{**act, "conduct": "c"} for act in given_acts] if is_one_act else given_acts
    answer = fine(*named)
    assert int(answer["total"]) == sum(int(act["amount"]) for act in answer["acts"])
    assert int(answer["total_if_paid_early"]) * 10 == int(answer["total"]) * 8
    assert {drop["act"] for drop in answer["dropped"]} == {
        place for place, act in enumerate(answer["acts"]) if act["state"] == "dropped"
    }
    standing = [act for act in answer["acts"] if act["state"] == "fined"]
    assert not is_one_act or len(standing) <= 1
    assert floats_in(answer) == []


def floats_in(content: object) -> list[float]:
    if isinstance(content, float):
        return [content]
    parts = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return [found for part in parts for found in floats_in(part)]


def test_the_heaviest_stays_whatever_the_order() -> None:
    light, heavy = ({"item": item, "ended_on": "2024-05-01", "conduct": "c"} for item in ("21③", "21①"))
    for order in ((light, heavy), (heavy, light)):
        answer = fine(*order)
        assert answer["total"] == "6000000"
        assert [drop["item"] for drop in answer["dropped"]] == ["separate_storage"]


def test_another_violation_of_a_surcharged_act_asks_for_a_person() -> None:
    same = {"ended_on": "2024-05-01", "conduct": "c"}
    answer = fine({"item": "29", "surcharged_under": "pipa_64_2", **same}, {"item": "21③", **same})
    assert answer["total"] == "2000000"
    assert "surcharged_conduct" in {item["code"] for item in answer["acts"][1]["warnings"]}


def test_a_limited_sum_is_said_and_never_silent() -> None:
    act = {"item": "29", "ended_on": "2024-05-01", "aggravate": {"degree": "40", "motive": "20"}}
    answered = one(act)
    assert answered["aggravation"] == "3000000"
    assert "60%" in next(step["formula"] for step in answered["steps"] if step["code"] == "aggravation")
    (told,) = (item for item in answered["warnings"] if item["code"] == "sum_limited")
    assert ("60%" in told["message"], "50%" in told["message"]) == (True, True)


def test_what_rests_on_an_unconfirmed_table_says_so() -> None:
    act = {"item": "29", "ended_on": "2024-05-01", "mitigate": {"minor": "20"}}
    told = {item["code"]: item["message"] for item in one(act)["warnings"]}
    assert "미확인" in told["percentages_unconfirmed"]
    assert "미확인" in told["mitigation_limit_unconfirmed"]
    assert one({"item": "29", "ended_on": "2024-05-01"})["warnings"] == []


def test_a_violation_that_goes_on_is_under_the_law_of_the_decision() -> None:
    answer = rules.assess("fine", {"decided_on": "2026-09-11", "acts": [{"item": "29", "is_ongoing": True}]})
    assert (answer["total"], answer["acts"][0]["regime"]) == ("9000000", "fines_2026_09")
    assert [item["code"] for item in answer["warnings"]] == ["ongoing"]


def test_a_late_notice_is_under_the_law_of_the_day_its_limit_ran_out() -> None:
    act = {"item": "leak_notice", "completed_on": "2026-09-10", "ended_on": "2026-10-01"}
    assert one(act)["amount"] == "6000000"
    assert one({**act, "completed_on": "2026-09-11"})["amount"] == "9000000"


def test_a_repealed_duty_cannot_have_been_broken_after_its_repeal() -> None:
    act = {"item": "39의4①", "ended_on": "2023-11-16"}
    assert one({**act, "started_on": "2023-09-14"})["law_on"] == "2023-09-14"
    assert one({**act, "started_on": "2023-09-15"})["amount"] == "0"


def window(day: str) -> date:
    return last_day_of_window(date.fromisoformat(day), "P3Y", True)


@pytest.mark.parametrize(
    ("on", "last"),
    [
        ("2020-09-01", "2023-08-31"),
        ("2020-02-29", "2023-02-28"),
        ("2021-03-01", "2024-02-29"),
        ("2023-01-01", "2025-12-31"),
    ],
)
def test_three_years_with_the_first_day(on: str, last: str) -> None:
    assert window(on) == date.fromisoformat(last)


def step_of(*priors: tuple[str, int | None], detected_on: str) -> tuple[int, bool]:
    found = look_back(
        [Prior(date.fromisoformat(on), step) for on, step in priors],
        detected_on=date.fromisoformat(detected_on),
        rule=LAW.rule("look_back_pipa", date(2024, 1, 1)),
        first_day_counts=True,
    )
    return found.step, found.is_assumed


def test_the_step_is_the_highest_in_the_window_and_one_more() -> None:
    assert step_of(("2022-01-10", 2), detected_on="2022-12-01") == (3, False)
    assert step_of(("2022-01-10", 3), detected_on="2022-12-01") == (3, False)
    assert step_of(("2019-01-10", 2), ("2022-01-10", 1), detected_on="2022-12-01") == (2, False)
    assert step_of(("2023-01-10", 1), detected_on="2022-12-01") == (1, False)


def test_fines_without_a_step_are_numbered_and_said_to_be() -> None:
    assert step_of(("2022-01-10", None), detected_on="2022-12-01") == (2, False)
    assert step_of(("2021-01-10", None), ("2022-01-10", None), detected_on="2022-12-01") == (3, True)
    assert step_of(("2018-01-10", None), ("2022-01-10", None), detected_on="2022-12-01") == (2, False)


@pytest.mark.parametrize(
    ("pay_by", "on", "months"),
    [
        ("2026-01-31", "2026-02-01", 0),
        ("2026-01-31", "2026-02-28", 0),
        ("2026-01-31", "2026-03-01", 1),
        ("2026-02-28", "2026-03-28", 0),
        ("2026-02-28", "2026-03-29", 0),
        ("2026-02-28", "2026-04-01", 1),
    ],
)
def test_a_month_of_default_has_passed_when_its_last_day_has(pay_by: str, on: str, months: int) -> None:
    assert full_months(date.fromisoformat(pay_by), date.fromisoformat(on), 60) == months


def test_a_fraction_of_a_won_in_default_is_dropped_and_said() -> None:
    rule = LAW.rule("default_additions", LAST)
    paid = default_payment(Decimal(100_001), 1, rule)
    assert paid.payable == 100_001 + 3_000 + 1_200
    assert [caution.code for caution in paid.cautions] == ["fraction_dropped"]
    assert default_payment(Decimal(100_000), 1, rule).cautions == ()


def test_what_the_law_leaves_to_people_is_asked() -> None:
    act = {"item": "29", "ended_on": "2024-05-01", "mitigate": {"minor": "20"}}
    asked = {item["id"] for item in fine(act, {"item": "21①", "ended_on": "2024-05-01"})["questions"]}
    assert asked == {"conduct", "arrears", "fault"}
    settled = {**act, "conduct": "a", "is_without_fault": False}
    assert fine(settled, in_arrears=False)["questions"] == []
