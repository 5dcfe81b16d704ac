"""The duties as law files state them, one row for each version, strictly read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from rules.engine.conditions import Condition, ConditionKind
from rules.engine.declaration import Field, ListOf, MapOf, Record, inside
from rules.engine.faults import Fault, LawFileError
from rules.engine.history import Entry, chronology_faults, entries_of, entry_record
from rules.engine.kinds import Count, Day, Money, Text
from rules.engine.law_files import CITED, CONFIDENCES, HEAD, HERE, faults_of_codes, read_law_file, under
from rules.engine.periods import read_length
from rules.kr.codes import codes
from rules.kr.contents import content_codes
from rules.kr.duties.facts import NAMES

COUNTED = ("HOURS", "DAYS", "WORKDAYS")
UNCOUNTED = ("PROMPT", "IMMEDIATE")
CITES = ListOf(Text())
CONDITION = ConditionKind()
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
POSTING = Record(
    (
        Field("kind", Text(choices=("substitute", "additional")), required=True),
        Field("days", Count(1, 365), required=True),
        Field("when", CONDITION, required=True),
        Field("cite", CITES, required=True),
    )
)
SANCTION = Record((Field("ceiling", Money(), required=True), Field("cite", CITES, required=True)))
VALUES = Record(
    (
        Field("counting", Text(choices=COUNTED + UNCOUNTED)),
        Field("limit", LengthKind()),
        Field("guidance", GUIDANCE),
        Field("recipient", ListOf(ListOf(Text()))),
        Field("contents", Text()),
        Field("needs", ListOf(CONDITION)),
        Field("outside_if", ListOf(OUTSIDE)),
        Field("unsettled_if", ListOf(QUESTION)),
        Field("reserved_if", ListOf(QUESTION)),
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
FALLBACK = Record((Field("fact", Text(), required=True), Field("when", CONDITION, required=True), *SENTENCE))
SAFE_TARGET = Record(
    (
        Field("fact", Text(), required=True),
        Field("from", Day(), required=True),
        Field("limit", LengthKind(), required=True),
        *SENTENCE,
        *CITED,
    )
)
FAMILY = Record(
    (
        Field("title", Text(), required=True),
        Field("title_en", Text(), required=True),
        Field("clock", Text(), required=True),
        Field("each", Text(choices=("confirmed_facts",))),
        Field("fallback_clocks", ListOf(FALLBACK)),
        Field("when_key_unknown", Text(choices=("presume_latest", "unsettled")), absent_as="unsettled"),
        Field("sanction_by", Text(choices=("version", "expiry")), absent_as="version"),
        Field("safe_targets", ListOf(SAFE_TARGET)),
        Field("history", ListOf(entry_record(VALUES)), required=True),
    )
)
LAW_FILE = Record((*HEAD, Field("duties", MapOf(FAMILY), required=True)))
FULL_ENTRY = ("counting", "recipient", "needs", "why", "why_en")
PLACES = frozenset({"start", "due", "guidance", "start_en", "due_en", "guidance_en"})
FACT_KEYS = ("fact", "clock", "selected_by")


@dataclass(frozen=True)
class Family:
    """One duty through all its versions."""

    id: str
    title: str
    title_en: str
    clock: str
    each: str | None
    when_key_unknown: str
    sanction_by: str
    fallback_clocks: tuple[Mapping[str, Any], ...]
    safe_targets: tuple[Mapping[str, Any], ...]
    entries: tuple[Entry, ...]

    @property
    def keys(self) -> frozenset[str]:
        """Every fact whose day selects a version of this duty, or a change within one."""
        changes = {change.selected_by for entry in self.entries for change in entry.changes}
        return frozenset({entry.selected_by for entry in self.entries} | changes)

    def id_of(self, entry: Entry) -> str:
        return f"{self.id}.{entry.version}"


def duty_files() -> tuple[str, ...]:
    return (*under("kr/pipa"), *under("kr/na"))


@cache
def families() -> tuple[Family, ...]:
    """Every duty of this edition, in the order of the files and of the text in them."""
    return tuple(family for name in duty_files() for family in read_families(HERE / name, name=name))


def read_families(path: Path, *, name: str | None = None) -> tuple[Family, ...]:
    """The duties of one law file. Raises LawFileError with every fault."""
    content = read_law_file(path, LAW_FILE, name=name)
    faults = [fault for key, item in content["duties"].items() for fault in _faults(item, f"duties.{key}")]
    if faults:
        raise LawFileError(name or path.name, faults)
    return tuple(_family(key, item) for key, item in content["duties"].items())


def _family(family_id: str, item: Mapping[str, Any]) -> Family:
    return Family(
        id=family_id,
        title=item["title"],
        title_en=item["title_en"],
        clock=item["clock"],
        each=item.get("each"),
        when_key_unknown=item["when_key_unknown"],
        sanction_by=item["sanction_by"],
        fallback_clocks=item.get("fallback_clocks", ()),
        safe_targets=item.get("safe_targets", ()),
        entries=entries_of(item["history"]),
    )


def _faults(item: Mapping[str, Any], path: str) -> list[Fault]:
    history = inside(path, "history")
    faults = chronology_faults(item["history"], history)
    for place, entry in enumerate(item["history"]):
        where = f"{history}[{place}]"
        if "values" in entry:
            faults.extend(_entry_faults(entry["values"], inside(where, "values")))
        for number, change in enumerate(entry.get("changes", ())):
            faults.extend(_value_faults(change["values"], f"{where}.changes[{number}].values"))
    faults.extend(_unknown_facts(item, path))
    return faults


def _entry_faults(values: Mapping[str, Any], path: str) -> list[Fault]:
    faults = [Fault(inside(path, key), f"{key}이 없습니다.") for key in FULL_ENTRY if key not in values]
    if (values.get("counting") in COUNTED) != ("limit" in values):
        faults.append(
            Fault(inside(path, "limit"), "세는 기간에는 limit이 있고, 세지 않는 기간에는 없어야 합니다.")
        )
    return faults + _value_faults(values, path)


def _value_faults(values: Mapping[str, Any], path: str) -> list[Fault]:
    recipients = [code for group in values.get("recipient", ()) for code in group]
    grounds = values.get("delay", {}).get("grounds", ())
    known = codes()
    return [
        *faults_of_codes(recipients, known["recipients"], inside(path, "recipient")),
        *faults_of_codes(values.get("exceptions", ()), known["exceptions"], inside(path, "exceptions")),
        *faults_of_codes(grounds, known["delay_grounds"], inside(path, "delay.grounds")),
        *_sentence_faults(values, path),
        *faults_of_codes([values["contents"]] if "contents" in values else [], content_codes(), path),
    ]


def _sentence_faults(values: Mapping[str, Any], path: str) -> list[Fault]:
    """A place in a sentence that nothing will fill."""
    return [
        Fault(inside(path, key), f"채울 수 없는 자리입니다: {place}")
        for key in ("why", "why_en")
        for _, place, _, _ in Formatter().parse(values.get(key, ""))
        if place is not None and place not in PLACES
    ]


def _unknown_facts(item: object, path: str) -> list[Fault]:
    """A misspelt fact would never be known, and its duty would never be due."""
    faults: list[Fault] = []
    if isinstance(item, Mapping):
        for key, value in item.items():
            if key in FACT_KEYS and value not in NAMES.known_names():
                faults.append(Fault(inside(path, key), f"모르는 사실입니다: {value}"))
            faults.extend(_unknown_facts(value, inside(path, key)))
    elif isinstance(item, tuple):
        for place, value in enumerate(item):
            faults.extend(_unknown_facts(value, f"{path}[{place}]"))
    elif isinstance(item, Condition):
        faults.extend(faults_of_codes(item.fact_names(), NAMES.known_names(), path))
    return faults
