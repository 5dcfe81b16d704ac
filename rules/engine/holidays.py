"""Holiday files: a generated list, corrected by hand where the law says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from rules.engine.calendar import Calendar, Changes, DayChange
from rules.engine.declaration import Field, ListOf, MapOf, Record
from rules.engine.faults import Fault, LawFileError
from rules.engine.kinds import Day, Text
from rules.engine.law_files import CITED, HEAD

LISTED_DAY = Record(
    (
        Field("day", Day(), required=True),
        Field("name", Text(), required=True),
        Field("source", Text(), required=True),
    )
)
HOLIDAYS = Record(
    (
        *HEAD,
        Field("first", Day(), required=True),
        Field("last", Day(), required=True),
        Field("sources", MapOf(Text()), required=True),
        Field("days", ListOf(LISTED_DAY), required=True),
    )
)
CHANGE = Text(choices=("holiday", "no_holiday"))
UNNAMED = "공휴일"
OVERRIDE = Record(
    (
        Field("day", Day(), required=True),
        Field("change", CHANGE, required=True),
        Field("name", Text()),
        *CITED,
    )
)
OVERRIDES = Record((*HEAD, Field("days", ListOf(OVERRIDE), required=True)))


def calendar_field(calendar: Calendar) -> Field:
    """The field `calendar` of a document of facts: the holidays its administrator changes, each day once."""
    change = Record(
        (
            Field("day", Day(calendar.first, calendar.last), "날짜", "day in Korea", required=True),
            Field("change", CHANGE, "바뀐 것", "counted as a holiday, or as none", required=True),
            Field("name", Text(), "이름", "what the day is called"),
        )
    )
    return Field(
        "calendar", ListOf(change, "day"), "공휴일 바로잡기", "changes to the Korean calendar of holidays"
    )


def changes_of(facts: Mapping[str, Any]) -> Changes:
    """The changes a document states, in the order of their days; nothing where it states none."""
    stated = facts.get("calendar")
    if not stated:
        return ()
    return tuple(sorted(DayChange(item["day"], item["change"], item.get("name", UNNAMED)) for item in stated))


def calendar_of(
    listed: Mapping[str, Any], overrides: Mapping[str, Any], names: tuple[str, str] = ("", "")
) -> Calendar:
    """The calendar these two read files make. Raises LawFileError for a day outside it, repeated or unsourced."""
    _refuse_faulty(names[0], listed, listed["days"])
    _refuse_faulty(names[1], listed, overrides["days"])
    holidays: dict[date, str] = {item["day"]: item["name"] for item in listed["days"]}
    for item in overrides["days"]:
        if item["change"] == "no_holiday":
            holidays.pop(item["day"], None)
        else:
            holidays[item["day"]] = item.get("name", UNNAMED)
    return Calendar(listed["first"], listed["last"], holidays)


def _refuse_faulty(file: str, listed: Mapping[str, Any], days: tuple[dict[str, Any], ...]) -> None:
    faults: list[Fault] = []
    seen: set[date] = set()
    for place, item in enumerate(days):
        path = f"days[{place}]"
        if item["day"] in seen:
            faults.append(Fault(path, f"{item['day']}이 두 번 나옵니다."))
        if not listed["first"] <= item["day"] <= listed["last"]:
            faults.append(Fault(path, f"{item['day']}은 달력의 범위 밖에 있습니다."))
        if "change" not in item and item["source"] not in listed["sources"]:
            faults.append(Fault(path, f"출처 {item['source']}이 sources에 없습니다."))
        seen.add(item["day"])
    if faults:
        raise LawFileError(file, faults)
