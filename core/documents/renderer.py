"""The one place that makes PDFs: a strict template, our sheet, the fonts we ship, nothing from outside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone, translation

from core.audit.chain import digest
from core.documents.fonts import MissingGlyphs, composed
from core.documents.papers import AddressWindow, Imprint, PaperFault, RenderedPaper, Sheet
from core.documents.strict_templates import UndefinedInPaper, render_strictly

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

OURS = ("imprint", "sheet", "made_at")  # names in the context that belong to the sheet


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
    is_archive: bool = False,
) -> RenderedPaper:
    """A tagged PDF of `template`; PDF/A for an archive. The same input and `now` (aware) give the same bytes.

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
    from core.documents.press import set_and_print  # WeasyPrint loads for over a second; no page needs it

    with translation.override(imprint.language):
        return set_and_print(composed(render_strictly(template, values)), sheet, is_archive=is_archive)
