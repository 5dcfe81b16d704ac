"""The topic `publication`: whether and how a sanction is made public."""

from __future__ import annotations

from rules.engine.on_demand import on_demand
from rules.engine.topic import Topic

# 개인정보보호위원회 결정(2024. 6. 26.)
EXAMPLE = """\
decided_on: 2024-06-26
acts:
  - item: "29"
    started_on: 2018-11-06
    ended_on: 2022-09-27
    sanctions: [{kind: fine, amount: "4200000"}]
  - item: "21①"
    started_on: 2012-12-04
    ended_on: 2022-09-16
    sanctions: [{kind: fine, amount: "3600000"}]
  - item: "39의4①"
    started_on: 2022-09-22
    completed_on: 2022-09-22
    ended_on: 2023-11-16
    sanctions: [{kind: fine, amount: "3600000"}]
"""

TOPIC = Topic(
    name="publication",
    summary="처분 결과의 공표",
    summary_en="publication of a sanction: criteria, period, order, and the notice",
    schema=on_demand("rules.kr.publication.answer", "schema"),
    example=EXAMPLE,
    assess=on_demand("rules.kr.publication.answer", "assess_publication"),
    law_files=on_demand("rules.kr.publication.answer", "law_files"),
)
