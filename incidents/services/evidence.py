"""Taking evidence in, and its ledger: who had it, copied it, handed it over, and how long it is kept."""

from __future__ import annotations

import re
import uuid
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.days import SEOUL
from core.audit.services import record
from core.documents.vault import NoVaultKey, Sealed, VaultBroken, reread, seal
from incidents.clocks import instant_label
from incidents.models import Case, CustodyEntry, Evidence
from incidents.services.holding import hold_case, hold_open_case, refuse_destroyed
from incidents.services.obstacles import Obstacle
from incidents.values import CLOCK_SKEW

if TYPE_CHECKING:
    from core.accounts.models import User

Kind = CustodyEntry.Kind
BY_HAND = (Kind.VIEWED, Kind.HANDED_OVER, Kind.RETURNED)  # what a person records that no page does for them
LONGEST = {"title": 120, "party": 120, "note": 300, "file_name": 150, "media_type": 100}
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def take_evidence(
    *,
    case_id: int,
    upload: BinaryIO,
    file_name: str,
    title: str,
    actor: User,
    now: datetime,
    media_type: str = "",
    received_at: datetime | None = None,
    party: str = "",
    note: str = "",
) -> Evidence:
    """Keep a file encrypted, read it back, and only then record it with the first line of its ledger.

    Obstacle at the field: no title, an empty file, one over `UPLOAD_LIMIT_BYTES`, an instant still to come,
    a file that does not read back as it came. Then nothing is recorded and nothing is kept.
    """
    received_at = received_at or now
    title, party, note = (
        _clean(text, name) for text, name in ((title, "title"), (party, "party"), (note, "note"))
    )
    if not title:
        raise Obstacle(_("무엇인지 적어 주세요. 예: 방화벽 로그"), field="title")
    _refuse_future(received_at, now=now)
    with transaction.atomic():
        key = hold_open_case(case_id).reference  # before the disk is written for nothing
    path = Path(settings.EVIDENCE_FOLDER) / f"{uuid.uuid4().hex}.bdv"
    try:
        kept = _kept(upload, path, case_key=key)
        with transaction.atomic():
            return _recorded(
                hold_open_case(case_id),
                kept,
                path,
                file_name=_plain_name(file_name),
                media_type=CONTROL.sub("", media_type)[: LONGEST["media_type"]],
                title=title,
                first={"happened_at": received_at, "party": party, "note": note},
                actor=actor,
                now=now,
            )
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _kept(upload: BinaryIO, path: Path, *, case_key: str) -> Sealed:
    """The file on the disk, read back and the same. Obstacle at `file` otherwise."""
    upload.seek(0)
    try:
        kept = seal(upload, path, case_key=case_key)
    except NoVaultKey as obstacle:
        raise Obstacle(str(obstacle), field="file") from obstacle
    except OSError as fault:
        raise Obstacle(_("파일을 보관하지 못했습니다. 관리자에게 알려 주세요."), field="file") from fault
    if not kept.size:
        raise Obstacle(_("빈 파일입니다. 내용이 있는 파일을 골라 주세요."), field="file")
    if kept.size > settings.UPLOAD_LIMIT_BYTES:
        limit = {"limit": settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)}
        raise Obstacle(_("%(limit)dMB까지 올릴 수 있습니다. 나누어 올려 주세요.") % limit, field="file")
    try:
        same = reread(path) == kept
    except VaultBroken:
        same = False
    if not same:
        message = _("보관한 파일을 다시 읽으니 올린 것과 달랐습니다. 보관하지 않았습니다. 다시 올려 주세요.")
        raise Obstacle(message, field="file")
    return kept


def _recorded(
    case: Case, kept: Sealed, path: Path, *, first: dict[str, Any], actor: User, now: datetime, **about: str
) -> Evidence:
    item = Evidence.objects.create(
        case=case,
        number=case.evidence.count() + 1,
        size=kept.size,
        sha256=kept.sha256,
        kept_as=path.name,
        recorded_at=now,
        recorded_by=actor,
        **about,
    )
    entry = _entered(item, Kind.RECEIVED, actor=actor, now=now, **first)
    record(
        "evidence.received",
        subject=item,
        actor=actor,
        at=now,
        happened_at=entry.happened_at,
        chain=case.reference,
        reason=_words(item.title, entry.party, entry.note),
        data={"number": item.number, "size": item.size, "sha256": item.sha256},
        also=[entry],
    )
    return item


@transaction.atomic
def record_custody(
    *,
    evidence_id: int,
    kind: str,
    actor: User,
    now: datetime,
    happened_at: datetime | None = None,
    party: str = "",
    note: str = "",
) -> CustodyEntry:
    """Somebody looked at it, or it left the house or came back. Obstacle at the field for what cannot be."""
    if kind not in BY_HAND:
        raise Obstacle(_("적을 수 있는 일을 골라 주세요."), field="kind")
    happened_at = happened_at or now
    party, note = _clean(party, "party"), _clean(note, "note")
    item = _held(evidence_id)
    _refuse_future(happened_at, now=now)
    received_at = item.custody.get(kind=Kind.RECEIVED).happened_at
    if happened_at < received_at:
        told = {"at": instant_label(received_at)}
        raise Obstacle(_("받은 때(%(at)s)보다 이릅니다. 시각을 확인해 주세요.") % told, field="happened_at")
    if kind != Kind.VIEWED and not party:
        raise Obstacle(_("누구에게 넘겼는지, 누구에게서 돌려받았는지 적어 주세요."), field="party")
    if not note:
        raise Obstacle(_("목적이나 이유를 적어 주세요."), field="note")
    entry = _entered(item, Kind(kind), happened_at=happened_at, party=party, note=note, actor=actor, now=now)
    _tell(item, entry, actor=actor, now=now)
    return entry


@transaction.atomic
def copy_evidence(
    *, evidence_id: int, purpose: str, actor: User, now: datetime, is_confirmed: bool = False
) -> CustodyEntry:
    """A copy leaves the house, for a purpose that the ledger keeps. Obstacle without one, and for a broken file.

    What the scanner took for malware leaves only when that is confirmed (`is_confirmed`), and history says so.
    """
    purpose = _clean(purpose, "note")
    if not purpose:
        raise Obstacle(_("내려받는 목적을 적어 주세요."), field="note")
    item = _held(evidence_id)
    flagged = item.flagged_as
    if flagged and not is_confirmed:
        message = _("악성코드로 보이는 파일입니다(%(finding)s). 그래도 필요한지 확인해 주세요.")
        raise Obstacle(message % {"finding": flagged}, field="is_confirmed")
    try:
        found = reread(item.path)
    except (VaultBroken, NoVaultKey) as obstacle:
        raise Obstacle(str(obstacle)) from obstacle
    except OSError as fault:
        raise Obstacle(_("보관한 파일을 찾지 못했습니다. 관리자에게 알려 주세요.")) from fault
    if found.sha256 != item.sha256:
        raise Obstacle(_("보관한 파일이 받을 때와 다릅니다. 내보내지 않았습니다. 관리자에게 알려 주세요."))
    entry = _entered(item, Kind.COPIED, happened_at=now, note=purpose, actor=actor, now=now)
    _tell(item, entry, actor=actor, now=now, **({"flagged": flagged} if flagged else {}))
    return entry


@transaction.atomic
def hold_evidence(
    *, evidence_id: int, is_held: bool, reason: str, actor: User, now: datetime
) -> CustodyEntry | None:
    """Put an item under a legal hold, or lift it; as it is already, nothing changes. Obstacle without a reason."""
    reason = _clean(reason, "note")
    if not reason:
        raise Obstacle(_("이유를 적어 주세요."), field="note")
    item = _held(evidence_id)
    if item.is_held == is_held:
        return None
    kind = Kind.HELD if is_held else Kind.RELEASED
    entry = _entered(item, kind, happened_at=now, note=reason, actor=actor, now=now)
    _tell(item, entry, actor=actor, now=now)
    return entry


@transaction.atomic
def keep_evidence_until(
    *, evidence_id: int, until: date, reason: str, actor: User, now: datetime
) -> CustodyEntry | None:
    """Say the last day it is kept. Obstacle for a day that is over, and without a reason."""
    reason = _clean(reason, "note")
    if until < now.astimezone(SEOUL).date():
        raise Obstacle(_("이미 지난 날입니다. 보관할 마지막 날을 적어 주세요."), field="until")
    if not reason:
        raise Obstacle(_("이유를 적어 주세요."), field="note")
    item = _held(evidence_id)
    if item.keep_until == until:
        return None
    entry = _entered(item, Kind.KEPT_UNTIL, happened_at=now, note=reason, until=until, actor=actor, now=now)
    _tell(item, entry, actor=actor, now=now)
    return entry


def _held(evidence_id: int) -> Evidence:
    """The item, with its case held, so that the ledger has no gap. The ledger goes on when a case is closed."""
    item = Evidence.objects.select_related("case").get(pk=evidence_id)
    refuse_destroyed(hold_case(item.case_id))
    return item


def _entered(
    item: Evidence, kind: CustodyEntry.Kind, *, actor: User, now: datetime, **more: Any
) -> CustodyEntry:
    return CustodyEntry.objects.create(
        evidence=item,
        number=item.custody.count() + 1,
        kind=kind,
        recorded_at=now,
        recorded_by=actor,
        **more,
    )


ACTIONS = {
    Kind.VIEWED: "evidence.viewed",
    Kind.COPIED: "evidence.copied",
    Kind.HANDED_OVER: "evidence.handed-over",
    Kind.RETURNED: "evidence.returned",
    Kind.HELD: "evidence.held",
    Kind.RELEASED: "evidence.released",
    Kind.KEPT_UNTIL: "evidence.retention-set",
}


def _tell(item: Evidence, entry: CustodyEntry, *, actor: User, now: datetime, **more: str) -> None:
    """The words of the ledger stand beside the event; the chain holds their salted hash."""
    data: dict[str, Any] = {"number": item.number, "entry": entry.number, **more}
    if entry.until:
        data["until"] = entry.until.isoformat()
    record(
        ACTIONS[CustodyEntry.Kind(entry.kind)],
        subject=item,
        actor=actor,
        at=now,
        happened_at=entry.happened_at,
        chain=item.case.reference,
        reason=_words(entry.party, entry.note),
        data=data,
        also=[entry],
    )


def _words(*said: str) -> str:
    return " · ".join(filter(None, said))


def _clean(text: str, field: str) -> str:
    text = text.replace("\x00", "").strip()
    if len(text) > LONGEST[field]:
        told = {"n": len(text), "limit": LONGEST[field]}
        raise Obstacle(_("%(n)d자입니다. %(limit)d자까지 적을 수 있습니다.") % told, field=field)
    return text


def _plain_name(name: str) -> str:
    """The name as people knew the file, without a path or control characters; its ending stays when it is cut."""
    plain = CONTROL.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]).strip() or "file"
    stem, dot, ending = plain.rpartition(".")
    longest = LONGEST["file_name"]
    if len(plain) <= longest:
        return plain
    return (
        f"{stem[: longest - len(ending) - 1]}{dot}{ending}" if stem and len(ending) < 20 else plain[:longest]
    )


def _refuse_future(moment: datetime, *, now: datetime) -> None:
    if moment > now + CLOCK_SKEW:
        message = _("아직 오지 않은 시각입니다(지금 %(now)s).") % {"now": instant_label(now)}
        raise Obstacle(message, field="happened_at")
