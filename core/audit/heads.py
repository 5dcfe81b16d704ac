"""The day heads: what one says, byte for byte, and the first of them that does not hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _

from core.audit.chain import canonical, digest, instant
from core.audit.keys import is_signed, public_keys
from core.audit.merkle import leaf_hash, root_of
from core.audit.models import GENESIS, HOUSE, DayHead, DayLeaf, Event

CLOSED = "history.day-closed"
TITLE = "breachdesk day head v1"  # part of what is signed: no other paper of this key can pass for a head


@dataclass(frozen=True, slots=True)
class Leaf:
    """How far a chain had come: its number of events and the hash of the last."""

    length: int
    hash: str


type Leaves = dict[str, Leaf]


@dataclass(frozen=True, slots=True)
class BrokenDay:
    """The first day whose head does not hold."""

    day: date
    what: str

    def __str__(self) -> str:
        return _("하루의 머리 %(day)s: %(what)s") % {"day": self.day.isoformat(), "what": self.what}


def leaf_bytes(key: str, leaf: Leaf) -> bytes:
    """What a leaf of the tree is the hash of."""
    return canonical({"chain": key, "length": leaf.length, "head": leaf.hash}).encode()


def hashed_leaves(leaves: Leaves) -> list[bytes]:
    """The leaves of the tree, in the order of the chains' names."""
    return [leaf_hash(leaf_bytes(key, leaves[key])) for key in sorted(leaves)]


def statement_of(head: DayHead) -> dict[str, Any]:
    """What is hashed and signed, as canonical JSON."""
    return {
        "title": TITLE,
        "day": head.day.isoformat(),
        "root": head.root,
        "chains": head.leaf_count,
        "events": head.event_count,
        "previous": head.previous_hash,
        "closed_at": instant(head.closed_at),
        "key": head.key_id,
    }


def head_hash(head: DayHead) -> str:
    return digest(statement_of(head))


def signed_bytes(head: DayHead) -> bytes:
    return canonical(statement_of(head)).encode()


def days() -> Iterator[tuple[DayHead, Leaves]]:
    """Every day head, the earliest first, with how far every chain had come. The leaves are one dict that grows."""
    leaves: Leaves = {}
    grown = groupby(
        DayLeaf.objects.order_by("head__day", "chain_key").iterator(chunk_size=2000), attrgetter("head_id")
    )
    head_id, rows = next(grown, (None, iter(())))
    for head in DayHead.objects.order_by("day").iterator(chunk_size=200):
        if head.pk == head_id:
            leaves |= {row.chain_key: Leaf(row.length, row.hash) for row in rows}
            head_id, rows = next(grown, (None, iter(())))
        yield head, leaves


def first_broken_day() -> BrokenDay | None:
    """The first day head that was changed, dropped, inserted, or signed by a key this machine does not know."""
    keys, previous = public_keys(), None
    for head, leaves in days():
        what = _fault(head, previous, keys) or _leaf_fault(head, leaves)
        if what:
            return BrokenDay(head.day, what)
        previous = head
    return _vanished_day()


def _vanished_day() -> BrokenDay | None:
    """The first day that history says was closed and whose head is not there."""
    told = Event.objects.of_chain(HOUSE).filter(action=CLOSED).values_list("data", flat=True)
    there = set(DayHead.objects.values_list("hash", flat=True))
    gone = next((data for data in told.iterator(chunk_size=2000) if data["head"] not in there), None)
    if gone is None:
        return None
    return BrokenDay(date.fromisoformat(gone["day"]), _("이력에는 서명했다고 적혀 있는데 머리가 없습니다."))


def _fault(head: DayHead, previous: DayHead | None, keys: Mapping[str, bytes]) -> str:
    if previous and head.day != previous.day + timedelta(days=1):
        return _("바로 앞날(%(day)s)의 머리가 없습니다.") % {"day": head.day - timedelta(days=1)}
    if head.previous_hash != (previous.hash if previous else GENESIS):
        return _("앞날의 머리와 이어지지 않습니다.")
    if head.hash != head_hash(head):
        return _("머리의 내용이 기록된 해시와 다릅니다.")
    public = keys.get(head.key_id)
    if public is None:
        return _("서명한 키 %(key)s를 이 서버는 모릅니다. 공개 키가 키 폴더에 없습니다.") % {
            "key": head.key_id
        }
    if not is_signed(signed_bytes(head), signature=head.signature, public=public):
        return _("서명이 맞지 않습니다.")
    return ""


def _leaf_fault(head: DayHead, leaves: Leaves) -> str:
    same = root_of(hashed_leaves(leaves)).hex() == head.root
    counted = (len(leaves), sum(leaf.length for leaf in leaves.values())) == (
        head.leaf_count,
        head.event_count,
    )
    return "" if same and counted else _("이 날의 잎이 서명한 뿌리와 맞지 않습니다.")


def sealed_places(key: str) -> dict[int, tuple[str, date]]:
    """Where chain `key` stood at the ends of days: number of events → hash of the last, and the first such day."""
    rows = (
        DayLeaf.objects.filter(chain_key=key).order_by("head__day").values_list("length", "hash", "head__day")
    )
    places: dict[int, tuple[str, date]] = {}
    for length, hash_, day in rows:
        places.setdefault(length, (hash_, day))
    return places
