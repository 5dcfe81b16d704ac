"""What may happen after the report, and the document that tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from rules.engine.calendar import Calendar
from rules.engine.declaration import Field, ListOf, MapOf, Record, inside
from rules.engine.faults import FactsError, Fault, LawFileError
from rules.engine.holidays import calendar_field, changes_of
from rules.engine.kinds import Day, Flag, Instant, Kind, Text, wrong_type
from rules.engine.korean import seoul_day
from rules.engine.law_files import HEAD, read_law_file
from rules.kr.calendar import korean_calendar
from rules.kr.coverage import instant_of

LATEST_NAMED = date(
    2040, 12, 31
)  # a letter may name a day beyond the holiday calendar, a typing slip hardly so
ID = Text(pattern=r"[A-Za-z0-9_.-]{1,60}", hint="영문자, 숫자, 밑줄로 적으십시오.")
ID_FIELD = Field("id", ID, "식별 부호", "id of the event", required=True)
GIVEN = Record(
    (
        Field("kind", Text(choices=("day", "days", "choice", "flag")), required=True),
        Field("choices", ListOf(Text())),
        Field("default", Text()),
        Field("label", Text(), required=True),
        Field("label_en", Text(), required=True),
    )
)
EVENT = Record(
    (
        Field("label", Text(), required=True),
        Field("label_en", Text(), required=True),
        Field("given", MapOf(GIVEN)),
    )
)
EVENTS_FILE = Record((*HEAD, Field("events", MapOf(EVENT), required=True)))


@dataclass(frozen=True)
class EventLaw:
    """A kind of event; `given` holds what may be said of it, by name."""

    code: str
    label: str
    label_en: str
    given: Mapping[str, Mapping[str, Any]]

    @cached_property
    def record(self) -> Record:
        """The shape of one event of this kind in a document of facts."""
        about = Record(tuple(self._field(name, item) for name, item in self.given.items()))
        return Record(
            (
                ID_FIELD,
                Field("kind", Text(choices=(self.code,)), self.label, self.label_en, required=True),
                *_when(),
                Field("given", about, "적힌 것", "what the letter or filing says", absent_as={}),
            )
        )

    def defaults(self) -> dict[str, str]:
        return {name: item["default"] for name, item in self.given.items() if "default" in item}

    def _field(self, name: str, item: Mapping[str, Any]) -> Field:
        return Field(name, _kind_of(item), item["label"], item["label_en"])


@dataclass(frozen=True)
class Event:
    """One event as told: its start as given, its day in Korea, and the facts that go with it.

    `calendar` is the one its periods are counted by.
    """

    place: int
    id: str
    kind: str
    start: datetime | date
    given: Mapping[str, Any]
    presumed: tuple[str, ...]
    calendar: Calendar = field(default_factory=korean_calendar, compare=False)

    @property
    def day(self) -> date:
        return seoul_day(self.start) if isinstance(self.start, datetime) else self.start

    def path(self, name: str) -> str:
        return f"events[{self.place}].given.{name}"


def _when() -> tuple[Field, Field]:
    known = instant_of("awareness")
    return (
        Field("on", Day(known.earliest, known.latest), "날", "day in Korea"),
        Field("at", Instant(known.earliest, known.latest), "시각", "instant"),
    )


def read_events(path: Path) -> Mapping[str, EventLaw]:
    """Every kind of event. Raises LawFileError."""
    content = read_law_file(path, EVENTS_FILE)["events"]
    made = {
        key: EventLaw(key, item["label"], item["label_en"], item.get("given", {}))
        for key, item in content.items()
    }
    faults = [fault for event in made.values() for fault in _choice_faults(event)]
    if faults:
        raise LawFileError(path.name, faults)
    return made


def _choice_faults(event: EventLaw) -> list[Fault]:
    faults = []
    for name, item in event.given.items():
        path, choices = f"events.{event.code}.given.{name}", item.get("choices", ())
        if (item["kind"] == "choice") != bool(choices):
            faults.append(Fault(f"{path}.choices", "choices는 choice에만, 그리고 반드시 적습니다."))
        elif "default" in item and item["default"] not in choices:
            faults.append(Fault(f"{path}.default", f"choices에 없습니다: {item['default']}"))
    return faults


def _kind_of(item: Mapping[str, Any]) -> Kind:
    named = Day(instant_of("occurrence").earliest, LATEST_NAMED)
    kinds: dict[str, Kind] = {"day": named, "days": ListOf(named), "flag": Flag()}
    return kinds.get(item["kind"]) or Text(choices=tuple(item["choices"]))


class Unread:
    """A value that is passed over."""

    def read(self, value: object, path: str, faults: list[Fault]) -> object:
        return value

    def schema(self) -> dict[str, Any]:
        return {}


@dataclass(frozen=True)
class AnyEvent:
    """An event of any kind; its `given` is read by the shape of its kind."""

    events: Mapping[str, EventLaw]

    def read(self, value: object, path: str, faults: list[Fault]) -> dict[str, Any] | None:
        if not isinstance(value, Mapping):
            return wrong_type(value, path, "이름과 값의 묶음", faults)
        kind = value.get("kind")
        event = self.events.get(kind) if isinstance(kind, str) else None
        read = (event.record if event else self._of_no_kind()).read(value, path, faults)
        if value.get("on") is None and value.get("at") is None:
            faults.append(
                Fault(inside(path, "on"), "날이 없습니다.", "on에 날을, 시각까지 알면 at에 적으십시오.")
            )
        if value.get("on") is not None and value.get("at") is not None:
            faults.append(Fault(inside(path, "at"), "on과 at이 함께 있습니다.", "하나만 적으십시오."))
        return read if event else None

    def _of_no_kind(self) -> Record:
        """What can be checked of an event whose kind is not known: all but what is said of it."""
        kind = Field("kind", Text(choices=tuple(self.events)), "일의 종류", required=True)
        return Record((ID_FIELD, kind, *_when(), Field("given", Unread())))

    def schema(self) -> dict[str, Any]:
        return {
            "anyOf": [event.record.schema() for event in self.events.values()],
            "oneOf": [_said("on"), _said("at")],
        }


def _said(name: str) -> dict[str, Any]:
    return {"required": [name], "properties": {name: {"type": "string"}}}


def facts_record(events: Mapping[str, EventLaw]) -> Record:
    entry = ListOf(AnyEvent(events), unique_key="id")
    events_field = Field("events", entry, "있었던 일", "what happened", required=True)
    return Record((events_field, calendar_field(korean_calendar())))


def read_facts(document: object, events: Mapping[str, EventLaw]) -> tuple[Event, ...]:
    """The events of a document, in its order. Raises FactsError with every fault."""
    faults: list[Fault] = []
    facts = facts_record(events).read(document, "", faults) or {}
    if faults:
        faults += [
            fault for event in _events(facts, events, korean_calendar()) for fault in _order_faults(event)
        ]
        raise FactsError(faults)
    made = _events(facts, events, korean_calendar(changes_of(facts)))
    faults = [fault for event in made for fault in _order_faults(event)]
    if faults:
        raise FactsError(faults)
    return tuple(made)


def _events(facts: Mapping[str, Any], events: Mapping[str, EventLaw], calendar: Calendar) -> list[Event]:
    return [
        _event(place, item, events, calendar)
        for place, item in enumerate(facts.get("events", ()))
        if item and {"id", "kind"} <= set(item) and {"on", "at"} & set(item)
    ]


def _event(place: int, item: Mapping[str, Any], events: Mapping[str, EventLaw], calendar: Calendar) -> Event:
    given = dict(item.get("given", {}))
    defaults = events[item["kind"]].defaults()
    presumed = tuple(name for name in defaults if name not in given)
    start = item.get("at", item.get("on"))
    return Event(place, item["id"], item["kind"], start, {**defaults, **given}, presumed, calendar)


def _order_faults(event: Event) -> list[Fault]:
    """What cannot be: a disposition after it was known, a filing after its proposal, days that run backwards."""
    faults = []
    for name in ("disposition_on", "filed_on"):
        day = event.given.get(name)
        if day and day > event.day:
            faults.append(
                Fault(
                    event.path(name),
                    f"{day}은 그 일이 있은 {event.day}보다 뒤입니다.",
                    "두 날을 다시 확인하십시오.",
                )
            )
    due, deferred = event.given.get("due_on"), event.given.get("deferred_to")
    if due and deferred and deferred < due:
        faults.append(
            Fault(
                event.path("deferred_to"),
                f"{deferred}은 원래의 {due}보다 앞섭니다.",
                "두 날을 다시 확인하십시오.",
            )
        )
    days = [day for day in event.given.get("instalments", ()) if day]
    if days != sorted(set(days)):
        faults.append(
            Fault(
                event.path("instalments"),
                "날이 순서대로 적혀 있지 않거나 되풀이됩니다.",
                "앞선 날부터 하나씩 적으십시오.",
            )
        )
    return faults
