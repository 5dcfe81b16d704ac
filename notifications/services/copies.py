"""Printing papers and handing them out: each time a number, on the copy or in the register alone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from core.access.copies import make_copy
from core.access.copy_models import Copy, CopyKind
from core.documents.marking import marked
from core.documents.models import Document
from core.documents.services import read_document
from incidents.copying import copy_line
from incidents.documents import as_printable
from incidents.services.holding import refuse_destroyed
from notifications.documents import render_version
from notifications.models.papers import PaperVersion

if TYPE_CHECKING:
    from core.accounts.models import User


class NothingToGive(Exception):
    """The sealed original is asked for of a version nobody has approved."""


@transaction.atomic
def copy_paper(
    *, version: PaperVersion, purpose: str, actor: User, now: datetime, is_original: bool = False
) -> tuple[Copy, bytes]:
    """The PDF of a version with its copy number on every page; the draft of one not approved.

    `is_original` gives the sealed file byte for byte, to be handed in or sent: then only the register has the
    number. CopyRefused, CaseDestroyed, NothingToGive, MissingGlyphs, DocumentDamaged: nothing is in the register.
    """
    refuse_destroyed(version.paper.case)
    approval = version.approval()
    if approval is None and is_original:
        raise NothingToGive
    if approval is not None:
        document = Document.objects.get(pk=approval.document_id or 0)
        pdf, original_hash = read_document(document), document.file_hash
    else:
        pdf, original_hash = render_version(version, status="draft", now=now).pdf, version.content_hash
    copy = make_copy(
        organization_id=version.paper.case.organization_id,
        case_key=version.paper.case.reference,
        kind=CopyKind.PAPER,
        what=version.document_number,
        original_hash=original_hash,
        purpose=purpose,
        actor=actor,
        now=now,
        is_marked=not is_original,
    )
    return copy, pdf if is_original else marked(pdf, as_printable(copy_line(copy)))
