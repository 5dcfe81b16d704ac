"""What is kept in Korean, read in the reader's language.

The law's answer is kept whole, with its English beside it; a task keeps the words of its playbook; a
sentence this software wrote into a record is kept in Korean. Nothing kept depends on who wrote it,
and which words a page shows is decided here, when it is shown. Citations are never translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import batched
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_noop

import rules
from incidents.models import Deadline, DeadlineKind, Duty, Task
from incidents.playbook import known_steps
from rules.kr.codes import codes

_PLACE = re.compile(r"%\((\w+)\)([sd])")
_HANGUL = re.compile("[가-힣]")
_forms: dict[str, re.Pattern[str]] = {}
_labels: list[str | Promise] = []


def is_english() -> bool:
    """Whether the reader has chosen English; otherwise Korean."""
    return (get_language() or "ko").startswith("en")


def said(terms: Mapping[str, Any], name: str) -> str:
    """What the law's answer says under `name`; the Korean where the edition that answered had no English."""
    english = terms.get(f"{name}_en") if is_english() else None
    return str(english or terms.get(name) or "")


@cache
def _english_titles() -> dict[str, str]:
    return {version.title: version.title_en for version in rules.duty_versions()}


def title_of(deadline: Deadline) -> str:
    """What the deadline is called. A title that a person typed stays as it was typed."""
    if not is_english():
        return deadline.title
    if deadline.kind == DeadlineKind.FOLLOW_UP and deadline.duty is not None:
        return _capital(said(deadline.duty.terms, "title"))
    if deadline.kind != DeadlineKind.DUTY:
        return kept(deadline.title)
    known = _english_titles().get(deadline.title)
    return _capital(known or (said(deadline.duty.terms, "title") if deadline.duty else deadline.title))


def duty_title(title: str, title_en: str) -> str:
    """The name of a duty as a heading."""
    return _capital(title_en) if is_english() else title


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def why_of(deadline: Deadline) -> str:
    """Why the law gives this deadline, or leaves it open."""
    if not is_english() or deadline.duty is None:
        return deadline.why
    return said(deadline.duty.terms, "why")


def why_ended(duty: Duty) -> str:
    """Why a duty ended: the law's sentence, or the reason somebody gave for the change of facts."""
    return kept(duty.superseded_reason)


def code_word(kind: str, code: str) -> str:
    """What a code of the law's answer means; the code itself where this edition does not know it."""
    labels = codes()[kind].get(code)
    if labels is None:
        return code
    return labels["label_en"] if is_english() else labels["label"]


def recipients_of(terms: Mapping[str, Any]) -> list[str]:
    """Who is to be told."""
    if is_english():
        return [code_word("recipients", code) for code in terms.get("recipient") or ()]
    return list(terms.get("recipient_labels") or ())


def contents_of(terms: Mapping[str, Any]) -> list[str]:
    """What a notice or report must contain, item by item."""
    if is_english() and terms.get("content_items"):
        return [_capital(said(item, "label")) for item in terms["content_items"]]
    return list(terms.get("contents") or ())


def task_title(task: Task) -> str:
    """What is to be done."""
    return _of_step(task, "title")


def task_guidance(task: Task) -> str:
    return _of_step(task, "guidance")


def task_who(task: Task) -> str:
    return _of_step(task, "who")


def _of_step(task: Task, name: str) -> str:
    step = known_steps().get(task.code) if is_english() else None
    written = str(getattr(task, name))
    # A task made from an earlier wording of the step still means the same step.
    return str(getattr(step, f"{name}_en")) if step else written


def remember(*sentences: str) -> None:
    """Sentences this software writes into records, as message ids: `%(n)d판으로 알림`."""
    for sentence in sentences:
        words = _PLACE.split(sentence)  # text, name of a place, its kind, text …
        pattern = re.escape(words[0])
        for name, kind, text in batched(words[1:], 3, strict=True):
            pattern += rf"(?P<{name}>{r'\d+' if kind == 'd' else '.+'})" + re.escape(text)
        _forms[sentence] = re.compile(pattern)


def remember_words(labels: Iterable[str | Promise]) -> None:
    """Names that may stand inside such sentences: the marked words of a choice."""
    _labels.extend(labels)


@cache
def _words() -> dict[str, str]:
    """Korean names and their English."""
    with translation.override("ko"):
        korean = [str(label) for label in _labels]
    with translation.override("en"):
        english = [str(label) for label in _labels]
    recipients = {labels["label"]: labels["label_en"] for labels in codes()["recipients"].values()}
    return {**recipients, **dict(zip(korean, english, strict=True))}


def kept(text: str) -> str:
    """`text` for the reader: translated if it is wholly a sentence of this software, else as it was written."""
    if not is_english() or not text:
        return text
    if text in _forms:
        return gettext(text)
    return _of_form(text) or _of_the_law(text) or text


def kept_list(text: str, separator: str) -> str:
    """`text` part by part, where a part may also be a single known name."""
    if not is_english():
        return text
    return separator.join(_words().get(part) or kept(part) for part in text.split(separator))


def _of_form(text: str) -> str:
    """`text` as one of the sentences with places, each holding a known name or no Korean.

    So `통화 기록`, which somebody typed, is not taken for `%(paper)s 기록`. A receipt number is as it was given.
    """
    for sentence, pattern in _forms.items():
        found = pattern.fullmatch(text) if pattern.groups else None
        if found and all(_fits(name, value) for name, value in found.groupdict().items()):
            places = {name: _words().get(value, value) for name, value in found.groupdict().items()}
            return gettext(sentence) % _numbers(sentence, places)
    return ""


def _fits(name: str, value: str) -> bool:
    return name == "number" or value in _words() or not _HANGUL.search(value)


def _numbers(sentence: str, places: dict[str, str]) -> dict[str, str | int]:
    return {name: int(value) if f"%({name})d" in sentence else value for name, value in places.items()}


def _of_the_law(text: str) -> str:
    """The sentence with which `rules` says that a duty is not owed. Its grounds have been left to the Korean."""
    for title in _longest_first(_english_titles()):
        name = {"title": _english_titles()[title]}
        if text.endswith(f" {title} 의무가 없습니다."):
            return gettext("지금 사실로는 의무가 없습니다: %(title)s.") % name
        if text.endswith(f" {title}의 기간이 아직 기산되지 않습니다."):
            return gettext("기간이 아직 시작되지 않았습니다: %(title)s.") % name
    return ""


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


NEWLY_KNOWN = gettext_noop("새로 알게 된 사실")
FROM_THE_QUESTIONS = gettext_noop("접수 문답")
FROM_THE_PRESS = gettext_noop("‘지금 알았다’를 누른 시각")
REOPENED = gettext_noop("종결한 사건을 다시 열었습니다.")
PROFILE_CHANGED = gettext_noop("기관 현황이 바뀜")
CALENDAR_CHANGED = gettext_noop("공휴일이 바뀜")
STEP_RECORDED = gettext_noop("절차가 기록됨")
remember(STEP_RECORDED)
remember(PROFILE_CHANGED, CALENDAR_CHANGED, NEWLY_KNOWN, FROM_THE_QUESTIONS, FROM_THE_PRESS, REOPENED)
