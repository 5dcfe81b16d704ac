"""Giving the rows of the access log their numbers and hashes, and telling history how far they go."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from core.access.chain import COLUMNS, End, end_of_chain, hash_of, horizon, without_number
from core.access.chain_models import AccessLink
from core.audit.models import HOUSE, Event
from core.audit.services import record

SEALED = "access-log.sealed"
BATCH = 1_000
BATCHES = 10  # in one pass; a long backlog takes several and holds up no reminder
TOLD_EVERY = timedelta(hours=1)


def seal_access_log(*, now: datetime, most: int | None = BATCHES) -> int:
    """Give every row that has none its number and hash; how many. `most` batches, all of them with None.

    Once an hour history is told how far the chain goes: its day heads are signed and leave the house, and
    vouch for the log with the rest.
    """
    sealed = 0
    while (most is None or most > 0) and without_number().filter(pk__gt=horizon()).exists():
        count = _seal_batch()
        sealed += count
        if count < BATCH:
            break
        most = None if most is None else most - 1
    _tell_history(now=now)
    return sealed


def _seal_batch() -> int:
    """One batch in one transaction. Two workers at once seal it once: the second finds its numbers taken."""
    end = end_of_chain()
    try:
        with transaction.atomic():
            links = _links_after(end)
            AccessLink.objects.bulk_create(links)
    except IntegrityError:
        if end_of_chain().number > end.number:
            return 0
        raise
    return len(links)


def _links_after(end: End) -> list[AccessLink]:
    links, number, previous = [], end.number, end.hash
    for row in without_number().filter(pk__gt=horizon()).values(*COLUMNS)[:BATCH]:
        number += 1
        previous = hash_of(row, number=number, previous=previous)
        links.append(AccessLink(pk=number, row=row["id"], hash=previous))
    return links


def _tell_history(*, now: datetime) -> None:
    last = AccessLink.objects.last()
    if last is None:
        return
    told = Event.objects.of_chain(HOUSE).filter(action=SEALED).last()
    if told and (told.data["number"] >= last.pk or now - told.recorded_at < TOLD_EVERY):
        return
    with transaction.atomic():
        record(SEALED, subject=last, actor=None, at=now, data={"number": last.pk, "hash": last.hash})
