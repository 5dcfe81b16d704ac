"""Closing a day: the state of every chain at its end under one signature."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from core.audit.heads import CLOSED, Leaf, Leaves, hashed_leaves, head_hash, signed_bytes
from core.audit.keys import NoSigningKey, Signer, load_signer
from core.audit.merkle import root_of
from core.audit.models import GENESIS, Chain, DayHead, DayLeaf, Event
from core.audit.services import record
from core.audit.signals import day_closed

log = logging.getLogger(__name__)

SEOUL = ZoneInfo("Asia/Seoul")
DAYS_AT_ONCE = 7  # a long backlog is closed over several passes, and holds up no reminder


def day_of(moment: datetime) -> date:
    """The day of an instant in Asia/Seoul."""
    return moment.astimezone(SEOUL).date()


def end_of(day: date) -> datetime:
    """The first instant that is no longer `day`."""
    return datetime.combine(day + timedelta(days=1), time(), SEOUL).astimezone(UTC)


def close_passed_days(*, now: datetime, most: int = DAYS_AT_ONCE) -> list[DayHead]:
    """Close every day that has passed and is not closed yet, at most `most` of them, the earliest first.

    The first day is that of the first event. Two passes at once close a day once. NoSigningKey when there
    is nothing to sign with.
    """
    signer, day = load_signer(), _next_day()
    closed: list[DayHead] = []
    while day is not None and end_of(day) <= now and len(closed) < most:
        head = _close(day, signer=signer, now=now)
        if head is None:
            return closed  # another worker is at it
        closed.append(head)
        day += timedelta(days=1)
    return closed


def unclosed_days(*, now: datetime) -> int:
    """How many days have passed that are not closed yet."""
    day = _next_day()
    return max((day_of(now) - day).days, 0) if day else 0


def _next_day() -> date | None:
    last = DayHead.objects.order_by("-day").values_list("day", flat=True).first()
    if last is not None:
        return last + timedelta(days=1)
    first = Event.objects.order_by("recorded_at").values_list("recorded_at", flat=True).first()
    return day_of(first) if first else None


def _close(day: date, *, signer: Signer, now: datetime) -> DayHead | None:
    try:
        with transaction.atomic():
            return _seal(day, signer=signer, now=now)
    except IntegrityError:
        if DayHead.objects.filter(day=day).exists():
            return None
        raise


def _seal(day: date, *, signer: Signer, now: datetime) -> DayHead:
    before = last_leaves()
    grown = _grown(before, until=end_of(day))
    leaves = before | grown
    previous = DayHead.objects.filter(day=day - timedelta(days=1)).first()
    head = DayHead(
        day=day,
        root=root_of(hashed_leaves(leaves)).hex(),
        leaf_count=len(leaves),
        event_count=sum(leaf.length for leaf in leaves.values()),
        previous_hash=previous.hash if previous else GENESIS,
        closed_at=now.astimezone(UTC),
        key_id=signer.key_id,
    )
    head.hash, head.signature = head_hash(head), signer.sign(signed_bytes(head))
    head.save(force_insert=True)
    DayLeaf.objects.bulk_create(
        DayLeaf(head=head, chain_key=key, length=leaf.length, hash=leaf.hash) for key, leaf in grown.items()
    )
    data = {"day": day.isoformat(), "head": head.hash, "key": head.key_id}
    record(CLOSED, subject=head, actor=None, at=now, data=data)
    if day == day_of(now) - timedelta(days=1):
        day_closed.send(sender=DayHead, head=head, now=now)
    return head


def last_leaves() -> Leaves:
    """How far each chain had come when the last day was closed."""
    rows = DayLeaf.objects.order_by("head__day").values_list("chain_key", "length", "hash")
    return {key: Leaf(length, hash_) for key, length, hash_ in rows.iterator(chunk_size=5000)}


def _grown(before: Leaves, *, until: datetime) -> Leaves:
    """How far the chains had come before `until` that have gone on since.

    What is recorded late for a day that was closed already belongs to the next one.
    """
    grown: Leaves = {}
    for key, length in Chain.objects.order_by("key").values_list("key", "length"):
        sealed = before[key].length if key in before else 0
        if length <= sealed:
            continue
        later = Event.objects.filter(chain=key, sequence__gt=sealed, recorded_at__lt=until)
        last = later.order_by("-sequence").values_list("sequence", "hash").first()
        if last:
            grown[key] = Leaf(*last)
    return grown


_warned: set[str] = set()


def close_days_if_possible(*, now: datetime) -> int:
    """How many days were closed; without a key none, which is said once in the log of this process."""
    try:
        return len(close_passed_days(now=now))
    except NoSigningKey as missing:
        if "key" not in _warned:
            _warned.add("key")
            log.warning("history is not signed: %s", missing)
        return 0
