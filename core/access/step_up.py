"""Showing once more that one is who one is, before what matters: rights, keys, exports, unmasking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve
from django.utils import timezone

from core.access.catalogue import Code
from core.access.queries import value_of
from core.access.sessions import SIGNED_IN_AT

type View = Callable[..., HttpResponseBase]


def step_up_required(view: View) -> View:
    """Ask for the password, a code or a passkey again, if the last time is longer ago than the settings allow.

    A form sent meanwhile is kept and goes on after the answer. Programs show a token and are not asked.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_step_up(request, now=timezone.now())
        return view(request, *args, **kwargs)

    return asked


def require_step_up(request: HttpRequest, *, now: datetime) -> None:
    """ReauthenticationRequired, which leads to the question, unless the person has just shown themselves.

    A form that goes on after the question is answered by the door it was sent to: the access log and the mask
    go by that one, and not by the door of the question.
    """
    request.resolver_match = resolve(request.path_info)
    last = last_shown_at(request)
    if last is None or now - last >= timedelta(minutes=value_of(Code.STEP_UP_MINUTES)):
        raise ReauthenticationRequired


def last_shown_at(request: HttpRequest) -> datetime | None:
    """When the person of this session last gave a password, a code or a passkey."""
    stamps = [
        datetime.fromtimestamp(one["at"], tz=UTC) for one in get_authentication_records(request, request.user)
    ]
    if SIGNED_IN_AT in request.session:
        stamps.append(datetime.fromisoformat(request.session[SIGNED_IN_AT]))
    return max(stamps, default=None)
