"""The one pen that writes history."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction

from core.audit.chain import digest_of_words, hash_of
from core.audit.models import HOUSE, Chain, Event, EventWords
from core.audit.signals import words_erased
from core.audit.witnesses import GONE, STATES, states_of, states_of_names, untold_rows

if TYPE_CHECKING:
    from core.accounts.models import User


ERASED = "history.words-erased"
VOUCHED = "history.rows-vouched"


class OutsideTransaction(RuntimeError):
    """History is written in the transaction of the change it tells of, or not at all."""


class NothingToErase(LookupError):
    """No words stand beside this event."""


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
    also: Iterable[models.Model] = (),
    gone: Iterable[models.Model] = (),
) -> Event:
    """Add one event to `chain` (a case reference) and return it.

    `at` is when it is recorded, `happened_at` when it was true (default: the same); both aware.
    `actor` None means the timers. `data` is JSON without floats and without personal data: ids,
    instants, counts, hashes. `reason` is what a person wrote; it is kept beside the event, which carries
    only its salted hash. The event vouches for the present state of `subject` and of the rows in `also`,
    where their app bears witness of them; so save them first. The rows in `gone` are taken away in the
    same transaction: one that is there again later was put back by another road.
    OutsideTransaction when no transaction is open; ValueError on a naive instant.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(action)
    happened_at = happened_at or at
    for moment in (at, happened_at):
        if moment.tzinfo is None:
            raise ValueError(f"{action}: an instant without a zone: {moment}")
    head = _locked_head(chain)
    words = EventWords(text=reason, salt=secrets.token_hex(16)) if reason else None
    states = states_of([subject, *also]) | {subject_of(row): GONE for row in gone}
    event = Event(
        chain=head,
        sequence=head.length + 1,
        action=action,
        subject=subject_of(subject),
        actor=actor,
        recorded_at=at.astimezone(UTC),
        happened_at=happened_at.astimezone(UTC),
        words_digest=digest_of_words(words.text, salt=words.salt) if words else "",
        data={**(data or {}), **({STATES: states} if states else {})},
        previous_hash=head.head,
    )
    event.hash = hash_of(event)
    event.save(force_insert=True)
    if words:
        words.event = event
        words.save(force_insert=True)
    Chain.objects.filter(pk=chain).update(length=event.sequence, head=event.hash)
    return event


def _locked_head(key: str) -> Chain:
    """No lock of this house takes the key: PostgreSQL checks foreign keys at commit, with the head already held."""
    locked = Chain.objects.select_for_update(no_key=True)
    head = locked.filter(key=key).first()
    if head is None:
        Chain.objects.get_or_create(key=key)  # two may begin it at once
        head = locked.get(key=key)
    return head


@transaction.atomic
def erase_words(*, event_id: int, actor: User | None, at: datetime, reason: str) -> Event:
    """Erase what was written beside an event, for a reason that history keeps; return the event that tells so.

    The chain stays whole: it never held the words. NothingToErase when there are none (any more);
    ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("an erasure needs a reason")
    words = EventWords.objects.select_for_update(of=("self",), no_key=True).select_related("event")
    held = words.filter(event=event_id).first()
    if held is None:
        raise NothingToErase(event_id)
    told = record(
        ERASED,
        subject=held.event,
        actor=actor,
        at=at,
        chain=held.event.chain_id,
        reason=reason,
        data={"sequence": held.event.sequence},
    )
    held.delete()  # the database allows it only because history has just told of it
    words_erased.send(sender=Event, event=held.event, actor=actor, now=at)
    return told


@transaction.atomic
def vouch_for_rows(*, actor: User | None, at: datetime, reason: str) -> Event | None:
    """Vouch from now on for every row no event knows, as it stands; None when there is none.

    For rows older than their witness, after an upgrade. ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("vouching for rows needs a reason")
    rows = untold_rows()
    if not rows:
        return None
    house, _made = Chain.objects.get_or_create(key=HOUSE)
    data = {"rows": len(rows), STATES: states_of_names(rows)}
    return record(VOUCHED, subject=house, actor=actor, at=at, reason=reason, data=data)
