"""The answer of the topic `duties`, ready for JSON: each duty with its working, its articles and its why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from rules.engine.korean import iso, seoul_day
from rules.kr.codes import label_of
from rules.kr.contents import contents
from rules.kr.duties.assessment import NotOwed, Owed
from rules.kr.duties.clock import CIVIL_ACT, Deadline, deadline
from rules.kr.duties.facts import NAMES
from rules.kr.duties.terms import guidance_deadline, sanction_at_expiry
from rules.kr.duties.wording import open_questions, why


def owed_answer(owed: Owed) -> dict[str, Any]:
    """One entry of `duties`."""
    family, values = owed.family, owed.values
    reason = why(owed)
    questions = open_questions(owed)
    return {
        "id": family.id_of(owed.entry),
        "family": family.id,
        "version": owed.entry.version,
        "title": family.title,
        "title_en": family.title_en,
        "for": owed.for_id,
        "state": owed.state,
        "anchor": owed.clock.fact,
        "starts_at": iso(owed.start),
        **_deadline_answer(owed.deadline),
        "counting": values["counting"],
        "limit": values.get("limit"),
        **_guidance(owed),
        **_recipients(values),
        **_contents(owed),
        "may_be_omitted": owed.state == "may_be_omitted",
        "exemption": _exemption(owed),
        **_posting(owed),
        "exceptions": list(values.get("exceptions", ())),
        "delay": _plain(values.get("delay")),
        "delay_grounds": list(values.get("delay", {}).get("grounds", ())),
        **_sanction(owed),
        "safe_target": _safe_target(owed),
        "selected_by": _selected_by(owed),
        "missing": list(owed.missing),
        "open_question": " ".join(words.ko for words in questions) or None,
        "open_question_en": " ".join(words.en for words in questions) or None,
        "steps": _steps(owed),
        "cite": list(owed.cites),
        "source": owed.entry.source,
        "confidence": _confidence(owed),
        "why": reason.ko,
        "why_en": reason.en,
    }


def not_owed_answer(no: NotOwed) -> dict[str, Any]:
    """One entry of `not_due`: the version that speaks to the facts, and what settles it."""
    title, english = no.family.title, no.family.title_en
    ko, en = f"{no.words.ko} {title} 의무가 없습니다.", f"No {english}: {no.words.en}."
    if no.reason == "missing":
        ko = f"{no.words.ko} {title}의 기간이 아직 기산되지 않습니다."
        en = f"The clock of the {english} has not started: {no.words.en}."
    return {
        "id": no.family.id_of(no.entry),
        "family": no.family.id,
        "version": no.entry.version,
        "title": title,
        "title_en": english,
        "for": no.for_id,
        "reason": no.reason,
        "missing": list(no.missing),
        "open_question": no.question.ko if no.question else None,
        "open_question_en": no.question.en if no.question else None,
        "cite": list(no.cites),
        "confidence": no.confidence,
        "why": ko,
        "why_en": en,
    }


def _deadline_answer(ends: Deadline) -> dict[str, Any]:
    last = ends.last_day
    return {
        "due_at": iso(ends.due_at) if ends.due_at else None,
        "last_day": last.day.isoformat() if last else None,
        "moved_from": last.moved_from.isoformat() if last and last.moved_from else None,
        "skipped": [{"day": day.isoformat(), "name": name} for day, name in last.skipped] if last else [],
    }


def _guidance(owed: Owed) -> dict[str, Any]:
    guidance, last = owed.values.get("guidance"), guidance_deadline(owed).last_day
    return {
        "guidance_last_day": last.day.isoformat() if last else None,
        "guidance": _plain(guidance),
    }


def _recipients(values: Mapping[str, Any]) -> dict[str, Any]:
    groups = [list(group) for group in values["recipient"]]
    flat = [code for group in groups for code in group]
    return {
        "recipient": flat,
        "recipient_groups": groups,  # every group is told; within a group one is enough
        "recipient_labels": [label_of("recipients", code) for code in flat],
    }


def _contents(owed: Owed) -> dict[str, Any]:
    code = owed.values.get("contents")
    items = contents(code, seoul_day(owed.start)) if code else ()
    return {
        "contents_code": code,
        "contents": [item.label for item in items],
        "content_items": [asdict(item) for item in items],
    }


def _exemption(owed: Owed) -> dict[str, Any] | None:
    exemption = owed.values.get("exemption")
    if exemption is None:
        return None
    met = {name: owed.facts.get(name) for name in exemption["needs"]}
    return {
        "needs": met,
        "cite": list(exemption["cite"]),
        "why": exemption["why"],
        "why_en": exemption["why_en"],
    }


def _posting(owed: Owed) -> dict[str, Any]:
    posting = owed.values.get("posting")
    if posting is None:
        return {"posting_days": None, "posting": None}
    verdict = posting["when"].weigh(owed.facts, NAMES)
    described = {
        "kind": posting["kind"],
        "days": posting["days"],
        "applies": verdict.holds,
        "missing": list(verdict.missing),
        "cite": list(posting["cite"]),
    }
    return {"posting_days": posting["days"] if verdict.holds else None, "posting": described}


def _sanction(owed: Owed) -> dict[str, Any]:
    """The ceiling of the fine; by the law at the moment the period runs out where the rule says so."""
    sanction, straddles = sanction_at_expiry(owed)
    return {
        "sanction_ceiling": sanction["ceiling"] if sanction else None,
        "sanction_cite": list(sanction["cite"]) if sanction else [],
        "sanction_confidence": ("uncertain" if straddles else owed.entry.confidence) if sanction else None,
    }


def _safe_target(owed: Owed) -> dict[str, Any] | None:
    """An earlier instant that is safe whichever way an open question is answered; None without one."""
    due = owed.deadline.due_at
    targets = []
    for target in owed.family.safe_targets:
        start = owed.facts.get(target["fact"])
        if start is None or due is None or seoul_day(start) < target["from"]:
            continue
        at = deadline(start=start, limit=target["limit"], counting="HOURS").due_at
        if at is not None and at < due and (at > owed.start or target["fact"] == "processor_known_at"):
            targets.append((at, target))
    if not targets:
        return None
    at, target = min(targets, key=lambda pair: pair[0])
    return {
        "due_at": iso(at),
        "anchor": target["fact"],
        "why": target["why"],
        "why_en": target["why_en"],
        "cite": list(target["cite"]),
        "confidence": target["confidence"],
    }


def _selected_by(owed: Owed) -> dict[str, Any]:
    key = owed.entry.selected_by
    return {
        "key": key,
        "on": owed.keys.days[key].isoformat(),
        "presumed": key in owed.keys.presumed,
        "from": owed.entry.first_day.isoformat() if owed.entry.first_day else None,
        "to": owed.entry.end.isoformat() if owed.entry.end else None,
    }


def _confidence(owed: Owed) -> str:
    """The weakest of the rule's own mark, a presumed key fact and the questions still open."""
    order = ("statute", "guidance", "secondary", "inferred", "uncertain")
    marks = [owed.entry.confidence, *(question.confidence or "statute" for question in owed.questions)]
    if owed.entry.selected_by in owed.keys.presumed:
        marks.append("inferred")
    return max(marks, key=order.index)


def _steps(owed: Owed) -> list[dict[str, Any]]:
    steps = [_version_step(owed), _clock_step(owed)]
    guidance = owed.values.get("guidance")
    if guidance:
        last = guidance_deadline(owed).last_day
        formula = f"{iso(owed.start)} + {guidance['limit']} ({guidance['counting']})"
        value = last.day.isoformat() if last else None
        steps.append(_step("guidance", "해설서의 기준일", "guidance", formula, value, guidance["cite"]))
    sanction, _ = sanction_at_expiry(owed)
    if sanction:
        when = iso(owed.deadline.due_at) if owed.deadline.due_at else owed.entry.version
        steps.append(
            _step(
                "sanction",
                "과태료 상한",
                "ceiling of the fine",
                str(when),
                sanction["ceiling"],
                sanction["cite"],
            )
        )
    return steps


def _version_step(owed: Owed) -> dict[str, Any]:
    key = owed.entry.selected_by
    since = owed.entry.first_day
    formula = f"{NAMES.fact(key).ko} {owed.keys.days[key].isoformat()}" + (
        f" ≥ {since.isoformat()}" if since else ""
    )
    return _step(
        "version", "적용 규정", "version in force", formula, str(owed.entry.version), owed.entry.cite
    )


def _clock_step(owed: Owed) -> dict[str, Any]:
    limit, counting = owed.values.get("limit"), owed.values["counting"]
    start = f"{NAMES.fact(owed.clock.fact).ko} {iso(owed.start)}"
    if limit is None:
        return _step("clock", "기산점", "start of the clock", start, iso(owed.start), owed.entry.cite)
    ends = _deadline_answer(owed.deadline)
    value = ends["due_at"] or ends["last_day"]
    cite = (*owed.entry.cite, *CIVIL_ACT[counting])
    return _step("clock", "기한", "deadline", f"{start} + {limit} ({counting})", value, cite)


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
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
