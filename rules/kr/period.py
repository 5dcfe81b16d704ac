"""The topic `period`: when a period ends, in hours, days or working days, by Korean law."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from rules.engine.calendar import Calendar, OutsideCalendarError
from rules.engine.declaration import Field, Record
from rules.engine.faults import FactsError, Fault
from rules.engine.holidays import calendar_field, changes_of
from rules.engine.kinds import Day, InstantOrDay, Text
from rules.engine.korean import day_text, instant_text, iso
from rules.engine.law_files import digest_of, under
from rules.engine.periods import (
    LENGTH,
    LastDay,
    end_of_days,
    end_of_hours,
    end_of_workdays,
    first_counted_day,
    read_length,
)
from rules.engine.topic import Topic
from rules.kr.calendar import korean_calendar
from rules.kr.coverage import instant_of

COUNTINGS = ("HOURS", "DAYS", "WORKDAYS")
FITS = {
    "HOURS": "HOURS에는 PT72H처럼 시간으로 된 기간을 주십시오.",
    "DAYS": "DAYS에는 P30D, P3M, P1Y처럼 일·월·연으로 된 기간을 주십시오.",
    "WORKDAYS": "WORKDAYS에는 P5D처럼 일로 된 기간을 주십시오.",
}
CITES = {
    "HOURS": ("민법 제155조", "민법 제156조"),
    "DAYS": ("민법 제155조", "민법 제157조", "민법 제159조", "민법 제160조", "민법 제161조"),
    "WORKDAYS": ("개인정보 보호 법령 및 지침·고시 해설(2020.12)",),
}
EXAMPLE = """\
start: 2026-07-01
length: P60D
counting: DAYS
"""


def facts_record() -> Record:
    instant = instant_of("occurrence")
    start = InstantOrDay(instant, Day(instant.earliest, instant.latest))
    length = Text(
        pattern=re.sub(r"\(\?P<\w+>", "(?:", LENGTH.pattern), hint="PT72H, P30D, P3M처럼 적으십시오."
    )
    return Record(
        (
            Field("start", start, "시작", "the instant or day it runs from", required=True),
            Field("length", length, "기간", "ISO 8601 period", required=True),
            Field("counting", Text(choices=COUNTINGS), "세는 법", "how it is counted", required=True),
            calendar_field(korean_calendar()),
        )
    )


def assess_period(document: object) -> dict[str, Any]:
    """When the period ends: `due_at`, itself included, or `last_day`. Raises FactsError."""
    faults: list[Fault] = []
    facts = facts_record().read(document, "", faults) or {}
    if not faults:
        faults.extend(_misfits(facts))
    if faults:
        raise FactsError(faults)
    calendar = korean_calendar(changes_of(facts))
    head = {
        "topic": "period",
        "rules_digest": digest_of(law_files()),
        "calendar_digest": calendar.digest,
        "counting": facts["counting"],
    }
    try:
        return {**head, **_end(facts, calendar)}
    except (OutsideCalendarError, OverflowError, ValueError) as error:
        span = f"달력은 {calendar.first}부터 {calendar.last}까지입니다."
        raise FactsError([Fault("length", "기간이 공휴일 달력의 범위를 벗어납니다.", span)]) from error


def _misfits(facts: dict[str, Any]) -> list[Fault]:
    length, counting = read_length(facts["length"]), facts["counting"]
    in_days = bool(length.days or length.months) and not length.clock
    fits = {
        "HOURS": bool(length.clock) and not (length.days or length.months),
        "DAYS": in_days,
        "WORKDAYS": in_days and not length.months,
    }
    faults = (
        []
        if fits[counting]
        else [Fault("length", f"{facts['length']}는 {counting}로 셀 수 없습니다.", FITS[counting])]
    )
    if counting == "HOURS" and not isinstance(facts["start"], datetime):
        faults.append(
            Fault("start", "시간으로 세려면 시각이 있어야 합니다.", "2026-10-01T20:00+09:00처럼 적으십시오.")
        )
    if counting != "HOURS":
        faults.extend(_calendar_faults(first_counted_day(facts["start"])))
    return faults


def _calendar_faults(first: date) -> list[Fault]:
    calendar = korean_calendar()
    if calendar.first <= first <= calendar.last:
        return []
    span = f"달력은 {calendar.first}부터 {calendar.last}까지입니다."
    return [Fault("start", "시작하는 날이 공휴일 달력의 범위 밖에 있습니다.", span)]


def _end(facts: dict[str, Any], calendar: Calendar) -> dict[str, Any]:
    start, length, counting = facts["start"], read_length(facts["length"]), facts["counting"]
    if counting == "HOURS":
        due = end_of_hours(start=start, length=length)
        ko = f"시간으로 정한 기간은 즉시 기산하므로 밤과 휴일을 포함하여 {instant_text(due)}에 끝납니다."
        en = f"Hours run at once, nights and holidays included, and end {due:%Y-%m-%d %H:%M} KST."
        answer: dict[str, Any] = {"due_at": iso(due), "last_day": None, "moved_from": None, "skipped": []}
        return {**answer, **_reasons(facts, iso(start), iso(due), ko, en, "statute")}
    end = end_of_days if counting == "DAYS" else end_of_workdays
    last = end(start=start, length=length, calendar=calendar)
    confidence = "statute" if counting == "DAYS" else "guidance"
    first = first_counted_day(start).isoformat()
    ko, en = _words(last, first)
    return {**_day_answer(last), **_reasons(facts, first, last.day.isoformat(), ko, en, confidence)}


def _day_answer(last: LastDay) -> dict[str, Any]:
    return {
        "due_at": None,
        "last_day": last.day.isoformat(),
        "moved_from": last.moved_from.isoformat() if last.moved_from else None,
        "skipped": [{"day": day.isoformat(), "name": name} for day, name in last.skipped],
    }


def _words(last: LastDay, first: str) -> tuple[str, str]:
    if last.moved_from:
        ko = f"{first}부터 세어 {day_text(last.moved_from)}에 끝나지만 그날이 토요일 또는 공휴일이므로"
        moved_en = f"Counted from {first} it ends {last.moved_from}, a Saturday or holiday"
        return f"{ko} {day_text(last.day)}에 만료합니다.", f"{moved_en}, and so moves to {last.day}."
    return f"{first}부터 세어 {day_text(last.day)}에 만료합니다.", f"Counted from {first} it ends {last.day}."


def _reasons(
    facts: dict[str, Any], first: str, value: str, ko: str, en: str, confidence: str
) -> dict[str, Any]:
    cite = list(CITES[facts["counting"]])
    step = {
        "code": "end",
        "label": "만료",
        "formula": f"{first} + {facts['length']}",
        "value": value,
        "cite": cite,
    }
    return {"steps": [step], "cite": cite, "confidence": confidence, "why": ko, "why_en": en}


def law_files() -> tuple[str, ...]:
    return under("kr/calendar", "facts/coverage.yaml")


TOPIC = Topic(
    name="period",
    summary="기간의 만료: 시간, 일, 근무일",
    summary_en="when a period in hours, days or working days ends",
    schema=lambda: facts_record().schema(),
    example=EXAMPLE,
    assess=assess_period,
    law_files=law_files,
)
