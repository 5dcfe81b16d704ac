"""One deadline in the place of another: the old one ends and stays, the new one takes over what people did."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.audit.services import record
from incidents.models import Case, Deadline

if TYPE_CHECKING:
    from core.accounts.models import User

CARRIED = ("owner", "acknowledged_at", "met_at", "met_by", "met_note", "lateness_reason")


def replace_deadline(
    case: Case, old: Deadline | None, new: Deadline | None, *, actor: User | None, now: datetime, reason: str
) -> None:
    """Start `new`, end `old` with `reason`, or both; history keeps the terms of each. Met stays met.

    Call it inside the transaction that holds the case. Both carry an unsaved or saved duty of their own.
    """
    if old is not None:
        _end(old, now=now, reason=reason)
    if new is not None:
        _start(new, old)
    _tell(case, old, new, actor=actor, now=now, reason=reason)


def _end(old: Deadline, *, now: datetime, reason: str) -> None:
    assert old.duty is not None
    old.superseded_at = old.duty.superseded_at = now
    old.duty.superseded_reason = reason
    old.duty.save(update_fields=["superseded_at", "superseded_reason"])
    old.save(update_fields=["superseded_at"])


def _start(new: Deadline, old: Deadline | None) -> None:
    assert new.duty is not None
    new.duty.save()
    new.duty = new.duty  # the key is known only now
    for name in CARRIED if old is not None else ():
        setattr(new, name, getattr(old, name))
    new.save()
    if old is not None:
        Deadline.objects.filter(pk=old.pk).update(superseded_by=new)


def _tell(
    case: Case, old: Deadline | None, new: Deadline | None, *, actor: User | None, now: datetime, reason: str
) -> None:
    subject = new or old
    assert subject is not None
    action = "deadline.started" if old is None else "deadline.moved" if new is not None else "deadline.ended"
    record(
        action,
        subject=subject,
        actor=actor,
        at=now,
        chain=case.reference,
        reason=reason,
        data={"before": _terms(old), "after": _terms(new)},
        also=[row for deadline in (old, new) if deadline for row in (deadline, deadline.duty) if row],
    )


def _terms(deadline: Deadline | None) -> dict[str, Any] | None:
    if deadline is None or deadline.duty is None:
        return None
    return {
        "rule": deadline.duty.rule_id,
        "for": deadline.duty.subject_key,
        "state": str(deadline.law_state),
        "starts_at": deadline.starts_at.isoformat() if deadline.starts_at else None,
        "due_at": deadline.due_at.isoformat() if deadline.due_at else None,
        "last_day": deadline.last_day.isoformat() if deadline.last_day else None,
        "rules": deadline.rules_digest,
    }
