"""What an audit bundle tells of a case beside its history. Each app lays out its own rows; no app asks another.

A row is laid out with every column as history would hash it, so that whoever has the bundle can compare
it with the digest in the chain. With the curtain drawn, what people wrote and who they are stays hidden,
and what history vouches for stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import ForeignKey, Model
from django.utils.functional import Promise

from core.audit.chain import plain
from core.audit.models import Event
from core.audit.services import subject_of
from core.audit.witnesses import STATES, vouched_columns

HIDDEN = "[가림]"


@dataclass(slots=True)
class Curtain:
    """Whether words and names are hidden, and which people the rows speak of."""

    is_drawn: bool
    people: set[int] = field(default_factory=set)

    def words(self, text: Any) -> Any:
        """What a person wrote, or that it is hidden. Nothing stays nothing."""
        return HIDDEN if self.is_drawn and text else text


type Row = dict[str, Any]
type Collect = Callable[[str, Curtain], Iterable[Row]]  # case reference → rows


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One file of the bundle: `data/<name>.json`."""

    name: str
    title: str | Promise
    collect: Collect


_exhibits: dict[str, Exhibit] = {}


def register(name: str, title: str | Promise, collect: Collect) -> None:
    """Lay out rows under `name` in every bundle."""
    _exhibits[name] = Exhibit(name, title, collect)


def exhibits() -> list[Exhibit]:
    """All of them, in the order the apps stand in."""
    return list(_exhibits.values())


def laid_out(
    row: Model,
    curtain: Curtain,
    *,
    words: Iterable[str] = (),
    leave_out: Iterable[str] = (),
    kept: Mapping[str, Any] | None = None,
    instead: Mapping[str, Any] | None = None,
) -> Row:
    """`row` with all its columns. `words` are those that hold what people wrote; `instead` replaces a value.

    `kept` is what history has the digest of, under the same key in the data of an event about the row. It
    is laid out only with the curtain open. ValueError where a column is both hidden and vouched for.
    """
    vouched, hidden = vouched_columns(row), set(words)
    if hidden & set(vouched):
        raise ValueError(f"{row._meta.label}: vouched for and hidden: {sorted(hidden & set(vouched))}")
    left_out = set(leave_out)
    columns = {
        column.attname: plain(getattr(row, column.attname))
        for column in row._meta.concrete_fields
        if column.attname not in left_out
    }
    columns |= instead or {}
    columns |= {name: curtain.words(columns[name]) for name in hidden}
    curtain.people |= _people(row)
    told: Row = {"row": subject_of(row), "vouched": list(vouched), "columns": columns}
    return {**told, "kept": dict(kept)} if kept and not curtain.is_drawn else told


def further_rows(chain: str, *, laid: set[str]) -> list[Row]:
    """Rows that the history of `chain` vouches for and no app has laid out: what is vouched for, and no more."""
    named: set[str] = set()
    for event in Event.objects.of_chain(chain).iterator(chunk_size=2000):
        named |= event.data.get(STATES, {}).keys()
    ids: dict[str, list[int]] = {}
    for label, _colon, pk in (name.rpartition(":") for name in sorted(named - laid)):
        ids.setdefault(label, []).append(int(pk))
    models = {label: apps.get_model(label) for label in ids}
    found = [row for label, pks in ids.items() for row in models[label]._default_manager.filter(pk__in=pks)]
    return [
        {
            "row": subject_of(row),
            "vouched": list(vouched_columns(row)),
            "columns": {name: plain(getattr(row, name)) for name in vouched_columns(row)},
        }
        for row in found
    ]


def _people(row: Model) -> set[int]:
    user = get_user_model()
    named = [one for one in row._meta.concrete_fields if isinstance(one, ForeignKey)]
    ids = {getattr(row, one.attname) for one in named if one.related_model is user}
    return {pk for pk in ids if pk is not None}
