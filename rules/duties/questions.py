"""What the law leaves open, as questions a person may decide: a stable id, the answers, the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.engine.conditions import Words
from rules.engine.declaration import Field, ListOf, Record, inside
from rules.engine.faults import Fault
from rules.engine.kinds import Text

# What each kind of question may be answered with, the default first; `assumed` must name its default.
ANSWERS_OF: Mapping[str, tuple[str, ...]] = {
    "unsettled": ("owed", "not_owed"),  # the state stays unsettled until decided
    "reserved": ("not_owed", "owed"),  # not due until decided otherwise
    "assumed": ("owed", "not_owed"),  # the default holds until decided otherwise
    "stand_in": ("owed", "not_owed"),  # whether the duty runs from the stand-in for its clock
    "safe_target": ("both", "earlier", "own"),  # which of two clocks binds
    "sanction": ("at_expiry", "at_start"),  # which day's penalty applies to a period across a change
}
ANSWER_WORDS = {
    "owed": Words("의무가 있음", "owed"),
    "not_owed": Words("의무가 없음", "not owed"),
    "both": Words("두 기한을 함께 봄", "watch both deadlines"),
    "earlier": Words("앞선 기한으로 함", "the earlier deadline binds"),
    "own": Words("이 의무의 기한만 봄", "only this duty's own deadline"),
    "at_expiry": Words("기간이 끝난 때의 법", "the law when the period ends"),
    "at_start": Words("기간이 시작된 때의 법", "the law when the period begins"),
}
ID = Text(pattern=r"[a-z0-9_]+(\.[a-z0-9_]+)+", hint="kr.pipa.s28_7.report처럼 적으십시오.")
ASKED = (Field("id", ID), Field("answers", ListOf(Text())), Field("default", Text()))


@dataclass(frozen=True, slots=True)
class Question:
    """Something open. Without an id it is a fact to enter, not a thing to decide."""

    words: Words
    confidence: str | None = None
    id: str | None = None
    kind: str = "unsettled"
    answers: tuple[str, ...] = ()
    default: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of a question, and why."""

    question: str
    answer: str
    reason: str
    by: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        return {"answer": self.answer, "by": self.by, "reason": self.reason}


Decisions = Mapping[str, Decision]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that touches an answer, with its decision if there is one."""

    question: Question
    decision: Decision | None

    @property
    def answer(self) -> str:
        """The decided answer, else the default."""
        return self.decision.answer if self.decision else self.question.default

    def as_dict(self) -> dict[str, Any]:
        question = self.question
        return {
            "id": question.id,
            "why": question.words.ko,
            "why_en": question.words.en,
            "answers": [
                {"answer": code, "label": ANSWER_WORDS[code].ko, "label_en": ANSWER_WORDS[code].en}
                for code in question.answers
            ],
            "default": question.default,
            "decided": self.decision.as_dict() if self.decision else None,
            "confidence": question.confidence,
        }


def ask(question: Question, decisions: Decisions) -> Asked:
    return Asked(question, decisions.get(question.id) if question.id else None)


def question_of(item: Mapping[str, Any], kind: str) -> Question:
    """The question an item of a law file puts; its answers and default are those of its kind unless written."""
    answers = item.get("answers") or ANSWERS_OF[kind]
    return Question(
        words=Words(item["why"], item["why_en"]),
        confidence=item.get("confidence", "inferred"),
        id=item.get("id"),
        kind=kind,
        answers=answers,
        default=item.get("default") or answers[0],
    )


def question_faults(item: Mapping[str, Any] | None, kind: str, path: str) -> list[Fault]:
    """A question without an id, or with an answer its kind does not know."""
    if not item or "why" not in item:
        return []
    faults = [] if "id" in item else [Fault(inside(path, "id"), "판단할 물음에는 id가 있어야 합니다.")]
    answers = item.get("answers") or ANSWERS_OF[kind]
    faults += [
        Fault(inside(path, "answers"), f"{kind}에 쓸 수 없는 답입니다: {answer}")
        for answer in answers
        if answer not in ANSWERS_OF[kind]
    ]
    if item.get("default", answers[0]) not in answers or (kind == "assumed" and "default" not in item):
        faults.append(
            Fault(inside(path, "default"), f"answers 가운데 하나를 적으십시오: {', '.join(answers)}")
        )
    return faults


def decisions_field(questions: Mapping[str, Question]) -> Field:
    """How decisions are given beside the facts."""
    kind = ListOf(DecisionKind(questions), "question")
    return Field("decisions", kind, "판단", "what persons decided of open questions")


class DecisionKind:
    """A decision of one question, with an answer that question admits."""

    def __init__(self, questions: Mapping[str, Question]) -> None:
        self.questions = questions
        self.record = _decision(tuple(sorted(questions)), None)

    def read(self, value: object, path: str, faults: list[Fault]) -> Decision | None:
        read = self.record.read(value, path, faults) or {}
        question = self.questions.get(read.get("question", ""))
        if question is None or "answer" not in read or "reason" not in read:
            return None
        if read["answer"] not in question.answers:
            hint = f"쓸 수 있는 답: {', '.join(question.answers)}"
            faults.append(Fault(inside(path, "answer"), f"{read['answer']}로 답할 수 없습니다.", hint))
            return None
        return Decision(question.id or "", read["answer"], read["reason"], read.get("by"))

    def schema(self) -> dict[str, Any]:
        alike: dict[tuple[str, ...], list[str]] = {}
        for name, question in sorted(self.questions.items()):
            alike.setdefault(question.answers, []).append(name)
        return {"anyOf": [_decision(tuple(names), answers).schema() for answers, names in alike.items()]}


def _decision(questions: tuple[str, ...], answers: tuple[str, ...] | None) -> Record:
    return Record(
        (
            Field("question", Text(choices=questions), "물음", "id of the question", required=True),
            Field("answer", Text(choices=answers or ()), "답", "one of its answers", required=True),
            Field("by", Text(), "판단한 사람", "who decided"),
            Field("reason", Text(), "이유", "why", required=True),
        )
    )
