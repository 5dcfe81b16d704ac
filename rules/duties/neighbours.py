"""What would change an answer: the same facts with one of them moved across the nearest boundary.

Every claim is the result of weighing the moved facts; nothing is guessed from the rule's text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from rules.duties.assessment import NotOwed, Owed, Result, Situation, Stated, weigh_family
from rules.duties.vocabulary import Vocabulary
from rules.duties.wording import end_text, instant_words
from rules.engine.conditions import Condition, Either, Every, Leaf, Not, Words
from rules.engine.korean import iso, listed, with_particle

ONE_DAY, ONE_MINUTE = timedelta(days=1), timedelta(minutes=1)
MOST_CHANGES = 6
Moved = dict[str, Any]


def neighbours_of(result: Result, stated: Stated) -> list[dict[str, Any]]:
    """The nearest boundaries of the key facts, then each figure at its threshold where that changes the answer."""
    situation = result.situation
    here = summary(result)
    found = []
    for kind, moved in (*_across_seams(situation, stated), *_across_thresholds(situation)):
        there = weigh_moved(result, stated, moved)
        if there is not None and (kind == "version" or summary(there) != here):
            found.append(_neighbour(kind, moved, there, situation))
    return found


def would_be_due(no: NotOwed, stated: Stated) -> dict[str, Any] | None:
    """The changes, condition by condition, after which the duty exists; None where none was found.

    `missing` names what must be entered besides before its clock starts.
    """
    moved: Moved = {}
    there: Result | None = no
    for _ in range(MOST_CHANGES):
        if not isinstance(there, NotOwed):
            break
        change = _mend(there)
        if there.reason == "missing":
            break
        if change is None or all(moved.get(name) == value for name, value in change.items()):
            return None
        moved |= change
        there = weigh_moved(no, stated, moved)
    if isinstance(there, NotOwed) and there.reason == "missing":
        return _waiting(moved, there, no.situation)
    return _neighbour("condition", moved, there, no.situation) if isinstance(there, Owed) else None


def weigh_moved(result: Result, stated: Stated, moved: Moved) -> Result | None:
    """The same duty under the moved facts; None where they lie outside all known law."""
    situation = result.situation
    family, names = situation.family, situation.names
    facts = {**stated.facts, **moved}
    facts = {name: value for name, value in facts.items() if value is not None}
    if not all(_is_known(name, value, names) for name, value in moved.items()):
        return None
    latest = names.latest_possible_occurrence(facts)
    results = weigh_family(family, replace(stated, facts=facts, latest_occurrence=latest))
    return next((item for item in results if item.situation.for_id == situation.for_id), results[0])


def summary(result: Result) -> dict[str, Any]:
    """What a person relies on: which version, in what state, until when."""
    terms = result.situation.terms
    if isinstance(result, NotOwed):
        return {"id": terms.id, "state": "not_due", "due_at": None, "last_day": None}
    ends = result.deadline
    return {
        "id": terms.id,
        "state": result.state,
        "due_at": iso(ends.due_at) if ends.due_at else None,
        "last_day": ends.last_day.day.isoformat() if ends.last_day else None,
    }


def _is_known(name: str, value: object, names: Vocabulary) -> bool:
    """Whether a moved instant still lies in the span of known days."""
    span = names.span(name)
    if span is None or not isinstance(value, datetime):
        return True
    return span.earliest <= value.date() <= span.latest


def _across_seams(situation: Situation, stated: Stated) -> Iterator[tuple[str, Moved]]:
    """The last minute before each boundary beside the version, and the first minute after it."""
    family, entry = situation.family, situation.entry
    place = family.entries.index(entry)
    following = family.entries[place + 1] if place + 1 < len(family.entries) else None
    for seam in (entry, following):
        if seam is not None and seam.first_day is not None:
            yield from _across(seam.selected_by, seam.start, "version", situation, stated)
    for change in entry.changes:
        yield from _across(change.selected_by, change.start, "change", situation, stated)


def _across(
    key: str, start: date, kind: str, situation: Situation, stated: Stated
) -> Iterator[tuple[str, Moved]]:
    value = situation.facts.get(key)
    if not isinstance(value, datetime):
        return
    first = datetime.combine(start, time(0), situation.family.home.zone)
    to = first if value < first else first - ONE_MINUTE
    if situation.for_id is not None and key == situation.family.clock:
        yield kind, _moved_item(situation, to)
    else:
        yield kind, _with_others(key, to, stated.facts, situation.names)


def _moved_item(situation: Situation, to: datetime) -> Moved:
    """The list with this answer's item moved."""
    each = situation.family.each or ""
    key = situation.names.entry(each).item_key or ""
    items = situation.facts[each]
    return {each: tuple({**item, key: to} if item["id"] == situation.for_id else item for item in items)}


def _with_others(key: str, to: datetime, facts: Mapping[str, Any], names: Vocabulary) -> Moved:
    """The fact moved, and with it whatever could otherwise not be: nothing is known before it happens."""
    moved: Moved = {key: to}
    waiting = [key]
    while waiting:
        name = waiting.pop()
        for later, earlier in names.order:
            if later == name and earlier in facts and moved.get(earlier, facts[earlier]) > moved[name]:
                moved[earlier] = moved[name]
                waiting.append(earlier)
            if earlier == name and later in facts and moved.get(later, facts[later]) < moved[name]:
                moved[later] = moved[name]
                waiting.append(later)
    return moved


def _across_thresholds(situation: Situation) -> Iterator[tuple[str, Moved]]:
    """Each figure that a condition measures, just on the other side of its threshold."""
    conditions: list[Condition] = [situation.terms.needs, *(when for when, _ in situation.terms.outside)]
    seen: set[tuple[str, int]] = set()
    for leaf in (leaf for condition in conditions for leaf in leaves(condition)):
        value = situation.facts.get(leaf.fact)
        if leaf.test not in ("at_least", "more_than") or value is None:
            continue
        least = int(leaf.wanted) + (leaf.test == "more_than")
        other = least - 1 if int(value) >= least else least
        if (leaf.fact, other) not in seen and other >= 0:
            seen.add((leaf.fact, other))
            moved: Moved = {leaf.fact: str(other) if isinstance(value, str) else other}
            yield "threshold", moved | _whole_with_part(leaf.fact, other, situation)


def _whole_with_part(name: str, value: int, situation: Situation) -> Moved:
    """Parts shrink with their whole, and a whole grows with its part."""
    moved: Moved = {}
    for part, whole in situation.names.parts:
        if whole == name and situation.facts.get(part, 0) > value:
            moved[part] = value
        if part == name and whole in situation.facts and situation.facts[whole] < value:
            moved[whole] = value
    return moved


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every single test inside a condition."""
    if isinstance(condition, Leaf):
        yield condition
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    elif isinstance(condition, Every | Either):
        for part in condition.parts:
            yield from leaves(part)


def _mend(no: NotOwed) -> Moved | None:
    """A change of facts that takes away the one reason a duty is not owed."""
    situation = no.situation
    if no.reason == "unmet":
        failing = [
            part
            for part in situation.terms.needs.parts
            if part.weigh(situation.facts, situation.names).holds is False
        ]
        return _so_that(failing[0], True, situation) if failing else None
    if no.reason == "outside":
        taken_out = [
            when for when, _ in situation.terms.outside if when.weigh(situation.facts, situation.names).holds
        ]
        return _so_that(taken_out[0], False, situation) if taken_out else None
    return None


def _so_that(condition: Condition, holds: bool, situation: Situation) -> Moved | None:
    """Facts under which the condition holds, or does not."""
    if isinstance(condition, Not):
        return _so_that(condition.part, not holds, situation)
    if isinstance(condition, Every | Either):
        parts = [
            part
            for part in condition.parts
            if part.weigh(situation.facts, situation.names).holds is not holds
        ]
        needs_all = isinstance(condition, Every) == holds
        changes = [_so_that(part, holds, situation) for part in parts]
        if needs_all:
            return (
                None if None in changes else {k: v for change in changes for k, v in (change or {}).items()}
            )
        return next((change for change in changes if change is not None), None)
    return _leaf_so_that(condition, holds, situation) if isinstance(condition, Leaf) else None


def _leaf_so_that(leaf: Leaf, holds: bool, situation: Situation) -> Moved | None:
    entry, value = situation.names.entry(leaf.fact), situation.facts.get(leaf.fact)
    if leaf.test in ("at_least", "more_than"):
        least = int(leaf.wanted) + (leaf.test == "more_than")
        figure = least if holds else least - 1
        return {leaf.fact: str(figure) if entry.kind == "money" else figure}
    if leaf.test == "is" and isinstance(leaf.wanted, bool):
        return {leaf.fact: leaf.wanted is holds}
    if leaf.test == "is":
        return {leaf.fact: leaf.wanted} if holds else None
    if leaf.test == "any_of" and holds:
        if entry.kind == "choice":
            return {leaf.fact: leaf.wanted[0]}
        return {leaf.fact: frozenset(value or ()) | {leaf.wanted[0]}}
    if leaf.test == "known" and leaf.wanted is not holds and entry.scope == "incident":
        return {leaf.fact: None}
    return None


def _neighbour(kind: str, moved: Moved, there: Result, situation: Situation) -> dict[str, Any]:
    names, home = situation.names, situation.family.home
    facts: dict[str, dict[str, Any]] = {}
    said: list[Words] = []
    for name, value in moved.items():
        facts.setdefault(names.entry(name).scope, {})[name] = _plain(value)
        said.append(_supposed(name, value, situation))
    result = _outcome(there)
    ko = f"{listed([words.ko for words in said])} {result.ko}"
    en = f"If {' and '.join(words.en for words in said)}: {result.en}"
    return {
        "kind": kind,
        "facts": facts,
        "missing": [],
        "result": summary(there),
        "zone": home.zone_name,
        "why": ko,
        "why_en": en,
    }


def _waiting(moved: Moved, there: NotOwed, situation: Situation) -> dict[str, Any]:
    """The changes after which only the clock's own fact is not entered."""
    claim = _neighbour("condition", moved, there, situation)
    supposed = listed([_supposed(name, value, situation).ko for name, value in moved.items()])
    names = situation.names.missing(there.missing)
    ko = f"{with_particle(names.ko, '이/가')} 입력되면 기간이 기산됩니다."
    en = f"its clock starts once this is entered: {names.en}."
    also = " and ".join(_supposed(name, value, situation).en for name, value in moved.items())
    why = f"{supposed} {ko}" if supposed else ko
    why_en = f"If {also}, {en}" if also else en[:1].upper() + en[1:]
    return {**claim, "missing": list(there.missing), "why": why, "why_en": why_en}


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [{key: _plain(part) for key, part in item.items()} for item in value]
    return value


def _supposed(name: str, value: object, situation: Situation) -> Words:
    """“…이었다면”, with the moved value as its reader writes it."""
    names, label = situation.names, situation.names.fact(name)
    if value is None:
        return Words(f"{with_particle(label.ko, '이/가')} 없었다면", f"there were no {label.en}")
    if isinstance(value, bool):
        ko = f"‘{label.ko}’에 해당{'하였다면' if value else '하지 않았다면'}"
        return Words(ko, f"“{label.en}” did{'' if value else ' not'} apply")
    if isinstance(value, tuple):
        key = names.entry(name).item_key or ""
        value = next(item[key] for item in value if item["id"] == situation.for_id)
    if isinstance(value, datetime):
        words = instant_words(value, situation.family.home)
        return Words(
            f"{with_particle(label.ko, '이/가')} {words.ko}이었다면", f"the {label.en} were {words.en}"
        )
    words = names.value(name, value)
    ko = f"{with_particle(label.ko, '이/가')} {with_particle(words.ko, '이었다면/였다면')}"
    return Words(ko, f"the {label.en} were {words.en}")


def _outcome(result: Result) -> Words:
    version = result.situation.entry.version
    if isinstance(result, NotOwed):
        return Words("의무가 없습니다.", "no duty.")
    family = result.situation.family
    end = end_text(result.deadline, family.home)
    if result.state == "unsettled":
        return Words(
            f"{version}에 따라 의무가 있는지 판단하여야 합니다.", f"{version} applies and is not settled."
        )
    if result.state == "may_be_omitted":
        return Words(f"{version}에 따라 생략할 수 있습니다.", f"{version} applies and it may be omitted.")
    if end.ko:
        return Words(f"{version}에 따라 {end.ko}까지 이행하여야 합니다.", f"{version} applies, due {end.en}.")
    how = {"prompt": ("지체 없이", "without delay"), "immediate": ("즉시", "at once")}[result.state]
    return Words(f"{version}에 따라 {how[0]} 이행하여야 합니다.", f"{version} applies, {how[1]}.")
