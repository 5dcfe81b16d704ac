"""The topic `fine`: what each violation costs, and together."""

from __future__ import annotations

from rules.engine.on_demand import on_demand
from rules.engine.topic import Topic

# 개인정보보호위원회 결정(2024. 6. 26.). The decision names each side's sum; how it splits over the factors is not in it.
EXAMPLE = """\
decided_on: 2024-06-26
in_arrears: false
acts:
  - item: safeguards
    detail: 접근통제, 접속기록, 개인정보의 암호화
    started_on: 2018-11-06
    ended_on: 2022-09-27
    aggravate: {period: "10", degree: "10"}
    mitigate: {cooperation: "40", business_size: "10"}
    surcharged_under: pipa_39_15
  - item: destruction
    started_on: 2012-12-04
    ended_on: 2022-09-16
    aggravate: {period: "10"}
    mitigate: {cooperation: "40", business_size: "10"}
  - item: leak_notice_report_special
    started_on: 2022-09-22
    completed_on: 2022-09-22
    ended_on: 2023-11-16
    aggravate: {period: "10"}
    mitigate: {cooperation: "40", business_size: "10"}
"""

TOPIC = Topic(
    name="fine",
    summary="과태료",
    summary_en="fines, act by act, with every step",
    schema=on_demand("rules.kr.fines.answer", "schema"),
    example=EXAMPLE,
    assess=on_demand("rules.kr.fines.answer", "assess_fine"),
    law_files=on_demand("rules.kr.fines.answer", "law_files"),
)
