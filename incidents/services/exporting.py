"""Taking a case out of the house as an audit bundle, which history tells of and which is its own proof."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.audit import bundle, proof
from core.audit.exhibits import HIDDEN, Curtain, Row, exhibits, further_rows
from core.audit.keys import Signer, load_signer
from core.audit.models import Chain, Event
from core.audit.services import record
from core.audit.verification import first_break
from core.documents.models import Document
from core.documents.services import read_document
from core.documents.vault import NoVaultKey, VaultBroken, opened
from incidents.copying import name_in_zip
from incidents.documents import index_of
from incidents.models import Case, Evidence
from incidents.permissions import can_export_case
from incidents.services.holding import hold_case, refuse_destroyed
from incidents.services.obstacles import Obstacle

if TYPE_CHECKING:
    from core.audit.bundle import Files

READINGS = 5  # how often a case is laid out again because somebody worked in it meanwhile


class MayNotExport(Obstacle):
    """Not for this person."""

    def __init__(self) -> None:
        super().__init__(_("이 사건의 감사 묶음을 내보낼 수 있는 사람이 아닙니다."))


class HistoryBroken(Obstacle):
    """A bundle that its own programs would reject is not made."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A finished bundle: the ZIP file, the event that tells of it, and the key that signed it."""

    content: bytes
    sequence: int
    key_id: str
    file_count: int


def export_case(
    *, case_id: int, actor: User, reason: str, now: datetime, is_redacted: bool = False
) -> Bundle:
    """The audit bundle of a case, for a reason that history keeps.

    `is_redacted` hides what people wrote and who they are; the salted hashes stay and the proof holds.
    MayNotExport; HistoryBroken where `verify_history` would fail; Obstacle without a reason, or when people
    work in the case so much that it cannot be read in one piece; NoSigningKey.
    """
    case = Case.objects.select_related("organization").get(pk=case_id)
    if not can_export_case(actor, case):
        raise MayNotExport
    if not reason.strip():
        raise Obstacle(_("감사 묶음을 내보내는 이유를 적어 주세요."), field="reason")
    refuse_destroyed(case)
    signer = load_signer()
    broken = first_break(case.reference)
    if broken:
        raise HistoryBroken(_("이력이 이어지지 않아 묶음을 만들지 않았습니다: %(place)s") % {"place": broken})
    for _reading in range(READINGS):
        length = Chain.objects.get(pk=case.reference).length
        files = _laid_out(case, actor=actor, reason=reason, now=now, is_redacted=is_redacted, signer=signer)
        told = _told(case, files, length, actor=actor, reason=reason, now=now, is_redacted=is_redacted)
        if told is not None:
            event, evidence = told
            content = bundle.packed(
                files, chain=case.reference, is_redacted=is_redacted, signer=signer, now=now, **evidence
            )
            return Bundle(content, event.sequence, signer.key_id, len(files))
    raise Obstacle(_("사건이 계속 바뀌고 있어 한 번에 읽지 못했습니다. 잠시 뒤에 다시 해 주세요."))


@transaction.atomic
def _told(
    case: Case,
    files: Files,
    length: int,
    *,
    actor: User,
    reason: str,
    now: datetime,
    is_redacted: bool,
) -> tuple[Event, dict[str, Any]] | None:
    """The event that tells of the export, and the proof up to it; None if the case went on since it was read."""
    held = hold_case(case.pk)
    if Chain.objects.get(pk=held.reference).length != length:
        return None
    event = record(
        "case.exported",
        subject=held,
        actor=actor,
        at=now,
        chain=held.reference,
        reason=reason.strip(),
        data={
            "content": bundle.content_digest(files),
            "files": len(files),
            "redacted": is_redacted,
        },
    )
    history = proof.history_of(held.reference, with_words=not is_redacted)
    stamps = proof.stamps_of(held.reference)
    return event, {"history": history, "heads": proof.heads_of(held.reference), "stamps": stamps}


def _laid_out(
    case: Case, *, actor: User, reason: str, now: datetime, is_redacted: bool, signer: Signer
) -> dict[str, bytes]:
    curtain = Curtain(is_redacted)
    curtain.people.add(actor.pk)
    data = _data(case.reference, curtain)
    files = {f"data/{name}.json": bundle.as_json(rows) for name, rows in data.items()}
    if not is_redacted:
        files |= _papers(case.reference) | _originals(case.reference)
    files["index.pdf"] = index_of(
        case,
        data={name: len(rows) for name, rows in data.items()},
        listing=bundle.listing(files),
        exporter=HIDDEN if is_redacted else str(actor),
        reason=curtain.words(reason.strip()),
        is_redacted=is_redacted,
        key_id=signer.key_id,
        now=now,
    )
    return files


def _data(reference: str, curtain: Curtain) -> dict[str, list[Row]]:
    data = {one.name: list(one.collect(reference, curtain)) for one in exhibits()}
    laid = {row["row"] for rows in data.values() for row in rows}
    data["further"] = further_rows(reference, laid=laid)
    data["people"] = _people(reference, curtain)
    return data


def _people(reference: str, curtain: Curtain) -> list[Row]:
    """Who the numbers of people in the other files are."""
    acted = Event.objects.filter(chain=reference, actor__isnull=False).order_by()
    ids = curtain.people | set(acted.values_list("actor_id", flat=True).distinct())
    people = User.objects.filter(pk__in=ids).order_by("pk")
    if curtain.is_drawn:
        return [{"id": one.pk, "name": f"사람 {number}"} for number, one in enumerate(people, 1)]
    return [
        {"id": one.pk, "name": one.name, "department": one.department, "position": one.position}
        for one in people
    ]


def _originals(reference: str) -> dict[str, bytes]:
    """Every item of evidence as it came, under its number. Obstacle for one that is not what was taken in."""
    files = {}
    for item in Evidence.objects.filter(case__reference=reference).select_related("case").order_by("number"):
        try:
            content = b"".join(opened(item.path))
        except (OSError, VaultBroken, NoVaultKey) as fault:
            raise HistoryBroken(
                _("증거 %(item)s를 열지 못해 묶음을 만들지 않았습니다.") % {"item": item.label}
            ) from fault
        if hashlib.sha256(content).hexdigest() != item.sha256:
            raise HistoryBroken(
                _("증거 %(item)s가 받을 때와 달라 묶음을 만들지 않았습니다.") % {"item": item.label}
            )
        files[f"evidence/{name_in_zip(item)}"] = content
    return files


def _papers(reference: str) -> dict[str, bytes]:
    """Every sealed paper, byte for byte."""
    rows = Document.objects.of_case(reference).order_by("issued_at", "pk")
    return {
        f"papers/{number:02d}-{row.kind}-{row.number}.pdf": read_document(row)
        for number, row in enumerate(rows, 1)
    }
