"""How events are told: each app names its own actions, and says what its subjects are and where to see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.audit.models import Event

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says of an event's subject, and the address of its page (empty for none)."""

    text: str
    url: str = ""


type Teller = Callable[[list[int]], dict[int, Told]]  # row ids → told, in a fixed number of queries

_actions: dict[str, Words] = {}
_kinds: dict[str, Words] = {}
_house_kinds: dict[str, Words] = {}
_tellers: dict[str, Teller] = {}
_tabs: dict[str, tuple[Words, tuple[str, ...]]] = {}  # code of a tab → its name, the kinds it tells of


def register(
    *,
    actions: Mapping[str, Words],
    kinds: Mapping[str, Words] | None = None,
    house_kinds: Mapping[str, Words] | None = None,
    tellers: Mapping[str, Teller] | None = None,
    tabs: Mapping[str, tuple[Words, tuple[str, ...]]] | None = None,
) -> None:
    """Say how an app's events are told. Kinds are the first halves of its action names: `kinds` are found in
    the history of a case, `house_kinds` only in that of the house. `tabs` says under which tab of a case its
    kinds are at home.
    """
    _tabs.update(tabs or {})
    _kinds.update(kinds or {})
    _house_kinds.update(house_kinds or {})
    _actions.update(actions)
    _tellers.update(tellers or {})


def action_word(action: str) -> str:
    """The words for an action; the action itself where no app has named it."""
    return str(_actions.get(action, action))


def kinds() -> dict[str, Words]:
    """The kinds of events the history of a case can be narrowed to."""
    return dict(_kinds)


def kind_word(action: str) -> str:
    """The words for the kind of an action; empty where no app has named it."""
    kind = action.partition(".")[0]
    return str(_kinds.get(kind) or _house_kinds.get(kind, ""))


def tabs() -> dict[str, Words]:
    """The tabs of a case its history can be narrowed to, in the order they were named."""
    return {code: word for code, (word, _kinds_of_tab) in _tabs.items()}


def actions_of_tab(tab: str) -> list[str]:
    """The actions of every kind at home under one tab."""
    return [action for kind in _tabs[tab][1] for action in actions_of(kind)]


def actions_of(kind: str) -> list[str]:
    """The actions of one kind that an app has named."""
    return [action for action in _actions if action.partition(".")[0] == kind]


def actions() -> frozenset[str]:
    """Every action an app has named."""
    return frozenset(_actions)


def tell_subjects(subjects: list[str]) -> dict[str, Told]:
    """What each of these subjects (`app.model:id`) is, as far as an app tells of its kind."""
    ids: dict[str, list[int]] = {}
    for label, pk in (subject.rsplit(":", 1) for subject in set(subjects) if ":" in subject):
        if label in _tellers and pk.isdigit():
            ids.setdefault(label, []).append(int(pk))
    return {f"{label}:{pk}": told for label, pks in ids.items() for pk, told in _tellers[label](pks).items()}


def _events(ids: list[int]) -> dict[int, Told]:
    return {event.pk: Told(f"#{event.sequence}") for event in Event.objects.filter(pk__in=ids)}


def register_own() -> None:
    """How history tells of what was done to itself."""
    register(
        kinds={"history": _("이력")},
        actions={
            "history.words-erased": _("사유 지움"),
            "history.rows-vouched": _("이력에 없던 기록을 이력에 올림"),
            "history.hashed-anew": _("이력의 해시를 다시 계산함"),
            "history.day-closed": _("하루의 이력에 서명함"),
            "history.day-stamped": _("하루의 이력에 시점확인을 받음"),
        },
        tellers={"audit.event": _events},
    )
