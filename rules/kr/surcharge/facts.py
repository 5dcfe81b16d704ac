"""The facts of a surcharge: the shape of the document. What a regime does with them is checked elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from rules.engine.declaration import Field, MapOf, Record
from rules.engine.faults import Fault
from rules.engine.kinds import Count, Day, Flag, Text
from rules.kr.coverage import instant_of
from rules.kr.surcharge.amounts import MONEY, PERCENT, SIGNED_PERCENT
from rules.kr.surcharge.law import ARTICLES, BANDS, LEVELS, articles

AUTO = "auto"
CRITERIA = ("intent", "method", "data_type", "harm")
NO_REVENUE = ("not_started", "stopped", "no_business", "records_lost")
LEVEL = Text(choices=LEVELS)

REVENUE = Record(
    (
        Field(
            "years",
            MapOf(MONEY),
            "사업연도별 매출액(원)",
            "revenue by business year, named by the year it begins in",
        ),
        Field(
            "unrelated",
            MONEY,
            "위반행위와 관련 없는 매출액",
            "the part of the revenue not related to the violation",
        ),
        Field("none", Flag(), "매출액이 없거나 산정 곤란", "no revenue, or none that can be established"),
        Field(
            "none_because",
            Text(choices=NO_REVENUE),
            "매출액이 없는 사유",
            "why there is no revenue: a person says",
        ),
        Field("estimated", Flag(), "추정한 매출액", "estimated because data were refused or false"),
        Field(
            "started_on",
            Day(),
            "사업개시일",
            "first day of business, if less than three years before the business year",
        ),
        Field(
            "fiscal_year_starts",
            Text(
                pattern=r"(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])",
                hint='"04-01"처럼 월-일(28일 이하)로 적으십시오.',
            ),
            "사업연도 첫날",
            "first day of the business year, MM-DD",
            absent_as="01-01",
        ),
        Field("capital", MONEY, "자본금", "capital: for 제28조의6 without revenue"),
    )
)
LEVELS_CHOSEN = Record(
    tuple(
        Field(name, LEVEL, label, label_en)
        for name, label, label_en in (
            ("intent", "고의·과실", "intent or negligence"),
            ("method", "위반행위의 방법", "manner of the violation"),
            ("data_type", "개인정보의 유형", "type of data"),
            ("harm", "피해 규모 및 영향", "scale and effect of harm"),
        )
    )
)
POINT = (
    Field("rate", PERCENT, "부과기준율(%)", "a point inside the band; without it the whole band is carried"),
    Field("fixed_base", MONEY, "정액 기준금액(원)", "a point inside the band of fixed bases"),
)
GRAVITY = Record(
    (
        Field("intent_or_gross", Flag(), "고의 또는 중과실", "intent or gross negligence"),
        Field("direct_gain", Flag(), "직접 취득한 이득", "direct gain from the violation"),
        Field(
            "harm_share",
            PERCENT,
            "보유 개인정보 가운데 피해 비율(0~1)",
            "share of the personal data held that was harmed, 0 to 1",
        ),
        Field("publicly_exposed", Flag(), "공중 노출", "exposed to the public"),
        Field(
            "band", Text(choices=BANDS), "사람이 판단한 중대성", "gravity as a person judged it by the matrix"
        ),
        Field("levels", LEVELS_CHOSEN, "기준별 상·중·하", "level of each criterion of the matrix"),
        Field("reason", Text(), "판단의 이유", "reason for the judgement"),
        Field(
            "resident_number_count", Count(1), "주민등록번호 건수", "items of resident registration numbers"
        ),
        *POINT,
    )
)
HIGH_CAP = Record(
    (
        Field(
            "repeat",
            Record(
                (
                    Field(
                        "first_violation_on",
                        Day(),
                        "앞선 위반행위일",
                        "day of the earlier violation",
                        required=True,
                    ),
                    Field(
                        "disposition_on",
                        Day(),
                        "앞선 과징금 처분일",
                        "day of the earlier surcharge",
                        required=True,
                    ),
                    Field(
                        "first_intent_or_gross",
                        Flag(),
                        "앞선 위반의 고의·중과실",
                        "the earlier one with intent or gross negligence",
                        required=True,
                    ),
                )
            ),
            "3년 안의 같은 호 재위반",
            "the same item broken again",
        ),
        Field("person_count", Count(), "피해 정보주체 수", "data subjects harmed"),
        Field(
            "order",
            Record(
                (
                    Field("received_on", Day(), "시정조치 명령을 받은 날", "day of the order", required=True),
                    Field(
                        "caused_leak",
                        Flag(),
                        "명령 불이행으로 인한 유출등",
                        "the leak came of not obeying it",
                        required=True,
                    ),
                )
            ),
            "시정조치 명령",
            "corrective order",
        ),
    )
)
SETTINGS = Record(
    (
        Field(
            "repeat_aggravation_pct",
            PERCENT,
            "재위반 가중 비율(미확인)",
            "aggravation for a repeat, unconfirmed",
        ),
        Field(
            "cap_stage",
            Text(choices=("final", "each_aggravation")),
            "상한 적용 단계(미확인)",
            "where the cap is applied, unconfirmed",
        ),
        Field(
            "cap_base",
            Text(choices=("total", "related")),
            "상한의 기준 매출액",
            "revenue the cap is taken on",
        ),
        Field(
            "period_first_day",
            Text(choices=("not_counted", "counted")),
            "위반기간의 초일 산입(미확인)",
            "whether the first day of the violation counts, unconfirmed",
        ),
        Field(
            "annualize_by",
            Text(choices=(AUTO, "months", "days")),
            "매출액 연 환산 단위(미확인)",
            "how a short history is annualised, unconfirmed",
        ),
        Field(
            "certification_most_pct",
            PERCENT,
            "인증 감경 한도(미확인)",
            "limit of the cut for certification from 2026-09-11, unconfirmed",
        ),
    )
)


@dataclass(frozen=True)
class Shares:
    """A percentage for each code. Which codes a regime has, it says itself; the schema offers them all."""

    codes: tuple[str, ...]

    def read(self, value: object, path: str, faults: list[Fault]) -> dict[str, Fraction | None] | None:
        return MapOf(PERCENT).read(value, path, faults)

    def schema(self) -> dict[str, Any]:
        return {**MapOf(PERCENT).schema(), "propertyNames": {"enum": list(self.codes)}}


@dataclass(frozen=True)
class Ground:
    """The code of a ground, offered in the schema and looked up by the regime."""

    codes: tuple[str, ...]

    def read(self, value: object, path: str, faults: list[Fault]) -> str | None:
        return Text().read(value, path, faults)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.codes)}


def _codes(rule: str, side: str) -> tuple[str, ...]:
    """Every code the articles have under this rule, in their order."""
    entries = [entry for article in articles().values() for entry in article.rules.get(rule, ())]
    return tuple(dict.fromkeys(code for entry in entries for code in dict(entry.values or {})[side]))


def _adjustment(rule: str) -> Record:
    return Record(
        (
            Field("plus", Shares(_codes(rule, "plus")), "가중(부호: %)", "aggravations, code to percent"),
            Field("minus", Shares(_codes(rule, "minus")), "감경(부호: %)", "reductions, code to percent"),
        )
    )


@cache
def facts_record() -> Record:
    """The shape of the document; its days lie within the law this edition knows."""
    span = instant_of("occurrence")
    day = Day(span.earliest, span.latest)
    violation = Record(
        (
            Field("from", day, "위반행위 시작일", "first day of the violation", required=True),
            Field("to", day, "위반행위 종료일", "last day; absent or null if it has not ended"),
        )
    )
    regimes = tuple(
        entry.version for article in articles().values() for entry in article.regimes if entry.version
    )
    return Record(
        (
            Field("violation", violation, "위반행위", "the violation", required=True),
            Field("decided_on", day, "처분일(심의종결일)", "day of the decision", required=True),
            Field("regime", Text(choices=(AUTO, *regimes)), "적용 규정", "regime", absent_as=AUTO),
            Field("article", Text(choices=(AUTO, *ARTICLES)), "근거 조문", "article", absent_as=AUTO),
            Field("revenue", REVENUE, "매출액", "revenue"),
            Field("gravity", GRAVITY, "위반행위의 중대성", "gravity of the violation"),
            *POINT,
            Field(
                "all_measures_taken",
                Flag(),
                "안전성 확보조치를 모두 함",
                "every safety measure was taken: a person says",
            ),
            Field(
                "first_in_3_years",
                Flag(),
                "최근 3년 과징금 처분 없음",
                "no surcharge in the last three years",
            ),
            Field(
                "additional_pct", SIGNED_PERCENT, "추가적 가중·감경(%)", "additional adjustment, -50 to 50"
            ),
            Field(
                "prior_same_item_3y",
                Count(0, 100),
                "3년 안의 같은 호 과징금 횟수",
                "earlier surcharges under the same item",
            ),
            Field("adjust1", _adjustment("adjust1"), "1차 조정", "first adjustment"),
            Field("adjust2", _adjustment("adjust2"), "2차 조정", "second adjustment"),
            Field(
                "reductions_allowed",
                Shares(_codes("restriction", "refusable")),
                "감경의 제한 뒤 인정된 비율",
                "what is left of restricted reductions, code to percent",
            ),
            Field("investment_cut_pct", SIGNED_PERCENT, "투자감경(%)", "cut for investment, -40 to 0"),
            Field("high_cap", HIGH_CAP, "높은 상한의 요건", "triggers of the high cap"),
            Field("weight_ratio", PERCENT, "가중비율(배)", "weight on the rate, high-cap case"),
            Field("weight_amount", MONEY, "가중금액(원)", "weight on the fixed base, high-cap case"),
            Field("final_cut_pct", SIGNED_PERCENT, "부과과징금 결정의 감경(%)", "final cut, -90 to 0"),
            Field(
                "waiver",
                Ground(_codes("waivers", "grounds")),
                "면제 사유",
                "ground on which the surcharge is waived: a person says",
            ),
            Field("computed_fine", MONEY, "같은 행위의 산정 과태료(원)", "computed fine for the same act"),
            Field(
                "leaked_person_count", Count(), "유출된 정보주체 수", "data subjects whose data were leaked"
            ),
            Field("settings", SETTINGS, "미확인 사항의 설정", "settings of unconfirmed points"),
        )
    )
