"""The one pen that writes history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from core.audit.chain import hash_of
from core.audit.models import HOUSE, Chain, Event

if TYPE_CHECKING:
    from core.accounts.models import User


class OutsideTransaction(RuntimeError):
    """History is written in the transaction of the change it tells of, or not at all."""


def subject_of(row: models.Model) -> str:
    """How history names a row: `app.model:id`."""
    return f"{row._meta.label_lower}:{row.pk}"


def record(
    action: str,
    *,
    subject: models.Model,
    actor: User | None,
    at: datetime,
    chain: str = HOUSE,
    happened_at: datetime | None = None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Add one event to `chain` (a case reference) and return it.

    `at` is when it is recorded, `happened_at` when it was true (default: the same); both aware.
    `actor` None means the timers. `data` is JSON without floats and without personal data: ids,
    instants, counts, hashes. OutsideTransaction when no transaction is open; ValueError on a naive instant.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(action)
    happened_at = happened_at or at
    for moment in (at, happened_at):
        if moment.tzinfo is None:
            raise ValueError(f"{action}: an instant without a zone: {moment}")
    head = _locked_head(chain)
    event = Event(
        chain=head,
        sequence=head.length + 1,
        action=action,
        subject=subject_of(subject),
        actor=actor,
        recorded_at=at.astimezone(UTC),
        happened_at=happened_at.astimezone(UTC),
        reason=reason,
        data=dict(data or {}),
        previous_hash=head.head,
    )
    event.hash = hash_of(event)
    event.save(force_insert=True)
    Chain.objects.filter(pk=chain).update(length=event.sequence, head=event.hash)
    return event


def _locked_head(key: str) -> Chain:
    """No lock of this house takes the key: PostgreSQL checks foreign keys at commit, with the head already held."""
    Chain.objects.get_or_create(key=key)
    return Chain.objects.select_for_update(no_key=True).get(key=key)
