"""The criteria of publication as the law file states them, read strictly and once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from rules.engine.declaration import Field, ListOf, Record
from rules.engine.faults import LawFileError
from rules.engine.history import Entry, chronology_faults, entries_of, entry_record
from rules.engine.kinds import Count, Flag, Text
from rules.engine.law_files import HEAD, HERE, read_law_file

FILE = "kr/publication/criteria.yaml"
SANCTIONS = ("recommendation", "order", "surcharge", "accusation", "disciplinary_recommendation", "fine")
TESTS = ("paragraph_2_acts", "state_lasted", "accusation", "repeated", "public_body")

LENGTH = Text(pattern=r"P\d+[YMD]", hint="P6M처럼 적으십시오.")
LABELLED = (Field("label", Text(), required=True), Field("label_en", Text(), required=True))
CRITERION = Record(
    (
        Field("number", Text(), required=True),
        Field("test", Text(choices=TESTS), required=True),
        Field("at_least", Count(1)),
        Field("length", LENGTH),
        *LABELLED,
    )
)
SHAPES: Mapping[str, Record] = {
    "publication": Record((Field("sanctions", ListOf(Text(choices=SANCTIONS)), required=True),)),
    "criteria": Record(
        (
            Field("list_is_whole", Flag(), required=True),
            Field("criteria", ListOf(CRITERION), required=True),
        )
    ),
    "posting": Record((Field("where", Text(), required=True), Field("length", LENGTH))),
    "order": Record(
        (
            Field("persons_from", Count(1), required=True),
            Field("sanctions", ListOf(Text(choices=SANCTIONS)), required=True),
            Field("public_system_always", Flag(), required=True),
            Field("least_days", Count(1)),
            Field("most_days", Count(1)),
        )
    ),
    "weighing": Record((Field("factors", ListOf(Record(LABELLED)), required=True),)),
    "acts_of_law": Record((Field("number", Text(), required=True),)),
}


def _rule(values: Record) -> Record:
    history = Field("history", ListOf(entry_record(values)), required=True)
    return Record((Field("title", Text(), required=True), Field("title_en", Text(), required=True), history))


RULES = Record(tuple(Field(name, _rule(values), required=True) for name, values in SHAPES.items()))
SHAPE = Record((*HEAD, Field("rules", RULES, required=True)))


@dataclass(frozen=True)
class PublicationLaw:
    rules: Mapping[str, tuple[Entry, ...]]

    def on(self, name: str, day: date) -> Entry | None:
        """The entry of a rule on the day; None before its first."""
        return next((entry for entry in reversed(self.rules[name]) if entry.start <= day), None)


@cache
def current_law() -> PublicationLaw:
    """Raises LawFileError for a file that does not hold together."""
    read = read_law_file(HERE / FILE, SHAPE, name=FILE)["rules"]
    faults = [
        fault for name, rule in read.items() for fault in chronology_faults(rule["history"], f"rules.{name}")
    ]
    if faults:
        raise LawFileError(FILE, faults)
    return PublicationLaw({name: entries_of(rule["history"]) for name, rule in read.items()})
