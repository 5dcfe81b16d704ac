"""How people reach the sign-in door: accounts are made by an administrator, never by the visitor."""

import logging
import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core.accounts.models import User

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


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def generate_authenticator_name(self, user: User, type: str) -> str:
        """What a new passkey is called until its owner says otherwise."""
        held = Authenticator.objects.filter(user=user, type=type).count()
        return _("패스키 %(n)d") % {"n": held + 1}


def attempted_email(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """The address a sign-in was tried with, for the lock-out. Empty when none was typed.

    Letters a database takes for the same (ſ and s, ı and i in PostgreSQL) are the same here too.
    """
    typed = (credentials or {}).get("email") or (credentials or {}).get("username")
    if not typed and request is not None:
        typed = request.POST.get("login", "")
    return unicodedata.normalize("NFKC", str(typed or "")).strip().upper().lower()


def attempted_key(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """The same as a keyed hash, for what is kept of tries: whoever reads the table learns no address."""
    return salted_hmac(
        "core.accounts.typed", attempted_email(request, credentials), algorithm="sha256"
    ).hexdigest()


def client_address(request: HttpRequest) -> str | None:
    """Where a sign-in comes from: what our own proxy says, never what the visitor wrote before it. None if unsaid."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return None
