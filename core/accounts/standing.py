"""What a person holds here now; while one page is read, asked of the database once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse

from core.accounts.models import Membership, Role, User

READING = ("GET", "HEAD")
_seen: ContextVar[dict[Hashable, Any] | None] = ContextVar("seen", default=None)


class Held(NamedTuple):
    """One role that counts now."""

    organization: int
    role: str
    may_take_out: bool


@contextmanager
def one_look() -> Iterator[None]:
    """Inside, what is asked `once` keeps its answer. For reading alone: nothing here may change what is asked."""
    before = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(before)


def once[T](key: Hashable, ask: Callable[[], T]) -> T:
    """The answer of `ask`; within one look the one already given for `key`."""
    seen = _seen.get()
    if seen is None:
        return ask()
    if key not in seen:
        seen[key] = ask()
    answer: T = seen[key]
    return answer


def roles_held(user: User) -> tuple[Held, ...]:
    """Every role of `user` that counts now, by organisation and role."""
    return once(("roles", user.pk), lambda: _ask(user))


def _ask(user: User) -> tuple[Held, ...]:
    rows = Membership.objects.of(user).order_by("organization", "role")
    return tuple(Held(*row) for row in rows.values_list(*Held._fields))


def holds(user: User, *roles: Role, organization: int | None = None) -> bool:
    """Whether `user` has one of these roles (any, if none is named), in `organization` if one is named."""
    return any(organization in (None, place) for place in places_held(user, *roles))


def places_held(user: User, *roles: Role) -> frozenset[int]:
    """The ids of the organisations where `user` has one of these roles; any role, if none is named."""
    return frozenset(held.organization for held in roles_held(user) if not roles or held.role in roles)


class OneLook:
    """Reads a page with one look at what the person holds; whatever changes something asks anew each time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READING:
            return self.get_response(request)
        with one_look():
            return self.get_response(request)
