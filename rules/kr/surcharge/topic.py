"""The topics `surcharge` (과징금) and `payment` (its payment). What answers them is loaded when first asked."""

from __future__ import annotations

from rules.engine.law_files import under
from rules.engine.on_demand import on_demand
from rules.engine.topic import Topic

EXAMPLE = """\
# 개인정보보호위원회 2024-06-26 결정: 67,788천원. 매출액은 공개된 비율과 금액에서 되짚은 것이고,
# 피해 비율은 100분의 5를 넘었다는 것만 공개되었습니다.
violation: {from: 2018-11-06, to: 2022-09-27}
decided_on: 2024-06-26
regime: auto
article: pipa_39_15
revenue: {years: {2019: "4035000000", 2020: "4035000000", 2021: "4035000000"}}
gravity: {intent_or_gross: true, direct_gain: false, harm_share: "0.40", publicly_exposed: false}
first_in_3_years: true
additional_pct: "-20"
"""

PAYMENT_EXAMPLE = """\
regime: pipa_39_15_2022
amount: "67788000"
due_on: 2024-07-31
paid_on: 2024-08-30
"""


def law_files() -> tuple[str, ...]:
    return under("kr/surcharge", "facts/coverage.yaml")


TOPIC = Topic(
    name="surcharge",
    summary="과징금",
    summary_en="the surcharge under each regime since 2014, with every step",
    schema=on_demand("rules.kr.surcharge.assessment", "schema"),
    example=EXAMPLE,
    assess=on_demand("rules.kr.surcharge.assessment", "assess_surcharge"),
    law_files=law_files,
)

PAYMENT = Topic(
    name="payment",
    summary="과징금의 납부: 가산금·연기·분할",
    summary_en="payment of a surcharge: late charge, deferral and instalments",
    schema=on_demand("rules.kr.surcharge.payment", "schema"),
    example=PAYMENT_EXAMPLE,
    assess=on_demand("rules.kr.surcharge.payment", "assess_payment"),
    law_files=law_files,
)
