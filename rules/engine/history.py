"""A rule's history: entries in the order they came into force, each chosen by the day of one fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from rules.engine.declaration import Field, ListOf, Record, inside
from rules.engine.faults import Fault
from rules.engine.kinds import Day, Flag, Text
from rules.engine.law_files import CITED

UNTRACED = "untraced"  # an old rule whose first day was not found; it holds for every earlier day


class FirstDay:
    """A day, or `untraced` for an old rule whose first day in force is not known."""

    def read(self, value: object, path: str, faults: list[Fault]) -> date | None:
        return date.min if value == UNTRACED else Day().read(value, path, faults)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"const": UNTRACED}, Day().schema()]}


@dataclass(frozen=True)
class Change:
    """A part of an entry that changed on a day of its own, without making a new version."""

    start: date
    selected_by: str
    cite: tuple[str, ...]
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """What held from `start` until the next entry. `values` is None where the entry is a repeal."""

    version: str | None
    start: date
    end: date | None
    selected_by: str
    cite: tuple[str, ...]
    source: str
    confidence: str
    values: Mapping[str, Any] | None
    changes: tuple[Change, ...] = ()

    def changes_on(self, days: Mapping[str, date]) -> tuple[Change, ...]:
        """The changes that had begun on the day of the fact each of them goes by."""
        return tuple(change for change in self.changes if days[change.selected_by] >= change.start)

    @property
    def first_day(self) -> date | None:
        """The first day in force; None where it was not traced."""
        return None if self.start == date.min else self.start


def entry_record(values: Record) -> Record:
    """The shape of one entry. `to`, the last day in force, may be written for the reader and is checked."""
    change = Record(
        (
            Field("from", Day(), required=True),
            Field("selected_by", Text(), required=True),
            *CITED,
            Field("values", values, required=True),
        )
    )
    return Record(
        (
            Field("version", Text()),
            Field("from", FirstDay(), required=True),
            Field("to", Day()),
            Field("selected_by", Text(), required=True),
            *CITED,
            Field("values", values),
            Field("repeal", Flag()),
            Field("changes", ListOf(change)),
        )
    )


def chronology_faults(entries: Sequence[Mapping[str, Any] | None], path: str) -> list[Fault]:
    """Overlaps, gaps, entries out of order, and entries that neither say what holds nor repeal it."""
    faults: list[Fault] = []
    faults.extend(
        fault for place, entry in enumerate(entries) for fault in _change_faults(entry, f"{path}[{place}]")
    )
    known = [(place, entry) for place, entry in enumerate(entries) if entry and "from" in entry]
    for place, entry in known:
        if ("values" in entry) == bool(entry.get("repeal")):
            where = f"{path}[{place}]"
            faults.append(Fault(where, "values와 repeal: true 가운데 하나만 있어야 합니다."))
        if "values" in entry and "version" not in entry:
            faults.append(Fault(f"{path}[{place}].version", "version이 없습니다."))
    for (_, earlier), (place, later) in pairwise(known):
        faults.extend(_seam_faults(earlier, later, f"{path}[{place}]"))
    if known and known[-1][1].get("to") is not None:
        faults.append(
            Fault(f"{path}[{known[-1][0]}].to", "마지막 항목이 끝나면 폐지(repeal)도 적어야 합니다.")
        )
    return faults


def _change_faults(entry: Mapping[str, Any] | None, path: str) -> list[Fault]:
    starts = [change["from"] for change in (entry or {}).get("changes", ()) if change and "from" in change]
    if starts == sorted(starts):
        return []
    return [Fault(inside(path, "changes"), "시행일 순서로 적혀 있지 않습니다.")]


def _seam_faults(earlier: Mapping[str, Any], later: Mapping[str, Any], path: str) -> list[Fault]:
    if later["from"] <= earlier["from"]:
        return [Fault(inside(path, "from"), f"앞 항목({earlier['from']})과 겹치거나 순서가 어긋납니다.")]
    last_day = earlier.get("to")
    if last_day is None:
        return []
    meets = later["from"] - timedelta(days=1)
    if last_day == meets:
        return []
    what = "겹칩니다" if last_day > meets else "사이가 비어 있습니다"
    return [Fault(inside(path, "from"), f"앞 항목의 마지막 날 {last_day}과 {what}.")]


def entries_of(read: Sequence[Mapping[str, Any]]) -> tuple[Entry, ...]:
    """The entries of a checked history, each with the day before the next one as its last."""
    ends = [later["from"] - timedelta(days=1) for later in read[1:]]
    return tuple(_entry(item, end) for item, end in zip(read, [*ends, None], strict=True))


def _entry(item: Mapping[str, Any], end: date | None) -> Entry:
    return Entry(
        version=item.get("version"),
        start=item["from"],
        end=end,
        selected_by=item["selected_by"],
        cite=item["cite"],
        source=item["source"],
        confidence=item["confidence"],
        values=item.get("values"),
        changes=tuple(_change(change) for change in item.get("changes", ())),
    )


def _change(item: Mapping[str, Any]) -> Change:
    return Change(item["from"], item["selected_by"], item["cite"], item["values"])


def in_force(entries: Sequence[Entry], days: Mapping[str, date]) -> Entry | None:
    """The latest entry that has begun on the day of the fact which selects it; None before all of them.

    `days` gives the Korean calendar day of every fact that selects an entry. A repeal
    is returned as the entry it is.
    """
    for entry in reversed(entries):
        if days[entry.selected_by] >= entry.start:
            return entry
    return None
