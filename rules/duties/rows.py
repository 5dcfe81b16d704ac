"""The duties as law files state them, one row for each version, strictly read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from string import Formatter
from typing import Any

from rules.duties.jurisdiction import CODES_BLOCK, CONTENTS_BLOCK, COUNTED, Jurisdiction
from rules.duties.lexicon import Lexicon
from rules.duties.questions import (
    ANSWERS_OF,
    ASKED,
    Question,
    question_faults,
    question_of,
)
from rules.duties.vocabulary import FACTS_BLOCK
from rules.engine.conditions import Condition, ConditionKind, Every, Verdict, Words
from rules.engine.declaration import Field, ListOf, MapOf, Record, inside
from rules.engine.faults import Fault
from rules.engine.history import Entry, chronology_faults, entries_of, entry_record
from rules.engine.kinds import Count, Day, Money, Text
from rules.engine.law_files import CITED, CONFIDENCES, HEAD, faults_of_codes
from rules.engine.periods import Length, read_length

UNCOUNTED = ("PROMPT", "IMMEDIATE")
CITES = ListOf(Text())
CONDITION = ConditionKind()
STRADDLES = Words(
    "기간 중에 바뀐 벌칙 가운데 어느 것을 적용할지는 정해지지 않았고, 기간이 끝난 때의 법을 기본으로 합니다.",
    "Which penalty applies to a period that straddles a change is open; the law at its end is used.",
)
SENTENCE = (Field("why", Text(), required=True), Field("why_en", Text(), required=True))


class LengthKind:
    """A period of ISO 8601."""

    def read(self, value: object, path: str, faults: list[Fault]) -> str | None:
        text = Text().read(value, path, faults)
        try:
            return text and read_length(text).text
        except ValueError:
            faults.append(Fault(path, f"{text}는 ISO 8601 기간이 아닙니다.", "PT72H처럼 적으십시오."))
            return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


GUIDANCE = Record(
    (
        Field("limit", LengthKind(), required=True),
        Field("counting", Text(choices=COUNTED), required=True),
        *CITED,
    )
)
QUESTION = Record(
    (
        Field("when", CONDITION, required=True),
        *ASKED,
        *SENTENCE,
        Field("confidence", Text(choices=CONFIDENCES), required=True),
    )
)
OUTSIDE = Record(
    (
        Field("when", CONDITION, required=True),
        Field("because", Text(), required=True),
        Field("because_en", Text(), required=True),
    )
)
LAPSE = Record(
    (
        Field("when", CONDITION, required=True),
        Field("at", ListOf(Text()), required=True),
        *SENTENCE,
        Field("cite", CITES, required=True),
    )
)
EXEMPTION = Record(
    (Field("needs", ListOf(Text()), required=True), *SENTENCE, Field("cite", CITES, required=True))
)
DELAY = Record(
    (
        Field("grounds", ListOf(Text()), required=True),
        Field("then", Text(choices=UNCOUNTED), required=True),
        Field("cite", CITES, required=True),
    )
)
PLACE = Record(
    (
        Field("place", Text(), required=True),
        Field("place_en", Text(), required=True),
        Field("days", Count(1, 365), required=True),
    )
)  # one of several ways to post, with its own number of days
POSTING = Record(
    (
        Field("kind", Text(choices=("substitute", "additional")), required=True),
        Field("days", Count(1, 365), required=True),
        Field("when", CONDITION, required=True),
        Field("alternatives", ListOf(PLACE)),
        Field("cite", CITES, required=True),
    )
)
FURTHER = Record(
    (Field("recipient", ListOf(Text()), required=True), Field("when", CONDITION, required=True))
)  # also told where the condition is met
SANCTION = Record((Field("ceiling", Money(), required=True), Field("cite", CITES, required=True)))
VALUES = Record(
    (
        Field("counting", Text(choices=COUNTED + UNCOUNTED)),
        Field("limit", LengthKind()),
        Field("guidance", GUIDANCE),
        Field("recipient", ListOf(ListOf(Text()))),
        Field("further_recipients", ListOf(FURTHER)),
        Field("contents", Text()),
        Field("needs", ListOf(CONDITION)),
        Field("outside_if", ListOf(OUTSIDE)),
        Field("unsettled_if", ListOf(QUESTION)),
        Field("reserved_if", ListOf(QUESTION)),
        Field("assumed_if", ListOf(QUESTION)),
        Field("lapses_if", ListOf(LAPSE)),
        Field("exemption", EXEMPTION),
        Field("exceptions", ListOf(Text())),
        Field("delay", DELAY),
        Field("posting", POSTING),
        Field("sanction", SANCTION),
        Field("why", Text()),
        Field("why_en", Text()),
    )
)
FALLBACK = Record(
    (
        Field("fact", Text(), required=True),
        Field("when", CONDITION, required=True),
        *ASKED,
        Field("why", Text()),  # without a reason the stand-in is as good as the clock itself
        Field("why_en", Text()),
    )
)
SAFE_TARGET = Record(
    (
        Field("fact", Text(), required=True),
        Field("from", Day(), required=True),
        Field("limit", LengthKind(), required=True),
        *ASKED,
        *SENTENCE,
        *CITED,
    )
)
FAMILY = Record(
    (
        Field("title", Text(), required=True),
        Field("title_en", Text(), required=True),
        Field("clock", Text(), required=True),
        Field("each", Text()),
        Field("fallback_clocks", ListOf(FALLBACK)),
        Field("when_key_unknown", Text(choices=("presume_latest", "unsettled")), absent_as="unsettled"),
        Field("sanction_by", Text(choices=("version", "expiry")), absent_as="version"),
        Field("safe_targets", ListOf(SAFE_TARGET)),
        Field("history", ListOf(entry_record(VALUES)), required=True),
    )
)
LAW_FILE = Record(
    (*HEAD, FACTS_BLOCK, CODES_BLOCK, CONTENTS_BLOCK, Field("duties", MapOf(FAMILY), required=True))
)
FULL_ENTRY = ("counting", "recipient", "needs", "why", "why_en")
PLACES = frozenset({"start", "due", "guidance", "start_en", "due_en", "guidance_en"})
PUT_BY = {"unsettled_if": "unsettled", "reserved_if": "reserved", "assumed_if": "assumed"}
FACT_KEYS = ("fact", "clock", "selected_by")


@dataclass(frozen=True)
class Family:
    """One duty through all its versions, with the jurisdiction and the words of its edition."""

    id: str
    file: str
    home: Jurisdiction
    lexicon: Lexicon
    title: str
    title_en: str
    clock: str
    each: str | None
    when_key_unknown: str
    sanction_by: str
    fallback_clocks: tuple[Mapping[str, Any], ...]
    safe_targets: tuple[Mapping[str, Any], ...]
    entries: tuple[Entry, ...]

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every fact whose day selects a version of this duty, or a change within one."""
        changes = {change.selected_by for entry in self.entries for change in entry.changes}
        return frozenset({entry.selected_by for entry in self.entries} | changes)

    @cached_property
    def shares_days(self) -> tuple[frozenset[str], str, Jurisdiction]:
        """Duties in which this is equal have the same days of the same facts, if they run from the same one."""
        return self.keys, self.clock, self.home

    @cached_property
    def spoken(self) -> tuple[Entry, ...]:
        """The entries that say something, without repeals."""
        return tuple(entry for entry in self.entries if entry.values is not None)

    @cached_property
    def spoken_on(self) -> dict[date, tuple[Entry, bool, Terms]]:
        """What was found for a day, where one fact alone selects."""
        return {}

    @cached_property
    def _terms(self) -> dict[tuple[int, tuple[bool, ...]], Terms]:
        return {}

    def terms_on(self, entry: Entry, days: Mapping[str, date]) -> Terms:
        """What the entry says with its changes up to these days; worked out once for each of their states."""
        begun: tuple[bool, ...] = ()
        if entry.changes:
            begun = tuple([days[change.selected_by] >= change.start for change in entry.changes])
        key = (id(entry), begun)
        terms = self._terms.get(key)
        if terms is None:
            terms = self._terms[key] = terms_of(self, entry, begun)
        return terms

    def questions(self) -> Iterator[Question]:
        """Every question this duty may put, in all its versions."""
        for fallback in self.fallback_clocks:
            if "why" in fallback:
                yield question_of(fallback, "stand_in")
        for target in self.safe_targets:
            yield question_of(target, "safe_target")
        for entry in self.entries:
            for values in (entry.values or {}, *(change.values for change in entry.changes)):
                for key, kind in PUT_BY.items():
                    yield from (question_of(item, kind) for item in values.get(key, ()))
        if self.sanction_by == "expiry":
            yield self.straddling

    @cached_property
    def straddling(self) -> Question:
        """Which penalty applies to a period that straddles a change of the law."""
        answers = ANSWERS_OF["sanction"]
        return Question(STRADDLES, "uncertain", f"{self.id}.sanction", "sanction", answers, answers[0])

    def id_of(self, entry: Entry) -> str:
        return f"{self.id}.{entry.version}"


@dataclass(frozen=True)
class Terms:
    """What one entry says with the changes begun, ready to be weighed."""

    entry: Entry
    values: Mapping[str, Any]
    cites: tuple[str, ...]
    needs: Every
    outside: tuple[tuple[Condition, Verdict], ...]
    unsettled: tuple[tuple[Condition, Question], ...]
    reserved: tuple[tuple[Condition, Question], ...]
    assumed: tuple[tuple[Condition, Question], ...]
    lapses: tuple[Mapping[str, Any], ...]
    length: Length | None
    id: str
    noes: dict[tuple[str, Words], dict[str, Any]] = field(default_factory=dict)  # answers already worded


def terms_of(family: Family, entry: Entry, begun: tuple[bool, ...]) -> Terms:
    values: dict[str, Any] = dict(entry.values or {})
    cites = list(entry.cite)
    for change, has_begun in zip(entry.changes, begun, strict=True):
        if has_begun:
            values |= change.values
            cites += change.cite
    asked = {
        kind: tuple((item["when"], question_of(item, kind)) for item in values.get(key, ()))
        for key, kind in PUT_BY.items()
    }
    return Terms(
        entry=entry,
        values=values,
        cites=tuple(dict.fromkeys(cites)),
        needs=Every(values["needs"]),
        outside=tuple(
            (item["when"], Verdict(True, failed=(Words(item["because"], item["because_en"]),)))
            for item in values.get("outside_if", ())
        ),
        unsettled=asked["unsettled"],
        reserved=asked["reserved"],
        assumed=asked["assumed"],
        lapses=values.get("lapses_if", ()),
        length=read_length(values["limit"]) if "limit" in values else None,
        id=family.id_of(entry),
    )


def family_faults(content: Mapping[str, Any], lexicon: Lexicon, home: Jurisdiction) -> list[Fault]:
    """What is wrong with the duties of a law file beside the words and the jurisdiction it stands in."""
    return [
        fault
        for key, item in content["duties"].items()
        for fault in _faults(item, f"duties.{key}", lexicon, home)
    ]


def families_of(
    content: Mapping[str, Any], lexicon: Lexicon, home: Jurisdiction, file: str
) -> tuple[Family, ...]:
    """The duties of a checked law file, by id: a stored edition need not keep the order of the text."""
    return tuple(_family(key, item, lexicon, home, file) for key, item in sorted(content["duties"].items()))


def _family(
    family_id: str, item: Mapping[str, Any], lexicon: Lexicon, home: Jurisdiction, file: str
) -> Family:
    return Family(
        id=family_id,
        file=file,
        home=home,
        lexicon=lexicon,
        title=item["title"],
        title_en=item["title_en"],
        clock=item["clock"],
        each=item.get("each"),
        when_key_unknown=item["when_key_unknown"],
        sanction_by=item["sanction_by"],
        fallback_clocks=item.get("fallback_clocks", ()),
        safe_targets=tuple(
            {**target, "length": read_length(target["limit"]), "asked": question_of(target, "safe_target")}
            for target in item.get("safe_targets", ())
        ),
        entries=entries_of(item["history"]),
    )


def _faults(item: Mapping[str, Any], path: str, lexicon: Lexicon, home: Jurisdiction) -> list[Fault]:
    history = inside(path, "history")
    faults = chronology_faults(item["history"], history)
    for place, entry in enumerate(item["history"]):
        where = f"{history}[{place}]"
        if "values" in entry:
            faults.extend(_entry_faults(entry["values"], inside(where, "values"), lexicon, home))
        for number, change in enumerate(entry.get("changes", ())):
            faults.extend(_value_faults(change["values"], f"{where}.changes[{number}].values", lexicon, home))
    faults.extend(_question_faults(item, path))
    faults.extend(_unknown_facts(item, path, lexicon))
    faults.extend(_each_faults(item, path, lexicon))
    return faults


def _question_faults(item: Mapping[str, Any], path: str) -> list[Fault]:
    put = [
        (f"{path}.{key}[{place}]", asked, kind)
        for key, kind in (("fallback_clocks", "stand_in"), ("safe_targets", "safe_target"))
        for place, asked in enumerate(item.get(key, ()))
    ]
    for place, entry in enumerate(item["history"]):
        where = f"{path}.history[{place}]"
        parts = [(f"{where}.values", entry.get("values"))]
        parts += [
            (f"{where}.changes[{number}].values", change.get("values"))
            for number, change in enumerate(entry.get("changes", ()))
        ]
        put += [
            (f"{within}.{key}[{number}]", asked, kind)
            for within, values in parts
            for key, kind in PUT_BY.items()
            for number, asked in enumerate((values or {}).get(key, ()))
        ]
    return [fault for where, asked, kind in put for fault in question_faults(asked, kind, where)]


def _entry_faults(values: Mapping[str, Any], path: str, lexicon: Lexicon, home: Jurisdiction) -> list[Fault]:
    faults = [Fault(inside(path, key), f"{key}이 없습니다.") for key in FULL_ENTRY if key not in values]
    if (values.get("counting") in COUNTED) != ("limit" in values):
        faults.append(
            Fault(inside(path, "limit"), "세는 기간에는 limit이 있고, 세지 않는 기간에는 없어야 합니다.")
        )
    return faults + _value_faults(values, path, lexicon, home)


def _value_faults(values: Mapping[str, Any], path: str, lexicon: Lexicon, home: Jurisdiction) -> list[Fault]:
    groups = [
        *values.get("recipient", ()),
        *(item["recipient"] for item in values.get("further_recipients", ())),
    ]
    recipients = [code for group in groups for code in group]
    grounds = values.get("delay", {}).get("grounds", ())
    known = lexicon.codes
    counted = [values.get("counting"), values.get("guidance", {}).get("counting")]
    return [
        *faults_of_codes(recipients, known["recipients"], inside(path, "recipient")),
        *faults_of_codes(values.get("exceptions", ()), known["exceptions"], inside(path, "exceptions")),
        *faults_of_codes(grounds, known["delay_grounds"], inside(path, "delay.grounds")),
        *_sentence_faults(values, path),
        *faults_of_codes([values["contents"]] if "contents" in values else [], lexicon.lists, path),
        *(
            Fault(inside(path, "counting"), f"{home.name}에서 세는 법이 적혀 있지 않습니다: {word}")
            for word in counted
            if word in COUNTED and word not in home.counting
        ),
    ]


def _sentence_faults(values: Mapping[str, Any], path: str) -> list[Fault]:
    """A place in a sentence that nothing will fill."""
    return [
        Fault(inside(path, key), f"채울 수 없는 자리입니다: {place}")
        for key in ("why", "why_en")
        for _, place, _, _ in Formatter().parse(values.get(key, ""))
        if place is not None and place not in PLACES
    ]


def _each_faults(item: Mapping[str, Any], path: str, lexicon: Lexicon) -> list[Fault]:
    """A duty owed for each item of a list runs from the instant those items give."""
    each = item.get("each")
    if each is None:
        return []
    if each not in lexicon.vocabulary.known_names() or lexicon.vocabulary.entry(each).clock is None:
        return [Fault(inside(path, "each"), f"목록이 아닙니다: {each}")]
    clock = lexicon.vocabulary.entry(each).clock
    return [] if item["clock"] == clock else [Fault(inside(path, "clock"), f"{each}의 시각은 {clock}입니다.")]


def _unknown_facts(item: object, path: str, lexicon: Lexicon) -> list[Fault]:
    """A misspelt fact would never be known, and its duty would never be due."""
    faults: list[Fault] = []
    if isinstance(item, Mapping):
        for key, value in item.items():
            if key in FACT_KEYS and value not in lexicon.vocabulary.known_names():
                faults.append(Fault(inside(path, key), f"모르는 사실입니다: {value}"))
            elif key in FACT_KEYS and lexicon.vocabulary.entry(value).kind != "instant":
                faults.append(Fault(inside(path, key), f"시각이 아닌 사실입니다: {value}"))
            faults.extend(_unknown_facts(value, inside(path, key), lexicon))
    elif isinstance(item, tuple):
        for place, value in enumerate(item):
            faults.extend(_unknown_facts(value, f"{path}[{place}]", lexicon))
    elif isinstance(item, Condition):
        faults.extend(lexicon.vocabulary.condition_faults(item, path))
    return faults
