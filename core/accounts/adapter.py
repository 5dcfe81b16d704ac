"""How people reach the sign-in door: accounts are made by an administrator, never by the visitor."""

import logging
import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

logger = logging.getLogger(__name__)


class ClosedDoorAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: a case file is not a public service."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a sign-in mail. A server that refuses it is not the visitor's to know: the answer would betray
        whether the address has an account. The log says that it failed, not for whom.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as trouble:  # what smtplib raises is one
            logger.warning("a sign-in mail was not taken: %s", type(trouble).__name__)


def attempted_email(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """The address a sign-in was tried with, for the lock-out. Empty when none was typed.

    Letters a database takes for the same (ſ and s, ı and i in PostgreSQL) are the same here too.
    """
    typed = (credentials or {}).get("email") or (credentials or {}).get("username")
    if not typed and request is not None:
        typed = request.POST.get("login", "")
    return unicodedata.normalize("NFKC", str(typed or "")).strip().upper().lower()


def client_address(request: HttpRequest) -> str | None:
    """Where a sign-in comes from: what our own proxy says, never what the visitor wrote before it. None if unsaid."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return None
