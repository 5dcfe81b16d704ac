"""Rows that history knows by a digest. Who keeps them tells what digest they have now; history compares.

Two kinds. A row that is never changed has its digest in the data of the event that made it, under a
key of its own. A row that services change has the digest of its state in every event that says so,
under `STATES`; the last of them must be what the row is now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import batched

from django.db.models import Model

from core.audit.chain import digest_of_row
from core.audit.models import Event

type Witness = Callable[[list[int]], dict[int, str]]  # row ids → the digest each has now, in few queries

BATCH = 200
STATES = "states"  # in an event's data: `app.model:id` → the digest of that row's state
_kept: dict[str, list[tuple[str, Witness]]] = {}
_states: dict[str, Witness] = {}


def register(label: str, *, key: str, witness: Witness) -> None:
    """Events about `label` (`app.model`) hold the row's digest under `key` of their data."""
    _kept.setdefault(label, []).append((key, witness))


def register_state(label: str, witness: Witness) -> None:
    """Whoever records a change of a `label` row vouches for the state it has then. No row may change untold."""
    _states[label] = witness


def columns_of(model: type[Model], names: tuple[str, ...]) -> Witness:
    """A witness of these columns of `model`."""

    def witness(ids: list[int]) -> dict[int, str]:
        rows = model._default_manager.filter(pk__in=ids)
        return {row.pk: digest_of_row(row, names) for row in rows}

    return witness


def states_of(rows: Iterable[Model]) -> dict[str, str]:
    """The digest of each row's state as the database has it, by `app.model:id`; others are left out."""
    ids: dict[str, set[int]] = {}
    for row in rows:
        if row._meta.label_lower in _states:
            ids.setdefault(row._meta.label_lower, set()).add(row.pk)
    return {
        f"{label}:{pk}": state
        for label, pks in ids.items()
        for pk, state in _states[label](sorted(pks)).items()
    }


def changed_rows(chain: str) -> Iterator[int]:
    """The number of each event whose row is gone or no longer what it was."""
    last: dict[str, tuple[int, str]] = {}  # row → the last event that vouches for its state
    for some in batched(Event.objects.of_chain(chain).iterator(chunk_size=BATCH), BATCH, strict=False):
        yield from _changed(some)
        for event in some:
            last |= {row: (event.sequence, state) for row, state in event.data.get(STATES, {}).items()}
    yield from _changed_states(last)


def _changed(events: Iterable[Event]) -> list[int]:
    about: dict[str, dict[int, list[Event]]] = {}
    for event in events:
        label, _colon, pk = event.subject.rpartition(":")
        if label in _kept and pk.isdigit():
            about.setdefault(label, {}).setdefault(int(pk), []).append(event)
    return sorted({number for label, rows in about.items() for number in _unlike(label, rows)})


def _unlike(label: str, rows: dict[int, list[Event]]) -> Iterator[int]:
    for key, witness in _kept[label]:
        vouched = {pk: held for pk, events in rows.items() if (held := [e for e in events if key in e.data])}
        now = witness(list(vouched)) if vouched else {}
        for pk, events in vouched.items():
            yield from (event.sequence for event in events if event.data[key] != now.get(pk))


def _changed_states(last: dict[str, tuple[int, str]]) -> Iterator[int]:
    for some in batched(last, BATCH, strict=False):
        ids: dict[str, list[int]] = {}
        for label, _colon, pk in (row.rpartition(":") for row in some):
            ids.setdefault(label, []).append(int(pk))
        now = {f"{label}:{pk}": state for label, pks in ids.items() for pk, state in _now(label, pks).items()}
        yield from sorted(last[row][0] for row in some if last[row][1] != now.get(row))


def _now(label: str, pks: list[int]) -> dict[int, str]:
    return _states[label](pks) if label in _states else {}
