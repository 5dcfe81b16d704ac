"""Conditions on facts, as law files write them, weighed with true, false and not yet known.

A law file says `{fact: person_count, at_least: 1000}` or `more_than: 1000`, `{fact: effect,
any_of: [loss]}`, `{fact: has_sensitive, is: true}` or `{fact: leak_known_at, known: true}`, and
combines these with `all`, `any` and `not`. `presumed` is what stands while the fact is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from rules.engine.declaration import inside
from rules.engine.faults import Fault
from rules.engine.kinds import MONEY, Flag, Text, wrong_type
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

    def amount(self, name: str, number: int | str) -> Words: ...


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
    said: dict[object, Verdict] = field(default_factory=dict, init=False, repr=False, compare=False)

    def weigh(self, facts: Facts, names: FactNames) -> Verdict:
        value = facts.get(self.fact)
        if value.__class__ is int or value.__class__ is datetime:  # too many to remember
            return HOLDS if self._passes(value) else Verdict(False, (self._failure(value, names),))
        key = (names, value)
        verdict = self.said.get(key)
        if verdict is None:
            verdict = self.said[key] = self._verdict(value, names)
        return verdict

    def _verdict(self, value: object, names: FactNames) -> Verdict:
        if value is None:
            return self._unknown(names)
        return HOLDS if self._passes(value) else Verdict(False, (self._failure(value, names),))

    def fact_names(self) -> frozenset[str]:
        return frozenset({self.fact})

    def _passes(self, value: Any) -> bool:
        if self.test == "at_least":
            return int(value) >= int(self.wanted)  # money is text
        if self.test == "more_than":
            return int(value) > int(self.wanted)
        if self.test == "any_of":
            return not _as_set(value).isdisjoint(self.wanted)
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
        if self.test in ("at_least", "more_than"):
            have, need = names.amount(self.fact, value), names.amount(self.fact, self.wanted)
            amount = f"{with_particle(label.ko, '이/가')} {with_particle(have.ko, '으로/로')}"
            if self.test == "more_than":
                ko = f"{amount} {with_particle(need.ko, '을/를')} 넘지 아니하므로"
                return Words(ko, f"{label.en} is {have.en}, not more than {need.en}")
            ko = f"{amount} {need.ko}에 미치지 못하므로"
            return Words(ko, f"{label.en} is {have.en}, below {need.en}")
        if self.test == "any_of":
            have, need = (
                names.choices(self.fact, sorted(_as_set(value))),
                names.choices(self.fact, self.wanted),
            )
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
        missing: tuple[str, ...] = ()
        presumed: tuple[Words, ...] = ()
        for part in self.parts:
            verdict = part.weigh(facts, names)
            if verdict is HOLDS:
                continue
            if verdict.holds is False:
                return Verdict(False, (self.failed,)) if self.failed else verdict
            missing += verdict.missing
            presumed += verdict.presumed
        if not (missing or presumed):
            return HOLDS
        return Verdict(None if missing else True, missing=_once(missing), presumed=presumed)

    def fact_names(self) -> frozenset[str]:
        return frozenset[str]().union(*(part.fact_names() for part in self.parts))


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Condition, ...]
    failed: Words | None = None

    def weigh(self, facts: Facts, names: FactNames) -> Verdict:
        best: Verdict | None = None
        missing: tuple[str, ...] = ()
        failed: tuple[Words, ...] = ()
        for part in self.parts:
            verdict = part.weigh(facts, names)
            if verdict.holds:
                if not verdict.presumed:
                    return verdict
                if best is None or len(verdict.presumed) < len(best.presumed):
                    best = verdict
            else:
                missing += verdict.missing
                failed += verdict.failed
        if best is not None:
            return best
        if missing:
            return Verdict(None, missing=_once(missing))
        return Verdict(False, (self.failed,) if self.failed else failed)

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


def requirement(leaf: Leaf, names: FactNames) -> Words:
    """What one test asks for, as a heading."""
    label = names.fact(leaf.fact)
    if leaf.test in ("at_least", "more_than"):
        need = names.amount(leaf.fact, leaf.wanted)
        ko, en = ("이상", "at least") if leaf.test == "at_least" else ("초과", "more than")
        return Words(f"{label.ko} {need.ko} {ko}", f"{label.en}, {en} {need.en}")
    if leaf.test == "known":
        ko, en = ("입력됨", "entered") if leaf.wanted else ("입력되지 않음", "not entered")
        return Words(f"{label.ko} {ko}", f"{label.en} {en}")
    if isinstance(leaf.wanted, bool):
        ko, en = ("해당함", "applies") if leaf.wanted else ("해당하지 않음", "does not apply")
        return Words(f"‘{label.ko}’에 {ko}", f"“{label.en}” {en}")
    codes = leaf.wanted if leaf.test == "any_of" else (leaf.wanted,)
    need = names.choices(leaf.fact, codes)
    return Words(f"{label.ko}: {need.ko} 가운데 하나", f"{label.en}, one of {need.en}")


TESTS = ("is", "at_least", "more_than", "any_of", "known")
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
        "at_least": _is_number(value),
        "more_than": _is_number(value),
        "any_of": isinstance(value, list) and value and all(isinstance(item, str) for item in value),
        "known": isinstance(value, bool),
    }
    if not fits[test]:
        return wrong_type(value, path, f"{test}에 맞는 값", faults)
    return tuple(value) if isinstance(value, list) else value


def _is_number(value: object) -> bool:
    """A whole number, or an amount of money in quotes."""
    if isinstance(value, str):
        return bool(MONEY.fullmatch(value))
    return isinstance(value, int) and not isinstance(value, bool)


def _as_set(value: Any) -> frozenset[str]:
    return frozenset({value}) if isinstance(value, str) else frozenset(value)


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
