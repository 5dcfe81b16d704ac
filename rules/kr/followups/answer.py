"""Follow-ups as plain data for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from rules.engine.korean import day_text, seoul_day, with_particle
from rules.kr.followups.events import EventLaw
from rules.kr.followups.reckoning import Skipped
from rules.kr.followups.results import Followup, NotInForce
from rules.kr.followups.wording import Step, Warned, Words


def followup_answer(result: Followup, events: Mapping[str, EventLaw]) -> dict[str, Any]:
    """One follow-up: `last_day` is a day in Korea, itself included, or null where a fact is missing."""
    why, missed = _why(result, events), _missed(result)
    question = _joined(result.questions)
    return {
        "id": result.family.id,
        "version": result.entry.version,
        "event": result.event.id,
        "kind": result.event.kind,
        "for": _iso(result.part),
        "title": result.family.title,
        "title_en": result.family.title_en,
        "state": "due" if result.end else "unsettled",
        "starts_on": _start_day(result).isoformat(),
        **_days(result),
        "length": result.length,
        "counting": result.counting,
        "calendar_digest": result.event.calendar.digest,
        "who": result.family.who,
        "binds": result.binds,
        "together_with": list(result.beside),
        "if_missed": missed.ko,
        "if_missed_en": missed.en,
        "warnings": [_warned(item) for item in result.warnings],
        "in_force_from": _iso(result.entry.first_day),
        "cite": list(result.entry.cite),
        "source": result.entry.source,
        "confidence": result.confidence,
        "why": why.ko,
        "why_en": why.en,
        "steps": [_step(step) for step in result.steps],
        "missing": [result.event.path(name) for name in result.missing],
        "presumed": [result.event.path(name) for name in result.event.presumed],
        "open_question": question.ko if question else None,
        "open_question_en": question.en if question else None,
    }


def not_in_force_answer(result: NotInForce) -> dict[str, Any]:
    """Why a follow-up does not arise: its law was not in force on the day that selects it."""
    ko = f"{day_text(result.day)}에는 이 규정이 시행되고 있지 않았습니다."
    en = f"This rule was not in force on {result.day}."
    if result.first_day:
        ko = f"{ko} 시행일은 {result.first_day}입니다."
        en = f"{en} It came into force on {result.first_day}."
    return {
        "id": result.family.id,
        "event": result.event.id,
        "kind": result.event.kind,
        "title": result.family.title,
        "title_en": result.family.title_en,
        "cite": list(result.family.entries[0].cite),
        "confidence": result.family.entries[0].confidence,
        "why": ko,
        "why_en": en,
    }


def _days(result: Followup) -> dict[str, Any]:
    end = result.end
    least = max((limit.end.unmoved for limit in result.limits if limit.side == "at_least"), default=None)
    return {
        "last_day": _iso(end.day) if end else None,
        "moved_from": _iso(end.moved_from) if end else None,
        "skipped": _skipped(end.skipped) if end else [],
        "earliest_day": _iso(result.earliest_day),
        "least_last_day": _iso(least),
        "extension": _extension(result),
        "safe_target": {"last_day": result.safe_day.isoformat()} if result.safe_day else None,
    }


def _extension(result: Followup) -> dict[str, Any] | None:
    if result.extension is None:
        return None
    length, end = result.extension
    days = {
        "last_day": end.day.isoformat(),
        "moved_from": _iso(end.moved_from),
        "skipped": _skipped(end.skipped),
    }
    return {"length": length, **days}


def _why(result: Followup, events: Mapping[str, EventLaw]) -> Words:
    if result.end is None:
        return _unsettled(result, events)
    start, end = _start_day(result), result.end
    ko = result.values["why"].format(start=day_text(start), last=day_text(end.day))
    en = result.values["why_en"].format(start=start, last=end.day)
    if end.moved_from:
        ko += f" 기간은 {day_text(end.moved_from)}에 끝나지만 그날이 토요일 또는 공휴일이므로 옮겨졌습니다(민법 제161조)."
        en += f" The period ends on {end.moved_from}, a Saturday or holiday, and so moves on."
    return Words(ko, en)


def _unsettled(result: Followup, events: Mapping[str, EventLaw]) -> Words:
    given = events[result.event.kind].given
    labels = [given[name]["label"] for name in result.missing]
    labels_en = [given[name]["label_en"] for name in result.missing]
    named = ", ".join(f"‘{label}’" for label in labels)
    ko = f"{with_particle(named, '이/가')} 입력되지 않아 마지막 날을 정할 수 없습니다."
    en = f"The last day is open until this is entered: {', '.join(labels_en)}."
    least = [limit for limit in result.limits if limit.side == "at_least"]
    if least:
        latest = max(least, key=lambda limit: limit.end.unmoved)
        ko += f" 법이 정한 최소 기간에 따르면 {day_text(latest.end.unmoved)}보다 이를 수 없습니다."
        en += f" By the least time of the law it may not be before {latest.end.unmoved}."
    return Words(ko, en)


def _missed(result: Followup) -> Words:
    after = result.end.day + timedelta(days=1) if result.end else None
    ko = result.values["if_missed"].format(day_after=after or "미정")
    return Words(ko, result.values["if_missed_en"].format(day_after=after or "the day after"))


def _joined(questions: tuple[Words, ...]) -> Words | None:
    if not questions:
        return None
    return Words(" ".join(words.ko for words in questions), " ".join(words.en for words in questions))


def _step(step: Step) -> dict[str, Any]:
    return {
        "code": step.code,
        "label": step.label.ko,
        "label_en": step.label.en,
        "formula": step.formula,
        "value": step.value,
        "cite": list(step.cite),
    }


def _warned(item: Warned) -> dict[str, Any]:
    return {
        "code": item.code,
        "message": item.words.ko,
        "message_en": item.words.en,
        "limit": item.limit,
        "limit_day": _iso(item.limit_day),
        "cite": list(item.cite),
        "source": item.source,
        "confidence": item.confidence,
    }


def _start_day(result: Followup) -> date:
    return seoul_day(result.start) if isinstance(result.start, datetime) else result.start


def _skipped(skipped: Skipped) -> list[dict[str, str]]:
    return [{"day": day.isoformat(), "name": name} for day, name in skipped]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
