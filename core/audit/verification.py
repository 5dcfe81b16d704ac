"""Reading history back and naming the first place where it does not hold."""

from __future__ import annotations

from dataclasses import dataclass

from core.audit.chain import hash_of
from core.audit.models import GENESIS, Chain, Event
from core.audit.witnesses import changed_rows


@dataclass(frozen=True, slots=True)
class Break:
    """The first broken place of a chain."""

    chain: str
    sequence: int
    what: str

    def __str__(self) -> str:
        return f"{self.chain} #{self.sequence}: {self.what}"


def first_break(key: str) -> Break | None:
    """The first event of chain `key` that was changed, dropped, inserted or reordered, or whose row was; else None."""
    expected, previous = 1, GENESIS
    for event in Event.objects.of_chain(key).iterator(chunk_size=2000):
        what = _fault(event, expected=expected, previous=previous)
        if what:
            return Break(key, expected, what)
        expected, previous = expected + 1, event.hash
    return _broken_head(key, length=expected - 1, head=previous) or _changed_row(key)


def _fault(event: Event, *, expected: int, previous: str) -> str:
    if event.sequence != expected:
        return f"순번 {expected}번 이력이 없습니다(다음 이력은 {event.sequence}번)."
    if event.previous_hash != previous:
        return "앞 이력의 해시와 이어지지 않습니다."
    if event.hash != hash_of(event):
        return "이력의 내용이 기록된 해시와 다릅니다."
    return ""


def _broken_head(key: str, *, length: int, head: str) -> Break | None:
    chain = Chain.objects.filter(pk=key).first()
    if chain is None:
        return Break(key, 0, "사슬의 머리가 없습니다.") if length else None
    if chain.length != length:
        return Break(key, length + 1, f"이력은 {length}건인데 사슬의 머리는 {chain.length}건이라고 합니다.")
    if chain.head != head:
        return Break(key, length, "사슬의 머리가 마지막 이력의 해시와 다릅니다.")
    return None


def _changed_row(key: str) -> Break | None:
    """Where the chain holds and yet the words it vouches for are no longer the same."""
    sequence = next(changed_rows(key), None)
    return (
        None if sequence is None else Break(key, sequence, "이 이력이 말하는 기록의 내용이 그때와 다릅니다.")
    )


def known_chains() -> list[str]:
    """Every chain named by a head or by an event, so that a deleted head hides nothing."""
    keys = set(Chain.objects.values_list("key", flat=True)) | set(
        Event.objects.order_by().values_list("chain_id", flat=True).distinct()
    )
    return sorted(keys)
