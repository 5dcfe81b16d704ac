"""The proof that travels with a case: its chain in canonical form, and the way from it to the signed day heads."""

from __future__ import annotations

from typing import Any

from core.audit.chain import body_of, canonical
from core.audit.heads import Leaf, days, hashed_leaves, signed_bytes, statement_of
from core.audit.keys import public_keys
from core.audit.merkle import path_of
from core.audit.models import Chain, DayHead, DayLeaf, DayStamp, Event

FORMAT = 1


def history_of(key: str, *, with_words: bool) -> dict[str, Any]:
    """Every event of chain `key` as the text its hash is over, with the words beside it and their salts.

    Without words, the salted hash in the event is all that is told of them.
    """
    chain = Chain.objects.get(pk=key)
    events = Event.objects.of_chain(key).select_related("words").iterator(chunk_size=2000)
    return {
        "format": FORMAT,
        "chain": key,
        "length": chain.length,
        "head": chain.head,
        "events": [_told(event, with_words=with_words) for event in events],
    }


def _told(event: Event, *, with_words: bool) -> dict[str, Any]:
    words = getattr(event, "words", None) if with_words else None
    told: dict[str, Any] = {"body": canonical(body_of(event)), "hash": event.hash}
    return {**told, "words": {"text": words.text, "salt": words.salt}} if words else told


def heads_of(key: str) -> dict[str, Any]:
    """The day heads since chain `key` began, and for each day on which it grew, and the last, the path to its root."""
    told: list[dict[str, Any]] = []
    last: tuple[DayHead, dict[str, Leaf]] | None = None
    seen: Leaf | None = None
    for head, leaves in days():
        leaf = leaves.get(key)
        if leaf is None:
            continue
        told.append(_head(head, leaves, key) if leaf != seen else _head(head))
        seen, last = leaf, (head, leaves)
    if last and told:
        told[-1] = _head(last[0], last[1], key)
    keys = public_keys()
    used = {head["key"] for head in told}
    return {
        "format": FORMAT,
        "keys": {key_id: keys[key_id].hex() for key_id in sorted(used & set(keys))},
        "heads": told,
    }


def _head(head: DayHead, leaves: dict[str, Leaf] | None = None, key: str = "") -> dict[str, Any]:
    told: dict[str, Any] = {
        "statement": canonical(statement_of(head)),
        "hash": head.hash,
        "key": head.key_id,
        "signature": head.signature,
    }
    if leaves is None:
        return told
    leaf = leaves[key]
    path = path_of(hashed_leaves(leaves), sorted(leaves).index(key))
    return {
        **told,
        "leaf": {"chain": key, "length": leaf.length, "head": leaf.hash},
        "path": [[side, neighbour.hex()] for side, neighbour in path],
    }


def stamps_of(key: str) -> dict[str, bytes]:
    """The time stamps on day heads since chain `key` began, each beside the text it is a stamp of."""
    leaf = DayLeaf.objects.filter(chain_key=key).order_by("head__day").select_related("head").first()
    files: dict[str, bytes] = {}
    if leaf is not None:
        for stamp in DayStamp.objects.filter(head__day__gte=leaf.head.day).select_related("head"):
            files[f"proof/stamps/{stamp.head.day}.tsr"] = bytes(stamp.answer)
            files[f"proof/stamps/{stamp.head.day}.txt"] = signed_bytes(stamp.head)
    return files
