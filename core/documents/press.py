"""The layout engine with our fonts, our sheets and no way out to the network.

Apart from `renderer` because importing WeasyPrint takes longer than starting all the rest:
it is imported with the first paper, not with the first page.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from django.contrib.staticfiles import finders
from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.css.tokens import InvalidValues
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from core.documents.fonts import MissingGlyphs, refuse_missing_glyphs, static_file
from core.documents.papers import PaperFault, RenderedPaper, Sheet
from core.documents.words import keep_whole

VARIANT = "pdf/ua-1"  # tagged, titled, with its language
ARCHIVE = "pdf/a-3a"  # all of PDF/A-3b, and tagged: for a paper that is to be read in thirty years

_press = threading.Lock()  # Pango and the layout engine's caches are shared: one paper at a time per process


def set_and_print(html: str, sheet: Sheet, *, is_archive: bool = False) -> RenderedPaper:
    """The PDF of a complete page. MissingGlyphs and PaperFault as `render_pdf` says."""
    variant = ARCHIVE if is_archive else VARIANT
    with _press, _listening() as heard:
        fonts, counters = _type_case()
        page = HTML(string=html, base_url=None, url_fetcher=_sealed_fetcher())
        refuse_missing_glyphs(_printed_text(page.etree_element))
        for body in page.etree_element.iter("body"):
            keep_whole(body)
        try:
            document = page.render(
                font_config=fonts, counter_style=counters, stylesheets=_styles(sheet), pdf_variant=variant
            )
        except InvalidValues as fault:
            raise PaperFault("a style in the template names a relative address") from fault
        pdf = document.write_pdf(pdf_variant=variant)
    _refuse_complaints(heard)
    return RenderedPaper(pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), page_count=len(document.pages))


def set_line(html: str) -> bytes:
    """One sheet with a line at its foot and nothing else, to be laid over the pages of a copy: no tags, no paper."""
    with _press, _listening() as heard:
        fonts, counters = _type_case()
        page = HTML(string=html, base_url=None, url_fetcher=_sealed_fetcher())
        refuse_missing_glyphs(_printed_text(page.etree_element))
        styles = [_stylesheet("paper"), _stylesheet("copy")]
        pdf = page.render(font_config=fonts, counter_style=counters, stylesheets=styles).write_pdf()
    _refuse_complaints(heard)
    return bytes(pdf)


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
