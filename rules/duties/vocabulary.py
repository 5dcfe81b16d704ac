"""The facts the duties speak of, as data: their names, kinds and words, and what cannot be.

They stand in `rules/facts/`; a law file may add its own in a `facts:` block of the same shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from rules.engine.conditions import Condition, Either, Every, Leaf, Not, Words
from rules.engine.declaration import Field, ListOf, MapOf, Record, inside
from rules.engine.faults import Fault
from rules.engine.kinds import Count, Day, Flag, Instant, Kind, Money, SetOf, Text
from rules.engine.korean import instant_text, listed
from rules.engine.law_files import HEAD

SCOPES = ("organization", "incident")
KINDS = ("flag", "instant", "day", "count", "money", "choice", "choices", "events")
TESTS_OF = {
    "flag": {"is", "known"},
    "instant": {"known"},
    "day": {"known"},
    "count": {"at_least", "more_than", "known"},
    "money": {"at_least", "more_than", "known"},
    "choice": {"is", "any_of", "known"},
    "choices": {"any_of", "known"},
    "events": {"known"},
}
MOST = 10_000_000_000
LABELS = (Field("label", Text(), required=True), Field("label_en", Text(), required=True))
ITEM = Record(
    (Field("key", Text(), required=True), Field("clock", Text(), required=True), *LABELS)
)  # the instant each item of a list gives, and the name under which a duty's clock runs from it
ENTRY_FIELDS = (
    Field("kind", Text(choices=KINDS), required=True),
    *LABELS,
    Field("help", Text()),
    Field("help_en", Text()),
    Field("span", Text()),
    Field("not_before", ListOf(Text())),
    Field("bounds_occurrence", Flag()),
    Field("unit", Text()),
    Field("unit_en", Text()),
    Field("most", Count()),
    Field("at_most", Text()),
    Field("choices", MapOf(Record(LABELS))),
    Field("by_person", Flag()),
    Field("item", ITEM),
)
ENTRY = Record(ENTRY_FIELDS)
SCOPED_ENTRY = Record((Field("scope", Text(choices=SCOPES), required=True), *ENTRY_FIELDS))
VOCABULARY_FILE = Record((*HEAD, Field("facts", MapOf(ENTRY), required=True)))
FACTS_BLOCK = Field("facts", MapOf(SCOPED_ENTRY))
BELONGS_TO = {  # which kinds a key may be written for; the other keys fit every kind
    "span": ("instant",),
    "not_before": ("instant",),
    "bounds_occurrence": ("instant",),
    "unit": ("count",),
    "unit_en": ("count",),
    "most": ("count",),
    "at_most": ("count",),
    "choices": ("choice", "choices"),
    "item": ("events",),
}
REQUIRED_BY = {"instant": "span", "choice": "choices", "choices": "choices", "events": "item"}


@dataclass(frozen=True, slots=True)
class FactChoice:
    """One code a fact may take, and what it means."""

    code: str
    label: str
    label_en: str


@dataclass(frozen=True, slots=True)
class FactEntry:
    """One fact. `by_person`: the law leaves it to a named person who must give reasons.

    An instant has a `span` of known days; a count its `unit` and the `most` it can be; a choice
    its `choices`. `clock` is the name under which each item of a list of events starts a clock.
    """

    name: str
    scope: str
    kind: str
    label: str
    label_en: str
    help: str = ""
    help_en: str = ""
    span: str | None = None
    unit: str = ""
    unit_en: str = ""
    most: int | None = None
    choices: tuple[FactChoice, ...] = ()
    by_person: bool = False
    not_before: tuple[str, ...] = ()
    at_most: str | None = None
    bounds_occurrence: bool = False
    item_key: str | None = None
    clock: str | None = None
    file: str = ""


def entry_of(name: str, scope: str, item: Mapping[str, Any], file: str) -> FactEntry:
    """The entry a checked vocabulary file makes."""
    labels = item.get("choices") or {}
    event = item.get("item") or {}
    return FactEntry(
        name=name,
        scope=scope,
        kind=item["kind"],
        label=item["label"],
        label_en=item["label_en"],
        help=item.get("help", ""),
        help_en=item.get("help_en", ""),
        span=item.get("span"),
        unit=item.get("unit", ""),
        unit_en=item.get("unit_en", ""),
        most=item.get("most", MOST) if item["kind"] == "count" else None,
        choices=tuple(FactChoice(code, word["label"], word["label_en"]) for code, word in labels.items()),
        by_person=bool(item.get("by_person")),
        not_before=item.get("not_before", ()),
        at_most=item.get("at_most"),
        bounds_occurrence=bool(item.get("bounds_occurrence")),
        item_key=event.get("key"),
        clock=event.get("clock"),
        file=file,
    )


def clock_entry(name: str, item: Mapping[str, Any], file: str) -> FactEntry | None:
    """The instant each item of a list gives; nobody states it on its own."""
    event = item.get("item")
    if event is None:
        return None
    return FactEntry(
        event["clock"], "derived", "instant", event["label"], event["label_en"], span="awareness", file=file
    )


def entry_faults(item: Mapping[str, Any] | None, path: str) -> list[Fault]:
    """Keys that do not belong to the kind, and what the kind needs."""
    if not item or "kind" not in item:
        return []
    kind = item["kind"]
    faults = [
        Fault(inside(path, key), f"{kind}에는 {key}를 쓸 수 없습니다.")
        for key, kinds in BELONGS_TO.items()
        if key in item and kind not in kinds
    ]
    needed = REQUIRED_BY.get(kind)
    if needed and needed not in item:
        faults.append(Fault(inside(path, needed), f"{kind}에는 {needed}가 있어야 합니다."))
    return faults


class Vocabulary:
    """Every fact by name: checks a facts document, names facts in an answer, checks conditions."""

    def __init__(self, entries: Iterable[FactEntry], spans: Mapping[str, Instant]) -> None:
        self.entries: tuple[FactEntry, ...] = tuple(entries)
        self._spans = spans
        self._by_name = {entry.name: entry for entry in self.entries}
        self._words = {entry.name: Words(entry.label, entry.label_en) for entry in self.entries}
        self._choices = {
            (entry.name, choice.code): Words(choice.label, choice.label_en)
            for entry in self.entries
            for choice in entry.choices
        }
        self.order = tuple(
            (entry.name, earlier) for entry in self.entries for earlier in entry.not_before
        )  # later, earlier
        self.parts = tuple((entry.name, entry.at_most) for entry in self.entries if entry.at_most)
        self.awareness = tuple(entry.name for entry in self.entries if entry.bounds_occurrence)
        self.absent_as_false = {
            entry.name: False
            for entry in self.entries
            if entry.scope == "organization" and entry.kind == "flag"
        }

    def stated(self, scope: str) -> tuple[FactEntry, ...]:
        return tuple(entry for entry in self.entries if entry.scope == scope)

    def entry(self, name: str) -> FactEntry:
        return self._by_name[name]

    def known_names(self) -> frozenset[str]:
        return frozenset(self._by_name)

    def faults(self) -> list[tuple[str, Fault]]:
        """What is wrong with the vocabulary as a whole, with the file of each fault."""
        found: list[tuple[str, Fault]] = []
        seen: set[str] = set()
        for entry in self.entries:
            path = f"facts.{entry.name}"
            if entry.name in seen:
                found.append((entry.file, Fault(path, f"사실 {entry.name}이 이미 다른 곳에 있습니다.")))
            seen.add(entry.name)
            others = (*entry.not_before, *((entry.at_most,) if entry.at_most else ()))
            found += [
                (entry.file, Fault(path, f"모르는 사실입니다: {other}"))
                for other in others
                if other not in self._by_name
            ]
            if entry.span is not None and entry.span not in self._spans:
                found.append((entry.file, Fault(f"{path}.span", f"모르는 범위입니다: {entry.span}")))
        return found

    def fact(self, name: str) -> Words:
        return self._words[name]

    def choices(self, name: str, codes: Sequence[str]) -> Words:
        words = [self._choices.get((name, code), Words(code, code)) for code in codes]
        return Words(listed([word.ko for word in words]), listed([word.en for word in words]))

    def amount(self, name: str, number: int | str) -> Words:
        entry = self._by_name.get(name)
        figure = f"{int(number):,}"
        if entry is None:
            return Words(figure, figure)
        if entry.kind == "money":
            return Words(f"{figure}원", f"KRW {figure}")
        return Words(f"{figure}{entry.unit}", f"{figure}{entry.unit_en}")

    def value(self, name: str, value: object) -> Words:
        """A fact's value as its reader writes it."""
        if isinstance(value, bool):
            return Words("예", "yes") if value else Words("아니요", "no")
        if isinstance(value, datetime):
            return Words(instant_text(value), value.strftime("%Y-%m-%d %H:%M KST"))
        if isinstance(value, frozenset):
            return self.choices(name, sorted(value))
        if isinstance(value, tuple):
            return Words(f"{len(value)}건", f"{len(value)} of them")
        if isinstance(value, date):
            return Words(value.isoformat(), value.isoformat())
        kind = self.entry(name).kind
        if isinstance(value, int) or kind == "money":
            return self.amount(name, value if isinstance(value, int) else str(value))
        return self.choices(name, (str(value),))

    def span(self, name: str) -> Instant | None:
        """The days an instant may fall on; None for another kind of fact."""
        entry = self.entry(name)
        return self._spans[entry.span] if entry.span else None

    def missing(self, names: Sequence[str]) -> Words:
        """The facts still to be entered, as one would list them."""
        korean = [
            f"{self.fact(name).ko} 여부" if self.entry(name).kind == "flag" else self.fact(name).ko
            for name in names
        ]
        return Words(listed(korean), listed([self.fact(name).en for name in names]))

    def latest_possible_occurrence(self, facts: Mapping[str, Any]) -> datetime | None:
        """Nothing is known before it happens: the earliest awareness bounds the occurrence."""
        known: list[datetime] = [facts[name] for name in self.awareness if name in facts]
        return min(known) if known else None

    def condition_faults(self, condition: Condition, path: str) -> list[Fault]:
        """A misspelt fact, a test that does not fit its kind, or a code it cannot have: never met."""
        if isinstance(condition, Every | Either):
            return [fault for part in condition.parts for fault in self.condition_faults(part, path)]
        if isinstance(condition, Not):
            return self.condition_faults(condition.part, path)
        return self._leaf_faults(condition, path) if isinstance(condition, Leaf) else []

    def _leaf_faults(self, leaf: Leaf, path: str) -> list[Fault]:
        entry = self._by_name.get(leaf.fact)
        if entry is None:
            return [Fault(path, f"모르는 사실입니다: {leaf.fact}")]
        fits = leaf.test != "is" or isinstance(leaf.wanted, bool) == (entry.kind == "flag")
        if leaf.test not in TESTS_OF[entry.kind] or not fits:
            return [Fault(path, f"{leaf.fact}({entry.kind})에는 {leaf.test}를 이렇게 쓸 수 없습니다.")]
        codes = leaf.wanted if leaf.test == "any_of" else (leaf.wanted,) if entry.kind == "choice" else ()
        known = {choice.code for choice in entry.choices}
        return [
            Fault(path, f"{leaf.fact}에 없는 부호입니다: {code}")
            for code in codes
            if isinstance(code, str) and code not in known
        ]

    @cached_property
    def record(self) -> Record:
        """The shape of a facts document: organisation, incident."""
        organization = Record(tuple(self._field(entry) for entry in self.stated("organization")))
        incident = Record(tuple(self._field(entry) for entry in self.stated("incident")))
        return Record(
            (
                Field("organization", organization, "조직", "organisation; an absent flag is false"),
                Field("incident", incident, "사고", "incident; an absent fact is unknown", required=True),
            )
        )

    def _field(self, entry: FactEntry) -> Field:
        return Field(entry.name, self._kind(entry), entry.label, entry.label_en)

    def _kind(self, entry: FactEntry) -> Kind:
        codes = tuple(choice.code for choice in entry.choices)
        if entry.kind == "instant":
            return self._spans[entry.span or ""]
        if entry.kind == "events":
            return ListOf(self._event(entry), "id")
        kinds: dict[str, Kind] = {
            "flag": Flag(),
            "day": Day(),
            "count": Count(0, entry.most or MOST),
            "money": Money(),
            "choice": Text(choices=codes),
            "choices": SetOf(codes or ("",)),
        }
        return kinds[entry.kind]

    def _event(self, entry: FactEntry) -> Record:
        words = self._words[entry.clock or ""]
        return Record(
            (
                Field("id", Text(), "식별자", "id", required=True),
                Field(entry.item_key or "", self._spans["awareness"], words.ko, words.en, required=True),
            )
        )
