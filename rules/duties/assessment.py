"""Which duties an incident brings: each family weighed on its own key fact and its own clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rules.duties.clock import (
    Clock,
    Deadline,
    KeyDays,
    clock_of,
    deadline,
    entry_spoken_of,
    key_days,
    provisional,
)
from rules.duties.questions import Asked, Decisions, Question, ask
from rules.duties.rows import Family, Terms
from rules.duties.terms import Sanction, guidance_deadline, sanction_of
from rules.duties.vocabulary import Vocabulary
from rules.engine.calendar import Changes
from rules.engine.conditions import Condition, Verdict, Words
from rules.engine.history import Entry
from rules.engine.korean import iso_day, with_particle

Facts = Mapping[str, Any]
# Results are not frozen: one assessment makes a hundred of them, and nothing changes them afterwards.


@dataclass(frozen=True, slots=True)
class Stated:
    """What is given: the facts by name, what persons decided, and the latest the incident can have occurred.

    `given` names the facts that were stated; the others stand in for absent ones.
    """

    facts: Facts
    decisions: Decisions = field(default_factory=dict)
    latest_occurrence: datetime | None = None
    given: frozenset[str] = frozenset()
    changes: Changes = ()  # to the Korean calendar
    # Worked out on the way; other facts start afresh.
    clocks: dict[str, Clock] = field(default_factory=dict, init=False)  # of facts some duty runs from
    key_days: dict[object, KeyDays] = field(default_factory=dict, init=False)  # shared by duties of one key


@dataclass(slots=True)
class Situation:
    """One family beside what is stated, with the version that speaks to it."""

    family: Family
    facts: Facts
    decisions: Decisions
    clock: Clock
    keys: KeyDays
    entry: Entry
    in_force: bool
    terms: Terms
    values: Mapping[str, Any]
    names: Vocabulary
    for_id: str | None = None


@dataclass(slots=True)
class Owed:
    """A duty that is owed, may be omitted, or is not settled yet.

    `questions` are still open; `asked` are those a person may decide, decided or not.
    """

    situation: Situation
    state: str
    start: datetime
    deadline: Deadline
    guidance: Deadline
    sanction: Sanction | None
    safe_target: SafeTarget | None
    presumed: tuple[Words, ...] = ()
    questions: tuple[Question, ...] = ()
    missing: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()


@dataclass(slots=True)
class NotOwed:
    """A duty that is not owed, and the one reason that settles it."""

    situation: Situation
    reason: str
    words: Words
    confidence: str
    missing: tuple[str, ...] = ()
    question: Words | None = None
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class SafeTarget:
    """An earlier instant that is safe whichever way its question is answered."""

    due_at: datetime
    item: Mapping[str, Any]
    asked: Asked


@dataclass(slots=True)
class Met:
    """The conditions are met, or may be: what is missing and what was presumed."""

    missing: tuple[str, ...]
    presumed: tuple[Words, ...]
    asked: tuple[Asked, ...]


Result = Owed | NotOwed
MOST_DAYS = 1000  # remembered for each duty
INSIDE = Verdict(False)
SETTLED = {"PROMPT": "prompt", "IMMEDIATE": "immediate"}


def weigh_family(family: Family, stated: Stated) -> list[Result]:
    """One result for the family; one for each item of a list where each has a clock of its own."""
    if family.each is None:
        return [_weigh(situation_of(family, stated))]
    items = stated.facts.get(family.each, ())
    if items:
        return [_weigh(situation_of(family, stated, item)) for item in items]
    situation = situation_of(family, stated)
    met = _met(situation)
    return [met if isinstance(met, NotOwed) else _clock_unknown(situation, (family.each,))]


def situation_of(family: Family, stated: Stated, item: Mapping[str, Any] | None = None) -> Situation:
    """The family beside what is stated; with one item of its list where each has a clock."""
    facts = stated.facts
    if item is not None and family.each is not None:
        facts = {**facts, family.clock: item[family.lexicon.vocabulary.entry(family.each).item_key or ""]}
        clock = clock_of(family, facts, stated.decisions)
        keys = key_days(family, facts, clock, stated.latest_occurrence)
    else:
        clock = stated.clocks.get(family.clock) or _clock_of(family, stated)
        keys = stated.key_days.get((family.shares_days, clock.fact)) or _key_days_of(family, stated, clock)
    found = family.spoken_on.get(keys.only) if keys.only else None
    entry, in_force, terms = found or _version_on(family, keys)
    return Situation(
        family,
        facts,
        stated.decisions,
        clock,
        keys,
        entry,
        in_force,
        terms,
        terms.values,
        family.lexicon.vocabulary,
        item["id"] if item else None,
    )


def _clock_of(family: Family, stated: Stated) -> Clock:
    """The clock of the family; kept for every duty that runs from the same fact, once that is known."""
    clock = clock_of(family, stated.facts, stated.decisions)
    if clock.fact == family.clock and clock.start is not None:
        stated.clocks[family.clock] = clock
    return clock


def _key_days_of(family: Family, stated: Stated, clock: Clock) -> KeyDays:
    keys = key_days(family, stated.facts, clock, stated.latest_occurrence)
    stated.key_days[family.shares_days, clock.fact] = keys
    return keys


def _version_on(family: Family, keys: KeyDays) -> tuple[Entry, bool, Terms]:
    """The version that speaks on these days, whether it is in force, and its terms; remembered by day."""
    entry, in_force = entry_spoken_of(family, keys.days)
    found = (entry, in_force, family.terms_on(entry, keys.days))
    if keys.only and len(family.spoken_on) < MOST_DAYS:
        family.spoken_on[keys.only] = found
    return found


def _weigh(situation: Situation) -> Result:
    if not situation.in_force:
        return _not_in_force(situation)
    met = _met(situation)
    if isinstance(met, NotOwed):
        return met
    if situation.clock.is_refused and situation.clock.doubt:
        return _decided_against(situation, situation.clock.doubt)
    if situation.clock.start is None:
        return _clock_unknown(situation, (situation.family.clock,))
    return _weigh_running(situation, situation.clock.start, met)


def _weigh_running(situation: Situation, start: datetime, met: Met) -> Result:
    values, family = situation.values, situation.family
    own = deadline(start=start, length=situation.terms.length, counting=values["counting"], home=family.home)
    lapse = _lapse(situation, own) if situation.terms.lapses else None
    if isinstance(lapse, Words):
        return _no(situation, "lapsed", lapse)
    asked = (*_asked(situation), *met.asked)
    against = next((item for item in asked if item.answer == "not_owed" and _is_settled(item)), None)
    if against is not None:
        return _decided_against(situation, against)
    questions = [*_clock_questions(situation), *_open(asked), *([lapse] if lapse else [])]
    if own.is_provisional:
        questions.append(Question(provisional(family.home), "inferred"))
    ends, target = _bound_by(situation, start, own)
    sanction = sanction_of(family, situation.terms, situation.keys, ends, situation.decisions)
    return Owed(
        situation=situation,
        state=_state(situation, bool(questions or met.missing)),
        start=start,
        deadline=ends,
        guidance=guidance_deadline(values, start, family.home),
        sanction=sanction,
        safe_target=target,
        presumed=(*met.presumed, *_presumed_key(situation)),
        questions=tuple(questions),
        missing=met.missing,
        asked=(*asked, *_further_asked(target, sanction)),
    )


def _state(situation: Situation, is_open: bool) -> str:
    doubt = situation.clock.doubt
    if _is_exempt(situation.values, situation.facts) and (doubt is None or doubt.decision):
        return "may_be_omitted"
    return "unsettled" if is_open else SETTLED.get(situation.values["counting"], "due")


def _asked(situation: Situation) -> tuple[Asked, ...]:
    """The questions whose conditions are met: about the clock, put to people, and assumed."""
    terms, facts, names = situation.terms, situation.facts, situation.names
    put = [
        question for when, question in (*terms.unsettled, *terms.assumed) if when.weigh(facts, names).holds
    ]
    asked = tuple(ask(question, situation.decisions) for question in put)
    return (situation.clock.doubt, *asked) if situation.clock.doubt else asked


def _is_settled(asked: Asked) -> bool:
    return asked.decision is not None or asked.question.kind == "assumed"


def _open(asked: tuple[Asked, ...]) -> list[Question]:
    return [item.question for item in asked if not _is_settled(item) and item.question.kind == "unsettled"]


def _further_asked(target: SafeTarget | None, sanction: Sanction | None) -> tuple[Asked, ...]:
    questions = (target.asked if target else None, sanction.asked if sanction else None)
    return tuple(asked for asked in questions if asked is not None)


def _bound_by(situation: Situation, start: datetime, own: Deadline) -> tuple[Deadline, SafeTarget | None]:
    """The deadline that binds, and the earlier safe one while its question is open."""
    target = safe_target(situation, start, own)
    if target is None or target.asked.decision is None or target.asked.answer == "both":
        return own, target
    if target.asked.answer == "earlier":
        return Deadline(due_at=target.due_at), target
    return own, target


def safe_target(situation: Situation, start: datetime, own: Deadline) -> SafeTarget | None:
    """The earliest instant that is safe whichever way an open question is answered; None without one."""
    home, found = situation.family.home, []
    for item in situation.family.safe_targets:
        since = situation.facts.get(item["fact"])
        if since is None or home.day(since) < item["from"]:
            continue
        at = deadline(start=since, length=item["length"], counting="HOURS", home=home).due_at
        is_earlier = own.due_at is None or (at is not None and at < own.due_at)
        if at is not None and is_earlier and (at > start or item["fact"] == "processor_known_at"):
            found.append(SafeTarget(at, item, ask(item["asked"], situation.decisions)))
    return min(found, key=lambda target: target.due_at) if found else None


def outside_verdict(situation: Situation) -> Verdict:
    """Holds where a carve-out takes the case out of the article."""
    missing: tuple[str, ...] = ()
    for when, taken_out in situation.terms.outside:
        verdict = when.weigh(situation.facts, situation.names)
        if verdict.holds:
            return taken_out
        missing += verdict.missing
    return Verdict(None, missing=missing) if missing else INSIDE


def _met(situation: Situation) -> NotOwed | Met:
    """Whether the conditions are met; if not, the one reason that settles it."""
    terms = situation.terms
    outside = INSIDE
    if terms.outside:
        outside = outside_verdict(situation)
        if outside.holds:
            return _no(situation, "outside", outside.failed[0])
    needs = terms.needs.weigh(situation.facts, situation.names)
    asked: tuple[Asked, ...] = ()
    if needs.holds is False:
        reserved = _reserved(situation) if terms.reserved else None
        waived = _waived(situation, reserved) if reserved else needs
        if waived.holds is False:
            return _unmet(situation, needs, reserved[1] if reserved else None)
        asked, needs = (reserved[1],) if reserved else (), waived
    missing = (*outside.missing, *needs.missing)
    return Met(tuple(dict.fromkeys(missing)) if missing else missing, needs.presumed, asked)


def _reserved(situation: Situation) -> tuple[Condition, Asked] | None:
    """The first reservation whose condition is met."""
    for when, question in situation.terms.reserved:
        if when.weigh(situation.facts, situation.names).holds:
            return when, ask(question, situation.decisions)
    return None


def _waived(situation: Situation, reserved: tuple[Condition, Asked]) -> Verdict:
    """The conditions, with those the reservation speaks of taken as met if a person decided so."""
    when, asked = reserved
    if asked.answer != "owed":
        return Verdict(False)
    spoken_of = when.fact_names()
    verdicts = [
        verdict
        for part in situation.terms.needs.parts
        if (verdict := part.weigh(situation.facts, situation.names)).holds is not False
        or part.fact_names().isdisjoint(spoken_of)
    ]
    if any(verdict.holds is False for verdict in verdicts):
        return Verdict(False)
    missing = tuple(name for verdict in verdicts for name in verdict.missing)
    presumed = tuple(words for verdict in verdicts for words in verdict.presumed)
    return Verdict(None if missing else True, missing=missing, presumed=presumed)


def _unmet(situation: Situation, needs: Verdict, reserved: Asked | None) -> NotOwed:
    if reserved is None:
        return _no(situation, "unmet", needs.failed[0])
    question = reserved.question
    words = None if reserved.decision else question.words
    return _no(situation, "unmet", needs.failed[0], words, question.confidence, asked=(reserved,))


def _lapse(situation: Situation, ends: Deadline) -> Words | Question | None:
    """Why a running duty has ended within its time; a question if when it ended is unknown."""
    facts = situation.facts
    for lapse in situation.terms.lapses:
        if not lapse["when"].weigh(facts, situation.names).holds:
            continue
        ended_at = next((facts[name] for name in lapse["at"] if name in facts), None)
        if ended_at is None:
            names = situation.names.missing(lapse["at"][:1])
            ko = f"{with_particle(names.ko, '이/가')} 입력되지 않아 기한 안에 확정되었는지 알 수 없습니다."
            return Question(Words(ko, f"Enter the {names.en}: it decides whether this duty ended in time."))
        if ends.due_at is None or ended_at <= ends.due_at:
            return Words(lapse["why"], lapse["why_en"])
    return None


def _clock_questions(situation: Situation) -> list[Question]:
    questions = []
    doubt = situation.clock.doubt
    if doubt is not None and doubt.decision is None:
        questions.append(doubt.question)
    key = situation.entry.selected_by
    if key in situation.keys.presumed and situation.family.when_key_unknown == "unsettled":
        name, since = situation.names.fact(key), situation.entry.start.isoformat()
        subject = with_particle(name.ko, "이/가")
        ko = f"{subject} {since} 이후인지에 따라 의무가 정해지는데 아직 입력되지 않았습니다."
        questions.append(Question(Words(ko, f"The {name.en} decides: the duty exists only from {since} on.")))
    return questions


def _presumed_key(situation: Situation) -> tuple[Words, ...]:
    """Said only where another day could have selected an older version."""
    key = situation.entry.selected_by
    is_first = situation.entry is situation.family.entries[0]
    if key not in situation.keys.presumed or is_first or situation.family.when_key_unknown == "unsettled":
        return ()
    name, day = situation.names.fact(key), iso_day(situation.keys.days[key])
    return (
        Words(
            f"{with_particle(name.ko, '이/가')} 아직 입력되지 않아 {day}로 보고",
            f"the {name.en} is not entered yet and is taken as {day}",
        ),
    )


def _is_exempt(values: Mapping[str, Any], facts: Facts) -> bool:
    needs = values.get("exemption", {}).get("needs", ())
    return bool(needs) and all(facts.get(name) is True for name in needs)


def _decided_against(situation: Situation, asked: Asked) -> NotOwed:
    if asked.decision is None:
        words = Words(
            "정해지지 않은 점을 의무가 없는 것으로 보므로", "the open point is taken against the duty"
        )
    else:
        words = Words("정해지지 않은 점을 사람이 판단하였으므로", "a person decided the open point")
    return _no(situation, "decided", words, confidence=asked.question.confidence, asked=(asked,))


def _not_in_force(situation: Situation) -> NotOwed:
    entry, keys = situation.entry, situation.keys
    decisive = decisive_key(situation)
    if decisive in keys.presumed and situation.clock.start is None:
        return _clock_unknown(situation, (situation.family.clock,))
    name, day = situation.names.fact(decisive), keys.days[decisive]
    subject = with_particle(name.ko, "이/가")
    at_latest = "늦어도 " if decisive in keys.presumed else ""
    ends = situation.family.entries[-1]
    if day < entry.start:
        since = iso_day(entry.start)
        ko = f"{subject} {at_latest}{iso_day(day)}로 이 규정이 적용되는 {since}보다 앞서므로"
        return _no(situation, "not_in_force", Words(ko, f"the {name.en} ({day}) is before {since}"))
    last = iso_day(ends.start)
    ko = f"{subject} {at_latest}{iso_day(day)}로 이 규정이 없어진 {last} 이후이므로"
    return _no(
        situation, "not_in_force", Words(ko, f"the {name.en} ({day}) is on or after {last}, when it ended")
    )


def decisive_key(situation: Situation) -> str:
    """The fact that put the case outside: of the repeal if it had begun, else of the first entry."""
    last = situation.family.entries[-1]
    if last.values is None and situation.keys.days[last.selected_by] >= last.start:
        return last.selected_by
    return situation.entry.selected_by


def _clock_unknown(situation: Situation, missing: tuple[str, ...]) -> NotOwed:
    name = situation.names.fact(missing[0])
    is_list = missing[0] == situation.family.each
    en = f"no {name.en} are entered" if is_list else f"the {name.en} is not entered"
    words = Words(f"{with_particle(name.ko, '이/가')} 입력되지 않아", en)
    return _no(situation, "missing", words, missing=missing)


def _no(
    situation: Situation,
    reason: str,
    words: Words,
    question: Words | None = None,
    confidence: str | None = None,
    missing: tuple[str, ...] = (),
    asked: tuple[Asked, ...] = (),
) -> NotOwed:
    marked = confidence or situation.entry.confidence
    return NotOwed(situation, reason, words, marked, missing, question, asked)
