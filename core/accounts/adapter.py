"""How people reach the sign-in door: accounts are made by an administrator, never by the visitor."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoorAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: a case file is not a public service."""
        return False


def attempted_email(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """The address a sign-in was tried with, for the lock-out. Empty when none was typed."""
    typed = (credentials or {}).get("email") or (credentials or {}).get("username")
    if not typed and request is not None:
        typed = request.POST.get("login", "")
    return str(typed or "").strip().lower()
