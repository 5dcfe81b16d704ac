"""Which duties an incident brings: each family weighed on its own key fact and its own clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rules.engine.conditions import Every, Verdict, Words
from rules.engine.history import Entry
from rules.kr.duties.clock import (
    Clock,
    Deadline,
    KeyDays,
    clock_of,
    deadline,
    entry_spoken_of,
    key_days,
    values_on,
)
from rules.kr.duties.facts import NAMES
from rules.kr.duties.rows import Family

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """What a person has to decide or enter before the answer is settled."""

    words: Words
    confidence: str | None = None


@dataclass(frozen=True)
class Owed:
    """A duty that is owed, may be omitted, or is not settled yet."""

    family: Family
    entry: Entry
    values: Mapping[str, Any]
    cites: tuple[str, ...]
    state: str
    clock: Clock
    start: datetime
    deadline: Deadline
    keys: KeyDays
    facts: Facts
    for_id: str | None = None
    presumed: tuple[Words, ...] = ()
    questions: tuple[Question, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotOwed:
    """A duty that is not owed, and the one reason that settles it."""

    family: Family
    entry: Entry
    cites: tuple[str, ...]
    reason: str
    words: Words
    confidence: str
    missing: tuple[str, ...] = ()
    question: Words | None = None
    for_id: str | None = None


@dataclass(frozen=True)
class Situation:
    """One family beside one set of facts, with the version that speaks to them."""

    family: Family
    facts: Facts
    clock: Clock
    keys: KeyDays
    entry: Entry
    in_force: bool
    values: Mapping[str, Any]
    cites: tuple[str, ...]
    for_id: str | None = None


def weigh_family(family: Family, facts: Facts) -> list[Owed | NotOwed]:
    """One result for the family; one for each confirmed fact where each has a clock of its own."""
    if family.each is None:
        return [_weigh(_situation(family, facts))]
    items = facts.get(family.each, ())
    if not items:
        situation = _situation(family, facts)
        return [_outside(situation) or _unmet(situation) or _clock_unknown(situation, (family.each,))]
    return [
        _weigh(_situation(family, {**facts, family.clock: item["confirmed_at"]}, item["id"]))
        for item in items
    ]


def _situation(family: Family, facts: Facts, for_id: str | None = None) -> Situation:
    clock = clock_of(family, facts)
    keys = key_days(family, facts, clock)
    entry, in_force = entry_spoken_of(family, keys.days)
    values, cites = values_on(entry, keys.days)
    return Situation(family, facts, clock, keys, entry, in_force, values, cites, for_id)


def _weigh(situation: Situation) -> Owed | NotOwed:
    if not situation.in_force:
        return _not_in_force(situation)
    no = _outside(situation) or _unmet(situation)
    if no is not None:
        return no
    if situation.clock.start is None:
        return _clock_unknown(situation, (situation.family.clock,))
    return _weigh_running(situation, situation.clock.start)


def _weigh_running(situation: Situation, start: datetime) -> Owed | NotOwed:
    values, facts = situation.values, situation.facts
    ends = deadline(start=start, limit=values.get("limit"), counting=values["counting"])
    lapse = _lapse(values, facts, ends)
    if isinstance(lapse, Words):
        return _no(situation, "lapsed", lapse)
    needs, outside = _needs(situation), _outside_verdict(situation)
    missing = tuple(dict.fromkeys((*outside.missing, *needs.missing)))
    questions = [*_clock_questions(situation), *_put_to_people(values, facts), *([lapse] if lapse else [])]
    state = _settled_state(values["counting"])
    if questions or missing:
        state = "unsettled"
    if _is_exempt(values, facts) and situation.clock.doubt is None:
        state = "may_be_omitted"
    return Owed(
        family=situation.family,
        entry=situation.entry,
        values=values,
        cites=situation.cites,
        state=state,
        clock=situation.clock,
        start=start,
        deadline=ends,
        keys=situation.keys,
        facts=facts,
        for_id=situation.for_id,
        presumed=(*needs.presumed, *_presumed_key(situation)),
        questions=tuple(questions),
        missing=missing,
    )


def _settled_state(counting: str) -> str:
    return {"PROMPT": "prompt", "IMMEDIATE": "immediate"}.get(counting, "due")


def _needs(situation: Situation) -> Verdict:
    return Every(situation.values["needs"]).weigh(situation.facts, NAMES)


def _outside_verdict(situation: Situation) -> Verdict:
    """Holds where a carve-out takes the case out of the article."""
    missing: tuple[str, ...] = ()
    for carve_out in situation.values.get("outside_if", ()):
        verdict = carve_out["when"].weigh(situation.facts, NAMES)
        if verdict.holds:
            return Verdict(True, failed=(Words(carve_out["because"], carve_out["because_en"]),))
        missing += verdict.missing
    return Verdict(None if missing else False, missing=missing)


def _outside(situation: Situation) -> NotOwed | None:
    verdict = _outside_verdict(situation)
    return _no(situation, "outside", verdict.failed[0]) if verdict.holds else None


def _unmet(situation: Situation) -> NotOwed | None:
    verdict = _needs(situation)
    if verdict.holds is not False:
        return None
    reserved = [
        item
        for item in situation.values.get("reserved_if", ())
        if item["when"].weigh(situation.facts, NAMES).holds
    ]
    if reserved:
        question = Words(reserved[0]["why"], reserved[0]["why_en"])
        return _no(situation, "unmet", verdict.failed[0], question, reserved[0]["confidence"])
    return _no(situation, "unmet", verdict.failed[0])


def _lapse(values: Mapping[str, Any], facts: Facts, ends: Deadline) -> Words | Question | None:
    """Why a running duty has ended within its time; a question if when it ended is unknown."""
    for lapse in values.get("lapses_if", ()):
        if not lapse["when"].weigh(facts, NAMES).holds:
            continue
        ended_at = next((facts[name] for name in lapse["at"] if name in facts), None)
        if ended_at is None:
            names = NAMES.missing(lapse["at"][:1])
            ko = f"{names.ko}가 입력되지 않아 기한 안에 확정되었는지 알 수 없습니다."
            return Question(Words(ko, f"Enter the {names.en}: it decides whether this duty ended in time."))
        if ends.due_at is None or ended_at <= ends.due_at:
            return Words(lapse["why"], lapse["why_en"])
    return None


def _clock_questions(situation: Situation) -> list[Question]:
    questions = []
    if situation.clock.doubt is not None:
        questions.append(Question(situation.clock.doubt, "inferred"))
    if (
        situation.entry.selected_by in situation.keys.presumed
        and situation.family.when_key_unknown == "unsettled"
    ):
        name = NAMES.fact(situation.entry.selected_by)
        since = situation.entry.start.isoformat()
        ko = f"{name.ko}가 {since} 이후인지에 따라 의무가 정해지는데 아직 입력되지 않았습니다."
        questions.append(Question(Words(ko, f"The {name.en} decides: the duty exists only from {since} on.")))
    return questions


def _put_to_people(values: Mapping[str, Any], facts: Facts) -> list[Question]:
    return [
        Question(Words(item["why"], item["why_en"]), item["confidence"])
        for item in values.get("unsettled_if", ())
        if item["when"].weigh(facts, NAMES).holds
    ]


def _presumed_key(situation: Situation) -> tuple[Words, ...]:
    """Said only where another day could have selected an older version."""
    key = situation.entry.selected_by
    is_first = situation.entry is situation.family.entries[0]
    if key not in situation.keys.presumed or is_first or situation.family.when_key_unknown == "unsettled":
        return ()
    name, day = NAMES.fact(key), situation.keys.days[key].isoformat()
    return (
        Words(
            f"{name.ko}가 아직 입력되지 않아 {day}로 보고",
            f"the {name.en} is not entered yet and is taken as {day}",
        ),
    )


def _is_exempt(values: Mapping[str, Any], facts: Facts) -> bool:
    needs = values.get("exemption", {}).get("needs", ())
    return bool(needs) and all(facts.get(name) is True for name in needs)


def _not_in_force(situation: Situation) -> NotOwed:
    entry, keys = situation.entry, situation.keys
    decisive = _decisive_key(situation)
    if decisive in keys.presumed and situation.clock.start is None:
        return _clock_unknown(situation, (situation.family.clock,))
    name, day = NAMES.fact(decisive), keys.days[decisive]
    at_latest = "늦어도 " if decisive in keys.presumed else ""
    ends = situation.family.entries[-1]
    if day < entry.start:
        since = entry.start.isoformat()
        ko = f"{name.ko}가 {at_latest}{day.isoformat()}로 이 규정이 적용되는 {since}보다 앞서므로"
        return _no(situation, "not_in_force", Words(ko, f"the {name.en} ({day}) is before {since}"))
    last = ends.start.isoformat()
    ko = f"{name.ko}가 {at_latest}{day.isoformat()}로 이 규정이 없어진 {last} 이후이므로"
    return _no(
        situation, "not_in_force", Words(ko, f"the {name.en} ({day}) is on or after {last}, when it ended")
    )


def _decisive_key(situation: Situation) -> str:
    """The fact that put the case outside: of the repeal if it had begun, else of the first entry."""
    last = situation.family.entries[-1]
    if last.values is None and situation.keys.days[last.selected_by] >= last.start:
        return last.selected_by
    return situation.entry.selected_by


def _clock_unknown(situation: Situation, missing: tuple[str, ...]) -> NotOwed:
    if missing[0] == "confirmed_facts":
        words = Words("새로 확인된 사실이 입력되지 않아", "no newly confirmed fact is entered")
    else:
        name = NAMES.fact(missing[0])
        words = Words(f"{name.ko}가 입력되지 않아", f"the {name.en} is not entered")
    return _no(situation, "missing", words, missing=missing)


def _no(
    situation: Situation,
    reason: str,
    words: Words,
    question: Words | None = None,
    confidence: str | None = None,
    missing: tuple[str, ...] = (),
) -> NotOwed:
    return NotOwed(
        family=situation.family,
        entry=situation.entry,
        cites=situation.cites,
        reason=reason,
        words=words,
        confidence=confidence or situation.entry.confidence,
        missing=missing,
        question=question,
        for_id=situation.for_id,
    )
