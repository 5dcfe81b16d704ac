"""The sentences of the followups answer, Korean first; and the warnings a letter's own day calls for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.engine.history import Entry
from rules.engine.korean import day_text, with_particle
from rules.engine.periods import read_length
from rules.kr.followups.reckoning import Ending


@dataclass(frozen=True, slots=True)
class Words:
    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the working."""

    code: str
    label: Words
    formula: str
    value: str
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Warned:
    """A day that does not agree with the law, and the article that says so. The day itself is not changed."""

    code: str
    words: Words
    limit: str | None
    limit_day: date | None
    cite: tuple[str, ...]
    source: str
    confidence: str


BEYOND = Words(
    "마지막 날이 공휴일 달력의 범위를 벗어나므로 그날이 토요일 또는 공휴일이면 다음 날로 옮겨집니다.",
    "The last day lies beyond the holiday calendar; should it be a Saturday or holiday, it moves on.",
)
BACKWARDS = Words(
    "거꾸로 세는 기간의 마지막 날을 정한 규정이 없으므로 그 전 근무일까지 마치는 것이 안전합니다.",
    "No text says how a period counted back ends; to act by the working day before is safe.",
)
CONTINUING = Words(
    "게시가 이어지는 기간으로 보아 첫날을 넣고 마지막 날이 휴일이어도 옮기지 않았으나, 세는 법을 정한 규정은 확인하지 못하였습니다.",
    "Counted as a state that lasts, first day included and no holiday passed over; no text on it was confirmed.",
)
REST_DAY = Words(
    "문서에 적힌 날이 토요일 또는 공휴일이지만, 기간이 아니라 날을 정한 것이므로 옮기지 않았습니다.",
    "The day named is a Saturday or holiday; as a day and not a period was set, it was not moved.",
)
NOT_SAID = Words(
    "처분이 있은 날이 입력되지 않아 처분을 받은 날로 보았으므로 처분서의 날짜를 확인하여야 합니다.",
    "The day of the disposition is not entered and is taken to be the day of receipt; check its date.",
)
SHORT = "{day} {limit}이 끝나는 {end}보다 이르므로 {cite} 정한 최소 기간에 못 미칩니다."
SHORT_EN = "{day} is before {end}, the end of {limit}: shorter than the least time of {cite}."
LONG = "{day} {limit}이 끝나는 {end}보다 늦으므로 {cite} 정한 최대 기간을 넘습니다."
LONG_EN = "{day} is after {end}, the end of {limit}: longer than the most time of {cite}."
EDGE = "{limit}이 끝나는 날({end})은 토요일 또는 공휴일이어서 기간으로 세면 {moved}에 끝납니다({cite})."
EDGE_EN = "The last day of {limit}, {end}, is a Saturday or holiday; as a period it ends on {moved} ({cite})."


def length_words(length: str) -> Words:
    """P10D as 10일 and 10 days, P6M as 6개월 and 6 months; weeks are told as days."""
    parts = read_length(length)
    years, months = divmod(parts.months, 12) if parts.months % 12 == 0 else (0, parts.months)
    units = [(years, "년", "year"), (months, "개월", "month"), (parts.days, "일", "day")]
    ko = " ".join(f"{count}{unit}" for count, unit, _ in units if count)
    en = " ".join(f"{count} {unit}{'s' if count > 1 else ''}" for count, _, unit in units if count)
    return Words(ko, en)


def limit_warnings(day: date, limits: Sequence[tuple[str, Mapping[str, Any], Ending]]) -> list[Warned]:
    """What is to be said of a day set by a letter against the shortest and the longest time allowed."""
    return [warned for side, rule, end in limits if (warned := _limit_warning(day, side, rule, end))]


def _limit_warning(day: date, side: str, rule: Mapping[str, Any], end: Ending) -> Warned | None:
    if side == "at_least" and day < end.unmoved:
        return _of_rule("shorter_than_minimum", (SHORT, SHORT_EN), day, rule, end)
    if side == "at_most" and day > end.day:
        return _of_rule("longer_than_maximum", (LONG, LONG_EN), day, rule, end)
    is_between = end.unmoved <= day < end.day if side == "at_least" else end.unmoved < day <= end.day
    if not is_between:
        return None
    code = "minimum_ends_on_rest_day" if side == "at_least" else "maximum_ends_on_rest_day"
    return _of_rule(code, (EDGE, EDGE_EN), day, rule, end)


def _of_rule(code: str, texts: tuple[str, str], day: date, rule: Mapping[str, Any], end: Ending) -> Warned:
    length, cite = length_words(rule["length"]), ", ".join(rule["cite"])
    named = with_particle(cite, "이/가") if code in ("shorter_than_minimum", "longer_than_maximum") else cite
    days = {"end": day_text(end.unmoved), "moved": day_text(end.day)}
    ko = texts[0].format(day=with_particle(day_text(day), "은/는"), limit=length.ko, cite=named, **days)
    en = texts[1].format(day=day, end=end.unmoved, moved=end.day, limit=length.en, cite=cite)
    if "note" in rule:
        ko, en = f"{ko} {rule['note']}", f"{en} {rule.get('note_en', '')}".rstrip()
    return Warned(
        code,
        Words(ko, en),
        rule["length"],
        end.unmoved,
        tuple(rule["cite"]),
        rule["source"],
        rule["confidence"],
    )


def passed_warning(day: date, event_day: date, entry: Entry) -> Warned:
    named = with_particle(day_text(day), "이/가")
    ko = f"마지막 날 {named} 그 일이 있은 {day_text(event_day)}보다 이릅니다."
    en = f"The last day {day} is before {event_day}, the day of the event itself."
    return _of_entry("already_past", Words(ko, en), None, None, entry)


def surplus_warning(most: int, entry: Entry) -> Warned:
    words = Words(f"분할 납부는 {most}회 이내여야 합니다.", f"No more than {most} instalments are allowed.")
    return _of_entry("too_many_instalments", words, None, None, entry)


def gap_warning(day: date, gap: str, latest: Ending, entry: Entry) -> list[Warned]:
    if day <= latest.unmoved:
        return []
    span, named = length_words(gap), with_particle(day_text(day), "은/는")
    ko = f"{named} 앞 회분에서 {span.ko}이 지나는 {day_text(latest.unmoved)}보다 늦습니다."
    en = f"{day} is after {latest.unmoved}, {span.en} from the instalment before."
    return [_of_entry("instalments_too_far_apart", Words(ko, en), gap, latest.unmoved, entry)]


def _of_entry(code: str, words: Words, limit: str | None, limit_day: date | None, entry: Entry) -> Warned:
    return Warned(code, words, limit, limit_day, tuple(entry.cite), entry.source, entry.confidence)
