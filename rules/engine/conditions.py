"""Conditions on facts, as law files write them, weighed with true, false and not yet known.

A law file says `{fact: person_count, at_least: 1000}`, `{fact: effect, any_of: [loss]}`,
`{fact: has_sensitive, is: true}` or `{fact: leak_known_at, known: true}`, and combines
these with `all`, `any` and `not`. `presumed` is what stands while the fact is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from rules.engine.declaration import inside
from rules.engine.faults import Fault
from rules.engine.kinds import Flag, Text, wrong_type
from rules.engine.korean import listed, with_particle


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in Korean and English. A clause ends so that a sentence can go on after it."""

    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a condition holds (None: not yet known), and what the answer rests on."""

    holds: bool | None
    failed: tuple[Words, ...] = ()
    missing: tuple[str, ...] = ()
    presumed: tuple[Words, ...] = ()


Facts = Mapping[str, object]
HOLDS = Verdict(True)


class FactNames(Protocol):
    """What facts, their units and their choices are called."""

    def fact(self, name: str) -> Words: ...

    def choices(self, name: str, codes: Sequence[str]) -> Words: ...

    def amount(self, name: str, number: int) -> Words: ...


@runtime_checkable
class Condition(Protocol):
    def weigh(self, facts: Facts, names: FactNames) -> Verdict: ...

    def fact_names(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Leaf:
    """One test of one fact."""

    fact: str
    test: str
    wanted: Any
    presumed: bool | None = None
    presumed_as: Words | None = None

    def weigh(self, facts: Facts, names: FactNames) -> Verdict:
        value = facts.get(self.fact)
        if value is None:
            return self._unknown(names)
        if self._passes(value):
            return HOLDS
        return Verdict(False, failed=(self._failure(value, names),))

    def fact_names(self) -> frozenset[str]:
        return frozenset({self.fact})

    def _passes(self, value: Any) -> bool:
        if self.test == "at_least":
            return bool(value >= self.wanted)
        if self.test == "any_of":
            return bool(frozenset(self.wanted) & value)
        if self.test == "known":
            return bool(self.wanted)
        return bool(value == self.wanted)

    def _unknown(self, names: FactNames) -> Verdict:
        if self.test == "known" and self.wanted is False:
            return HOLDS
        if self.presumed is None:
            return Verdict(None, missing=(self.fact,))
        if self.presumed is False:
            label = names.fact(self.fact)
            ko = f"{with_particle(label.ko, '이/가')} 입력되지 않아 해당하지 않는 것으로 보므로"
            return Verdict(
                False, failed=(Words(ko, f"“{label.en}” is not entered and is taken not to apply"),)
            )
        return Verdict(True, presumed=(self.presumed_as,) if self.presumed_as else ())

    def _failure(self, value: Any, names: FactNames) -> Words:
        label = names.fact(self.fact)
        if self.test == "at_least":
            have, need = names.amount(self.fact, value), names.amount(self.fact, self.wanted)
            amount = f"{with_particle(label.ko, '이/가')} {with_particle(have.ko, '으로/로')}"
            ko = f"{amount} {need.ko}에 미치지 못하므로"
            return Words(ko, f"{label.en} is {have.en}, below {need.en}")
        if self.test == "any_of":
            have, need = names.choices(self.fact, sorted(value)), names.choices(self.fact, self.wanted)
            ko = f"입력된 {label.ko}({have.ko})이 이 규정이 정한 {need.ko}에 해당하지 않으므로"
            return Words(ko, f"{label.en} ({have.en}) is none of {need.en}")
        if self.test == "known":
            return Words(f"{with_particle(label.ko, '이/가')} 이미 있으므로", f"{label.en} is already known")
        if isinstance(self.wanted, bool):
            ko = f"‘{label.ko}’에 해당하지 않으므로" if self.wanted else f"‘{label.ko}’에 해당하므로"
            return Words(ko, f"“{label.en}” does {'not ' if self.wanted else ''}apply")
        have = names.choices(self.fact, (value,))
        return Words(f"{with_particle(label.ko, '이/가')} ‘{have.ko}’이므로", f"{label.en} is “{have.en}”")


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple[Condition, ...]
    failed: Words | None = None

    def weigh(self, facts: Facts, names: FactNames) -> Verdict:
        verdicts = [part.weigh(facts, names) for part in self.parts]
        failing = [verdict for verdict in verdicts if verdict.holds is False]
        if failing:
            return Verdict(False, failed=(self.failed,) if self.failed else failing[0].failed)
        missing = tuple(name for verdict in verdicts for name in verdict.missing)
        presumed = tuple(words for verdict in verdicts for words in verdict.presumed)
        return Verdict(None if missing else True, missing=_once(missing), presumed=presumed)

    def fact_names(self) -> frozenset[str]:
        return frozenset[str]().union(*(part.fact_names() for part in self.parts))


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Condition, ...]
    failed: Words | None = None

    def weigh(self, facts: Facts, names: FactNames) -> Verdict:
        verdicts = [part.weigh(facts, names) for part in self.parts]
        holding = [verdict for verdict in verdicts if verdict.holds]
        if holding:
            return min(holding, key=lambda verdict: len(verdict.presumed))
        missing = tuple(name for verdict in verdicts for name in verdict.missing)
        if missing:
            return Verdict(None, missing=_once(missing))
        failed = tuple(words for verdict in verdicts for words in verdict.failed)
        return Verdict(False, failed=(self.failed,) if self.failed else failed)

    def fact_names(self) -> frozenset[str]:
        return frozenset[str]().union(*(part.fact_names() for part in self.parts))


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition
    failed: Words

    def weigh(self, facts: Facts, names: FactNames) -> Verdict:
        verdict = self.part.weigh(facts, names)
        if verdict.holds is None:
            return verdict
        return Verdict(False, failed=(self.failed,)) if verdict.holds else HOLDS

    def fact_names(self) -> frozenset[str]:
        return self.part.fact_names()


TESTS = ("is", "at_least", "any_of", "known")
GROUPS = ("any", "all", "not")
SHARED_KEYS = ("presumed", "presumed_as", "presumed_as_en", "failed", "failed_en")


class ConditionKind:
    """Reads a condition of a law file; a word that is not known here is a fault."""

    def read(self, value: object, path: str, faults: list[Fault]) -> Condition | None:
        if not isinstance(value, Mapping):
            wrong_type(value, path, "조건", faults)
            return None
        group = [key for key in GROUPS if key in value]
        test = [key for key in TESTS if key in value]
        if len(group) + len(test) != 1:
            faults.append(Fault(path, f"조건에는 {listed(TESTS + GROUPS)} 가운데 하나만 있어야 합니다."))
            return None
        if group:
            return self._group(group[0], value, path, faults)
        return self._leaf(test[0], value, path, faults)

    def schema(self) -> dict[str, Any]:
        return {"type": "object"}

    def _leaf(self, test: str, value: Mapping[Any, Any], path: str, faults: list[Fault]) -> Condition | None:
        _refuse_unknown(value, ("fact", test, "presumed", "presumed_as", "presumed_as_en"), path, faults)
        fact = Text().read(value.get("fact"), inside(path, "fact"), faults)
        wanted = _wanted(test, value[test], inside(path, test), faults)
        presumed = value.get("presumed")
        if presumed is not None:
            Flag().read(presumed, inside(path, "presumed"), faults)
        if fact is None or wanted is None:
            return None
        return Leaf(fact, test, wanted, presumed, _words(value, "presumed_as", path, faults))

    def _group(
        self, group: str, value: Mapping[Any, Any], path: str, faults: list[Fault]
    ) -> Condition | None:
        _refuse_unknown(value, (group, "failed", "failed_en"), path, faults)
        failed = _words(value, "failed", path, faults)
        where = inside(path, group)
        if group == "not":
            part = self.read(value[group], where, faults)
            if failed is None:
                faults.append(Fault(inside(path, "failed"), "not에는 failed와 failed_en이 있어야 합니다."))
            return Not(part, failed) if part and failed else None
        if not isinstance(value[group], list) or not value[group]:
            wrong_type(value[group], where, "하나 이상인 조건의 목록", faults)
            return None
        parts = [self.read(item, f"{where}[{place}]", faults) for place, item in enumerate(value[group])]
        known = tuple(part for part in parts if part is not None)
        return Every(known, failed) if group == "all" else Either(known, failed)


def _wanted(test: str, value: object, path: str, faults: list[Fault]) -> object:
    fits = {
        "is": isinstance(value, bool | str),
        "at_least": isinstance(value, int) and not isinstance(value, bool),
        "any_of": isinstance(value, list) and value and all(isinstance(item, str) for item in value),
        "known": isinstance(value, bool),
    }
    if not fits[test]:
        return wrong_type(value, path, f"{test}에 맞는 값", faults)
    return tuple(value) if isinstance(value, list) else value


def _words(value: Mapping[Any, Any], key: str, path: str, faults: list[Fault]) -> Words | None:
    if key not in value and f"{key}_en" not in value:
        return None
    ko = Text().read(value.get(key), inside(path, key), faults)
    en = Text().read(value.get(f"{key}_en"), inside(path, f"{key}_en"), faults)
    return Words(ko, en) if ko and en else None


def _refuse_unknown(value: Mapping[Any, Any], known: tuple[str, ...], path: str, faults: list[Fault]) -> None:
    faults.extend(
        Fault(inside(path, key), f"모르는 이름입니다: {key}", f"쓸 수 있는 것: {listed(known)}")
        for key in value
        if key not in known
    )


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
