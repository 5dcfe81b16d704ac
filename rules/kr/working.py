"""The lines of a calculation in won, and what is to be said beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rules.engine.conditions import Words
from rules.engine.law_files import CONFIDENCES
from rules.kr.won import plain

UNCONFIRMED = "uncertain"  # the mark of what no text could be found on


@dataclass(frozen=True, slots=True)
class Line:
    """One step: what it is, how it was reckoned, what it comes to, and the article."""

    code: str
    label: Words
    formula: str
    amount: Decimal
    cite: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "label": self.label.ko,
            "label_en": self.label.en,
            "formula": self.formula,
            "amount": plain(self.amount),
            "cite": list(self.cite),
        }


@dataclass(frozen=True, slots=True)
class Caution:
    """What a person has to know before using the figure; `unconfirmed` for what no text could be found on."""

    code: str
    words: Words
    cite: tuple[str, ...]
    confidence: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": self.words.ko,
            "message_en": self.words.en,
            "cite": list(self.cite),
            "confidence": self.confidence,
            "unconfirmed": self.confidence == UNCONFIRMED,
        }


def least_sure(confidences: Iterable[str]) -> str:
    """The weakest of these marks."""
    return max(confidences, key=CONFIDENCES.index)


def once(cites: Iterable[str]) -> tuple[str, ...]:
    """These articles in their order, each once."""
    return tuple(dict.fromkeys(cites))
