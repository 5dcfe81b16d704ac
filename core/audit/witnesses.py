"""Rows that history knows only by a digest. Who keeps them tells what digest they have now; history compares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import batched

from django.db.models import Q

from core.audit.models import Event

type Witness = Callable[[list[int]], dict[int, str]]  # row ids → the digest each has now, in few queries

BATCH = 200
_witnesses: dict[str, tuple[str, Witness]] = {}


def register(label: str, *, key: str, witness: Witness) -> None:
    """Events about `label` (`app.model`) hold the row's digest under `key` of their data."""
    _witnesses[label] = (key, witness)


def changed_rows(chain: str) -> Iterator[int]:
    """The number of each event whose row is gone or no longer what it was."""
    told = Q(pk__in=[])
    for label in _witnesses:
        told |= Q(subject__startswith=f"{label}:")
    events = Event.objects.of_chain(chain).filter(told).iterator(chunk_size=BATCH)
    for some in batched(events, BATCH, strict=False):
        yield from _changed(list(some))


def _changed(events: list[Event]) -> list[int]:
    expected: dict[str, dict[int, list[Event]]] = {}
    for event in events:
        label, _colon, pk = event.subject.rpartition(":")
        if _witnesses[label][0] in event.data:
            expected.setdefault(label, {}).setdefault(int(pk), []).append(event)
    found: list[int] = []
    for label, rows in expected.items():
        key, witness = _witnesses[label]
        now = witness(list(rows))
        found += [
            event.sequence for pk, about in rows.items() for event in about if event.data[key] != now.get(pk)
        ]
    return sorted(found)
