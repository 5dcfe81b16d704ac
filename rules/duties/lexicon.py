"""The words of an edition: its facts, what its codes mean, and what notices must contain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from rules.duties.jurisdiction import CODE_KINDS
from rules.duties.vocabulary import Vocabulary
from rules.engine.faults import Fault, LawFileError

Codes = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class ContentItem:
    """One item a notice or report must contain, under its statutory label."""

    code: str
    label: str
    label_en: str
    cite: str

    def as_dict(self) -> dict[str, str]:
        return {"code": self.code, "label": self.label, "label_en": self.label_en, "cite": self.cite}


@dataclass(frozen=True)
class Lexicon:
    """`codes`: kind → code → labels. `lists`: code of a list of contents → its editions."""

    vocabulary: Vocabulary
    codes: Codes
    lists: Mapping[str, Mapping[str, Any]]

    def label(self, kind: str, code: str) -> str:
        """The Korean label of a code. KeyError if there is none."""
        return self.codes[kind][code]["label"]

    def contents(self, code: str, on: date | None = None) -> tuple[ContentItem, ...]:
        """The items of list `code` as worded on day `on`, the latest without one. KeyError if unknown.

        A day before the first wording answers with the first.
        """
        editions = self._editions[code]
        held = [items for start, items in editions if on is None or start <= on]
        return held[-1] if held else editions[0][1]

    @cached_property
    def _editions(self) -> dict[str, list[tuple[date, tuple[ContentItem, ...]]]]:
        return {
            code: [
                (edition["from"], tuple(ContentItem(**item) for item in edition["items"]))
                for edition in entry["history"]
            ]
            for code, entry in self.lists.items()
        }


def merged_codes(blocks: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, dict[str, Any]]:
    """The codes of all files; LawFileError where two files say what one code means."""
    merged: dict[str, dict[str, Any]] = {kind: {} for kind in CODE_KINDS}
    for file, block in blocks:
        for kind in CODE_KINDS:
            _add(file, merged[kind], block.get(kind) or {}, kind)
    return merged


def merged_lists(blocks: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """The lists of contents of all files; LawFileError for a code used twice or a history out of order."""
    merged: dict[str, Any] = {}
    for file, lists in blocks:
        for code, entry in lists.items():
            starts = [edition["from"] for edition in entry["history"]]
            if starts != sorted(set(starts)):
                fault = Fault(f"contents.{code}.history", "시행일 순서가 어긋나거나 겹칩니다.")
                raise LawFileError(file, [fault])
        _add(file, merged, lists, "contents")
    return merged


def _add(file: str, merged: dict[str, Any], block: Mapping[str, Any], path: str) -> None:
    twice = sorted(set(merged) & set(block))
    if twice:
        raise LawFileError(
            file, [Fault(f"{path}.{code}", "다른 파일에 이미 있는 부호입니다.") for code in twice]
        )
    merged.update(block)
