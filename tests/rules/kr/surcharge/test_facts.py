"""The documents the topic `surcharge` accepts, and every way it refuses one: path, article, allowed range."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

import rules
from rules.engine.faults import FactsError, Fault
from rules.engine.source import read_document
from rules.kr.surcharge.gravity import CONDITIONS
from rules.kr.surcharge.law import articles
from rules.kr.surcharge.wording import MESSAGES
from tests.rules.cases import cases_in
from tests.rules.kr.surcharge.documents import (
    DOCUMENTS,
    NET,
    NEWEST,
    PIPA_28_6,
    PIPA_34_2,
    PIPA_39_15,
    PIPA_64_2,
)

ABSENT = object()
TEN = "10000000000"


def changed(document: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The document with these values, by dotted path; ABSENT takes one away."""
    result = copy.deepcopy(document)
    for path, value in changes.items():
        *outer, last = path.split(".")
        place = result
        for name in outer:
            place = place.setdefault(name, {})
        if value is ABSENT:
            del place[last]
        else:
            place[last] = value
    return result


def faults_of(document: object) -> tuple[Fault, ...]:
    with pytest.raises(FactsError) as raised:
        rules.assess("surcharge", document)  # type: ignore[arg-type]
    assert all(fault.message for fault in raised.value.faults)
    return raised.value.faults


@pytest.mark.parametrize("regime", DOCUMENTS)
def test_the_documents_the_mistakes_are_made_in_are_good(regime: str) -> None:
    assert rules.assess("surcharge", DOCUMENTS[regime])["regime"] == regime


# document, what is changed, the path at fault, words of the message, words of the hint
MISTAKES: dict[str, tuple[dict[str, Any], dict[str, Any], str, str, str]] = {
    "an unknown key": (NET, {"revenu": {}}, "revenu", "모르는 이름", "revenue"),
    "no violation": (NET, {"violation": ABSENT}, "violation", "없습니다", "violation"),
    "no first day": (NET, {"violation.from": ABSENT}, "violation.from", "없습니다", "from"),
    "no decision": (NET, {"decided_on": ABSENT}, "decided_on", "없습니다", "decided_on"),
    "an end before the start": (NET, {"violation.to": "2018-12-30"}, "violation.to", "앞섭니다", "2018-12-31 이후"),
    "a decision before the end": (NET, {"decided_on": "2019-06-29"}, "decided_on", "앞섭니다", "2019-06-30 이후"),
    "an ongoing violation decided before it began": (
        NET, {"violation.to": None, "decided_on": "2018-12-30"}, "decided_on", "앞섭니다", "2018-12-31 이후",
    ),
    "a day no law reaches": (NET, {"decided_on": "2029-01-01"}, "decided_on", "알려진 법", "2028-12-31"),
    "no regime": (PIPA_64_2, {"violation": {"from": "2007-01-01", "to": "2008-12-13"}}, "violation.to", "맞는 과징금 규정이 없습니다", "정보통신망법 제64조의3"),
    "an unknown regime": (NET, {"regime": "net_2015"}, "regime", "net_2015", "net_2014"),
    "a regime of other days": (NET, {"regime": "pipa_64_2_2023"}, "regime", "적용되지 않습니다", "net_2014"),
    "an article of other days": (NET, {"article": "pipa_64_2"}, "article", "적용되지 않습니다", "net_2014"),
    "a regime and an article that do not belong": (
        PIPA_39_15, {"regime": "pipa_34_2"}, "article", "pipa_34_2", "pipa_39_15_2022",
    ),
    "several articles fit": (NET, {"article": "auto"}, "article", "고를 수 없습니다", "pipa_34_2"),
    "no revenue": (NET, {"revenue": ABSENT}, "revenue", "시행령 제69조의2", "none: true"),
    "a year missing": (NET, {"revenue.years.2017": ABSENT}, "revenue.years.2017", "2017 사업연도", "2016~2018"),
    "a year too many": (NET, {"revenue.years.2019": TEN}, "revenue.years.2019", "쓰이지 않습니다", "2016~2018"),
    "negative money": (NET, {"revenue.years.2017": "-1"}, "revenue.years.2017", "0원보다 적습니다", "0원 이상"),
    "absurd money": (NET, {"revenue.years.2017": "9" * 18}, "revenue.years.2017", "넘습니다", "10,000,000,000,000,000원 이하"),
    "money as a number": (NET, {"revenue.years.2017": 5}, "revenue.years.2017", "금액", "따옴표"),
    "revenue that is none": (PIPA_39_15, {"revenue.none": True}, "revenue.years", "none: true", "하나만"),
    "revenue of nothing": (NET, {"revenue.years": dict.fromkeys(("2016", "2017", "2018"), "0")}, "revenue.years", "0원", "none: true"),
    "unrelated revenue of none": (PIPA_64_2, {"revenue": {"none": True, "unrelated": "1"}}, "revenue.unrelated", "뺄 매출액도 없습니다", '"0"'),
    "revenue without years": (NET, {"revenue": {"unrelated": "0"}}, "revenue.years", "제69조의2", "none: true"),
    "a reason for no revenue where there is some": (NET, {"revenue.none_because": "stopped"}, "revenue.none_because", "없을 때에만", "지우"),
    "months that are not whole in the first year": (
        NET, {"revenue": {"years": {"2019": TEN}, "started_on": "2019-01-02"}, "settings.annualize_by": "months"},
        "settings.annualize_by", "개월 수가 아닙니다", "auto",
    ),
    "more unrelated than there is": (NET, {"revenue.unrelated": "10000000001"}, "revenue.unrelated", "제69조의2", "10,000,000,000원 이하"),
    "unrelated revenue where nothing is taken off": (PIPA_28_6, {"revenue.unrelated": "1"}, "revenue.unrelated", "제28조의6", '"0"'),
    "unrelated revenue that is estimated": (PIPA_64_2, {"revenue.estimated": True, "revenue.unrelated": "1"}, "revenue.unrelated", "제64조의2제3항", '"0"'),
    "an estimate no rule allows": (NET, {"revenue.estimated": True}, "revenue.estimated", "제69조의2", "지우"),
    "business begun after the end": (NET, {"revenue.started_on": "2019-07-01"}, "revenue.started_on", "뒤입니다", "2019-06-30 이전"),
    "months that are not whole": (
        NET, {"revenue": {"years": {"2018": TEN}, "started_on": "2018-03-02"}, "settings.annualize_by": "months"},
        "settings.annualize_by", "개월 수가 아닙니다", "days",
    ),
    "capital where it is not used": (PIPA_64_2, {"revenue": {"none": True, "capital": "1"}}, "revenue.capital", "제64조의2제1항", "지우"),
    "no capital where it is": (PIPA_28_6, {"revenue": {"none": True}}, "revenue.capital", "제28조의6제1항", "자본금"),
    "no gravity": (NET, {"gravity": ABSENT}, "gravity", "제2015-30호 제5조", "gravity"),
    "a gravity without its facts": (NET, {"gravity": {}}, "gravity.intent_or_gross", "제5조", "true 또는 false"),
    "a gravity chosen where the law counts": (PIPA_39_15, {"gravity": {"band": "serious"}}, "gravity.band", "쓰지 않는", "intent_or_gross"),
    "a gravity counted where a person judges": (PIPA_64_2, {"gravity": {"intent_or_gross": True, "direct_gain": True}}, "gravity.direct_gain", "쓰지 않는", "band"),
    "a matrix without a judgement": (PIPA_64_2, {"gravity": {"levels": {"intent": "high"}}}, "gravity.band", "제8조", "사람이 판단"),
    "a gravity the article has not": (PIPA_28_6, {"gravity": {"band": "weak"}}, "gravity.band", "별표 1", "very_serious"),
    "a level against the fact": (NEWEST, {"gravity.levels": {"intent": "high"}}, "gravity.levels.intent", "어긋납니다", "하"),
    "a share above the whole": (NET, {"gravity.harm_share": "40"}, "gravity.harm_share", "1보다 큽니다", "0 이상 1 이하"),
    "no count of resident numbers": (PIPA_34_2, {"gravity.resident_number_count": ABSENT}, "gravity.resident_number_count", "별표 1의3", "건수"),
    "a rate above the band": (PIPA_64_2, {"rate": "2.1"}, "rate", "별표 1의5", "1.5% 이상 2.1% 미만"),
    "a rate below the band": (PIPA_64_2, {"gravity.rate": "1.49"}, "gravity.rate", "별표 1의5", "1.5% 이상 2.1% 미만"),
    "a rate beside the only one": (PIPA_39_15, {"rate": "2"}, "rate", "별표 1의5", "2.1% 이상 2.1% 이하"),
    "a rate as a number": (PIPA_64_2, {"rate": 1.8}, "rate", "소수", "따옴표"),
    "two rates": (PIPA_64_2, {"rate": "1.8", "gravity.rate": "1.7"}, "rate", "서로 다릅니다", "한 곳"),
    "a fixed base beside revenue": (PIPA_64_2, {"fixed_base": "200000000"}, "fixed_base", "부과기준율", "rate"),
    "a rate without revenue": (PIPA_64_2, {"revenue": {"none": True}, "rate": "1.8"}, "rate", "정액", "fixed_base"),
    "a fixed base outside its band": (PIPA_64_2, {"revenue": {"none": True}, "fixed_base": "700000000"}, "fixed_base", "별표 1의5", "200,000,000원 이상 700,000,000원 미만"),
    "no fixed base where the table is not known": (NET, {"revenue": {"none": True}}, "gravity.fixed_base", "미확인", "fixed_base"),
    "nothing said of earlier surcharges": (NET, {"first_in_3_years": ABSENT}, "first_in_3_years", "제6조", "true 또는 false"),
    "an aggravation for a repeat that is none": (NET, {"settings.repeat_aggravation_pct": "10"}, "settings.repeat_aggravation_pct", "최초 위반", "지우"),
    "an aggravation for a repeat beyond the half": (
        NET, {"violation.from": "2016-12-31", "first_in_3_years": False, "settings.repeat_aggravation_pct": "1"},
        "settings.repeat_aggravation_pct", "50%를 넘습니다", "0% 이상 0% 이하",
    ),
    "an additional cut beyond its limit": (NET, {"additional_pct": "-50.01"}, "additional_pct", "제8조", "-50% 이상 50% 이하"),
    "an additional rise beyond its limit": (NET, {"additional_pct": "51"}, "additional_pct", "제8조", "-50% 이상 50% 이하"),
    "a percentage as a number": (NET, {"additional_pct": -20}, "additional_pct", "정수", "-20"),
    "a final cut before there was one": (NET, {"final_cut_pct": "0"}, "final_cut_pct", "쓰지 않는", "additional_pct"),
    "a final cut upwards": (PIPA_39_15, {"final_cut_pct": "1"}, "final_cut_pct", "제9조", "-90% 이상 0% 이하"),
    "a key of the new article": (PIPA_39_15, {"prior_same_item_3y": 0}, "prior_same_item_3y", "쓰지 않는", "first_in_3_years"),
    "a key of the old article": (PIPA_64_2, {"additional_pct": "0"}, "additional_pct", "쓰지 않는", "adjust1"),
    "revenue for resident numbers": (PIPA_34_2, {"revenue": {"none": True}}, "revenue", "쓰지 않는", "adjust1"),
    "a setting that is not used": (NET, {"settings.cap_stage": "final"}, "settings.cap_stage", "쓰지 않는", "annualize_by"),
    "an unknown code": (PIPA_64_2, {"adjust2.minus.kindness": "1"}, "adjust2.minus.kindness", "제10조", "corrected"),
    "an aggravation that is computed": (PIPA_64_2, {"adjust1.plus.period_gt2": "50"}, "adjust1.plus.period_gt2", "제9조", "계산"),
    "a code beyond its limit": (PIPA_64_2, {"adjust1.minus.no_gain": "30.1"}, "adjust1.minus.no_gain", "제9조", "0% 이상 30% 이하"),
    "a negative share": (PIPA_64_2, {"adjust1.minus.no_gain": "-1"}, "adjust1.minus.no_gain", "0보다 작습니다", "0 이상"),
    "a sum nothing limits": (PIPA_34_2, {"adjust1.minus": {"safeguard_efforts": "30", "follow_up": "21"}}, "adjust1.minus", "별표 1의3", "합 0% 이상 50% 이하"),
    "a restriction of what is not very serious": (NEWEST, {"adjust1.minus.no_gain": "30", "reductions_allowed.no_gain": "0"}, "reductions_allowed", "제10조의2", "지우"),
    "a restriction of harm recovery": (
        NEWEST, {"gravity.band": "very_serious", "adjust2.minus.harm_recovery": "30", "reductions_allowed.harm_recovery": "0"},
        "reductions_allowed.harm_recovery", "제한할 수 없는", "no_gain",
    ),
    "a restriction of nothing asked": (NEWEST, {"gravity.band": "very_serious", "reductions_allowed.no_gain": "0"}, "reductions_allowed.no_gain", "요청하지 않은", "minus"),
    "more allowed than asked": (
        NEWEST, {"gravity.band": "very_serious", "adjust1.minus.no_gain": "20", "reductions_allowed.no_gain": "21"},
        "reductions_allowed.no_gain", "큽니다", "0% 이상 20% 이하",
    ),
    "a cut for investment beyond its limit": (NEWEST, {"investment_cut_pct": "-40.01"}, "investment_cut_pct", "제64조의2제6항", "-40% 이상 0% 이하"),
    "a cut for investment with intent": (NEWEST, {"gravity.intent_or_gross": True, "investment_cut_pct": "-1"}, "investment_cut_pct", "제64조의2제6항", "0%"),
    "a cut for investment with nothing said of intent": (NEWEST, {"gravity.intent_or_gross": ABSENT, "investment_cut_pct": "-1"}, "gravity.intent_or_gross", "제64조의2제6항", "true 또는 false"),
    "a cut for investment before there was one": (PIPA_64_2, {"investment_cut_pct": "0"}, "investment_cut_pct", "쓰지 않는", "final_cut_pct"),
    "a weight without a trigger": (NEWEST, {"weight_ratio": "2"}, "weight_ratio", "제64조의2제2항", "지우"),
    "a weight below one": (
        NEWEST, {"high_cap.order": {"received_on": "2026-09-11", "caused_leak": True}, "weight_ratio": "0.9"},
        "weight_ratio", "제64조의2제2항", "1 이상",
    ),
    "a weight of the other kind": (
        NEWEST, {"high_cap.order": {"received_on": "2026-09-11", "caused_leak": True}, "weight_amount": "1"},
        "weight_amount", "매출액이 있어", "weight_ratio",
    ),
    "a trigger with nothing said of intent": (NEWEST, {"gravity.intent_or_gross": ABSENT, "high_cap.person_count": 1}, "gravity.intent_or_gross", "제64조의2제2항", "true 또는 false"),
    "an order after the end": (NEWEST, {"high_cap.order": {"received_on": "2026-11-01", "caused_leak": True}}, "high_cap.order.received_on", "뒤입니다", "2026-10-31 이전"),
    "a disposition before its violation": (
        NEWEST, {"high_cap.repeat": {"first_violation_on": "2026-09-12", "disposition_on": "2026-09-11", "first_intent_or_gross": True}},
        "high_cap.repeat.disposition_on", "앞섭니다", "2026-09-12 이후",
    ),
    "an unknown ground": (PIPA_64_2, {"waiver": "sorry"}, "waiver", "제11조", "insolvent"),
    "a ground the amount does not fit": (PIPA_64_2, {"waiver": "computed_le"}, "waiver", "제11조", "2,000,000원 이하"),
    "a ground the fine does not fit": (PIPA_64_2, {"waiver": "computed_lt_fine", "computed_fine": "210000000"}, "waiver", "제11조", "210,000,000원 미만"),
    "a ground without its fine": (PIPA_64_2, {"waiver": "computed_lt_fine"}, "computed_fine", "제11조", "과태료"),
    "a ground of fewer people": (PIPA_39_15, {"waiver": "lt_100_subjects", "leaked_person_count": 100}, "leaked_person_count", "100명 미만", "0 이상 99 이하"),
    "a count of surcharges below none": (PIPA_64_2, {"prior_same_item_3y": -1}, "prior_same_item_3y", "0 이상", "수"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_place_its_article_and_what_is_allowed(mistake: str) -> None:
    document, changes, path, message, hint = MISTAKES[mistake]
    (fault,) = faults_of(changed(document, changes))
    assert fault.path == path
    assert message in fault.message
    assert hint in fault.hint


def test_the_example_is_the_decision_it_names() -> None:
    document, faults = read_document(rules.example("surcharge"))
    assert not faults
    answer = rules.assess("surcharge", document)  # type: ignore[arg-type]
    amounts = {step["code"]: step["amount"] for step in answer["steps"]}
    assert (answer["final"], amounts["base"]) == ("67788000", "84735000")
    assert (answer["gravity"], answer["gravity_working"]["conditions_met"]) == ("serious", 2)


def test_every_fault_of_the_document_is_found_in_one_go() -> None:
    changes = {
        "revenue.years.2018": ABSENT,
        "revenue.colour": "red",
        "gravity": {"intent_or_gross": True, "harm_share": "0.4", "band": "serious"},
        "first_in_3_years": "yes",
        "additional_pct": "-60",
        "final_cut_pct": "-91",
        "adjust1": {},
        "waiver": "sorry",
    }
    assert sorted(fault.path for fault in faults_of(changed(PIPA_39_15, changes))) == [
        "additional_pct",
        "adjust1",
        "final_cut_pct",
        "first_in_3_years",
        "gravity.band",
        "revenue.colour",
        "revenue.years.2018",
        "waiver",
    ]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_each_condition_has_to_be_told_where_there_is_intent(condition: str) -> None:
    (fault,) = faults_of(changed(NET, {f"gravity.{condition}": ABSENT}))
    assert fault.path == f"gravity.{condition}"


@pytest.mark.parametrize(
    ("gain", "share", "exposed", "band"),
    [
        (False, "0.05", False, "ordinary"),
        (True, "0.05", False, "serious"),
        (False, "0.050000001", False, "serious"),
        (False, "0.05", True, "serious"),
        (True, "0.06", False, "serious"),
        (True, "0.05", True, "serious"),
        (False, "0.06", True, "serious"),
        (True, "0.06", True, "very_serious"),
    ],
)
def test_the_conditions_met_are_counted(gain: bool, share: str, exposed: bool, band: str) -> None:
    told = {"intent_or_gross": True, "direct_gain": gain, "harm_share": share, "publicly_exposed": exposed}
    assert rules.assess("surcharge", {**PIPA_39_15, "gravity": told})["gravity"] == band


def test_a_matrix_with_levels_and_a_reason_is_warned_of_no_more_than_that_a_person_judged() -> None:
    gravity = {
        "band": "serious",
        "levels": {"intent": "mid", "method": "low", "data_type": "high", "harm": "low"},
        "reason": "…",
    }
    answer = rules.assess("surcharge", {**PIPA_64_2, "gravity": gravity, "rate": "1.5"})
    assert [item["code"] for item in answer["warnings"]] == ["gravity_by_matrix", "discretion"]
    assert answer["gravity_working"]["levels"] == gravity["levels"]


def test_a_rate_may_stand_at_the_top_or_under_gravity() -> None:
    top, under = changed(PIPA_64_2, {"rate": "1.8"}), changed(PIPA_64_2, {"gravity.rate": "1.8"})
    assert rules.assess("surcharge", top) == rules.assess("surcharge", under)


def test_what_is_unconfirmed_is_marked_wherever_it_is_used() -> None:
    document = changed(NET, {"first_in_3_years": False, "additional_pct": "-20"})
    marked = {item["code"] for item in rules.assess("surcharge", document)["warnings"] if item["unconfirmed"]}
    assert marked == {"repeat_aggravation", "additional_factors"}


@pytest.mark.parametrize("regime", DOCUMENTS)
def test_every_step_says_what_it_is_and_where_it_stands(regime: str) -> None:
    answer = json.loads(json.dumps(rules.assess("surcharge", DOCUMENTS[regime])))
    assert answer["cite"] and answer["confidence"] and answer["why"].endswith(".") and answer["why_en"]
    assert "{" not in answer["why"] + answer["why_en"]
    for step in answer["steps"]:
        assert step["label"] and step["label_en"] and step["formula"] and step["cite"] and step["confidence"]
    for item in answer["warnings"]:
        assert item["message"].endswith((".", "다.")) and "{" not in item["message"] + item["message_en"]
    assert answer["steps"][-1]["code"] == "final"
    assert answer["steps"][-1]["amount"] == answer["final"]


ORDER = (
    "average_revenue", "unrelated", "base", "investment_cut", "plus", "minus", "after_mandatory", "additional",
    "after_additional", "adjust1", "adjust2", "final_cut", "waiver", "cap", "truncation", "final",
)  # fmt: skip


def test_the_steps_stand_in_the_order_of_calculation() -> None:
    for case in cases_in(*(f"kr/surcharge/{name}.yaml" for name in articles())):
        if "faults" in case.expect or "settings" in case.given:
            continue
        codes = [step["code"] for step in rules.assess("surcharge", case.given)["steps"]]
        assert codes == sorted(codes, key=ORDER.index), case.name


def test_every_warning_there_is_a_text_for_is_given_to_somebody() -> None:
    files = [*(f"kr/surcharge/{name}.yaml" for name in articles()), "kr/surcharge/payment.yaml"]
    given = set()
    for case in cases_in(*files):
        if "faults" not in case.expect:
            topic = "payment" if case.file.endswith("payment.yaml") else "surcharge"
            given |= {item["code"].split(".")[0] for item in rules.assess(topic, case.given)["warnings"]}
    assert set(MESSAGES) - given == set()
