"""Noting backups and restores, and the drill that is owed each year."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.access.catalogue import Code
from core.access.models import BackupNote, RecoveryDrill
from core.access.queries import value_of
from core.access.reviews import months_after
from core.accounts.days import SEOUL
from core.accounts.models import Organization, User
from core.audit.models import HOUSE, Event
from core.audit.services import record

LONGEST_NOTE = 1000


def note_backup(*, size: int, file_count: int, key: str, now: datetime) -> BackupNote:
    """A backup of `now` is done. Call it inside a transaction."""
    made = BackupNote.Kind.MADE
    row = BackupNote.objects.create(
        kind=made, noted_at=now, made_at=now, size=size, file_count=file_count, key=key
    )
    data = {"size": size, "files": file_count, "key": key}
    record("backup.made", subject=row, actor=None, at=now, data=data)
    return row


def note_restore(*, made_at: str, key: str, now: datetime) -> BackupNote:
    """This database came from the backup made at `made_at`: history says so from here on."""
    row = BackupNote.objects.create(
        kind=BackupNote.Kind.RESTORED, noted_at=now, made_at=datetime.fromisoformat(made_at), key=key
    )
    record("backup.restored", subject=row, actor=None, at=now, data={"made_at": made_at, "key": key})
    return row


@transaction.atomic
def record_drill(
    *, drilled_on: date, took_seconds: int, result: str, note: str, actor: User, now: datetime
) -> RecoveryDrill:
    """Keep a drill. ValidationError at the field for a day to come, no time, or no words."""
    if drilled_on > now.astimezone(SEOUL).date():
        raise ValidationError({"drilled_on": _("아직 오지 않은 날입니다.")})
    if took_seconds < 1:
        raise ValidationError({"took_seconds": _("걸린 시간을 적어 주세요.")})
    if not note.strip():
        raise ValidationError({"note": _("무엇을 확인했는지 적어 주세요.")})
    row = RecoveryDrill.objects.create(
        drilled_on=drilled_on,
        took_seconds=took_seconds,
        result=RecoveryDrill.Result(result),
        note=note.strip()[:LONGEST_NOTE],
        recorded_at=now,
        recorded_by=actor,
    )
    data = {"day": drilled_on.isoformat(), "seconds": took_seconds, "result": str(row.result)}
    record("drill.recorded", subject=row, actor=actor, at=now, data=data)
    return row


def drill_due_on() -> date | None:
    """The last day of the next drill: so long after the last one, or after the house began. None before that."""
    last = RecoveryDrill.objects.values_list("drilled_on", flat=True).first()
    since = last or _began_on()
    return months_after(since, value_of(Code.DRILL_MONTHS)) if since else None


def _began_on() -> date | None:
    first = Event.objects.of_chain(HOUSE).values_list("recorded_at", flat=True).first()
    return first.astimezone(SEOUL).date() if first else None


def note_evidence_exported(
    *,
    organization: Organization,
    kind: str,
    day: date,
    content: bytes,
    reason: str,
    actor: User,
    now: datetime,
) -> None:
    """Papers about the safety measures left the house: what of which day, and the hash. Call it in a transaction."""
    data = {"kind": kind, "day": day.isoformat(), "sha256": hashlib.sha256(content).hexdigest()}
    record("safety.evidence-exported", subject=organization, actor=actor, at=now, reason=reason, data=data)
