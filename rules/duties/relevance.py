"""Which facts matter to an organisation: those of the duties that could be its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rules.duties.law import Law
from rules.duties.rows import Family
from rules.duties.vocabulary import Vocabulary
from rules.engine.conditions import Condition, Either, Every, Leaf, Not


def facts_that_matter(organization: Mapping[str, object], law: Law) -> frozenset[str]:
    """The names of the incident facts some duty of `organization` may turn on, in any of its versions.

    A duty is left out only where what is stated of the organisation already rules its conditions out;
    a sector not stated is false, as in an assessment.
    """
    vocabulary = law.vocabulary
    known = {**vocabulary.absent_as_false, **organization}
    stated = {entry.name for entry in vocabulary.stated("incident")}
    found: set[str] = set()
    for family in law.families:
        for values in _versions(family):
            if _may_hold(Every(tuple(values["needs"])), known, vocabulary) is not False:
                found.update(_names((values, _around(family))))
    return frozenset(found & stated)


def _versions(family: Family) -> Iterator[Mapping[str, Any]]:
    for entry in family.spoken:
        values = dict(entry.values or {})
        yield values
        for change in entry.changes:
            values |= change.values
            yield values


def _around(family: Family) -> tuple[object, ...]:
    return (family.clock, family.each, family.fallback_clocks, family.safe_targets, family.keys)


def _names(item: object) -> Iterator[str]:
    """Every text and every fact of a condition, however deep; the caller keeps those that are facts."""
    if isinstance(item, str):
        yield item
    elif isinstance(item, Mapping):
        for part in item.values():
            yield from _names(part)
    elif isinstance(item, list | tuple | set | frozenset):
        for part in item:
            yield from _names(part)
    elif isinstance(item, Condition):
        yield from item.fact_names()


def _may_hold(condition: Condition, known: Mapping[str, object], vocabulary: Vocabulary) -> bool | None:
    """Whether the condition holds by what is known of the organisation alone; None while the incident decides."""
    if isinstance(condition, Leaf):
        if vocabulary.entry(condition.fact).scope != "organization" or condition.fact not in known:
            return None
        return condition.weigh(known, vocabulary).holds
    if isinstance(condition, Not):
        holds = _may_hold(condition.part, known, vocabulary)
        return None if holds is None else not holds
    if not isinstance(condition, Every | Either):
        return None
    parts = [_may_hold(part, known, vocabulary) for part in condition.parts]
    decisive = isinstance(condition, Either)
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive
