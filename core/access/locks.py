"""How often somebody may try the door, and how long it stays locked: the numbers of the safety settings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.access.catalogue import Code
from core.access.queries import value_of


def failure_limit(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    return value_of(Code.FAILED_SIGN_INS)


def lock_time(request: HttpRequest | None = None) -> timedelta:
    return timedelta(minutes=value_of(Code.LOCK_MINUTES))


def locked_page(request: HttpRequest, original: HttpResponse, credentials: Any) -> HttpResponse:
    """What somebody at a locked door is told: how long, and nothing of whose door it is."""
    return render(request, "account/locked.html", {"lock_minutes": value_of(Code.LOCK_MINUTES)}, status=429)
