"""What each event starts: the follow-ups in force on its day, each with its end, its checks and its doubts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from rules.engine.calendar import Calendar
from rules.engine.history import Entry, in_force
from rules.engine.law_files import CONFIDENCES
from rules.kr.followups.events import Event
from rules.kr.followups.law import EVENT, Family, Law
from rules.kr.followups.reckoning import Ending, cites_of, ending, rest_day_name, working_day_before
from rules.kr.followups.results import Anchor, Followup, Limit, NotInForce
from rules.kr.followups.wording import (
    BACKWARDS,
    BEYOND,
    CONTINUING,
    NOT_SAID,
    REST_DAY,
    Step,
    Words,
    gap_warning,
    limit_warnings,
    passed_warning,
    surplus_warning,
)

NAMED = "NAMED"


def followups_of(events: Sequence[Event], law: Law) -> list[Followup | NotInForce]:
    """Every follow-up of every event, in the order of the events and of the law files."""
    found: list[Followup | NotInForce] = []
    for event in events:
        of_event = [result for family in law.families for result in _of_family(family, event)]
        found += _with_binding(of_event)
    return found


def _of_family(family: Family, event: Event) -> Iterator[Followup | NotInForce]:
    if event.kind not in family.events:
        return
    if any(
        key in event.given and event.given[key] not in allowed for key, allowed in family.only_for.items()
    ):
        return
    days = {entry.selected_by: _selecting_day(entry.selected_by, event) for entry in family.entries}
    entry = in_force(family.entries, days)
    if entry is None or entry.values is None:
        first = family.entries[0]
        yield NotInForce(
            family, event, days[(entry or first).selected_by], first.first_day if entry is None else None
        )
    elif unsaid := [key for key in family.only_for if key not in event.given]:
        blank = _blank(family, entry, event, Anchor(event.start, missing=unsaid))
        yield replace(blank, confidence=entry.confidence)
    elif "instalments" in entry.values:
        yield from _instalments(family, entry, event)
    else:
        yield _followup(family, entry, event)


def _selecting_day(key: str, event: Event) -> date:
    """The day that selects a version; the event's own where the letter names none."""
    day = event.given.get(key)
    return day if key != EVENT and isinstance(day, date) else event.day


def _followup(family: Family, entry: Entry, event: Event) -> Followup:
    values = entry.values or {}
    anchor = _anchor(values, event)
    named = event.given.get(values["named_by"]) if "named_by" in values else None
    if named is not None:
        result = _named(family, entry, event, anchor, named)
    elif values["counting"] == NAMED:
        result = replace(
            _blank(family, entry, event, anchor), missing=(*anchor.missing, values["named_by"]), length=None
        )
    else:
        result = _counted(family, entry, event, anchor)
    return _finished(_checked(result, anchor), anchor)


def _blank(family: Family, entry: Entry, event: Event, anchor: Anchor) -> Followup:
    values = entry.values or {}
    return Followup(
        family,
        entry,
        event,
        anchor.start,
        values["counting"],
        missing=tuple(anchor.missing),
        steps=tuple(anchor.steps),
    )


def _anchor(values: Mapping[str, Any], event: Event) -> Anchor:
    if "after" in values:
        return _end_of_earlier(values["after"], event)
    key = values.get("starts_from")
    if key is None:
        return Anchor(event.start)
    if key in event.given:
        return Anchor(event.given[key])
    if event.kind in values.get("or_event_for", ()):
        return Anchor(event.start, is_supposed=True)
    return Anchor(event.start, missing=[key])


def _end_of_earlier(earlier: Mapping[str, Any], event: Event) -> Anchor:
    """The last day of the period this one is reckoned from."""
    named = event.given.get(earlier["named_by"]) if "named_by" in earlier else None
    if named is not None:
        return Anchor(named)
    end, steps = _with_extension(event.start, earlier, event)
    return Anchor(end.day, steps=steps)


def _with_extension(
    start: datetime | date, span: Mapping[str, Any], event: Event
) -> tuple[Ending, list[Step]]:
    calendar = event.calendar
    end = ending(start=start, length=span["length"], counting="DAYS", calendar=calendar)
    steps = _end_steps(end, span["length"], "DAYS")
    extension = span.get("extension")
    if extension and event.given.get(extension["when"]):
        end = ending(start=end.day, length=extension["length"], counting="DAYS", calendar=calendar)
        steps += _end_steps(end, extension["length"], "DAYS", "extended")
    return end, steps


def _counted(family: Family, entry: Entry, event: Event, anchor: Anchor) -> Followup:
    blank, values = _blank(family, entry, event, anchor), entry.values or {}
    length = _length(values, event)
    if length is None:
        return replace(blank, missing=(*anchor.missing, values["length_by"]["key"]))
    if anchor.missing:
        return replace(blank, length=length)
    counting, calendar = values["counting"], event.calendar
    if counting == "DAYS":
        end, steps = _with_extension(anchor.start, {**values, "length": length}, event)
    else:
        end = ending(start=anchor.start, length=length, counting=counting, calendar=calendar)
        steps = _end_steps(end, length, counting)
    result = replace(blank, length=length, end=end, steps=(*anchor.steps, *steps))
    if "earliest" in values:
        earliest = ending(start=anchor.start, length=values["earliest"], counting=counting, calendar=calendar)
        result = replace(result, earliest_day=earliest.day)
    if "extension" in values and not event.given.get(values["extension"]["when"]):
        span = values["extension"]["length"]
        result = replace(
            result, extension=(span, ending(start=end.day, length=span, counting="DAYS", calendar=calendar))
        )
    return result


def _length(values: Mapping[str, Any], event: Event) -> str | None:
    if "length_by" not in values:
        length: str = values["length"]
        return length
    by = values["length_by"]
    found: str | None = by["lengths"].get(event.given.get(by["key"]))
    return found


def _named(family: Family, entry: Entry, event: Event, anchor: Anchor, day: date) -> Followup:
    """The day the letter names stands as it is, whatever the law says of it."""
    key = (entry.values or {})["named_by"]
    step = Step(
        "named", Words("문서에 적힌 날", "day named in the document"), key, day.isoformat(), tuple(entry.cite)
    )
    return replace(
        _blank(family, entry, event, anchor),
        counting=NAMED,
        end=Ending(event.day, day),
        steps=(*anchor.steps, step),
    )


def _instalments(family: Family, entry: Entry, event: Event) -> Iterator[Followup]:
    values = entry.values or {}
    rule = values["instalments"]
    days = event.given.get(rule["days"], ())
    blank = _blank(family, entry, event, Anchor(event.start))
    if not days:
        yield replace(blank, missing=(rule["days"],), confidence=entry.confidence)
    for place, day in enumerate(days):
        warnings = []
        if place >= rule["most"]:
            warnings.append(surplus_warning(rule["most"], entry))
        if place and "gap" in rule:
            latest = ending(
                start=days[place - 1], length=rule["gap"], counting="DAYS", calendar=event.calendar
            )
            warnings += gap_warning(day, rule["gap"], latest, entry)
        step = Step(
            "named",
            Words("문서에 적힌 날", "day named in the document"),
            rule["days"],
            day.isoformat(),
            entry.cite,
        )
        result = replace(blank, part=day, end=Ending(event.day, day), warnings=tuple(warnings), steps=(step,))
        yield _finished(result, Anchor(event.start))


def _checked(result: Followup, anchor: Anchor) -> Followup:
    """With what the law allows a letter to set; a day outside it is told of and never changed."""
    limits = [
        Limit(side, rule, _limit_end(result, side, rule))
        for side in ("at_least", "at_most")
        for rule in result.values.get(side, ())
        if not anchor.missing and _applies(rule, result.event)
    ]
    warnings = list(result.warnings)
    if result.end is not None:
        day = result.end.day
        if result.counting == NAMED:
            warnings += limit_warnings(day, [(limit.side, limit.rule, limit.end) for limit in limits])
        if day < result.event.day:
            warnings.append(passed_warning(day, result.event.day, result.entry))
    steps = tuple(_limit_step(limit) for limit in limits)
    return replace(result, limits=tuple(limits), warnings=tuple(warnings), steps=(*result.steps, *steps))


def _limit_end(result: Followup, side: str, rule: Mapping[str, Any]) -> Ending:
    """Where the time the law allows ends. What may be granted at most is no period that a holiday prolongs."""
    end = ending(start=result.start, length=rule["length"], counting="DAYS", calendar=result.event.calendar)
    if side == "at_most" and result.values["counting"] == NAMED:
        return Ending(end.first, end.unmoved)
    return end


def _applies(rule: Mapping[str, Any], event: Event) -> bool:
    return all(event.given.get(key) in allowed for key, allowed in rule.get("only_for", {}).items())


def _finished(result: Followup, anchor: Anchor) -> Followup:
    """With the questions left open, and no surer than the least sure thing it rests on."""
    questions = [
        Words(item["text"], item["text_en"])
        for item in result.values.get("questions", ())
        if _asked(item, result.event)
    ]
    sure = [result.entry.confidence]
    if anchor.is_supposed:
        questions.append(NOT_SAID)
        sure.append("inferred")
    safe_day = None
    if result.end is not None:
        doubts = _doubts(result.end, result.counting, result.event.calendar)
        questions += [words for words, _ in doubts]
        sure += [confidence for _, confidence in doubts]
        if result.counting == "DAYS_BEFORE":
            safe_day = working_day_before(result.end.day, result.event.calendar)
    weakest = max(sure, key=CONFIDENCES.index)
    return replace(result, questions=tuple(questions), confidence=weakest, safe_day=safe_day)


def _doubts(end: Ending, counting: str, calendar: Calendar) -> list[tuple[Words, str]]:
    found = []
    if end.is_beyond:
        found.append((BEYOND, "uncertain"))
    if counting == "DAYS_BEFORE":
        found.append((BACKWARDS, "inferred"))
    if counting == "CONTINUING":
        found.append((CONTINUING, "inferred"))
    if counting == NAMED and rest_day_name(end.day, calendar):
        found.append((REST_DAY, "statute"))
    return found


def _asked(question: Mapping[str, Any], event: Event) -> bool:
    if "given" not in question:
        return True
    day = event.given.get(question["given"])
    return isinstance(day, date) and ("before" not in question or day < question["before"])


def _end_steps(end: Ending, length: str, counting: str, code: str = "end") -> list[Step]:
    sign = "−" if counting == "DAYS_BEFORE" else "+"
    cite = tuple(cites_of(counting, length))
    labels = {"end": Words("만료", "end"), "extended": Words("연장된 만료", "end as extended")}
    steps = [Step(code, labels[code], f"{end.first} {sign} {length}", end.unmoved.isoformat(), cite)]
    if end.moved_from:
        names = ", ".join(f"{day} {name}" for day, name in end.skipped)
        steps.append(
            Step(
                "moved",
                Words("휴일 다음 날", "moved past rest days"),
                names,
                end.day.isoformat(),
                ("민법 제161조",),
            )
        )
    return steps


def _limit_step(limit: Limit) -> Step:
    code, words = {
        "at_least": ("minimum", Words("법이 정한 최소 기간", "shortest time the law allows")),
        "at_most": ("maximum", Words("법이 정한 최대 기간", "longest time the law allows")),
    }[limit.side]
    formula = f"{limit.end.first} + {limit.rule['length']}"
    return Step(code, words, formula, limit.end.unmoved.isoformat(), tuple(limit.rule["cite"]))


def _with_binding(results: list[Followup | NotInForce]) -> list[Followup | NotInForce]:
    """Of limits that run together the earlier binds; unknown while one of them is."""
    found = [result for result in results if isinstance(result, Followup)]
    groups: dict[str, list[Followup]] = {}
    for result in found:
        if result.family.together:
            groups.setdefault(result.family.together, []).append(result)
    return [_bound(result, groups.get(result.family.together or "", [])) for result in results]


def _bound(result: Followup | NotInForce, group: list[Followup]) -> Followup | NotInForce:
    if not isinstance(result, Followup):
        return result
    ends = [other.end.day if other.end else None for other in group or [result]]
    known = [day for day in ends if day is not None]
    binds = None
    if result.end is not None and len(known) == len(ends):
        binds = result.end.day == min(known)
    beside = tuple(other.family.id for other in group if other is not result)
    return replace(result, binds=binds, beside=beside)
