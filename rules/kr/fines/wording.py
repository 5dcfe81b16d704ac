"""The sentences of the answer of fines, Korean first."""

from __future__ import annotations

from datetime import date

from rules.engine.conditions import Words
from rules.engine.history import Entry
from rules.engine.korean import day_text, with_particle
from rules.kr.working import Caution

FACTORS_UNCONFIRMED = Words(
    "과태료 부과기준(지침)의 비율표를 확인하지 못하여 입력한 비율을 그대로 썼습니다(미확인).",
    "The percentage tables of the guideline were not found; the percentages are those entered (unconfirmed).",
)
EDGE = Words(
    "적발된 날이 앞선 처분부터의 기간이 끝나는 때여서 첫날을 넣는지에 따라 차수가 달라지며, 이를 정한 규정은 확인하지 못하였습니다(미확인).",
    "Detected as the window closes: the step turns on whether its first day counts, which no text settles (unconfirmed).",
)
ASSUMED_STEPS = Words(
    "앞선 처분의 차수가 적혀 있지 않아 처분일의 간격으로 차수를 셈하였으므로 처분서를 확인하여야 합니다.",
    "The steps of the earlier fines were not given and are reckoned from their days; check the decisions.",
)
ONGOING = Words(
    "끝나지 않은 위반이므로 처분일의 기준을 적용하였습니다.",
    "The violation has not ended, so the annex of the day of the decision is applied.",
)
CONDUCT_OPEN = Words(
    "위반행위들이 하나의 행위인지 여러 행위인지는 사람이 판단할 일이며, conduct가 같은 것만 하나의 행위로 보았습니다.",
    "Whether violations are one act or several is for a person; only those that share `conduct` were taken as one.",
)
ARREARS_OPEN = Words(
    "과태료를 체납하고 있는지 입력되지 않았으며, 체납하고 있으면 감경할 수 없습니다.",
    "Whether a fine is in arrears was not entered; if one is, no mitigation is allowed.",
)
FAULT_OPEN = Words(
    "고의나 과실이 있는지는 사람이 판단할 일이며, 달리 입력하지 않아 있는 것으로 보았습니다.",
    "Intent or negligence is for a person to find; unless entered otherwise it is taken to be there.",
)
FRACTION = Words(
    "가산금의 원 단위 미만은 버렸으며, 이를 정한 규정은 확인하지 못하였습니다(미확인).",
    "Fractions of a won in the additions are dropped; no text on it was confirmed (unconfirmed).",
)
COERCIVE_FRACTION = Words(
    "1일 평균매출액과 하루 금액의 원 단위 미만은 버렸으며, 이를 정한 규정은 확인하지 못하였습니다(미확인).",
    "Fractions of a won in the daily amounts are dropped; no text on it was confirmed (unconfirmed).",
)
BAR_ON_HOLIDAY = Words(
    "제척기간이 끝나는 날이 토요일 또는 공휴일이어서 다음 근무일까지로 보았으며, 제척기간에도 그러한지는 확인하지 못하였습니다(미확인).",
    "The time bar ends on a Saturday or holiday and are taken to run to the next working day; whether that holds for this time bar was not confirmed (unconfirmed).",
)


LIKE_WEIGHT_OPEN = Words(
    "시행령이 정한 길이의 장애·중단도 이용자 정보에 미친 영향도 아니므로, 이에 준하는 경우인지를 사람이 판단하여 입력하여야 합니다.",
    "Neither a stop as long as the decree says nor an effect on users’ information: whether it is a case of like weight is for a person to enter.",
)
SURCHARGED_CONDUCT = Words(
    "같은 행위로 묶인 다른 위반에 과징금이 부과되었으므로, 이 위반도 과징금을 부과한 행위인지 확인하여야 합니다.",
    "Another violation of the same act drew a surcharge; check whether this one is that act too.",
)


def both_sanctions(under: str) -> Words:
    return Words(
        f"{under}의 과징금과 과태료는 이 시기에 함께 부과할 수 있습니다.",
        f"A surcharge under {under} and a fine could stand together at that time.",
    )


def carried(title: str, law_on: date) -> Words:
    named = with_particle(title, "은/는")
    return Words(
        f"{named} {day_text(law_on)}을 끝으로 없어진 의무이므로, 위반상태가 그 뒤에 끝났어도 그날의 기준을 적용하였습니다. "
        "의무의 기한이 지난 날(completed_on)을 확인하여야 합니다.",
        f"This duty was last in force on {law_on}, so the annex of that day is applied though the state ended later; "
        "check the day the time limit ran out (completed_on).",
    )


def completed(law_on: date) -> Words:
    return Words(
        f"기한이 지나면 완성되는 위반으로 보아 {day_text(law_on)}의 기준을 적용하였습니다.",
        f"Taken as complete when the time limit ran out, so the annex of {law_on} is applied.",
    )


def limited(side: Words, given: str, limit: str) -> Words:
    return Words(
        f"{side.ko} 비율의 합 {given}%가 한도를 넘어 {limit}%만 반영하였습니다.",
        f"The percentages of {side.en} come to {given}%; the law lets {limit}% count.",
    )


def mitigation_unconfirmed(limit: str) -> Words:
    return Words(
        f"2023-09-15 이후의 기준은 감경의 비율을 정하지 않았고 지침의 한도를 확인하지 못하여 {limit}%를 한도로 보았습니다(미확인).",
        f"From 2023-09-15 the decree names no limit of mitigation and that of the guideline was not found; {limit}% is assumed (unconfirmed).",
    )


def lighter_law(later: Entry, rule: Entry, *, is_applied: bool) -> Caution:
    """That the law became lighter after the act, and whether the setting applies it."""
    day = day_text(later.start)
    change, change_en = (
        (f"{day}에 이 과태료가 없어졌습니다", f"This fine was abolished on {later.start}")
        if later.values is None
        else (f"{day}부터 이 과태료가 가벼워졌습니다", f"This fine became lighter on {later.start}")
    )
    done, done_en = (
        ("설정에 따라 바뀐 기준을 적용하였습니다", "by the setting the later law is applied")
        if is_applied
        else ("행위 시의 기준을 적용하였습니다", "the law of the act is applied")
    )
    values = rule.values or {}
    words = Words(f"{change}. {done}. {values['why']}", f"{change_en}; {done_en}. {values['why_en']}")
    return Caution("lighter_later_law", words, rule.cite, "uncertain")


def older_amount_kept(rule: Entry) -> Caution:
    """That a transitional provision keeps the amounts of the day of the act."""
    words = Words(
        "뒤에 과태료가 없어졌으나 경과조치에 따라 행위 시의 기준을 적용하였습니다.",
        "The fine was abolished later; by the transitional provision the law of the act is applied.",
    )
    return Caution("older_amount_kept", words, rule.cite, rule.confidence)
