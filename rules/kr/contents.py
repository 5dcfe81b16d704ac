"""What a notice or report must contain, item by item, as the law stood on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from rules.engine.declaration import Field, ListOf, MapOf, Record
from rules.engine.faults import Fault, LawFileError
from rules.engine.kinds import Day, Text
from rules.engine.law_files import CITED, HEAD, HERE, read_law_file

ITEM = Record(
    (
        Field("code", Text(), required=True),
        Field("label", Text(), required=True),
        Field("label_en", Text(), required=True),
        Field("cite", Text(), required=True),
    )
)
EDITION = Record(
    (Field("from", Day(), required=True), *CITED, Field("items", ListOf(ITEM, "code"), required=True))
)
LIST = Record(
    (
        Field("title", Text(), required=True),
        Field("title_en", Text(), required=True),
        Field("history", ListOf(EDITION), required=True),
    )
)
CONTENTS = Record((*HEAD, Field("contents", MapOf(LIST), required=True)))
FILE = "kr/contents.yaml"


@dataclass(frozen=True, slots=True)
class ContentItem:
    """One item a notice or report must contain, under its statutory label."""

    code: str
    label: str
    label_en: str
    cite: str


@cache
def _lists() -> dict[str, Any]:
    lists: dict[str, Any] = read_law_file(HERE / FILE, CONTENTS, name=FILE)["contents"]
    for code, entry in lists.items():
        starts = [edition["from"] for edition in entry["history"]]
        if starts != sorted(set(starts)):
            raise LawFileError(
                FILE, [Fault(f"contents.{code}.history", "시행일 순서가 어긋나거나 겹칩니다.")]
            )
    return lists


def content_codes() -> tuple[str, ...]:
    return tuple(_lists())


def contents(code: str, on: date | None = None) -> tuple[ContentItem, ...]:
    """The items of list `code` as worded on day `on`, the latest wording without one. KeyError if unknown.

    A day before the first wording answers with the first.
    """
    editions = _lists()[code]["history"]
    held = [edition for edition in editions if on is None or edition["from"] <= on] or editions[:1]
    return tuple(ContentItem(**item) for item in held[-1]["items"])
