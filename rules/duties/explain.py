"""Why an answer is what it is, and what would change it: facts, version, arithmetic, conditions, neighbours.

Built only when asked. What a neighbour claims is worked out by weighing the moved facts anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from rules.duties.assessment import NotOwed, Owed, Result, Situation, Stated
from rules.duties.clock import Deadline
from rules.duties.neighbours import leaves, neighbours_of, would_be_due
from rules.duties.rows import Family
from rules.duties.vocabulary import Vocabulary
from rules.duties.wording import end_text, instant_words
from rules.engine.conditions import Condition, Every, Leaf, Not, Verdict, Words, requirement
from rules.engine.history import Entry
from rules.engine.korean import day_text, iso, with_particle
from rules.engine.periods import first_counted_day

ONE_DAY = timedelta(days=1)
UNITS = {"PT": ("시간", " hours"), "D": ("일", " days"), "M": ("개월", " months"), "Y": ("년", " years")}
PERFORMED = {
    "PROMPT": Words(
        "지체 없이 이행하여야 하고 법이 정한 숫자는 없습니다.",
        "It is owed without delay; the law names no number.",
    ),
    "IMMEDIATE": Words(
        "즉시 이행하여야 하고 법이 정한 숫자는 없습니다.", "It is owed at once; the law names no number."
    ),
}


def explanation(result: Result, stated: Stated) -> dict[str, Any]:
    """The `explain` of one entry of `duties` or `not_due`."""
    situation = result.situation
    return {
        "facts": _facts(situation, stated),
        "version": _version(situation),
        "arithmetic": _arithmetic(result) if isinstance(result, Owed) else [],
        "conditions": _conditions(situation),
        "first_failed": _first_failed(result) if isinstance(result, NotOwed) else None,
        "neighbours": neighbours_of(result, stated),
        "would_be_due": would_be_due(result, stated) if isinstance(result, NotOwed) else None,
    }


def _facts(situation: Situation, stated: Stated) -> list[dict[str, Any]]:
    """Each fact the answer looked at, with its value and whether it is known, presumed or missing."""
    family, roles = situation.family, dict[str, list[str]]()
    roles.setdefault(family.clock, []).append("clock")
    if situation.clock.fact != family.clock:
        roles.setdefault(situation.clock.fact, []).append("clock")
    for key in sorted(family.keys):
        roles.setdefault(key, []).append("key")
    for use, condition in _uses(situation):
        for name in sorted(condition.fact_names()):
            roles.setdefault(name, []).append(use)
    presumed = _presumed_names(situation)
    return [
        _fact(name, list(dict.fromkeys(used)), situation, stated, presumed) for name, used in roles.items()
    ]


def _fact(
    name: str, roles: list[str], situation: Situation, stated: Stated, presumed: frozenset[str]
) -> dict[str, Any]:
    names, value = situation.names, situation.facts.get(name)
    words = names.fact(name)
    is_given = name in stated.given or (situation.for_id is not None and name == situation.family.clock)
    state = "known" if is_given else "presumed" if name in presumed or value is not None else "missing"
    shown = value
    if value is None and name in situation.keys.presumed and situation.keys.days[name] != date.max:
        shown = situation.keys.days[name]
    return {
        "name": name,
        "label": words.ko,
        "label_en": words.en,
        "value": plain(shown),
        "state": state,
        "roles": roles,
    }


def plain(value: object) -> Any:
    """A fact's value as JSON has it."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [{key: plain(part) for key, part in item.items()} for item in value]
    return value


def _presumed_names(situation: Situation) -> frozenset[str]:
    """Facts not entered for which something stands in: a selecting day, or what a condition presumes."""
    tests = (leaf for _, condition in _uses(situation) for leaf in leaves(condition))
    return situation.keys.presumed | {leaf.fact for leaf in tests if leaf.presumed is not None}


def _uses(situation: Situation) -> Iterator[tuple[str, Condition]]:
    """Every condition of the version, with what it is for."""
    terms = situation.terms
    for part in terms.needs.parts:
        yield "needs", part
    for use, pairs in (
        ("outside_if", terms.outside),
        ("unsettled_if", terms.unsettled),
        ("reserved_if", terms.reserved),
        ("assumed_if", terms.assumed),
    ):
        for when, _ in pairs:
            yield use, when
    for lapse in terms.lapses:
        yield "lapses_if", lapse["when"]
    if "posting" in terms.values:
        yield "posting", terms.values["posting"]["when"]


def _conditions(situation: Situation) -> list[dict[str, Any]]:
    return [
        {"use": use, **_condition(condition, situation.facts, situation.names)}
        for use, condition in _uses(situation)
    ]


def _condition(condition: Condition, facts: Mapping[str, Any], names: Vocabulary) -> dict[str, Any]:
    """One condition with whether it holds (null: not yet known) and the sentence that says so."""
    verdict = condition.weigh(facts, names)
    if isinstance(condition, Leaf):
        words = _leaf_words(condition, facts.get(condition.fact), verdict, names)
        return {
            "kind": condition.test,
            "fact": condition.fact,
            "holds": verdict.holds,
            **_why(words),
            "parts": [],
        }
    parts = (condition.part,) if isinstance(condition, Not) else getattr(condition, "parts", ())
    kind = "not" if isinstance(condition, Not) else "all" if isinstance(condition, Every) else "any"
    return {
        "kind": kind,
        "fact": None,
        "holds": verdict.holds,
        **_why(_group_words(kind, verdict)),
        "parts": [_condition(part, facts, names) for part in parts],
    }


def _leaf_words(leaf: Leaf, value: object, verdict: Verdict, names: Vocabulary) -> Words:
    wanted, stated = requirement(leaf, names), _value_words(leaf, value, verdict, names)
    if verdict.holds is None:
        return Words(
            f"{wanted.ko}: {stated.ko} 아직 알 수 없습니다.", f"{wanted.en}: {stated.en}; not known yet."
        )
    ko, en = ("충족합니다", "met") if verdict.holds else ("충족하지 않습니다", "not met")
    return Words(f"{wanted.ko}: {stated.ko} {ko}.", f"{wanted.en}: {stated.en}; {en}.")


def _value_words(leaf: Leaf, value: object, verdict: Verdict, names: Vocabulary) -> Words:
    if value is None:
        if verdict.holds is None or leaf.test == "known":
            return Words("입력되지 않아", "not entered")
        taken = "해당하는" if verdict.holds else "해당하지 않는"
        return Words(
            f"입력되지 않아 {taken} 것으로 보고",
            f"not entered and taken {'to apply' if verdict.holds else 'not to apply'}",
        )
    words = names.value(leaf.fact, value)
    return Words(f"{with_particle(words.ko, '으로/로')} 입력되어", f"entered as {words.en}")


def _group_words(kind: str, verdict: Verdict) -> Words:
    said = {
        "all": (Words("모두 충족하여야 합니다", "all of these are needed")),
        "any": (Words("하나라도 충족하면 됩니다", "any one of these is enough")),
        "not": (Words("충족하지 않아야 합니다", "this must not hold")),
    }[kind]
    met = {True: Words("충족", "met"), False: Words("불충족", "not met"), None: Words("미정", "open")}
    now = met[verdict.holds]
    return Words(f"{said.ko}: {now.ko}.", f"{said.en}: {now.en}.")


def _why(words: Words) -> dict[str, str]:
    return {"why": words.ko, "why_en": words.en}


def _first_failed(no: NotOwed) -> dict[str, Any]:
    """The reason that settled it: the first condition that failed, or what stands before all conditions."""
    situation = no.situation
    failed = next(
        (
            {"use": use, **_condition(condition, situation.facts, situation.names)}
            for use, condition in _uses(situation)
            if no.reason in ("outside", "unmet")
            and use == {"outside": "outside_if", "unmet": "needs"}[no.reason]
            and condition.weigh(situation.facts, situation.names).holds is (no.reason == "outside")
        ),
        None,
    )
    return {"reason": no.reason, **_why(no.words), "condition": failed}


def _version(situation: Situation) -> dict[str, Any]:
    """Which version was chosen, by which key and day, and where its neighbours begin."""
    entry, keys, names = situation.entry, situation.keys, situation.names
    key = entry.selected_by
    day, label = keys.days[key], names.fact(key)
    known = None if day == date.max else day.isoformat()
    return {
        "version": entry.version,
        "selected_by": key,
        "label": label.ko,
        "label_en": label.en,
        "on": known,
        "presumed": key in keys.presumed,
        "in_force": situation.in_force,
        "from": entry.first_day.isoformat() if entry.first_day else None,
        "to": entry.end.isoformat() if entry.end else None,
        "boundaries": [_boundary(earlier, later) for earlier, later in seams_beside(situation.family, entry)],
        **_why(_version_words(situation, label, day)),
    }


def _version_words(situation: Situation, label: Words, day: date) -> Words:
    entry = situation.entry
    since = entry.first_day
    begun = f"{since.isoformat()}부터 시행된 " if since else ""
    begun_en = f", in force since {since.isoformat()}," if since else ""
    if not situation.in_force:
        return Words(
            f"적용할 규정이 없어 가장 가까운 {entry.version}를 보입니다.",
            f"No version applies; {entry.version} is the nearest.",
        )
    if day == date.max:
        return Words(
            f"{label.ko} 입력 전이므로 {begun}{entry.version}를 봅니다.",
            f"Before the {label.en} is entered, {entry.version}{begun_en} is looked at.",
        )
    presumed = "(추정)" if entry.selected_by in situation.keys.presumed else ""
    ko = f"{with_particle(label.ko, '이/가')} {day_text(day)}{presumed}이므로 {begun}{entry.version}를 적용합니다."
    return Words(ko, f"The {label.en} falls on {day}: {entry.version}{begun_en} applies.")


def seams_beside(family: Family, entry: Entry) -> list[tuple[Entry | None, Entry]]:
    """The boundaries on either side of an entry, each as what was before and what begins there."""
    place = family.entries.index(entry)
    before = family.entries[place - 1] if place else None
    seams: list[tuple[Entry | None, Entry]] = [] if entry.first_day is None else [(before, entry)]
    if place + 1 < len(family.entries):
        seams.append((entry, family.entries[place + 1]))
    return seams


def _boundary(earlier: Entry | None, later: Entry) -> dict[str, Any]:
    return {
        "on": later.start.isoformat(),
        "selected_by": later.selected_by,
        "before": earlier.version if earlier else None,
        "from": later.version,
        "cite": list(later.cite),
    }


def _arithmetic(owed: Owed) -> list[dict[str, Any]]:
    """The counting, a line for each step: start, limit, each day passed over, result."""
    situation, home = owed.situation, owed.situation.family.home
    values, start = situation.values, instant_words(owed.start, home)
    label = situation.names.fact(situation.clock.fact)
    lines = [
        _line(
            "start",
            f"{label.ko} {start.ko}부터 셉니다.",
            f"It runs from the {label.en}, {start.en}.",
            iso(owed.start),
        )
    ]
    if situation.terms.length is None:
        words = PERFORMED[values["counting"]]
        lines.append(_line("limit", words.ko, words.en, None))
    elif owed.safe_target and owed.deadline.due_at == owed.safe_target.due_at:
        due = end_text(owed.deadline, home)
        lines.append(
            _line(
                "end",
                f"판단에 따라 앞선 기한인 {due.ko}에 끝납니다.",
                f"As decided, the earlier deadline binds: {due.en}.",
                due.en,
            )
        )
    else:
        lines += _counted(owed.deadline, owed.start, values["limit"], values["counting"], situation)
    guidance = values.get("guidance")
    if guidance:
        lines += _counted(
            owed.guidance, owed.start, guidance["limit"], guidance["counting"], situation, "guidance_"
        )
    return lines


def _counted(
    ends: Deadline, start: datetime, limit: str, counting: str, situation: Situation, prefix: str = ""
) -> list[dict[str, Any]]:
    home = situation.family.home
    end, length = end_text(ends, home), _length_words(limit)
    if ends.due_at is not None:
        ko = f"{length.ko}은 밤과 휴일을 포함하여 쉬지 않고 흐릅니다."
        return [
            _line(
                f"{prefix}limit", ko, f"{length.en} run without a pause, nights and holidays included.", limit
            ),
            _line(
                f"{prefix}end",
                f"{end.ko}에 끝나고 그 시각까지 이행하면 됩니다.",
                f"It ends at {end.en}; performance at that instant is in time.",
                iso(ends.due_at),
            ),
        ]
    assert ends.last_day is not None
    first = home.day(start) + ONE_DAY if counting == "CALENDAR_DAYS" else first_counted_day(start)
    last = ends.last_day
    lines = [
        _line(
            f"{prefix}first_day",
            f"첫날을 빼고 {day_text(first)}부터 셉니다.",
            f"The first counted day is {first}.",
            first.isoformat(),
        )
    ]
    reckoned = last.moved_from or last.day
    if counting != "WORKDAYS":
        lines.append(
            _line(
                f"{prefix}limit",
                f"{length.ko}이 되는 날은 {day_text(reckoned)}입니다.",
                f"{length.en} end on {reckoned}.",
                reckoned.isoformat(),
            )
        )
    else:
        lines.append(
            _line(
                f"{prefix}limit",
                f"근무일로만 {length.ko}을 셉니다.",
                f"Only working days count, {length.en.strip()} of them.",
                limit,
            )
        )
    lines += [
        _line(
            f"{prefix}skipped",
            f"{day_text(day)}은 {with_particle(name, '이므로/므로')} 넘어갑니다.",
            f"{day} ({name}) is passed over.",
            day.isoformat(),
        )
        for day, name in last.skipped
    ]
    lines.append(
        _line(
            f"{prefix}end",
            f"{day_text(last.day)}이 끝날 때 만료합니다.",
            f"It ends with the end of {last.day}.",
            last.day.isoformat(),
        )
    )
    return lines


def _length_words(limit: str) -> Words:
    """72시간, 30일, 1년; in English 72 hours, 30 days."""
    number = "".join(letter for letter in limit if letter.isdigit())
    ko, en = UNITS["PT"] if limit.startswith("PT") else UNITS[limit[-1]]
    return Words(f"{number}{ko}", f"{number}{en}")


def _line(code: str, ko: str, en: str, value: str | None) -> dict[str, Any]:
    return {"code": code, "why": ko, "why_en": en, "value": value}
