"""The answer of the topic `duties`, ready for JSON: each duty with its working, its articles and its why."""

from __future__ import annotations

from datetime import date
from typing import Any

from rules.duties.assessment import NotOwed, Owed
from rules.duties.clock import Deadline, end_of_last_day
from rules.duties.jurisdiction import Jurisdiction
from rules.duties.wording import open_questions, why
from rules.engine.korean import iso, iso_day
from rules.engine.law_files import CONFIDENCES

WEAKNESS = {mark: place for place, mark in enumerate(CONFIDENCES)}
NEVER_MOVED = "every_day"
CALENDARED = frozenset({"DAYS", "WORKDAYS"})
MOST_NOES = 64  # worded answers remembered for each state of a version


def owed_answer(owed: Owed) -> dict[str, Any]:
    """One entry of `duties`."""
    situation = owed.situation
    family, terms, values = situation.family, situation.terms, situation.values
    reason, delay = why(owed), values.get("delay")
    questions = open_questions(owed)
    starts_at, due_at = iso(owed.start), iso(owed.deadline.due_at) if owed.deadline.due_at else None
    return {
        "id": terms.id,
        "family": family.id,
        "version": terms.entry.version,
        "title": family.title,
        "title_en": family.title_en,
        "jurisdiction": family.home.code,
        "for": situation.for_id,
        "state": owed.state,
        "anchor": situation.clock.fact,
        "starts_at": starts_at,
        "due_at": due_at,
        **_last_day(owed.deadline, family.home),
        **_counting(owed),
        **_guidance(owed),
        **_recipients(owed),
        **_contents(owed),
        "may_be_omitted": owed.state == "may_be_omitted",
        "exemption": _exemption(owed),
        **_posting(owed),
        "exceptions": list(values.get("exceptions", ())),
        "delay": _plain(delay),
        "delay_grounds": list(delay.get("grounds", ())) if delay else [],
        **_sanction(owed),
        "safe_target": _safe_target(owed),
        "selected_by": _selected_by(owed),
        "missing": list(owed.missing),
        "questions": [asked.as_dict() for asked in owed.asked if asked.question.id] if owed.asked else [],
        "open_question": " ".join([words.ko for words in questions]) if questions else None,
        "open_question_en": " ".join([words.en for words in questions]) if questions else None,
        "steps": _steps(owed, starts_at, due_at),
        "cite": list(terms.cites),
        "source": terms.entry.source,
        "confidence": _confidence(owed),
        "why": reason.ko,
        "why_en": reason.en,
    }


def not_owed_answer(no: NotOwed) -> dict[str, Any]:
    """One entry of `not_due`: the version that speaks to the facts, and what settles it."""
    if no.missing or no.asked or no.question or no.situation.for_id:
        return _worded_no(no)
    terms, key = no.situation.terms, (no.reason, no.words)
    worded = terms.noes.get(key)
    if worded is None:
        worded = _worded_no(no)
        if len(terms.noes) < MOST_NOES:
            terms.noes[key] = worded
    return {**worded, "missing": [], "questions": [], "cite": list(terms.cites), "confidence": no.confidence}


def _worded_no(no: NotOwed) -> dict[str, Any]:
    family, terms = no.situation.family, no.situation.terms
    title, english = family.title, family.title_en
    if no.reason == "missing":
        ko = f"{no.words.ko} {title}의 기간이 아직 기산되지 않습니다."
        en = f"The clock of the {english} has not started: {no.words.en}."
    else:
        ko, en = f"{no.words.ko} {title} 의무가 없습니다.", f"No {english}: {no.words.en}."
    return {
        "id": terms.id,
        "family": family.id,
        "version": terms.entry.version,
        "title": title,
        "title_en": english,
        "jurisdiction": family.home.code,
        "for": no.situation.for_id,
        "reason": no.reason,
        "missing": list(no.missing),
        "questions": [asked.as_dict() for asked in no.asked if asked.question.id] if no.asked else [],
        "open_question": no.question.ko if no.question else None,
        "open_question_en": no.question.en if no.question else None,
        "cite": list(terms.cites),
        "confidence": no.confidence,
        "why": ko,
        "why_en": en,
    }


def _last_day(ends: Deadline, home: Jurisdiction) -> dict[str, Any]:
    last = ends.last_day
    if last is None:
        return {"last_day": None, "last_day_ends_at": None, "moved_from": None, "skipped": []}
    return {
        "last_day": iso_day(last.day),
        "last_day_ends_at": iso(end_of_last_day(last, home)),
        "moved_from": iso_day(last.moved_from) if last.moved_from else None,
        "skipped": [{"day": iso_day(day), "name": name} for day, name in last.skipped],
    }


def _counting(owed: Owed) -> dict[str, Any]:
    """How the period is counted, by which calendar, and in which zone its days begin.

    Calendar days are `DAYS` whose `calendar` is `every_day`: none is passed over.
    """
    home, counting = owed.situation.family.home, owed.situation.values["counting"]
    calendar = home.code if counting in CALENDARED else NEVER_MOVED if counting == "CALENDAR_DAYS" else None
    return {
        "counting": "DAYS" if counting == "CALENDAR_DAYS" else counting,
        "limit": owed.situation.values.get("limit"),
        "calendar": calendar,
        "calendar_digest": home.calendar.digest if home.calendar else None,
        "zone": home.zone_name,
    }


def _guidance(owed: Owed) -> dict[str, Any]:
    guidance, last = owed.situation.values.get("guidance"), owed.guidance.last_day
    return {
        "guidance_last_day": last.day.isoformat() if last else None,
        "guidance": _plain(guidance),
    }


def _recipients(owed: Owed) -> dict[str, Any]:
    lexicon, values = owed.situation.family.lexicon, owed.situation.values
    groups = [list(group) for group in values["recipient"]]
    groups += [
        list(further["recipient"])
        for further in values.get("further_recipients", ())
        if further["when"].weigh(owed.situation.facts, lexicon.vocabulary).holds
    ]
    flat = [code for group in groups for code in group]
    return {
        "recipient": flat,
        "recipient_groups": groups,  # every group is told; within a group one is enough
        "recipient_labels": [lexicon.label("recipients", code) for code in flat],
    }


def _contents(owed: Owed) -> dict[str, Any]:
    code, family = owed.situation.values.get("contents"), owed.situation.family
    items = family.lexicon.contents(code, family.home.day(owed.start)) if code else ()
    return {
        "contents_code": code,
        "contents": [item.label for item in items],
        "content_items": [item.as_dict() for item in items],
    }


def _exemption(owed: Owed) -> dict[str, Any] | None:
    exemption = owed.situation.values.get("exemption")
    if exemption is None:
        return None
    met = {name: owed.situation.facts.get(name) for name in exemption["needs"]}
    return {
        "needs": met,
        "cite": list(exemption["cite"]),
        "why": exemption["why"],
        "why_en": exemption["why_en"],
    }


def _posting(owed: Owed) -> dict[str, Any]:
    posting = owed.situation.values.get("posting")
    if posting is None:
        return {"posting_days": None, "posting": None}
    verdict = posting["when"].weigh(owed.situation.facts, owed.situation.names)
    described = {
        "kind": posting["kind"],
        "days": posting["days"],
        "applies": verdict.holds,
        "alternatives": _plain(posting.get("alternatives", ())),
        "missing": list(verdict.missing),
        "cite": list(posting["cite"]),
    }
    return {"posting_days": posting["days"] if verdict.holds else None, "posting": described}


def _sanction(owed: Owed) -> dict[str, Any]:
    """The ceiling of the fine; by the law at the moment the period runs out where the rule says so."""
    sanction = owed.sanction
    return {
        "sanction_ceiling": sanction.ceiling if sanction else None,
        "sanction_cite": list(sanction.cite) if sanction else [],
        "sanction_confidence": sanction.confidence if sanction else None,
        "sanction": sanction.as_dict() if sanction else None,
    }


def _safe_target(owed: Owed) -> dict[str, Any] | None:
    target = owed.safe_target
    if target is None or (target.asked.decision and target.asked.answer != "both"):
        return None
    return {
        "due_at": iso(target.due_at),
        "anchor": target.item["fact"],
        "why": target.item["why"],
        "why_en": target.item["why_en"],
        "cite": list(target.item["cite"]),
        "confidence": target.item["confidence"],
    }


def _selected_by(owed: Owed) -> dict[str, Any]:
    entry, keys = owed.situation.entry, owed.situation.keys
    return {
        "key": entry.selected_by,
        "on": iso_day(keys.days[entry.selected_by]),
        "presumed": entry.selected_by in keys.presumed,
        "from": iso_day(entry.first_day) if entry.first_day else None,
        "to": iso_day(entry.end) if entry.end else None,
    }


def _confidence(owed: Owed) -> str:
    """The weakest of the rule's own mark, a presumed key fact and the questions still open."""
    entry, presumed = owed.situation.entry, owed.situation.keys.presumed
    if not owed.questions and not presumed:
        return entry.confidence
    marks = [entry.confidence, *(question.confidence or "statute" for question in owed.questions)]
    if entry.selected_by in presumed:
        marks.append("inferred")
    return max(marks, key=WEAKNESS.__getitem__)


def _steps(owed: Owed, starts_at: str, due_at: str | None) -> list[dict[str, Any]]:
    steps = [_version_step(owed), _clock_step(owed, starts_at, due_at)]
    guidance = owed.situation.values.get("guidance")
    if guidance:
        last = owed.guidance.last_day
        formula = f"{starts_at} + {guidance['limit']} ({guidance['counting']})"
        value = last.day.isoformat() if last else None
        steps.append(_step("guidance", "해설서의 기준일", "guidance", formula, value, guidance["cite"]))
    sanction = owed.sanction
    if sanction:
        when = due_at or str(owed.situation.entry.version)
        steps.append(
            _step("sanction", "과태료 상한", "ceiling of the fine", when, sanction.ceiling, sanction.cite)
        )
    return steps


def _version_step(owed: Owed) -> dict[str, Any]:
    entry, names = owed.situation.entry, owed.situation.names
    since = entry.first_day
    day = iso_day(owed.situation.keys.days[entry.selected_by])
    formula = f"{names.fact(entry.selected_by).ko} {day}" + (f" ≥ {iso_day(since)}" if since else "")
    return _step("version", "적용 규정", "version in force", formula, str(entry.version), entry.cite)


def _clock_step(owed: Owed, starts_at: str, due_at: str | None) -> dict[str, Any]:
    situation = owed.situation
    limit, counting, entry = situation.values.get("limit"), situation.values["counting"], situation.entry
    start = f"{situation.names.fact(situation.clock.fact).ko} {starts_at}"
    if limit is None:
        return _step("clock", "기산점", "start of the clock", start, starts_at, entry.cite)
    ends = owed.deadline
    value = due_at or (iso_day(ends.last_day.day) if ends.last_day else None)
    cite = (*entry.cite, *situation.family.home.counting[counting])
    shown = "DAYS" if counting == "CALENDAR_DAYS" else counting
    return _step("clock", "기한", "deadline", f"{start} + {limit} ({shown})", value, cite)


def _step(
    code: str, label: str, label_en: str, formula: str, value: str | None, cite: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "code": code,
        "label": label,
        "label_en": label_en,
        "formula": formula,
        "value": value,
        "cite": list(cite),
    }


def _plain(value: Any) -> Any:
    """Law data as JSON has it: tuples as lists, days as text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
