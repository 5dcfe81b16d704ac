"""How events are told: each app names its own actions, and says what its subjects are and where to see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says of an event's subject, and the address of its page (empty for none)."""

    text: str
    url: str = ""


type Teller = Callable[[list[int]], dict[int, Told]]  # row ids → told, in a fixed number of queries

_actions: dict[str, Words] = {}
_kinds: dict[str, Words] = {}
_tellers: dict[str, Teller] = {}


def register(
    *, kinds: Mapping[str, Words], actions: Mapping[str, Words], tellers: Mapping[str, Teller] | None = None
) -> None:
    """Say how an app's events are told. `kinds` are the first halves of its action names."""
    _kinds.update(kinds)
    _actions.update(actions)
    _tellers.update(tellers or {})


def action_word(action: str) -> str:
    """The words for an action; the action itself where no app has named it."""
    return str(_actions.get(action, action))


def kinds() -> dict[str, Words]:
    """The kinds of events a history can be narrowed to."""
    return dict(_kinds)


def tell_subjects(subjects: list[str]) -> dict[str, Told]:
    """What each of these subjects (`app.model:id`) is, as far as an app tells of its kind."""
    ids: dict[str, list[int]] = {}
    for label, pk in (subject.rsplit(":", 1) for subject in set(subjects) if ":" in subject):
        if label in _tellers and pk.isdigit():
            ids.setdefault(label, []).append(int(pk))
    return {f"{label}:{pk}": told for label, pks in ids.items() for pk, told in _tellers[label](pks).items()}
