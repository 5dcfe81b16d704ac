"""Sessions as the database keeps them: found by a hash of the cookie, their content sealed.

Whoever reads the table can neither take over a session nor see what is in one.
"""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

from core.access.keyring import SecretBroken, seal, unseal

PURPOSE = "session"
LENGTH = 40  # of Django's column
logger = logging.getLogger(__name__)


def kept_name(session_key: str) -> str:
    """What stands in the table for the key in the cookie. One round is enough: the key is random, no word."""
    return hashlib.sha256(b"breachdesk session " + session_key.encode()).hexdigest()[:LENGTH]


class SessionStore(db.SessionStore):
    """Django's sessions in the database, without anything in them that a thief of the table could use."""

    # what Django writes out for asynchronous callers would go past the methods below
    aexists, acreate, asave = SessionBase.aexists, SessionBase.acreate, SessionBase.asave
    adelete, aload = SessionBase.adelete, SessionBase.aload

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        rows = self.model.objects.filter(
            session_key=kept_name(self.session_key or ""), expire_date__gt=timezone.now()
        )
        row = rows.first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str | None) -> bool:
        return self.model.objects.filter(session_key=kept_name(session_key or "")).exists()

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = kept_name(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=kept_name(key)).delete()

    def encode(self, session_dict: dict[str, Any]) -> str:
        return seal(self.serializer().dumps(session_dict).decode("latin-1"), purpose=PURPOSE)

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """What was kept; nothing, with a line in the log, where the key of it is gone. Then one signs in anew."""
        try:
            text = unseal(str(session_data), purpose=PURPOSE)
        except SecretBroken as fault:
            logger.warning("a session does not open: %s", fault)
            return {}
        held: dict[str, Any] = self.serializer().loads(text.encode("latin-1"))
        return held
