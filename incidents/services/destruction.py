"""Destroying a closed case: asked by one, approved by a second, carried out step by step by the sweep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.days import SEOUL
from core.accounts.models import User
from core.audit.destroying import BEGUN, FINISHED, destroy_event_words, erasers
from core.audit.models import Event
from core.audit.services import NothingToErase, erase_words, record
from core.documents.case_keys import destroy_key
from core.documents.services import keep_document
from incidents.certificate import TEMPLATE, certificate_of
from incidents.destroying import CERTIFICATE
from incidents.ledger import Line, read_lines, write_line
from incidents.models import Case, Evidence, Phase
from incidents.models.destruction import Destruction
from incidents.permissions import can_decide_case
from incidents.services.holding import hold_case
from incidents.services.obstacles import Obstacle
from incidents.services.replacing import replace_deadline
from incidents.signals import deadlines_changed, destruction_answered, destruction_asked


@dataclass(frozen=True, slots=True)
class Reapplied:
    """What a restored older backup brought back and went again."""

    destroyed: int = 0  # cases
    erased: int = 0  # words beside events
    missing: int = 0  # erasures of events that this backup does not have


class MayNotDestroy(Obstacle):
    """Not for this person."""

    def __init__(self) -> None:
        super().__init__(_("파기는 개인정보 보호책임자나 승인자가 요청하고, 다른 한 사람이 승인합니다."))


def refuse_kept(case: Case, *, today: date) -> None:
    """Obstacle for a case that is open, under a legal hold, or whose evidence still has to be kept."""
    if not case.is_closed:
        raise Obstacle(_("종결한 사건만 파기합니다."))
    for item in case.evidence.all():
        if item.is_held:
            raise Obstacle(
                _("증거 %(item)s에 보존 조치가 걸려 있어 파기하지 못합니다.") % {"item": item.label}
            )
        if item.keep_until is not None and item.keep_until >= today:
            told = {"item": item.label, "day": item.keep_until.isoformat()}
            raise Obstacle(_("증거 %(item)s의 보관 기간이 %(day)s까지입니다. 그 뒤에 파기해 주세요.") % told)


@transaction.atomic
def ask_destruction(
    *, case_id: int, ground: str, reason: str, needless_on: date, actor: User, now: datetime
) -> Destruction:
    """Ask for it. Obstacle at the field; asked already, MayNotDestroy, and what `refuse_kept` refuses."""
    case = hold_case(case_id)
    reason = reason.replace("\x00", "").strip()
    today = now.astimezone(SEOUL).date()
    if not can_decide_case(actor, case):
        raise MayNotDestroy
    if ground not in Destruction.Ground.values:
        raise Obstacle(_("근거를 골라 주세요."), field="ground")
    if not reason:
        raise Obstacle(_("파기하는 이유를 적어 주세요."), field="reason")
    if needless_on > today:
        raise Obstacle(_("아직 오지 않은 날입니다. 불필요하게 된 뒤에 요청해 주세요."), field="needless_on")
    refuse_kept(case, today=today)
    if case.destructions.standing().exists():
        raise Obstacle(_("이미 파기를 요청했거나 파기한 사건입니다."))
    row = Destruction.objects.create(
        case=case, ground=ground, reason=reason[:500], needless_on=needless_on, asked_at=now, asked_by=actor
    )
    data = {"ground": ground, "needless_on": needless_on.isoformat(), "last_day": row.last_day.isoformat()}
    record("destruction.asked", subject=row, actor=actor, at=now, chain=case.reference, data=data)
    destruction_asked.send(sender=Destruction, row=row, now=now)
    return row


@transaction.atomic
def answer_destruction(
    *, destruction_id: int, is_approved: bool, note: str, actor: User, now: datetime
) -> Destruction:
    """A second person's answer. Obstacle for whoever asked, for one answered, and for a refusal without words."""
    row = Destruction.objects.select_related("case").get(pk=destruction_id)
    case = hold_case(row.case_id)
    row.refresh_from_db()
    note = note.replace("\x00", "").strip()[:500]
    if not can_decide_case(actor, case):
        raise MayNotDestroy
    if row.asked_by_id == actor.pk:
        raise Obstacle(_("내가 요청한 파기는 내가 승인할 수 없습니다. 다른 사람에게 부탁해 주세요."))
    if row.decided_at is not None:
        raise Obstacle(_("이미 답한 요청입니다."))
    if not is_approved and not note:
        raise Obstacle(_("거절하는 이유를 적어 주세요."), field="note")
    if is_approved:
        refuse_kept(case, today=now.astimezone(SEOUL).date())
    row.is_approved, row.note, row.decided_at, row.decided_by = is_approved, note, now, actor
    row.save(update_fields=["is_approved", "note", "decided_at", "decided_by"])
    action = "destruction.approved" if is_approved else "destruction.refused"
    record(action, subject=row, actor=actor, at=now, chain=case.reference)
    destruction_answered.send(sender=Destruction, row=row, now=now)
    return row


def carry_out_destruction(*, destruction_id: int, now: datetime) -> bool:
    """Do what is left of an approved destruction; whether it is finished.

    Each step is a transaction of its own and leaves its count: cut short, it goes on with the next one. A hold
    laid on meanwhile stops it before it begins; then it waits.
    """
    if not _begun(destruction_id, now=now):
        return False
    reference = Destruction.objects.values_list("case__reference", flat=True).get(pk=destruction_id)
    for name, destroy in _steps(reference, now=now):
        _one_step(destruction_id, name, destroy)
    _finished(destruction_id, now=now)
    return True


def _steps(reference: str, *, now: datetime) -> list[tuple[str, Callable[[], int]]]:
    words = [(one.name, lambda one=one: one.destroy(reference)) for one in erasers()]
    return [
        *words,
        ("event_words", lambda: destroy_event_words(reference)),
        ("files", lambda: _files(reference)),
        ("keys", lambda: destroy_key(reference, now=now)),
    ]


@transaction.atomic
def _begun(destruction_id: int, *, now: datetime) -> bool:
    row = Destruction.objects.select_related("case", "decided_by").get(pk=destruction_id)
    case = hold_case(row.case_id)
    row.refresh_from_db()
    if row.finished_at is not None or not row.is_approved:
        return False
    if row.begun_at is None:
        if not row.is_reapplied and _is_kept(case, today=now.astimezone(SEOUL).date()):
            return False
        row.begun_at = now
        row.save(update_fields=["begun_at"])
        record(BEGUN, subject=row, actor=None, at=now, chain=case.reference)
    return True


def _is_kept(case: Case, *, today: date) -> bool:
    try:
        refuse_kept(case, today=today)
    except Obstacle:
        return True
    return False


@transaction.atomic
def _one_step(destruction_id: int, name: str, destroy: Callable[[], int]) -> None:
    row = Destruction.objects.select_for_update(of=("self",), no_key=True).get(pk=destruction_id)
    if name not in row.counts:
        row.counts[name] = destroy()
        row.save(update_fields=["counts"])


def _files(reference: str) -> int:
    """Take the kept files off the disk. Called again, those already gone count as well."""
    items = Evidence.objects.filter(case__reference=reference)
    for item in items:
        item.path.unlink(missing_ok=True)
    return items.count()


def _finished(destruction_id: int, *, now: datetime) -> None:
    """The certificate, and that it is done, in one transaction; then a line outside the database."""
    row = Destruction.objects.select_related("case__organization", "asked_by", "decided_by").get(
        pk=destruction_id
    )
    paper, imprint = certificate_of(row, now=now)
    with transaction.atomic():
        case = hold_case(row.case_id)
        row.refresh_from_db(fields=["finished_at", "counts"])
        if row.finished_at is not None:
            return
        row.certificate = keep_document(
            paper=paper,
            kind=CERTIFICATE,
            template=TEMPLATE,
            imprint=imprint,
            case_key=case.reference,
            actor=row.decided_by,
            now=now,
        )
        row.finished_at = now
        row.save(update_fields=["finished_at", "certificate"])
        data = {"counts": row.counts, "certificate": row.certificate.file_hash}
        record(FINISHED, subject=row, actor=None, at=now, chain=case.reference, data=data)
        _write_down(row)


def _write_down(row: Destruction) -> None:
    said = {
        "case": row.case.reference,
        "organization": row.case.organization_id,
        "ground": row.ground,
        "needless_on": row.needless_on.isoformat(),
        "asked_by": row.asked_by_id,
        "asked_at": row.asked_at.isoformat(),
        "decided_by": row.decided_by_id,
        "decided_at": row.decided_at.isoformat() if row.decided_at else "",
    }
    write_line(said)


def carry_out_destructions(*, now: datetime) -> int:
    """Everything that is approved; how many were finished."""
    due = Destruction.objects.to_carry_out().order_by("pk").values_list("pk", flat=True)
    return sum(carry_out_destruction(destruction_id=pk, now=now) for pk in list(due))


def reapply_destructions(ledger: Path, *, now: datetime) -> Reapplied:
    """Destroy and erase again what stands in the ledger and a restored older backup brought back.

    A line that cannot be read is named and nothing is done (ValueError). Twice is as once.
    """
    rows = read_lines(ledger)
    destroyed = 0
    for said in [said for kind, said in rows if kind is Line.CASE]:
        row = reapply_destruction(said, now=now)
        if row is not None:
            destroyed += carry_out_destruction(destruction_id=row.pk, now=now)
    erased = Counter(reapply_erasure(said, now=now) for kind, said in rows if kind is Line.WORDS)
    return Reapplied(destroyed, erased[True], erased[None])


def reapply_erasure(said: dict[str, Any], *, now: datetime) -> bool | None:
    """Erase the words beside an event again; False where they are gone, None where there is no such event.

    By its hash: after a restore, the same number may have been given to another event.
    """
    event = Event.objects.filter(chain=said["chain"], sequence=said["sequence"], hash=said["event"]).first()
    if event is None:
        return None
    try:
        erase_words(event_id=event.pk, actor=None, at=now, reason=_("백업을 복구한 뒤 다시 지움"))
    except NothingToErase:
        return False
    return True


@transaction.atomic
def reapply_destruction(said: dict[str, Any], *, now: datetime) -> Destruction | None:
    """Approve again what was destroyed before a backup was restored; None where it is destroyed or not there."""
    case = Case.objects.filter(reference=said["case"], organization=said["organization"]).first()
    if case is None or case.destructions.filter(finished_at__isnull=False).exists():
        return None
    case = hold_case(case.pk)
    if not case.is_closed:
        case.phase, case.closed_at = Phase.CLOSED, now
        case.save(update_fields=["phase", "closed_at"])
        record("case.closed", subject=case, actor=None, at=now, chain=case.reference)
        _end_clocks(case, now=now)
    people = {one.pk: one for one in User.objects.filter(pk__in=(said["asked_by"], said["decided_by"]))}
    row = case.destructions.standing().first() or Destruction(case=case)
    row.ground, row.reason = str(said["ground"]), _("백업을 복구한 뒤 다시 파기함")
    row.needless_on = date.fromisoformat(str(said["needless_on"]))
    row.asked_at = datetime.fromisoformat(str(said["asked_at"]))
    row.asked_by = people.get(said["asked_by"], case.lead)
    row.decided_at = datetime.fromisoformat(str(said["decided_at"]))
    row.decided_by = people.get(said["decided_by"])  # nobody, where the older backup does not know them
    row.is_approved = row.is_reapplied = True
    row.save()
    record("destruction.reapplied", subject=row, actor=None, at=now, chain=case.reference)
    return row


def _end_clocks(case: Case, *, now: datetime) -> None:
    """What the backup still counted had ended before the case was destroyed; nobody is reminded of it."""
    reason = _("백업을 복구한 뒤 다시 파기함")
    for deadline in case.deadlines.running().select_related("duty"):
        if deadline.duty is not None:
            replace_deadline(case, deadline, None, actor=None, now=now, reason=reason)
            continue
        deadline.dismissed_at, deadline.dismissed_reason = now, reason
        deadline.save(update_fields=["dismissed_at", "dismissed_reason"])
        record(
            "deadline.dismissed",
            subject=deadline,
            actor=None,
            at=now,
            chain=case.reference,
            reason=reason,
            data={"law_state": str(deadline.law_state)},
        )
    deadlines_changed.send(sender=Case, case=case, now=now)
