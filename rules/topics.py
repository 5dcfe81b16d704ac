"""The topics of this edition."""

from __future__ import annotations

from rules.engine.topic import Topic
from rules.kr.duties.topic import TOPIC as DUTIES
from rules.kr.period import TOPIC as PERIOD

TOPICS: dict[str, Topic] = {topic.name: topic for topic in (DUTIES, PERIOD)}
