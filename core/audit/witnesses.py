"""Rows that history knows by a digest. Who keeps them tells what digest they have now; history compares.

Two kinds. A row that is never changed has its digest in the data of the event that made it, under a
key of its own. A row that services change has the digest of its state in every event that says so,
under `STATES`; the last of them must be what the row is now. A row of that kind which no event knows
came in by another road than a service, and is found too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import batched, starmap
from typing import Any, NamedTuple

from django.db.models import Model

from core.audit.chain import digest_of_row
from core.audit.destroying import destroyed_from
from core.audit.models import Event

type Names = tuple[str, ...]
type Witness = Callable[[list[int]], dict[int, str]]  # row ids → the digest each has now, in few queries

BATCH = 200
STATES = "states"  # in an event's data: `app.model:id` → the digest of that row's state
GONE = ""  # in the place of a digest: the row was taken away by a service
_kept: dict[str, list[tuple[str, Witness]]] = {}
_states: dict[str, Columns] = {}
_told_at_birth: set[str] = set()


def register(label: str, *, key: str, witness: Witness) -> None:
    """Events about `label` (`app.model`) hold the row's digest under `key` of their data."""
    _kept.setdefault(label, []).append((key, witness))


def register_state(label: str, witness: Columns, *, told_at_birth: bool = True) -> None:
    """Whoever records a change of a `label` row vouches for the state it has then. No row may change untold.

    `told_at_birth` is False where rows come to be without an event (defaults) and only their changes are told.
    """
    _states[label] = witness
    if told_at_birth:
        _told_at_birth.add(label)


@dataclass(frozen=True, slots=True)
class Columns:
    """A witness of some columns of `model`: always the same, or as `names` says for a row."""

    model: type[Model]
    names: Names | Callable[[Any], Names]

    def __call__(self, ids: list[int]) -> dict[int, str]:
        rows = self.model._default_manager.filter(pk__in=ids)
        return {row.pk: digest_of_row(row, self.of(row)) for row in rows}

    def of(self, row: Model) -> Names:
        return self.names(row) if callable(self.names) else self.names


def columns_of(model: type[Model], names: Names | Callable[[Any], Names]) -> Columns:
    """A witness of these columns of `model`."""
    return Columns(model, names)


def vouched_columns(row: Model) -> Names:
    """The columns whose digest history has as the state of `row`; none where it bears no such witness."""
    witness = _states.get(row._meta.label_lower)
    return witness.of(row) if witness else ()


def states_of(rows: Iterable[Model]) -> dict[str, str]:
    """The digest of each row's state as the database has it, by `app.model:id`; others are left out."""
    return states_of_names(f"{row._meta.label_lower}:{row.pk}" for row in rows)


def states_of_names(names: Iterable[str]) -> dict[str, str]:
    """The same for rows named `app.model:id`."""
    ids: dict[str, set[int]] = {}
    for label, _colon, pk in (name.rpartition(":") for name in names):
        if label in _states:
            ids.setdefault(label, set()).add(int(pk))
    return {
        f"{label}:{pk}": state
        for label, pks in ids.items()
        for some in batched(sorted(pks), BATCH, strict=False)
        for pk, state in _states[label](list(some)).items()
    }


class Telling(NamedTuple):
    """As much of an event as is needed to compare it with its rows."""

    sequence: int
    subject: str
    data: dict[str, Any]


def changed_rows(chain: str) -> Iterator[int]:
    """The number of each event whose row is gone or no longer what it was.

    Words that were lawfully destroyed are not asked for; the states of rows are, before and after.
    """
    destroyed = destroyed_from(chain)
    last: dict[str, tuple[int, str]] = {}  # row → the last event that vouches for its state
    told = Event.objects.of_chain(chain).values_list(*Telling._fields).iterator(chunk_size=2000)
    for some in batched(starmap(Telling, told), BATCH, strict=False):
        yield from _changed(event for event in some if event.sequence > destroyed)
        for event in some:
            last |= {row: (event.sequence, state) for row, state in event.data.get(STATES, {}).items()}
    yield from _changed_states(last)


def _changed(events: Iterable[Telling]) -> list[int]:
    about: dict[str, dict[int, list[Telling]]] = {}
    for event in events:
        label, _colon, pk = event.subject.rpartition(":")
        if label in _kept and pk.isdigit():
            about.setdefault(label, {}).setdefault(int(pk), []).append(event)
    return sorted({number for label, rows in about.items() for number in _unlike(label, rows)})


def _unlike(label: str, rows: dict[int, list[Telling]]) -> Iterator[int]:
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
        yield from sorted(last[row][0] for row in some if last[row][1] != now.get(row, GONE))


def _now(label: str, pks: list[int]) -> dict[int, str]:
    return _states[label](pks) if label in _states else {}


def is_vouched_for(label: str) -> bool:
    """Whether history bears witness of the state of `label` rows."""
    return label in _states


def untold_rows() -> list[str]:
    """Each row, `app.model:id`, that no event of any chain vouches for although its kind is told from birth.

    The rows are read before the events: a service commits both at once, so none is found between the two.
    """
    rows = {
        f"{label}:{pk}"
        for label in sorted(_told_at_birth)
        for pk in _states[label].model._default_manager.order_by().values_list("pk", flat=True)
    }
    told = Event.objects.order_by().filter(data__has_key=STATES).values_list(f"data__{STATES}", flat=True)
    for states in told.iterator(chunk_size=2000):
        rows.difference_update(states)
    return sorted(rows)
