"""The law as dated data, and pure functions that say what follows from it. No clock, no Django.

>>> answer = rules.assess("duties", {"incident": {"leak_known_at": "2026-10-01T20:00+09:00"}})
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rules.duties.law import current_law, law_of_edition
from rules.duties.lexicon import ContentItem
from rules.duties.listing import DutyVersion, duty_versions
from rules.duties.relevance import facts_that_matter as _facts_that_matter
from rules.duties.topic import answer_of
from rules.duties.vocabulary import FactChoice, FactEntry
from rules.engine.editions import canonical, compare_editions, edition_of
from rules.engine.faults import FactsError, Fault, LawFileError
from rules.engine.law_files import digest_of, law_file_paths
from rules.kr.followups.events import EventLaw
from rules.kr.followups.law import current_law as followup_law
from rules.topics import TOPICS

EXPLAINED = (
    "facts (known, presumed or missing), version and its boundaries, arithmetic, conditions, "
    "and neighbours: what the answer would be on the other side of the nearest boundary."
)


def topics() -> tuple[str, ...]:
    """The topics that can be assessed."""
    return tuple(TOPICS)


def assess(
    topic: str, facts: Mapping[str, object], *, edition: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The answer of a topic, ready for JSON, instants in +09:00.

    Instants may be ISO 8601 text or aware datetimes. `edition` is a stored edition (from `edition()`)
    under which the topic `duties` is to be answered instead of this one. Raises FactsError with every
    fault of the facts, LawFileError for an edition that cannot be read, and KeyError for a topic
    there is not.
    """
    if edition is None:
        return TOPICS[topic].assess(facts)
    if topic != "duties":
        raise KeyError(topic)
    return answer_of(facts, law_of_edition(edition))


def explain(topic: str, facts: Mapping[str, object]) -> dict[str, Any]:
    """The answer of `assess`, with an `explain` in each entry: why it is so and what would change it.

    Raises FactsError, and KeyError for a topic that does not explain itself.
    """
    explained = TOPICS[topic].explain
    if explained is None:
        raise KeyError(topic)
    return explained(facts)


def assess_document(
    topic: str, content: object, faults: Sequence[Fault] = (), *, explained: bool = False
) -> dict[str, Any]:
    """The answer of a topic to a document as it was read, with the faults found while reading it.

    Raises FactsError with the faults of form and those of fact together, so that all are found in
    one go, and KeyError for a topic there is not, or that does not explain itself when asked to.
    """
    assessing = TOPICS[topic].explain if explained else TOPICS[topic].assess
    if assessing is None:
        raise KeyError(topic)
    try:
        answer = assessing(content)
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
    if TOPICS[topic].explain is not None:
        head["description"] = "`--explain` adds to each entry of the answer why it is so: " + EXPLAINED
    return {**head, **TOPICS[topic].schema()}


def example(topic: str) -> str:
    """A YAML facts file of the topic that works."""
    return TOPICS[topic].example


def digest() -> str:
    """sha256 over all law files of this edition."""
    return digest_of(law_file_paths())


def vocabulary(topic: str) -> tuple[FactEntry, ...]:
    """Every fact the topic `duties` knows, in the order of the vocabulary. KeyError for another topic."""
    if topic != "duties":
        raise KeyError(topic)
    return current_law().vocabulary.entries


def facts_that_matter(organization: Mapping[str, object]) -> frozenset[str]:
    """The names of the incident facts that a duty of such an organisation may turn on."""
    return _facts_that_matter(organization, current_law())


def event_kinds() -> Mapping[str, EventLaw]:
    """Every kind of event the topic `followups` knows, by its code, with what its paper may name."""
    return followup_law().events


def contents(code: str, on: date | None = None) -> tuple[ContentItem, ...]:
    """The items of list `code` as worded on day `on`, the latest wording without one. KeyError if unknown."""
    return current_law().lexicon.contents(code, on)


def edition() -> dict[str, Any]:
    """This edition as one JSON document: every law file as plain data, with the digests."""
    document = edition_of()
    return {**document, "topics": {name: digest_of(topic.law_files()) for name, topic in TOPICS.items()}}


def period(*, start: datetime | date | str, length: str, counting: str) -> dict[str, Any]:
    """When a period ends: the answer of the topic `period`. Raises FactsError. Source: 민법 제155조 이하."""
    return assess("period", {"start": start, "length": length, "counting": counting})


__all__ = [
    "ContentItem",
    "DutyVersion",
    "EventLaw",
    "FactChoice",
    "FactEntry",
    "FactsError",
    "Fault",
    "LawFileError",
    "assess",
    "assess_document",
    "canonical",
    "compare_editions",
    "contents",
    "digest",
    "duty_versions",
    "edition",
    "event_kinds",
    "example",
    "explain",
    "facts_that_matter",
    "period",
    "schema",
    "topics",
    "vocabulary",
]
