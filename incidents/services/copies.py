"""Taking things of a case out of the house: each with a number in the register, evidence and bundles locked."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import IO, TYPE_CHECKING

from django.db import transaction

from core.access.copies import (
    checked_purpose,
    make_copy,
    refuse_alone,
    refuse_over_limit,
    refuse_without_right,
)
from core.access.copy_models import Copy, CopyKind
from core.documents.parcels import locked
from core.documents.vault import opened
from incidents.copying import cover_note, covered_people, name_in_zip
from incidents.models import Case, Evidence
from incidents.permissions import can_export_case
from incidents.services.evidence import copy_evidence
from incidents.services.exporting import Bundle, MayNotExport, export_case

if TYPE_CHECKING:
    from core.accounts.models import User


def people_in_export(case: Case, *, is_redacted: bool) -> int:
    """How many people a bundle of the case covers; a redacted one, without words and papers, covers nobody."""
    return 0 if is_redacted else covered_people(case)


def refuse_export(case: Case, *, is_redacted: bool, purpose: str, actor: User, now: datetime) -> None:
    """CopyRefused or MayNotExport for what `take_out_case` would refuse before it begins."""
    refuse_without_right(actor, case.organization_id)
    if not can_export_case(actor, case):
        raise MayNotExport
    checked_purpose(purpose)
    refuse_over_limit(actor, now=now)
    refuse_alone(
        person_count=people_in_export(case, is_redacted=is_redacted),
        case_key=case.reference,
        kind=CopyKind.CASE,
        actor=actor,
        now=now,
    )


def take_out_case(
    *, case: Case, actor: User, reason: str, now: datetime, is_redacted: bool = False, is_locked: bool = True
) -> tuple[Copy, Bundle]:
    """The audit bundle of a case and its number in the register.

    CopyRefused over the day's limit or without the approval that many people ask for; what `export_case` raises.
    """
    refuse_export(case, is_redacted=is_redacted, purpose=reason, actor=actor, now=now)
    made = export_case(case_id=case.pk, actor=actor, reason=reason, now=now, is_redacted=is_redacted)
    copy = make_copy(
        organization_id=case.organization_id,
        case_key=case.reference,
        kind=CopyKind.CASE,
        what=f"{case.reference}-{made.sequence}",
        original_hash=hashlib.sha256(made.content).hexdigest(),
        purpose=reason,
        actor=actor,
        now=now,
        is_locked=is_locked,
        person_count=people_in_export(case, is_redacted=is_redacted),
    )
    return copy, made


def locked_bundle(copy: Copy, made: Bundle, *, password: str, now: datetime) -> IO[bytes]:
    """The bundle as it is, beside the note of its copy, under `password`."""
    files = ((f"{copy.what}.zip", [made.content]), ("COPY.txt", [cover_note(copy)]))
    return locked(files, password=password, now=now)


@transaction.atomic
def take_out_evidence(
    *, item: Evidence, actor: User, purpose: str, now: datetime, is_confirmed: bool = False
) -> Copy:
    """A copy of an item: its number in the register, its line in the ledger.

    Obstacle and CopyRefused as `copy_evidence` and `make_copy` say; then there is neither.
    """
    copy_evidence(evidence_id=item.pk, purpose=purpose, actor=actor, now=now, is_confirmed=is_confirmed)
    return make_copy(
        organization_id=item.case.organization_id,
        case_key=item.case.reference,
        kind=CopyKind.EVIDENCE,
        what=item.label,
        original_hash=item.sha256,
        purpose=purpose,
        actor=actor,
        now=now,
        is_locked=True,
    )


def locked_evidence(copy: Copy, item: Evidence, *, password: str, now: datetime) -> IO[bytes]:
    """The file as it came in, beside the note of its copy, under `password`. VaultBroken if it does not open."""
    files = ((name_in_zip(item), opened(item.path)), ("COPY.txt", [cover_note(copy)]))
    return locked(files, password=password, now=now)
