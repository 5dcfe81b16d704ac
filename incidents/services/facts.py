"""Recording facts. The duties are recomputed in the same transaction, and what moved is returned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.access.typed_words import resident_number_fault
from core.accounts.days import SEOUL
from core.audit.chain import digest
from core.audit.services import record
from incidents.duties import Change, Movement, movements
from incidents.facts import Kind, fact_named, label_of
from incidents.law import Stated, current_facts
from incidents.models import Case, Certainty, FactRevision
from incidents.reading import NEWLY_KNOWN
from incidents.services.holding import hold_case, hold_open_case
from incidents.services.obstacles import Obstacle
from incidents.services.replacing import replace_deadline
from incidents.signals import deadlines_changed
from incidents.values import FactRefused, clean_until, clean_value

if TYPE_CHECKING:
    from core.accounts.models import User


LONGEST_REASON = 500


class EditedMeanwhile(Obstacle):
    """Somebody else recorded a fact of this case since the page was opened."""


class ReasonMissing(Obstacle):
    """A correction supersedes what was recorded; it needs a reason."""


class ReasonTooLong(ReasonMissing):
    """A reason longer than its column; cutting it would lose words."""


@dataclass(frozen=True, slots=True)
class FactChange:
    """What a person states about one fact. UNKNOWN certainty takes the value away (nothing earlier is lost)."""

    name: str
    value: Any = None
    certainty: str = Certainty.CONFIRMED
    source: str = ""
    key: str = ""
    until: Any = None  # the latest it can have been, where an instant is known as a range only


def _cleaned(changes: Sequence[FactChange], *, now: datetime) -> list[FactChange]:
    faults: dict[str, str] = {}
    clean = []
    for change in changes:
        try:
            unknown = change.certainty == Certainty.UNKNOWN and change.value in (None, "")
            value = None if unknown else clean_value(change.name, change.value, now=now)
            until = clean_until(change.name, value, change.until, now=now)
            if fault := resident_number_fault(change.source):
                raise FactRefused({change.name: fault})
            clean.append(replace(change, value=value, until=until, source=change.source.strip()))
        except FactRefused as refusal:
            faults |= refusal.faults
    if faults:
        raise FactRefused(faults)
    return clean


def _with_changes(case: Case, changes: Sequence[FactChange]) -> list[Stated]:
    stated = {(fact.name, fact.key): fact for fact in current_facts(case)}
    for change in changes:
        stated[change.name, change.key] = Stated(
            change.name, change.key, change.value, change.certainty, change.until
        )
    return list(stated.values())


def preview_facts(*, case: Case, changes: Sequence[FactChange], now: datetime) -> list[Movement]:
    """What `changes` would do to the duties. Writes nothing. FactRefused names each fact at fault."""
    return movements(case, _with_changes(case, _cleaned(changes, now=now)), now=now)


@transaction.atomic
def record_facts(
    *,
    case_id: int,
    changes: Sequence[FactChange],
    actor: User,
    now: datetime,
    reason: str = "",
    expected_count: int | None = None,
) -> list[Movement]:
    """Record `changes` and recompute the duties; return what moved. Nothing new changes nothing.

    `expected_count` is the case's `fact_count` when the person began: EditedMeanwhile if it has
    risen. ReasonMissing when an earlier statement is corrected without one, ReasonTooLong past
    500 characters, CaseClosed on a closed case. FactRefused names each fact at fault; then nothing
    is recorded.
    """
    reason = reason.replace("\x00", "").strip()
    if len(reason) > LONGEST_REASON:
        told = {"n": len(reason), "limit": LONGEST_REASON}
        raise ReasonTooLong(
            _("고치는 이유가 %(n)d자입니다. %(limit)d자까지 적을 수 있습니다.") % told, field="reason"
        )
    if fault := resident_number_fault(reason):
        raise ReasonMissing(fault, field="reason")
    case = hold_open_case(case_id)
    if expected_count is not None and expected_count != case.fact_count:
        raise EditedMeanwhile(
            _("보는 사이 다른 사람이 이 사건의 사실을 고쳤습니다. 두 내용을 나란히 보고 다시 저장해 주세요.")
        )
    earlier = _latest(case)
    news = [c for c in _cleaned(changes, now=now) if _is_news(c, earlier.get((c.name, c.key)))]
    if not news:
        return []
    _ask_for_reason(news, earlier, reason)
    moved = movements(case, _with_changes(case, news), now=now)
    for change in news:
        _add_revision(
            case, change, earlier.get((change.name, change.key)), actor=actor, now=now, reason=reason
        )
    case.fact_count += len(news)
    case.save(update_fields=["fact_count"])
    apply_movements(case, moved, actor=actor, now=now, reason=reason or NEWLY_KNOWN)
    return moved


@transaction.atomic
def recompute_duties(*, case_id: int, actor: User | None, now: datetime, reason: str) -> list[Movement]:
    """Ask the law again with the facts as they are, because something besides them changed."""
    case = hold_case(case_id)
    moved = movements(case, current_facts(case), now=now)
    apply_movements(case, moved, actor=actor, now=now, reason=reason)
    return moved


def _latest(case: Case) -> dict[tuple[str, str], FactRevision]:
    return {(row.name, row.key): row for row in FactRevision.objects.filter(case=case).current()}


def _is_news(change: FactChange, last: FactRevision | None) -> bool:
    if last is None:
        return True
    now_said = (change.value, change.until, str(change.certainty), change.source)
    return now_said != (last.value, last.until_at, last.certainty, last.source)


def _ask_for_reason(
    changes: list[FactChange], earlier: dict[tuple[str, str], FactRevision], reason: str
) -> None:
    corrected = [
        change.name
        for change in changes
        if (last := earlier.get((change.name, change.key)))
        and last.value is not None
        and (last.value, last.until_at) != (change.value, change.until)
    ]
    if corrected and not reason.strip():
        names = ", ".join(label_of(name) for name in corrected)
        raise ReasonMissing(_("고치는 이유를 적어 주세요: %(names)s") % {"names": names}, field="reason")


def _add_revision(
    case: Case, change: FactChange, last: FactRevision | None, *, actor: User, now: datetime, reason: str
) -> None:
    row = FactRevision.objects.create(
        case=case,
        name=change.name,
        key=change.key,
        number=last.number + 1 if last else 1,
        value=change.value,
        until_at=change.until,
        certainty=change.certainty,
        source=change.source,
        reason=reason,
        recorded_at=now,
        recorded_by=actor,
    )
    record(
        "fact.corrected" if last else "fact.recorded",
        subject=row,
        actor=actor,
        at=now,
        chain=case.reference,
        reason=reason,
        data=_told(row, last),
    )


def _told(row: FactRevision, last: FactRevision | None) -> dict[str, Any]:
    """What history keeps of a revision: figures as they are, words only as a hash."""
    data: dict[str, Any] = {
        "fact": row.name,
        "key": row.key,
        "revision": row.number,
        "certainty": str(row.certainty),
        "digest": digest(row.said()),
    }
    if fact_named(row.name).kind not in (Kind.TEXT, Kind.CONFIRMED):
        data |= {"old": last.value if last else None, "new": row.value}
    if row.until_at is not None:
        data["until"] = row.until_at.astimezone(SEOUL).isoformat()
    return data


def apply_movements(
    case: Case, moved: list[Movement], *, actor: User | None, now: datetime, reason: str
) -> None:
    """Write what moved: new clocks, replaced clocks. A met duty stays met under its new terms."""
    for movement in moved:
        if movement.change is not Change.UNCHANGED:
            why = movement.why_ended or reason
            replace_deadline(case, movement.before, movement.after, actor=actor, now=now, reason=why)
    deadlines_changed.send(sender=Case, case=case, now=now)
