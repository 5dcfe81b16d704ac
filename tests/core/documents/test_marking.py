"""A copy says on each page which one it is; the original stays what it was."""

import hashlib
from io import BytesIO

import pytest
from pypdf import PdfReader

from core.documents.fonts import MissingGlyphs
from core.documents.marking import marked
from core.documents.papers import Sheet
from core.documents.press import set_and_print

pytestmark = pytest.mark.any_database

LINE = "사본 2026-000012 · 홍담당 · 2026-11-21(토) 09:12 KST · 원본 7c1e0a44b2f09d31"
PAGE = (
    '<!DOCTYPE html><html lang="ko"><head><meta charset="utf-8"><title>제목</title></head>'
    '<body><h1>제목</h1><p>첫 쪽</p><p class="new-page">둘째 쪽</p></body></html>'
)


@pytest.fixture(scope="module")
def original():
    return set_and_print(PAGE, Sheet.REPORT).pdf


def texts(pdf):
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_every_page_carries_the_line_beside_its_own_text(original):
    pages = texts(marked(original, LINE))
    assert len(pages) == 2
    assert all(LINE.replace(" ", "") in page.replace(" ", "") for page in pages)
    assert "둘째 쪽" in pages[1]


def test_the_original_is_only_read(original):
    before = hashlib.sha256(original).hexdigest()
    assert marked(original, LINE) != original
    assert hashlib.sha256(original).hexdigest() == before
    assert not any("사본" in page for page in texts(original))


def test_the_tags_language_and_title_stay(original):
    copy = PdfReader(BytesIO(marked(original, LINE)))
    root, before = copy.trailer["/Root"], PdfReader(BytesIO(original)).trailer["/Root"]
    assert root["/Lang"] == before["/Lang"]
    assert "/StructTreeRoot" in root and root["/MarkInfo"]["/Marked"]
    assert copy.metadata.title == "제목"
    assert all(b"/Artifact BMC" in page.get_contents().get_data() for page in copy.pages)


def test_a_name_that_cannot_be_printed_is_refused(original):
    with pytest.raises(MissingGlyphs):
        marked(original, "사본 😀")
