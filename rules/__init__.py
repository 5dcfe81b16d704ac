"""The law as dated data, and pure functions that say what follows from it. No clock, no Django.

>>> answer = rules.assess("duties", {"incident": {"leak_known_at": "2026-10-01T20:00+09:00"}})
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rules.engine.faults import FactsError, Fault, LawFileError
from rules.engine.law_files import digest_of, law_file_paths
from rules.kr.contents import ContentItem, contents
from rules.kr.duties.listing import DutyVersion, duty_versions
from rules.topics import TOPICS


def topics() -> tuple[str, ...]:
    """The topics that can be assessed."""
    return tuple(TOPICS)


def assess(topic: str, facts: Mapping[str, object]) -> dict[str, Any]:
    """The answer of a topic, ready for JSON, instants in +09:00.

    Instants may be ISO 8601 text or aware datetimes. Raises FactsError with every
    fault of the facts, and KeyError for a topic there is not.
    """
    return TOPICS[topic].assess(facts)


def assess_document(topic: str, content: object, faults: Sequence[Fault] = ()) -> dict[str, Any]:
    """The answer of a topic to a document as it was read, with the faults found while reading it.

    Raises FactsError with the faults of form and those of fact together, so that all are found in
    one go, and KeyError for a topic there is not.
    """
    try:
        answer = TOPICS[topic].assess(content)
    except FactsError as error:
        if content is None and faults:
            raise FactsError(faults) from error
        raise FactsError([*faults, *error.faults]) from error
    if faults:
        raise FactsError(faults)
    return answer


def schema(topic: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a topic's facts."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": topic}
    return {**head, **TOPICS[topic].schema()}


def example(topic: str) -> str:
    """A YAML facts file of the topic that works."""
    return TOPICS[topic].example


def digest() -> str:
    """sha256 over all law files of this edition."""
    return digest_of(law_file_paths())


def period(*, start: datetime | date | str, length: str, counting: str) -> dict[str, Any]:
    """When a period ends: the answer of the topic `period`. Raises FactsError. Source: 민법 제155조 이하."""
    return assess("period", {"start": start, "length": length, "counting": counting})


__all__ = [
    "ContentItem",
    "DutyVersion",
    "FactsError",
    "Fault",
    "LawFileError",
    "assess",
    "assess_document",
    "contents",
    "digest",
    "duty_versions",
    "example",
    "period",
    "schema",
    "topics",
]
