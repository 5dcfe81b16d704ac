"""What an answer says in sentences: why, and what is still open, in Korean and English."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from rules.duties.assessment import Owed
from rules.duties.clock import Deadline
from rules.duties.jurisdiction import Jurisdiction
from rules.duties.questions import ANSWER_WORDS, Asked
from rules.engine.conditions import Words
from rules.engine.korean import day_text, iso_day, listed, local_text, with_particle

NO_END = Words("", "")


def why(owed: Owed) -> Words:
    values = owed.situation.values
    if owed.state == "may_be_omitted":
        exemption = values["exemption"]
        return Words(exemption["why"], exemption["why_en"])
    if owed.state == "unsettled":
        return _why_unsettled(owed)
    places = _places(owed)
    ko, en = values["why"].format(**places), values["why_en"].format(**places)
    if not owed.presumed:
        return Words(ko, en)
    assumed = listed([words.ko for words in owed.presumed])
    return Words(f"{assumed}, {ko}", f"{en} ({'; '.join(words.en for words in owed.presumed)})")


def _why_unsettled(owed: Owed) -> Words:
    if owed.questions:
        first, by = owed.questions[0].words, _if_owed(owed)
        return Words(f"{by.ko}, {first.ko}", f"{by.en}: {first.en[:1].lower()}{first.en[1:]}")
    names, until = owed.situation.names.missing(owed.missing), _until(owed)
    unknown = f"{with_particle(names.ko, '이/가')} 입력되지 않아"
    ko = f"{unknown} {owed.situation.family.title} 의무가 있는지 확정할 수 없으므로, {until.ko}"
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
    home = owed.situation.family.home
    own = end_text(owed.deadline, home)
    if own.ko:
        return own.ko, "기한", own.en
    guidance = end_text(owed.guidance, home)
    return guidance.ko, "해설서의 기준일", guidance.en


def end_text(ends: Deadline, home: Jurisdiction) -> Words:
    """The end of a period as the reader of the jurisdiction writes it; empty without one."""
    if ends.due_at:
        return instant_words(ends.due_at, home)
    if ends.last_day:
        return Words(day_text(ends.last_day.day), iso_day(ends.last_day.day))
    return NO_END


@lru_cache(maxsize=1024)
def instant_words(instant: datetime, home: Jurisdiction) -> Words:
    """An instant in the jurisdiction's own zone, which is named where it is not Korea's."""
    local = instant.astimezone(home.zone)
    english = local.isoformat(" ")[:16]
    return Words(f"{local_text(local)}{home.zone_suffix}", f"{english} {home.zone_label_en}")


def _places(owed: Owed) -> dict[str, str]:
    """What a law file may name in its sentence: {start}, {due} and {guidance}, and the same in English."""
    home = owed.situation.family.home
    start, due = instant_words(owed.start, home), end_text(owed.deadline, home)
    guidance = due if owed.guidance is owed.deadline else end_text(owed.guidance, home)
    return {
        "start": start.ko,
        "due": due.ko,
        "guidance": guidance.ko,
        "start_en": start.en,
        "due_en": due.en,
        "guidance_en": guidance.en,
    }


def open_questions(owed: Owed) -> list[Words]:
    questions = [question.words for question in owed.questions]
    if owed.missing:
        questions.append(_missing_question(owed))
    asked = owed.sanction.asked if owed.sanction else None
    if asked is not None and asked.decision is None:
        questions.append(asked.question.words)
    return questions


def _missing_question(owed: Owed) -> Words:
    names = owed.situation.names.missing(owed.missing)
    ko = f"{with_particle(names.ko, '을/를')} 입력하면 의무가 있는지 정해집니다."
    return Words(ko, f"Enter: {names.en}; they decide whether this duty exists.")


def decided_words(asked: Asked) -> Words:
    """What was decided of a question."""
    answer = ANSWER_WORDS[asked.answer]
    by = asked.decision.by if asked.decision else None
    who, who_en = (f"{by}의 판단: ", f"decided by {by}: ") if by else ("판단: ", "decided: ")
    return Words(f"{who}{answer.ko}", f"{who_en}{answer.en}")
