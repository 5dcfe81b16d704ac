"""A copy of a sealed PDF that says on every page which copy it is. The original is read, never written."""

from __future__ import annotations

from io import BytesIO

from django.utils.html import format_html

from core.documents.fonts import composed


def marked(pdf: bytes, line: str) -> bytes:
    """`pdf` with `line` at the foot of every page, as an artifact that screen readers pass over.

    Text, tags, language and bookmarks stay those of the original. MissingGlyphs where `line` cannot be printed.
    """
    from pypdf import PdfReader, PdfWriter  # neither pypdf nor WeasyPrint is needed by a page
    from pypdf.generic import DecodedStreamObject, NameObject

    stamp = PdfReader(BytesIO(_line_sheet(line))).pages[0]
    drawn = stamp.get_contents()
    assert drawn is not None  # the line
    artifact = DecodedStreamObject()
    artifact.set_data(b"/Artifact BMC\n" + drawn.get_data() + b"\nEMC")
    stamp[NameObject("/Contents")] = artifact
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    for page in writer.pages:
        page.merge_page(stamp)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _line_sheet(line: str) -> bytes:
    from core.documents.press import set_line

    page = '<!DOCTYPE html><html lang="ko"><body class="copy"><p class="copy-line">{}</p></body></html>'
    return set_line(format_html(page, composed(line)))
