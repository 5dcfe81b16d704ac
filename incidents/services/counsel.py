"""The notes of counsel. History tells that there is one and vouches for it; it holds nothing of what it says."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.chain import digest_of_words
from core.audit.services import record
from incidents import permissions
from incidents.models import CounselNote
from incidents.services.holding import hold_case, refuse_destroyed
from incidents.services.obstacles import Obstacle

if TYPE_CHECKING:
    from core.accounts.models import User

LONGEST = 20_000


@transaction.atomic
def add_counsel_note(*, case_id: int, text: str, actor: User, now: datetime) -> CounselNote:
    """A privileged note, also on a closed case. Obstacle for whoever is not its counsel, and for no text."""
    text = text.replace("\x00", "").strip()
    case = hold_case(case_id)
    if not permissions.is_counsel_of(actor, case):
        raise Obstacle(_("법무 메모는 이 기관의 법무만 적습니다."))
    refuse_destroyed(case)
    if not text:
        raise Obstacle(_("내용을 적어 주세요."), field="text")
    if len(text) > LONGEST:
        raise Obstacle(_("20,000자까지 적을 수 있습니다. 나누어 적어 주세요."), field="text")
    note = CounselNote.objects.create(
        case=case,
        number=case.counsel_notes.count() + 1,
        text=text,
        salt=secrets.token_hex(16),
        recorded_at=now,
        recorded_by=actor,
    )
    record(
        "counsel.note-added",
        subject=note,
        actor=actor,
        at=now,
        chain=case.reference,
        data={"number": note.number, "digest": digest_of_words(note.text, salt=note.salt)},
    )
    return note
