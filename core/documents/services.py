"""Issuing a paper and reading it back. The calling service writes the audit event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from core.documents.models import Document
from core.documents.renderer import Imprint, RenderedPaper, Sheet, render_pdf

if TYPE_CHECKING:
    from core.accounts.models import User


class DocumentDamaged(Exception):
    """The stored file is not the one that was issued."""

    def __init__(self, number: str) -> None:
        super().__init__(
            _(
                "문서 %(number)s 파일이 발행할 때와 다릅니다. 이 파일을 쓰지 말고 백업에서 복구해 주세요. "
                "(파일 해시 불일치)"
            )
            % {"number": number}
        )


class EmptyPaper(ValueError):
    """There is no page to keep."""


def issue_document(
    *,
    kind: str,
    template: str,
    context: Mapping[str, object],
    sheet: Sheet,
    imprint: Imprint,
    case_key: str,
    actor: User | None,
    now: datetime,
) -> Document:
    """Render a paper and keep it; what `render_pdf` raises, nothing is kept.

    The rendering takes no lock in the database. A caller that already holds a transaction
    can render first with `render_pdf` and give the result to `keep_document`.
    """
    paper = render_pdf(template=template, context=context, sheet=sheet, imprint=imprint, now=now)
    return keep_document(
        paper=paper, kind=kind, template=template, imprint=imprint, case_key=case_key, actor=actor, now=now
    )


@transaction.atomic
def keep_document(
    *,
    paper: RenderedPaper,
    kind: str,
    template: str,
    imprint: Imprint,
    case_key: str,
    actor: User | None,
    now: datetime,
) -> Document:
    """Store a rendered paper, read it back and check it. EmptyPaper, DocumentDamaged: nothing is kept."""
    if not paper.pdf.startswith(b"%PDF-") or paper.page_count < 1:
        raise EmptyPaper(imprint.number)
    written = Document.objects.create(
        case_key=case_key,
        kind=kind,
        number=imprint.number,
        copy_number=imprint.copy_number,
        title=imprint.title,
        template=template,
        template_edition=imprint.template_edition,
        rules_digest=imprint.rules_digest,
        content_hash=imprint.content_hash,
        file_hash=paper.sha256,
        pdf=paper.pdf,
        page_count=paper.page_count,
        status=imprint.status,
        issued_at=now,
        issued_by=actor,
    )
    document = Document.objects.get(pk=written.pk)
    read_document(document)
    return document


def read_document(document: Document) -> bytes:
    """The file exactly as issued. DocumentDamaged if a single bit is different."""
    if not document.file_is_whole:
        raise DocumentDamaged(document.number)
    return bytes(document.pdf)
