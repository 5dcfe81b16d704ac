"""How often somebody may try the door, and how long it stays locked: the numbers of the safety settings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core.access.catalogue import Code
from core.access.queries import value_of
from core.accounts.adapter import attempted_key, client_address

SOURCE_LOCKED = "access_source_locked"  # on a request: the try that locked its source


def failure_limit(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    return value_of(Code.FAILED_SIGN_INS)


def lock_time(request: HttpRequest | None = None) -> timedelta:
    return timedelta(minutes=value_of(Code.LOCK_MINUTES))


def locked_page(request: HttpRequest, original: HttpResponse, credentials: Any) -> HttpResponse:
    """What somebody at a locked door is told: how long, and nothing of whose door it is."""
    return render(request, "account/locked.html", {"lock_minutes": value_of(Code.LOCK_MINUTES)}, status=429)


def failures_of_source(request: HttpRequest) -> int:
    """How many tries from where the request comes have failed within the time of a lock, whosever account it was.

    A try at a locked door is not counted, so knocking on makes no lock longer.
    """
    address = client_address(request)
    if address is None:
        return 0
    near = AccessAttempt.objects.filter(ip_address=address, attempt_time__gte=timezone.now() - lock_time())
    return int(near.aggregate(failures=Sum("failures_since_start"))["failures"] or 0)


class DoorHandler(AxesDatabaseHandler):  # type: ignore[misc]
    """Locks an account at one source, as django-axes does, and a source that fails with many accounts.

    The number of a source is higher: an office behind one address is many people.
    """

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return bool(super().is_locked(request, credentials)) or is_source_locked(request)

    def user_login_failed(
        self, sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **rest: Any
    ) -> None:
        super().user_login_failed(sender, credentials, request, **rest)
        is_counted = getattr(request, "axes_failures_since_start", None) is not None
        if request is None or not is_counted or not is_source_locked(request):
            return
        setattr(request, SOURCE_LOCKED, True)
        request.axes_locked_out = True  # type: ignore[attr-defined]
        request.axes_credentials = credentials  # type: ignore[attr-defined]
        user_locked_out.send(
            "axes",
            request=request,
            username=attempted_key(request, credentials),
            ip_address=client_address(request),
        )


def is_source_locked(request: HttpRequest) -> bool:
    return failures_of_source(request) >= value_of(Code.SOURCE_FAILURES)
