"""The topic `damages`: what may be claimed at most, and scenarios."""

from __future__ import annotations

from rules.engine.on_demand import on_demand
from rules.engine.topic import Topic

EXAMPLE = """\
leaked_on: 2026-10-01
claimants: 1200
subjects: 60000
intent_or_gross: true
actual_damage: "50000000"
"""

TOPIC = Topic(
    name="damages",
    summary="손해배상(시나리오)",
    summary_en="damages: caps of the day, and scenarios by the head",
    schema=on_demand("rules.kr.damages.answer", "schema"),
    example=EXAMPLE,
    assess=on_demand("rules.kr.damages.answer", "assess_damages"),
    law_files=on_demand("rules.kr.damages.answer", "law_files"),
)
