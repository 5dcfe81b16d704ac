"""The topics of this edition."""

from __future__ import annotations

from rules.duties.topic import TOPIC as DUTIES
from rules.engine.topic import Topic
from rules.kr.damages.topic import TOPIC as DAMAGES
from rules.kr.fines.topic import TOPIC as FINE
from rules.kr.followups.topic import TOPIC as FOLLOWUPS
from rules.kr.period import TOPIC as PERIOD
from rules.kr.publication.topic import TOPIC as PUBLICATION
from rules.kr.safety.topic import TOPIC as SAFETY
from rules.kr.surcharge.topic import PAYMENT
from rules.kr.surcharge.topic import TOPIC as SURCHARGE

TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        DUTIES,
        PERIOD,
        FOLLOWUPS,
        SAFETY,
        SURCHARGE,
        FINE,
        PUBLICATION,
        DAMAGES,
        PAYMENT,
    )
}
