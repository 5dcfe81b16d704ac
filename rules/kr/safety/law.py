"""The measures of the notice as they are written in `measures.yaml`, read strictly and once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rules.engine.declaration import Field, ListOf, MapOf, Record
from rules.engine.faults import Fault, LawFileError
from rules.engine.history import Entry, chronology_faults, entries_of, entry_record
from rules.engine.kinds import Count, Flag, Text
from rules.engine.law_files import HEAD, HERE, read_law_file

FILE = "kr/safety/measures.yaml"
RULES = ("threshold", "retention", "reach", "check", "yearly")
SIZES = ("large", "mid", "small", "micro", "public")
RAISING = ("has_unique_id", "has_sensitive", "is_common_carrier")
REACHES = ("handlers", "everyone")

PERIOD = Text(pattern=r"P\d+[YMD]", hint="P1Y처럼 적으십시오.")
RAISED = Record(
    (
        Field("floor", PERIOD, required=True),
        Field("people_from", Count(), required=True),
        Field("facts", ListOf(Text(choices=RAISING)), required=True),
    )
)
VALUES = Record(
    (
        Field("people_from", MapOf(Count())),
        Field("daily_users_from", Count()),
        Field("floor", PERIOD),
        Field("raised", RAISED),
        Field("reach", Text(choices=REACHES)),
        Field("every", PERIOD),
        Field("by_plan", Flag()),
        Field("why", Text(), required=True),
        Field("why_en", Text(), required=True),
        Field("why_raised", Text()),
        Field("why_raised_en", Text()),
    )
)
MEASURE = Record(
    (
        Field("title", Text(), required=True),
        Field("title_en", Text(), required=True),
        Field("rule", Text(choices=RULES), required=True),
        Field("history", ListOf(entry_record(VALUES)), required=True),
    )
)
SHAPE = Record((*HEAD, Field("measures", MapOf(MEASURE), required=True)))


@dataclass(frozen=True)
class Measure:
    """One thing the notice asks for, with every wording of it."""

    id: str
    title: str
    title_en: str
    rule: str
    entries: tuple[Entry, ...]


@cache
def measures() -> Mapping[str, Measure]:
    """Every measure by its id. LawFileError for a file that does not hold together."""
    read = read_law_file(HERE / FILE, SHAPE, name=FILE)["measures"]
    faults = [
        fault for key, item in read.items() for fault in chronology_faults(item["history"], f"measures.{key}")
    ]
    faults += [Fault(f"measures.{key}", "모르는 규모입니다.") for key, item in read.items() if _odd(item)]
    if faults:
        raise LawFileError(FILE, faults)
    return {key: _measure(key, item) for key, item in read.items()}


def _odd(item: Mapping[str, Any]) -> bool:
    return any(
        set((entry.get("values") or {}).get("people_from") or ()) - set(SIZES) for entry in item["history"]
    )


def _measure(key: str, item: Mapping[str, Any]) -> Measure:
    return Measure(key, item["title"], item["title_en"], item["rule"], entries_of(item["history"]))
