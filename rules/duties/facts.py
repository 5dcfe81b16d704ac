"""Reading the facts of an incident: every fault of the document at once, then the facts by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.duties.assessment import Stated
from rules.duties.law import Law
from rules.duties.vocabulary import Vocabulary
from rules.engine.faults import FactsError, Fault
from rules.engine.holidays import changes_of
from rules.engine.korean import with_particle


def read_facts(document: object, law: Law) -> Stated:
    """What is stated: absent sectors as false, unknown facts absent. Raises FactsError with all faults."""
    vocabulary = law.vocabulary
    faults: list[Fault] = []
    read = law.record.read(document, "", faults) or {}
    stated = {**(read.get("organization") or {}), **(read.get("incident") or {})}
    faults.extend(_order_faults(stated, vocabulary))
    faults.extend(_count_faults(stated, vocabulary))
    if faults:
        raise FactsError(faults)
    facts = {**vocabulary.absent_as_false, **stated}
    decisions = {decision.question: decision for decision in read.get("decisions") or ()}
    latest = vocabulary.latest_possible_occurrence(facts)
    return Stated(facts, decisions, latest, frozenset(stated), changes_of(read))


def _order_faults(stated: Mapping[str, Any], vocabulary: Vocabulary) -> list[Fault]:
    """What cannot be: a thing known before it happened."""
    return [
        Fault(
            f"incident.{later}",
            f"{with_particle(vocabulary.fact(later).ko, '이/가')} {vocabulary.fact(earlier).ko}보다 앞섭니다.",
            f"{earlier}와 {later}를 견주어 보십시오.",
        )
        for later, earlier in vocabulary.order
        if earlier in stated and later in stated and stated[later] < stated[earlier]
    ]


def _count_faults(stated: Mapping[str, Any], vocabulary: Vocabulary) -> list[Fault]:
    """A part that is larger than its whole."""
    faults = []
    for part, whole in vocabulary.parts:
        if part not in stated or whole not in stated or stated[part] <= stated[whole]:
            continue
        some, everyone = vocabulary.amount(part, stated[part]), vocabulary.amount(whole, stated[whole])
        message = (
            f"{vocabulary.fact(part).ko} {with_particle(some.ko, '이/가')} "
            f"{vocabulary.fact(whole).ko} {everyone.ko}보다 많습니다."
        )
        faults.append(Fault(f"incident.{part}", message, "두 수를 확인하십시오."))
    return faults
