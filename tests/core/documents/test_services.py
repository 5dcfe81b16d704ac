"""Issued papers are kept whole, and nobody changes them."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from core.documents.models import Document
from core.documents.renderer import MissingGlyphs, RenderedPaper, Sheet
from core.documents.services import DocumentDamaged, EmptyPaper, issue_document, keep_document, read_document
from tests.clock import NOON
from tests.core.documents.conftest import imprint

pytestmark = pytest.mark.django_db


def issue(**changes: Any) -> Document:
    values: dict[str, Any] = {
        "kind": "letter",
        "template": "core/pdf/base.html",
        "context": {},
        "sheet": Sheet.LETTER,
        "imprint": imprint(),
        "case_key": "2026-017",
        "actor": None,
        "now": NOON,
    }
    return issue_document(**{**values, **changes})


def keep(paper: RenderedPaper) -> Document:
    return keep_document(
        paper=paper,
        kind="letter",
        template="t.html",
        imprint=imprint(),
        case_key="2026-017",
        actor=None,
        now=NOON,
    )


def test_an_issued_paper_is_kept_with_all_it_says_of_itself() -> None:
    document = Document.objects.get(pk=issue(imprint=imprint(copy_number=3)).pk)
    assert read_document(document).startswith(b"%PDF-1.7")
    assert (document.number, document.copy_number, document.page_count) == ("2026-017-N01", 3, 1)
    assert (document.status, document.issued_at, document.case_key) == ("approved", NOON, "2026-017")
    assert len(document.file_hash) == 64


def test_the_papers_of_a_case_are_listed_without_their_files() -> None:
    document = issue()
    issue(case_key="2026-018")
    (found,) = Document.objects.of_case("2026-017")
    assert found == document
    assert "pdf" in found.get_deferred_fields()


def test_a_paper_that_cannot_be_made_leaves_nothing() -> None:
    with pytest.raises(MissingGlyphs):
        issue(imprint=imprint(title="통지 😀"))
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    "paper",
    [RenderedPaper(b"", "0" * 64, 1), RenderedPaper(b"%PDF-", "0" * 64, 0), RenderedPaper(b"x", "", 1)],
)
def test_an_empty_paper_is_refused(paper: RenderedPaper) -> None:
    with pytest.raises(EmptyPaper):
        keep(paper)


def test_a_paper_that_does_not_match_its_hash_is_not_kept() -> None:
    with pytest.raises(DocumentDamaged), transaction.atomic():
        keep(RenderedPaper(b"%PDF-1.7 other", "0" * 64, 1))
    assert not Document.objects.exists()


def test_a_single_changed_bit_is_noticed() -> None:
    document = issue()
    broken = bytearray(document.pdf)
    broken[len(broken) // 2] ^= 1
    document.pdf = bytes(broken)
    with pytest.raises(DocumentDamaged, match="2026-017-N01"):
        read_document(document)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda document: document.save(),
        lambda document: document.delete(),
        lambda document: Document.objects.update(status="draft"),
        lambda document: Document.objects.all()._raw_delete("default"),
        lambda document: _execute("UPDATE documents_document SET pdf = NULL"),
        lambda document: _execute("DELETE FROM documents_document"),
    ],
)
def test_the_database_refuses_to_change_an_issued_paper(attempt: Any) -> None:
    document = issue()
    with pytest.raises(DatabaseError), transaction.atomic():
        attempt(document)
    assert read_document(Document.objects.get(pk=document.pk))


@pytest.mark.parametrize("same", ["pk", "key"])
def test_a_paper_is_not_written_over(same: str) -> None:
    document = issue()
    other = Document.objects.get(pk=document.pk)
    other.pk, other.key = (document.pk, uuid.uuid4()) if same == "pk" else (None, document.key)
    other._state.adding = True
    with pytest.raises(DatabaseError), transaction.atomic():
        other.save(force_insert=True)


def test_insert_or_replace_is_refused_too() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a statement of SQLite")
    document = issue()
    columns = ", ".join(str(f.column) for f in Document._meta.concrete_fields if f.column != "id")
    for keyed in (f"id, {columns}", columns):
        with pytest.raises(DatabaseError), transaction.atomic():
            _execute(
                f"INSERT OR REPLACE INTO documents_document ({keyed}) SELECT {keyed} FROM documents_document"
            )
    assert list(Document.objects.values_list("pk", flat=True)) == [document.pk]


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
