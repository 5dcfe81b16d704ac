"""The follow-ups as law files state them, strictly read: each with the events that start it and its versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from rules.engine.declaration import Field, ListOf, MapOf, Record, inside
from rules.engine.faults import Fault, LawFileError
from rules.engine.history import Entry, chronology_faults, entries_of, entry_record
from rules.engine.kinds import Count, Day, Text
from rules.engine.law_files import CITED, HEAD, HERE, read_law_file
from rules.engine.periods import read_length
from rules.kr.followups.events import EventLaw, read_events

FOLDER = HERE / "kr" / "followups"
EVENTS_FILE = "events.yaml"
COUNTINGS = ("DAYS", "DAYS_BEFORE", "CONTINUING", "NAMED")
ACTORS = ("we", "authority", "mediation_committee", "other_side")
EVENT = "event"  # as `selected_by`: the day of the event itself
PLACES = {"start", "last", "day_after"}
SENTENCES = ("why", "why_en", "if_missed", "if_missed_en")


class LengthKind:
    """A period of ISO 8601 in days, weeks, months or years."""

    def read(self, value: object, path: str, faults: list[Fault]) -> str | None:
        text = Text().read(value, path, faults)
        try:
            if text is None or not read_length(text).clock:
                return text
        except ValueError:
            pass
        faults.append(
            Fault(path, f"{text}는 일·월·연으로 된 ISO 8601 기간이 아닙니다.", "P10D처럼 적으십시오.")
        )
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


LENGTH = LengthKind()
CODE = Text(pattern=r"[a-z][a-z0-9_]*", hint="소문자와 밑줄로 적으십시오.")
EXTENSION = Record((Field("length", LENGTH, required=True), Field("when", CODE, required=True)))
BEFORE_IT = Record(
    (Field("length", LENGTH, required=True), Field("named_by", CODE), Field("extension", EXTENSION))
)
LENGTH_BY = Record((Field("key", CODE, required=True), Field("lengths", MapOf(LENGTH), required=True)))
LIMIT = Record(
    (
        Field("length", LENGTH, required=True),
        Field("only_for", MapOf(ListOf(CODE))),
        Field("note", Text()),
        Field("note_en", Text()),
        *CITED,
    )
)
QUESTION = Record(
    (
        Field("text", Text(), required=True),
        Field("text_en", Text(), required=True),
        Field("given", CODE),
        Field("before", Day()),
    )
)
INSTALMENTS = Record(
    (
        Field("days", CODE, required=True),
        Field("most", Count(1, 100), required=True),
        Field("gap", LENGTH),
    )
)
VALUES = Record(
    (
        Field("counting", Text(choices=COUNTINGS), required=True),
        Field("length", LENGTH),
        Field("length_by", LENGTH_BY),
        Field("earliest", LENGTH),
        Field("extension", EXTENSION),
        Field("named_by", CODE),
        Field("starts_from", CODE),
        Field("or_event_for", ListOf(CODE)),
        Field("after", BEFORE_IT),
        Field("at_least", ListOf(LIMIT)),
        Field("at_most", ListOf(LIMIT)),
        Field("instalments", INSTALMENTS),
        Field("questions", ListOf(QUESTION)),
        *(Field(name, Text(), required=True) for name in SENTENCES),
    )
)
FAMILY = Record(
    (
        Field("title", Text(), required=True),
        Field("title_en", Text(), required=True),
        Field("events", ListOf(CODE), required=True),
        Field("who", Text(choices=ACTORS), required=True),
        Field("together", CODE),
        Field("only_for", MapOf(ListOf(CODE))),
        Field("history", ListOf(entry_record(VALUES)), required=True),
    )
)
LAW_FILE = Record((*HEAD, Field("followups", MapOf(FAMILY), required=True)))


@dataclass(frozen=True)
class Family:
    """One follow-up through its versions. `together` names the limits that run beside it."""

    id: str
    title: str
    title_en: str
    events: tuple[str, ...]
    who: str
    together: str | None
    only_for: Mapping[str, tuple[str, ...]]
    entries: tuple[Entry, ...]
    file: str


@dataclass(frozen=True)
class Law:
    """What may happen, and what follows from it."""

    events: Mapping[str, EventLaw]
    families: tuple[Family, ...]


@cache
def current_law() -> Law:
    """The follow-ups of this edition. Raises LawFileError."""
    return read_law(FOLDER)


def read_law(folder: Path) -> Law:
    """The law these files make. Raises LawFileError with the file's name and every fault in it."""
    events = read_events(folder / EVENTS_FILE)
    files = sorted(path for path in folder.glob("*.yaml") if path.name != EVENTS_FILE)
    families = tuple(family for path in files for family in _families(path, events))
    _refuse_repeats(families)
    return Law(events, families)


def _families(path: Path, events: Mapping[str, EventLaw]) -> tuple[Family, ...]:
    content = read_law_file(path, LAW_FILE)["followups"]
    faults = [fault for key, item in content.items() for fault in _family_faults(key, item, events)]
    if faults:
        raise LawFileError(path.name, faults)
    return tuple(_family(key, item, path.name) for key, item in content.items())


def _family(key: str, item: Mapping[str, Any], file: str) -> Family:
    return Family(
        key,
        item["title"],
        item["title_en"],
        item["events"],
        item["who"],
        item.get("together"),
        item.get("only_for", {}),
        entries_of(item["history"]),
        file,
    )


def _refuse_repeats(families: tuple[Family, ...]) -> None:
    seen: dict[str, str] = {}
    for family in families:
        if family.id in seen:
            raise LawFileError(
                family.file, [Fault(f"followups.{family.id}", f"{seen[family.id]}에도 있습니다.")]
            )
        seen[family.id] = family.file


def _family_faults(key: str, item: Mapping[str, Any], events: Mapping[str, EventLaw]) -> list[Fault]:
    path = f"followups.{key}"
    faults = [
        Fault(f"{path}.events", f"events.yaml에 없는 일입니다: {name}")
        for name in item["events"]
        if name not in events
    ]
    if faults:
        return faults
    known = set().union(*(events[name].given for name in item["events"]))
    faults += _unknown_keys(item.get("only_for", {}), known, f"{path}.only_for")
    faults += chronology_faults(item["history"], f"{path}.history")
    for place, entry in enumerate(item["history"]):
        where = f"{path}.history[{place}]"
        if entry["selected_by"] not in known | {EVENT}:
            faults.append(Fault(f"{where}.selected_by", f"그런 사실이 없습니다: {entry['selected_by']}"))
        if entry.get("values"):
            faults += _value_faults(entry["values"], known, set(item["events"]), f"{where}.values")
    return faults


def _value_faults(values: Mapping[str, Any], known: set[str], events: set[str], path: str) -> list[Fault]:
    faults = [_unknown(inside(path, place), name) for place, name in _keys_used(values) if name not in known]
    for side in ("at_least", "at_most"):
        for place, limit in enumerate(values.get(side, ())):
            faults += _unknown_keys(limit.get("only_for", {}), known, f"{path}.{side}[{place}].only_for")
    faults += [
        _unknown(f"{path}.or_event_for", name)
        for name in values.get("or_event_for", ())
        if name not in events
    ]
    sources = [name for name in ("length", "length_by", "named_by", "instalments") if name in values]
    if not sources:
        faults.append(Fault(path, "length, length_by, named_by, instalments 가운데 하나는 있어야 합니다."))
    if values["counting"] == "NAMED" and "length" in values:
        faults.append(Fault(f"{path}.length", "NAMED에는 길이를 적지 않습니다."))
    if values["counting"] != "NAMED" and not {"length", "length_by"} & set(values):
        faults.append(Fault(f"{path}.length", "세는 기간에는 길이가 있어야 합니다."))
    return faults + [fault for name in SENTENCES for fault in _place_faults(values[name], f"{path}.{name}")]


def _keys_used(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every name of a given fact the values speak of, with where."""
    pairs = [
        ("named_by", values.get("named_by")),
        ("starts_from", values.get("starts_from")),
        ("length_by.key", values.get("length_by", {}).get("key")),
        ("extension.when", values.get("extension", {}).get("when")),
        ("after.named_by", values.get("after", {}).get("named_by")),
        ("after.extension.when", values.get("after", {}).get("extension", {}).get("when")),
        ("instalments.days", values.get("instalments", {}).get("days")),
        *((f"questions[{n}].given", item.get("given")) for n, item in enumerate(values.get("questions", ()))),
    ]
    return [(place, name) for place, name in pairs if name is not None]


def _place_faults(text: str, path: str) -> list[Fault]:
    try:
        used = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return [Fault(path, "중괄호의 짝이 맞지 않습니다.")]
    return [Fault(path, f"채울 수 없는 자리입니다: {name}") for name in sorted(used - PLACES)]


def _unknown_keys(names: Mapping[str, Any], known: set[str], path: str) -> list[Fault]:
    return [_unknown(path, name) for name in names if name not in known]


def _unknown(path: str, name: str) -> Fault:
    return Fault(path, f"그런 사실이 없습니다: {name}")
