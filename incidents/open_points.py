"""What the law leaves open for a case: each question with its answers, its default and what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rules
from incidents.clocks import instant_label
from incidents.law import Decided, Stated, current_facts, is_known_answer, law_document
from incidents.models import Case, OpenPointDecision
from incidents.reading import duty_title, is_english, said
from rules.duties.law import current_law
from rules.duties.questions import ANSWER_WORDS


@dataclass(frozen=True, slots=True)
class Answer:
    code: str
    label: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """One question the facts of a case raise. `decision` is what stands of it, None while it is open.

    `is_given` tells that the law's answer went by the decision, not by the default.
    """

    question: str
    words: str
    duties: list[str]
    answers: list[Answer]
    decision: OpenPointDecision | None
    is_given: bool

    @property
    def default_label(self) -> str:
        return next((answer.label for answer in self.answers if answer.is_default), "")

    @property
    def codes(self) -> list[str]:
        return [answer.code for answer in self.answers]

    @property
    def decided_label(self) -> str:
        return answer_label(self.decision.answer) if self.decision else ""

    @property
    def decided_at_label(self) -> str:
        return instant_label(self.decision.decided_at) if self.decision else ""


@dataclass(frozen=True, slots=True)
class IdleDecision:
    """A decision that stands though nothing asks for it now. `is_known`: this edition still knows the answer."""

    decision: OpenPointDecision
    is_known: bool

    @property
    def label(self) -> str:
        return answer_label(self.decision.answer)

    @property
    def words(self) -> str:
        return question_label(self.decision.question)


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """`points` are asked now, those still open first; `idle` decisions are of questions no longer asked."""

    points: list[OpenPoint]
    idle: list[IdleDecision]

    @property
    def open_count(self) -> int:
        return sum(1 for point in self.points if point.decision is None)

    def of(self, question: str) -> OpenPoint | None:
        return next((point for point in self.points if point.question == question), None)


def answer_label(code: str) -> str:
    """The words for an answer; the code itself where this edition does not know it."""
    words = ANSWER_WORDS.get(code)
    if words is None:
        return code
    return words.en[:1].upper() + words.en[1:] if is_english() else words.ko


def question_label(code: str) -> str:
    """The words of a question; its code where this edition does not put it."""
    put = current_law().questions.get(code)
    if put is None:
        return code
    return _sentence(put.words.en if is_english() else put.words.ko)


def open_points(case: Case, facts: list[Stated] | None = None) -> OpenPoints:
    """The questions the present facts of `case` raise. Asks the law once; writes nothing.

    rules.FactsError where the facts contradict each other.
    """
    answer = rules.assess("duties", law_document(case, current_facts(case) if facts is None else facts))
    standing = {row.question: row for row in case.decisions.standing().select_related("decided_by")}
    asked: dict[str, list[tuple[Mapping[str, Any], str]]] = {}
    for question, title in _asked((*answer["duties"], *answer["not_due"])):
        asked.setdefault(question["id"], []).append((question, title))
    points = [_point(pairs, standing.get(code)) for code, pairs in asked.items()]
    idle = [
        IdleDecision(row, is_known_answer(row.question, row.answer))
        for row in standing.values()
        if row.question not in asked
    ]
    return OpenPoints(sorted(points, key=lambda point: point.decision is not None), idle)


def supposed(case: Case, question: str, answer: str) -> Sequence[Decided]:
    """The decisions of `case` as they would be with this one among them."""
    others = [decided for decided in case.decisions.as_facts() if decided["question"] != question]
    return [*others, {"question": question, "answer": answer, "reason": "가정"}]


def _asked(entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], str]]:
    for entry in entries:
        for question in entry.get("questions") or ():
            yield question, duty_title(entry["title"], entry["title_en"])


def _point(pairs: list[tuple[Mapping[str, Any], str]], decision: OpenPointDecision | None) -> OpenPoint:
    question = pairs[0][0]
    return OpenPoint(
        question=question["id"],
        words=_sentence(said(question, "why")),
        duties=list(dict.fromkeys(title for _question, title in pairs)),
        answers=[
            Answer(item["answer"], answer_label(item["answer"]), item["answer"] == question["default"])
            for item in question["answers"]
        ],
        decision=decision,
        is_given=question["decided"] is not None,
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
