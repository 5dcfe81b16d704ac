"""What the steps and warnings of a surcharge are called, as decisions of the commission call them."""

from __future__ import annotations

from typing import Any

from rules.engine.history import Entry
from rules.kr.surcharge.working import Warned

Label = tuple[str, str]

MEAN = ("직전 3개 사업연도 연평균 {scope}", "mean {scope} of the three previous business years")
LARGER_MEAN = (
    "직전 사업연도와 직전 3개 사업연도 연평균 가운데 큰 {scope}",
    "larger of the previous business year and the three-year mean, {scope}",
)
ANNUALISED_MEAN = (
    "사업개시일부터 직전 사업연도 말까지를 연 환산한 {scope}",
    "{scope} from the first day of business, annualised",
)
LARGER_ANNUALISED = (
    "직전 사업연도와 연 환산 평균 가운데 큰 {scope}",
    "larger of the previous business year and the annualised mean, {scope}",
)
ANNUALISED_THIS_YEAR = (
    "사업개시일부터 위반행위일까지를 연 환산한 {scope}",
    "{scope} of this business year until the violation, annualised",
)
SCOPES = {
    "related": ("위반행위 관련 매출액", "revenue related to the violation"),
    "total": ("전체 매출액", "whole revenue"),
}
UNRELATED = ("위반행위와 관련이 없는 매출액", "revenue not related to the violation")
BASE = ("기준금액", "base amount")
FIXED_BASE = ("기준금액(매출액이 없는 경우)", "base amount without revenue")
INVESTMENT_CUT = ("투자감경을 거친 금액", "after the cut for investment")
AFTER_MANDATORY = ("필수적 가중·감경을 거친 금액", "after the mandatory adjustments")
ADDITIONAL = ("추가적 가중·감경", "additional adjustment")
AFTER_ADDITIONAL = ("추가적 가중·감경을 거친 금액", "after the additional adjustment")
ADJUSTMENTS = {
    "adjust1": ("1차 조정을 거친 금액", "after the first adjustment"),
    "adjust2": ("2차 조정을 거친 금액", "after the second adjustment"),
}
FINAL_CUT = ("부과과징금의 결정(감경)", "after the final cut")
WAIVER = ("면제", "waived")
NONE_DUE = ("안전성 확보조치를 모두 하여 부과하지 않음", "none: every safety measure was taken")
CAP = ("과징금 상한액", "cap")
TRUNCATION = ("끝수를 버린 금액", "after truncation")
FINAL = ("최종 과징금", "surcharge")

UNCONFIRMED = "미확인"
MESSAGES: dict[str, tuple[str, str]] = {
    "discretion": (
        "과징금은 부과할 수 있는 금액이며 부과 여부와 금액은 위원회가 정합니다. 계산한 금액은 예측이 아닙니다.",
        "A surcharge is discretionary: the commission decides whether and how much. The figure is no prediction.",
    ),
    "gravity_by_matrix": (
        "위반행위의 중대성은 고시의 표에 따라 사람이 판단한 것이며 프로그램이 정하지 않았습니다.",
        "The gravity was judged by a person with the matrix of the notice; the program does not decide it.",
    ),
    "gravity_levels_missing": (
        "중대성 기준 가운데 상·중·하를 적지 않은 것이 있습니다: {missing}.",
        "No level is given for these criteria of gravity: {missing}.",
    ),
    "gravity_reason_missing": (
        "중대성을 판단한 이유가 적혀 있지 않습니다.",
        "No reason is given for the gravity.",
    ),
    "gravity_chosen": (
        "위반행위의 중대성은 사람이 판단하여 적은 것입니다.",
        "The gravity was chosen by a person.",
    ),
    "whole_band": (
        "부과기준율을 고르지 않아 구간 전체를 계산하였습니다.{open}",
        "No point in the band was chosen, so the whole band is carried.{open_en}",
    ),
    "revenue_estimated": (
        "매출액은 자료가 없거나 거짓이어서 추정한 것입니다.",
        "The revenue was estimated because data were refused or false.",
    ),
    "revenue_annualised": (
        "연 환산을 월로 하는지 일로 하는지는 미확인이며, 여기서는 {formula}로 계산하였습니다.",
        "Whether to annualise by months or by days is unconfirmed; here: {formula}.",
    ),
    "fixed_base_with_revenue": (
        "관련 매출액이 없어 정액 기준금액을 쓰지만 전체 매출액이 있으므로 상한은 그 비율로 계산하였습니다.",
        "No related revenue is left, so the base is fixed; the cap is still taken on the whole revenue.",
    ),
    "fixed_base_given": (
        "매출액이 없는 경우의 정액 기준금액표는 미확인이며 적힌 금액을 썼습니다.",
        "The table of fixed bases is unconfirmed; the amount given was used.",
    ),
    "first_day": (
        "위반기간의 첫날을 {now} 세었습니다. 반대로 세면 기간 구분이 달라지며, 어느 쪽인지는 미확인입니다.",
        "The first day of the violation was {now_en}; counted the other way the period band changes. Which holds is unconfirmed.",
    ),
    "repeat_aggravation": (
        "3년 안에 과징금을 받은 경우의 가중 비율은 미확인이며 {percent}%로 계산하였습니다.",
        "The aggravation for a surcharge within three years is unconfirmed; {percent}% was used.",
    ),
    "additional_factors": (
        "추가적 가중·감경의 세부 비율표는 미확인이며 적힌 비율({percent}%)을 썼습니다.",
        "The detailed factors of the additional adjustment are unconfirmed; the percentage given ({percent}%) was used.",
    ),
    "sum_limited": (
        "{name}의 {side} 비율의 합이 {asked}%이므로 한도인 {limit}%만 적용하였습니다.",
        "The {side_en} of {name_en} add up to {asked}%; the limit of {limit}% was applied.",
    ),
    "reductions_may_be_refused": (
        "매우 중대한 위반행위이므로 1차·2차 감경의 전부 또는 일부가 인정되지 않을 수 있습니다(피해 회복은 제외).",
        "For a very serious violation these reductions may be refused in whole or part (not harm recovery).",
    ),
    "certification_limit": (
        "2026-09-11부터 인증 감경의 한도가 {limit}%로 낮아졌는지는 미확인이며, 여기서는 {used}%를 한도로 하였습니다.",
        "Whether the limit for certification fell to {limit}% from 2026-09-11 is unconfirmed; here it is {used}%.",
    ),
    "weight_given": (
        "가중비율·가중금액은 미확인이며 적힌 값을 썼습니다.",
        "The weight on the base is unconfirmed; the value given was used.",
    ),
    "weight_unknown": (
        "가중비율·가중금액은 미확인이고 적혀 있지 않아, 가중이 없는 경우부터 한도까지를 계산하였습니다.",
        "The weight on the base is unconfirmed and not given: from no weight to the limit was computed.",
    ),
    "weight_limited": (
        "가중한 기준율 또는 기준금액이 한도를 넘어 한도({limit})를 적용하였습니다.",
        "The weighted rate or base is above the limit, which was applied ({limit}).",
    ),
    "repeat_and_high_cap": (
        "재위반으로 높은 상한을 적용하면서 1차 조정의 반복 가중은 0회로 적혔습니다. 둘의 관계는 미확인입니다.",
        "The high cap applies for a repeat while no prior surcharge is counted in the first adjustment; how they relate is unconfirmed.",
    ),
    "investment_cut": (
        "투자감경의 기준을 정한 고시는 미확인이며 적힌 비율({percent}%)을 썼습니다.",
        "The notice with the test of the cut for investment is unconfirmed; the percentage given ({percent}%) was used.",
    ),
    "investment_cut_favourable": (
        "2026-09-11 전에 끝난 위반행위에 투자감경(제64조의2제6항)이 미치는지는 부칙에 없어 미확인이며 적용하지 않았습니다(행정기본법 제14조제3항).",
        "Whether the cut for investment reaches violations ended before 2026-09-11 is unconfirmed; it was not applied.",
    ),
    "cap_stage": (
        "상한을 어느 단계에 적용하는지는 미확인이며 {stage} 적용하였습니다. 달리 적용하면 금액이 달라집니다.",
        "At which stage the cap applies is unconfirmed; it was applied {stage_en}. The other reading changes the amount.",
    ),
    "cap_base": (
        "상한을 관련 매출액으로 계산하도록 정하였습니다. 법문은 전체 매출액으로 읽힙니다.",
        "The cap was set to be taken on the related revenue; the statute reads as the whole revenue.",
    ),
    "may_be_waived": (
        "면제할 수 있습니다: {ground}. 면제하지 않는 경우의 금액입니다.",
        "It may be waived: {ground_en}. The figure is for not waiving.",
    ),
    "late_rate": (
        "이 규정의 가산금 비율은 미확인이므로 계산하지 않았습니다.",
        "The rate of the late charge is unconfirmed under this regime, so none was computed.",
    ),
    "late_counting": (
        "가산금의 일수(1년 365일)·개월 수와 끝수 처리는 미확인이며 {formula}로 계산하고 1원 미만을 버렸습니다.",
        "How days (a year of 365) or months count and are rounded is unconfirmed: {formula}, below one won dropped.",
    ),
    "prior_assumed_none": (
        "3년 안의 같은 호 과징금 횟수(prior_same_item_3y)가 없어 0회로 보았습니다.",
        "The count of earlier surcharges (prior_same_item_3y) is absent and taken as none.",
    ),
    "unconfirmed": (
        "다음 규정의 내용은 미확인입니다: {cite}.",
        "What these provisions say is unconfirmed: {cite}.",
    ),
    "waived_by_person": (
        "면제는 위원회가 정하는 것으로, 적힌 사유({ground})에 따라 0원으로 하였습니다.",
        "Waiving is for the commission; by the ground given ({ground_en}) the amount is zero.",
    ),
}
UNCONFIRMED_CODES = frozenset(code for code, (ko, _) in MESSAGES.items() if UNCONFIRMED in ko)


def related(label: Label, scope: str) -> Label:
    """A label of revenue with its scope filled in."""
    ko, en = SCOPES[scope]
    return label[0].format(scope=ko), label[1].format(scope=en)


def warning(code: str, entry: Entry | None = None, **words: Any) -> Warned:
    """The warning of this code with its words filled in and the article it concerns."""
    ko, en = MESSAGES[code]
    cite = entry.cite if entry else ()
    return Warned(code, ko.format(**words), en.format(**words), cite, code in UNCONFIRMED_CODES)
