"""Korean public holidays."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rules.engine.calendar import Calendar
from rules.engine.holidays import HOLIDAYS, OVERRIDES, calendar_of
from rules.engine.law_files import HERE, read_law_file

FOLDER = HERE / "kr" / "calendar"


@cache
def korean_calendar() -> Calendar:
    """Every public holiday of Korea between the calendar's first and last day."""
    return read_calendar(FOLDER / "holidays.yaml", FOLDER / "overrides.yaml")


def read_calendar(holidays_file: Path, overrides_file: Path) -> Calendar:
    """The calendar these two files make. Raises LawFileError for a day outside it, repeated or unsourced."""
    listed = read_law_file(holidays_file, HOLIDAYS)
    overrides = read_law_file(overrides_file, OVERRIDES)
    return calendar_of(listed, overrides, (holidays_file.name, overrides_file.name))
