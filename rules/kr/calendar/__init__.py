"""Korean public holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from rules.engine.calendar import Calendar, Changes
from rules.engine.holidays import HOLIDAYS, OVERRIDES, UNNAMED, calendar_of
from rules.engine.law_files import HERE, read_law_file

FOLDER = HERE / "kr" / "calendar"


@lru_cache(maxsize=32)
def korean_calendar(changes: Changes = ()) -> Calendar:
    """Every public holiday of Korea between the calendar's first and last day, with these changes."""
    if changes:
        return korean_calendar().changed(changes)
    return read_calendar(FOLDER / "holidays.yaml", FOLDER / "overrides.yaml")


def read_calendar(holidays_file: Path, overrides_file: Path) -> Calendar:
    """The calendar these two files make. Raises LawFileError for a day outside it, repeated or unsourced."""
    listed = read_law_file(holidays_file, HOLIDAYS)
    overrides = read_law_file(overrides_file, OVERRIDES)
    return calendar_of(listed, overrides, (holidays_file.name, overrides_file.name))


@dataclass(frozen=True, slots=True)
class ListedHoliday:
    """One public holiday of the files: what it is called, and where that is said."""

    day: date
    name: str
    source: str
    cite: tuple[str, ...] = ()


@cache
def listed_holidays() -> tuple[ListedHoliday, ...]:
    """Every holiday of the calendar's files with its source, the earliest first. Raises LawFileError."""
    listed = read_law_file(FOLDER / "holidays.yaml", HOLIDAYS)
    found = {
        item["day"]: ListedHoliday(item["day"], item["name"], listed["sources"][item["source"]])
        for item in listed["days"]
    }
    for item in read_law_file(FOLDER / "overrides.yaml", OVERRIDES)["days"]:
        found.pop(item["day"], None)
        if item["change"] == "holiday":
            name = item.get("name", UNNAMED)
            found[item["day"]] = ListedHoliday(item["day"], name, item["source"], item["cite"])
    return tuple(found[day] for day in sorted(found))
