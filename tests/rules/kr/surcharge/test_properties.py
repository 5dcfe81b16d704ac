"""What holds of every surcharge, whatever the facts: no float, no lost won, low to high, within the cap."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rules
from rules.engine.faults import FactsError, Fault
from rules.kr.surcharge.amounts import Rounding, Span, exact, floor_to, half_up
from rules.kr.surcharge.calculation import calculated
from rules.kr.surcharge.case import read_case
from tests.rules.kr.surcharge.documents import (
    BANDS,
    DOCUMENTS,
    documents,
    revenues,
    with_gravity,
    with_revenue,
)

WITH_REVENUE = [name for name, document in DOCUMENTS.items() if "revenue" in document]
often = settings(max_examples=60, deadline=None)


def ends(amount: str | dict[str, str]) -> tuple[int, int]:
    if isinstance(amount, str):
        return int(amount), int(amount)
    return int(amount["low"]), int(amount["high"])


def final(document: dict[str, Any]) -> tuple[int, int]:
    return ends(rules.assess("surcharge", document)["final"])


def floats_in(content: object) -> list[object]:
    if isinstance(content, float):
        return [content]
    if isinstance(content, dict):
        return [found for item in content.values() for found in floats_in(item)]
    if isinstance(content, list | tuple):
        return [found for item in content for found in floats_in(item)]
    return []


@often
@given(documents())
def test_no_float_occurs_and_low_is_never_above_high(document: dict[str, Any]) -> None:
    answer = rules.assess("surcharge", document)
    assert floats_in(answer) == []
    for step in calculated(read_case(document)).working.steps:
        assert type(step.amount.low) is type(step.amount.high) is Fraction
        assert step.amount.low <= step.amount.high
    assert ends(answer["final"])[0] >= 0


@often
@given(documents())
def test_the_final_amount_is_never_above_the_cap(document: dict[str, Any]) -> None:
    case = read_case(document)
    result = calculated(case)
    assert result.final.high <= case.cap.amount
    codes = [step.code for step in result.working.steps]
    before = result.working.steps[codes.index("cap") - 1]
    assert result.is_cap_reached == (before.amount.high > case.cap.amount)


@often
@given(documents())
def test_the_printed_steps_of_the_old_articles_add_up(document: dict[str, Any]) -> None:
    answer = rules.assess("surcharge", document)
    steps = {step["code"]: ends(step["amount"])[0] for step in answer["steps"]}
    if "after_mandatory" not in steps:
        return
    assert steps["after_mandatory"] == steps["base"] + steps.get("plus", 0) - steps.get("minus", 0)
    assert steps["after_additional"] == steps["after_mandatory"] + steps.get("additional", 0)
    last = steps.get("final_cut", steps["after_additional"])
    if not answer["cap_reached"]:
        assert steps["final"] == steps.get("truncation", last)
        assert last - steps["final"] < (1_000_000 if "truncation" in steps else 1)


@often
@given(documents())
def test_the_exact_steps_of_the_new_article_multiply_out(document: dict[str, Any]) -> None:
    case = read_case(document)
    if not case.adjustments:
        return
    assert case.revenue is not None
    for end in ("low", "high"):
        amount = case.revenue.counted * getattr(case.scale.span, end) / 100
        for adjustment in case.adjustments.values():
            amount *= 1 + (adjustment.plus_sum - adjustment.minus_sum) / 100
        amount *= 1 + case.final_cut / 100
        amount = min(amount, case.cap.amount)
        unit = 1_000_000 if amount >= 100_000_000 else 100_000
        assert getattr(calculated(case).final, end) == amount - amount % unit


@often
@given(st.sampled_from(WITH_REVENUE), revenues, st.integers(0, 2), st.integers(1, 10**12))
def test_more_revenue_is_never_less_surcharge(
    name: str, amounts: tuple[int, int, int], place: int, more: int
) -> None:
    first, second, third = (amount + (more if at == place else 0) for at, amount in enumerate(amounts))
    less = final(with_revenue(DOCUMENTS[name], amounts))
    greater = final(with_revenue(DOCUMENTS[name], (first, second, third)))
    assert less[0] <= greater[0]
    assert less[1] <= greater[1]


@often
@given(documents(), st.data())
def test_a_graver_violation_is_never_less_surcharge(document: dict[str, Any], data: st.DataObject) -> None:
    bands = BANDS if document["article"] == "pipa_64_2" else BANDS[1:]
    place = data.draw(st.integers(0, len(bands) - 2))
    lighter, graver = (final(with_gravity(document, bands[at])) for at in (place, place + 1))
    assert lighter[0] <= graver[0]
    assert lighter[1] <= graver[1]


@pytest.mark.parametrize("name", ["pipa_39_15_2022", "pipa_28_6", "pipa_64_2_2023", "pipa_64_2_2026_09"])
def test_a_graver_violation_without_revenue_is_never_less_surcharge(name: str) -> None:
    is_new = name.startswith("pipa_64_2")
    document = {"article": "pipa_64_2", **DOCUMENTS[name], "revenue": {"none": True}}
    if name == "pipa_28_6":
        document["revenue"] = {"none": True, "capital": "1"}
    amounts = [final(with_gravity(document, band)) for band in (BANDS if is_new else BANDS[1:])]
    assert amounts == sorted(amounts)
    assert [high for _, high in amounts] == sorted(high for _, high in amounts)


@often
@given(documents())
def test_a_point_of_the_band_lies_within_its_range(document: dict[str, Any]) -> None:
    if document["article"] != "pipa_64_2":
        return
    case = read_case(document)
    low, high = case.scale.span.low, case.scale.span.high
    middle = (low + high) / 2
    amount = final({**document, "rate": exact(middle)})
    assert final(document)[0] <= amount[0] == amount[1] <= final(document)[1]


JUNK = st.sampled_from(
    (None, True, 0, -1, 1.5, "", "0", "-1", "nan", "9" * 400, "1e9", "2025-02-30", "2024-01-01", "serious", [], [None], {}, {"x": "1"}, {"none": True})
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(DOCUMENTS)), st.data())
def test_nonsense_is_refused_and_breaks_nothing(name: str, data: st.DataObject) -> None:
    offered = rules.schema("surcharge")["properties"]
    document = copy.deepcopy(DOCUMENTS[name])
    for _ in range(data.draw(st.integers(1, 3))):
        key = data.draw(st.sampled_from(sorted(offered)))
        inner = document.get(key)
        if isinstance(inner, dict) and inner and data.draw(st.booleans()):
            within = offered[key].get("anyOf", [offered[key]])[0].get("properties", {})
            inner[data.draw(st.sampled_from(sorted({*inner, *within})))] = data.draw(JUNK)
        else:
            document[key] = data.draw(JUNK)
    answer, faults = assessed(document)
    if answer is None:
        assert faults and all(fault.path and fault.message for fault in faults)
    else:
        assert ends(answer["final"])[0] <= ends(answer["final"])[1] <= ends(answer["cap"])[1] + 500


def assessed(document: dict[str, Any]) -> tuple[dict[str, Any] | None, tuple[Fault, ...]]:
    try:
        return rules.assess("surcharge", document), ()
    except FactsError as error:
        return None, error.faults


@given(st.fractions(min_value=0, max_value=10**12), st.sampled_from((1, 1000)))
def test_a_half_is_rounded_up_and_nothing_else_is_lost(amount: Fraction, unit: int) -> None:
    rounded = half_up(amount, unit)
    assert rounded % unit == 0
    assert -Fraction(unit, 2) <= amount - rounded < Fraction(unit, 2)  # a half never stays below
    assert half_up(-amount, unit) == -rounded


@given(st.integers(0, 10**9), st.sampled_from((1, 1000)))
def test_two_halves_make_a_whole(units: int, unit: int) -> None:
    half = Fraction(units * unit) + Fraction(unit, 2)
    assert half_up(half, unit) == (units + 1) * unit
    assert half_up(half, unit) - half == Fraction(unit, 2)


@pytest.mark.parametrize(
    ("amount", "kept"),
    [
        (Fraction(99_999_999), 99_900_000),
        (Fraction(100_000_000), 100_000_000),
        (Fraction(199_999_999, 2), 99_900_000),
        (Fraction(100_999_999), 100_000_000),
        (Fraction(101_000_000), 101_000_000),
        (Fraction(99_999), 0),
    ],
)
def test_truncation_drops_whole_units_and_never_more(amount: Fraction, kept: int) -> None:
    rounding = Rounding(False, 1, ((100_000_000, 1_000_000), (0, 100_000)))
    assert rounding.truncated(Span.point(amount)) == Span.point(kept)
    assert floor_to(Fraction(5, 2), 1) == 2
