"""The rules of damages and the precedents as the law file states them, read strictly and once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from rules.engine.declaration import Field, ListOf, MapOf, Record
from rules.engine.faults import LawFileError
from rules.engine.history import Entry, chronology_faults, entries_of, entry_record
from rules.engine.kinds import Count, Day, Money, Text
from rules.engine.law_files import CITED, HEAD, HERE, read_law_file

FILE = "kr/damages/damages.yaml"
LAWS = ("pipa", "network", "credit")
OUTCOMES = ("court", "proposal")

TITLED = (Field("title", Text(), required=True), Field("title_en", Text(), required=True))
PER_HEAD = Record((Field("per_head", Money(), required=True),))
MULTIPLE = Record((Field("multiple", Count(2, 10), required=True),))
FIGURE = (*TITLED, Field("from", Day(), required=True), *CITED, Field("values", PER_HEAD, required=True))
PRECEDENT = Record(
    (
        Field("code", Text(pattern=r"[a-z_]+"), required=True),
        Field("outcome", Text(choices=OUTCOMES), required=True),
        *FIGURE,
    )
)


def _rules(values: Record) -> Record:
    history = Field("history", ListOf(entry_record(values)), required=True)
    return Record(tuple(Field(law, Record((*TITLED, history)), required=True) for law in LAWS))


SHAPE = Record(
    (
        *HEAD,
        Field("punitive", _rules(MULTIPLE), required=True),
        Field("statutory", _rules(PER_HEAD), required=True),
        Field("scenarios", MapOf(Record(FIGURE)), required=True),
        Field("precedents", ListOf(PRECEDENT, unique_key="code"), required=True),
    )
)


@dataclass(frozen=True)
class DamagesLaw:
    rules: Mapping[tuple[str, str], tuple[Entry, ...]]
    scenarios: Mapping[str, Mapping[str, Any]]
    precedents: tuple[Mapping[str, Any], ...]

    def on(self, kind: str, law: str, day: date) -> Entry | None:
        """The rule of the day; None before its first and after its repeal."""
        entries = self.rules[kind, law]
        entry = next((found for found in reversed(entries) if found.start <= day), None)
        return entry if entry and entry.values is not None else None


@cache
def current_law() -> DamagesLaw:
    """Raises LawFileError for a file that does not hold together."""
    read = read_law_file(HERE / FILE, SHAPE, name=FILE)
    rules = {(kind, law): read[kind][law]["history"] for kind in ("punitive", "statutory") for law in LAWS}
    faults = [
        fault
        for (kind, law), history in rules.items()
        for fault in chronology_faults(history, f"{kind}.{law}")
    ]
    if faults:
        raise LawFileError(FILE, faults)
    made = {key: entries_of(history) for key, history in rules.items()}
    return DamagesLaw(made, read["scenarios"], read["precedents"])
