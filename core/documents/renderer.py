"""The one place that makes PDFs: a strict template, our sheet, the fonts we ship, nothing from outside."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from django.contrib.staticfiles import finders
from django.utils import timezone, translation
from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.css.tokens import InvalidValues
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from core.audit.chain import digest
from core.documents.fonts import MissingGlyphs, composed, refuse_missing_glyphs, static_file
from core.documents.strict_templates import UndefinedInPaper, render_strictly
from core.documents.words import keep_whole

__all__ = [
    "AddressWindow",
    "Imprint",
    "MissingGlyphs",
    "PaperFault",
    "RenderedPaper",
    "Sheet",
    "UndefinedInPaper",
    "content_hash",
    "render_pdf",
]

DRAFT = "draft"
VARIANT = "pdf/ua-1"  # tagged, titled, with its language
OURS = ("imprint", "sheet", "made_at")  # names in the context that belong to the sheet

_press = threading.Lock()  # Pango and the layout engine's caches are shared: one paper at a time per process


class Sheet(Enum):
    """What a paper is printed on: margins, sizes and title as `static/pdf/` sets them."""

    LETTER = "letter"
    LARGE_PRINT = "large-print"
    REPORT = "report"
    WORKSHEET = "worksheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What the head and foot of every page say about the paper itself."""

    number: str
    title: str
    template_edition: str
    rules_digest: str
    content_hash: str
    status: str  # "draft", "approved", "sent", …; only "draft" shows
    copy_number: int = 1
    language: str = "ko"

    def __post_init__(self) -> None:
        if not (self.number and self.title and self.template_edition):
            raise ValueError("an imprint needs a number, a title and a template edition")
        if len(self.rules_digest) < 8 or len(self.content_hash) < 12:
            raise ValueError("an imprint needs a rules digest and a content hash")
        if self.copy_number < 1:
            raise ValueError(f"copies are counted from 1, got {self.copy_number}")

    @property
    def is_draft(self) -> bool:
        return self.status == DRAFT

    @property
    def short_rules_digest(self) -> str:
        return self.rules_digest[:8]

    @property
    def short_content_hash(self) -> str:
        return self.content_hash[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressWindow:
    """Where the envelope's window lies on the sheet, in whole millimetres from its left and top edge."""

    left_mm: int = 20
    top_mm: int = 45
    width_mm: int = 90
    height_mm: int = 40

    LETTER_LEFT_MM = 20
    LETTER_TOP_MM = 25

    @property
    def from_margin_left_mm(self) -> int:
        return self.left_mm - self.LETTER_LEFT_MM

    @property
    def from_margin_top_mm(self) -> int:
        return self.top_mm - self.LETTER_TOP_MM

    @property
    def reach_mm(self) -> int:
        """How far the letter's text must stay below the top margin."""
        return self.from_margin_top_mm + self.height_mm + 5


@dataclass(frozen=True, slots=True)
class RenderedPaper:
    pdf: bytes
    sha256: str
    page_count: int


class PaperFault(Exception):
    """A template or style sheet is wrong. For the person who writes templates, not for the one who prints."""


def content_hash(payload: Any) -> str:
    """SHA-256 of what a paper says, over canonical JSON (sorted keys, UTF-8). TypeError on floats."""
    return digest(payload)


def render_pdf(
    *,
    template: str,
    context: Mapping[str, object],
    sheet: Sheet,
    imprint: Imprint,
    now: datetime,
) -> RenderedPaper:
    """A tagged PDF of `template`. The same input and `now` (aware) give the same bytes.

    UndefinedInPaper when the template names what `context` lacks, MissingGlyphs when a
    character could only be printed as a box, PaperFault when the layout engine complains.
    Safe to call from several threads; they wait for each other.
    """
    if timezone.is_naive(now):
        raise ValueError(f"an instant without a zone: {now}")
    taken = [name for name in OURS if name in context]
    if taken:
        raise ValueError(f"the sheet itself fills {', '.join(taken)}")
    values = {"window": AddressWindow(), **context, "imprint": imprint, "sheet": sheet.value}
    values["made_at"] = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with translation.override(imprint.language):
        return _print(composed(render_strictly(template, values)), sheet)


def _print(html: str, sheet: Sheet) -> RenderedPaper:
    with _press, _listening() as heard:
        fonts, counters = _type_case()
        page = HTML(string=html, base_url=None, url_fetcher=_sealed_fetcher())
        refuse_missing_glyphs(_printed_text(page.etree_element))
        for body in page.etree_element.iter("body"):
            keep_whole(body)
        try:
            document = page.render(
                font_config=fonts, counter_style=counters, stylesheets=_styles(sheet), pdf_variant=VARIANT
            )
        except InvalidValues as fault:
            raise PaperFault("a style in the template names a relative address") from fault
        pdf = document.write_pdf(pdf_variant=VARIANT)
    _refuse_complaints(heard)
    return RenderedPaper(pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), page_count=len(document.pages))


def _printed_text(root: Element) -> Iterator[str]:
    for body in root.iter("body"):
        yield from (value for name, value in body.items() if name.startswith("data-"))
        yield from body.itertext()


class _SealedFetcher(URLFetcher):  # type: ignore[misc]
    """For what a paper's HTML names: pictures travel inside it as `data:`; no file, no network."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)


@lru_cache(maxsize=1)
def _sealed_fetcher() -> _SealedFetcher:
    return _SealedFetcher()  # once: each one loads the machine's certificates, used or not


class _StaticFetcher(URLFetcher):  # type: ignore[misc]
    """For our own style sheets: files below `static/pdf` and the vendored fonts."""

    FOLDERS = ("pdf", "vendor/fonts/pdf")

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"file"}, allow_redirects=False)

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        path = static_file_of(url)
        if path is None:
            raise ValueError("a style sheet may only name files of static/pdf and the paper fonts")
        return super().fetch(url, headers)


def static_file_of(url: str) -> str | None:
    """The path of a `file:` URL if it lies in a folder papers may read, else None."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc:
        return None
    wanted = unquote(parts.path)
    for folder in _StaticFetcher.FOLDERS:
        found = finders.find(folder)
        if isinstance(found, str) and wanted.startswith(f"{found}/") and "/../" not in wanted:
            return wanted
    return None


@lru_cache(maxsize=1)
def _type_case() -> tuple[FontConfiguration, CounterStyle]:
    """Made once per process: a font configuration for each paper is ten to sixty times slower."""
    return FontConfiguration(), CounterStyle()


@lru_cache(maxsize=8)
def _stylesheet(name: str) -> CSS:
    fonts, counters = _type_case()
    return CSS(
        url=static_file(f"pdf/{name}.css").as_uri(),
        url_fetcher=_StaticFetcher(),
        font_config=fonts,
        counter_style=counters,
    )


def _styles(sheet: Sheet) -> list[CSS]:
    return [_stylesheet("paper"), _stylesheet(sheet.value)]


@contextmanager
def _listening() -> Iterator[list[logging.LogRecord]]:
    """What the layout engine says meanwhile. Kept from the log: it may quote the paper."""
    heard: list[logging.LogRecord] = []
    logger = logging.getLogger("weasyprint")
    level = logger.level

    def listen(record: logging.LogRecord) -> bool:
        heard.append(record)
        return False

    logger.addFilter(listen)
    logger.setLevel(logging.WARNING)
    try:
        yield heard
    finally:
        logger.setLevel(level)
        logger.removeFilter(listen)


def _refuse_complaints(heard: list[logging.LogRecord]) -> None:
    boxes = [record.args[0] for record in heard if record.msg.startswith(".notdef") and record.args]  # type: ignore[index]
    if boxes:
        raise MissingGlyphs(str(character) for character in boxes)
    for record in heard:
        if record.msg.startswith("Using fontTools instead of HarfBuzz-Subset"):
            continue  # slower, and right
        # An error names a resource and may quote the paper; a warning quotes our own style sheet.
        raise PaperFault(str(record.msg) if record.levelno >= logging.ERROR else record.getMessage())
