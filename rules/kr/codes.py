"""What the codes of an answer mean: recipients, exceptions, grounds for delay."""

from __future__ import annotations

from collections.abc import Mapping

from rules.duties.law import current_law


def codes() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Kind → code → its labels in Korean and English."""
    return current_law().lexicon.codes


def label_of(kind: str, code: str) -> str:
    return current_law().lexicon.label(kind, code)
