"""What an answer says in sentences: why, and what is still open, in Korean and English."""

from __future__ import annotations

from datetime import datetime

from rules.engine.conditions import Words
from rules.engine.korean import SEOUL, day_text, instant_text, listed, with_particle
from rules.engine.periods import LastDay
from rules.kr.duties.assessment import Owed
from rules.kr.duties.facts import NAMES
from rules.kr.duties.terms import guidance_deadline, sanction_at_expiry

STRADDLES = Words(
    "기간 중에 바뀐 벌칙 가운데 어느 것을 적용할지는 정해지지 않았고, 기간이 끝난 때의 법을 기본으로 합니다.",
    "Which penalty applies to a period that straddles a change is open; the law at its end is used.",
)


def why(owed: Owed) -> Words:
    if owed.state == "may_be_omitted":
        exemption = owed.values["exemption"]
        return Words(exemption["why"], exemption["why_en"])
    if owed.state == "unsettled":
        return _why_unsettled(owed)
    places = _places(owed)
    ko, en = owed.values["why"].format(**places), owed.values["why_en"].format(**places)
    if not owed.presumed:
        return Words(ko, en)
    assumed = listed([words.ko for words in owed.presumed])
    return Words(f"{assumed}, {ko}", f"{en} ({'; '.join(words.en for words in owed.presumed)})")


def _why_unsettled(owed: Owed) -> Words:
    if owed.questions:
        first, by = owed.questions[0].words, _if_owed(owed)
        return Words(f"{by.ko}, {first.ko}", f"{by.en}: {first.en[:1].lower()}{first.en[1:]}")
    names, until = NAMES.missing(owed.missing), _until(owed)
    unknown = f"{with_particle(names.ko, '이/가')} 입력되지 않아"
    ko = f"{unknown} {owed.family.title} 의무가 있는지 확정할 수 없으므로, {until.ko}"
    return Words(ko, f"Not entered yet: {names.en}; {until.en}")


def _if_owed(owed: Owed) -> Words:
    text, kind, english = _would_be_end(owed)
    if not text:
        return Words("의무가 있다면 지체 없이 이행하여야 하고", "If owed, it is owed without delay")
    return Words(f"의무가 있다면 {kind}은 {text}이고", f"If owed, it is due {english}")


def _until(owed: Owed) -> Words:
    text, kind, english = _would_be_end(owed)
    if not text:
        return Words("지체 없이 판단하여야 합니다.", "decide without delay.")
    ko = f"의무가 있을 때의 {kind}인 {text}까지 판단하여야 합니다."
    return Words(ko, f"decide before it would be due, {english}.")


def _would_be_end(owed: Owed) -> tuple[str, str, str]:
    """When the duty would be due, what that day is called, and the same day in English; empty without one."""
    due, last = owed.deadline.due_at, owed.deadline.last_day or guidance_deadline(owed).last_day
    text = instant_text(due) if due else day_text(last.day) if last else ""
    return text, "기한" if due or owed.deadline.last_day else "해설서의 기준일", _english(due, last)


def _english(due: datetime | None, last: LastDay | None) -> str:
    if due:
        return due.strftime("%Y-%m-%d %H:%M KST")
    return last.day.isoformat() if last else ""


def _places(owed: Owed) -> dict[str, str]:
    """What a law file may name in its sentence: {start}, {due} and {guidance}, and the same in English."""
    due, guidance = owed.deadline.due_at, guidance_deadline(owed).last_day
    return {
        "start": instant_text(owed.start),
        "due": instant_text(due) if due else "",
        "guidance": day_text(guidance.day) if guidance else "",
        "start_en": owed.start.astimezone(SEOUL).strftime("%Y-%m-%d %H:%M KST"),
        "due_en": due.strftime("%Y-%m-%d %H:%M KST") if due else "",
        "guidance_en": guidance.day.isoformat() if guidance else "",
    }


def open_questions(owed: Owed) -> list[Words]:
    questions = [question.words for question in owed.questions]
    if owed.missing:
        questions.append(_missing_question(owed))
    if sanction_at_expiry(owed)[1]:
        questions.append(STRADDLES)
    return questions


def _missing_question(owed: Owed) -> Words:
    names = NAMES.missing(owed.missing)
    ko = f"{with_particle(names.ko, '을/를')} 입력하면 의무가 있는지 정해집니다."
    return Words(ko, f"Enter: {names.en}; they decide whether this duty exists.")
