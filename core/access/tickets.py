"""What a person said on one page, carried to the next without being kept here: signed, theirs alone, for some minutes.

A password is shown on a page and used when the file is asked for; between the two it is in the browser only.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.core import signing
from django.http import HttpRequest

LIFE = timedelta(minutes=10)
SALT = "core.access.tickets"


def ticket_for(request: HttpRequest, said: dict[str, Any]) -> str:
    """`said`, for the same person at the same address."""
    return signing.dumps({**said, "_user": request.user.pk, "_path": request.path}, salt=SALT)


def said_on(request: HttpRequest, ticket: str) -> dict[str, Any] | None:
    """What a ticket says; None for one of somebody else, of another page, changed or too old."""
    try:
        said = cast(dict[str, Any], signing.loads(ticket, salt=SALT, max_age=LIFE))
    except signing.BadSignature:
        return None
    if (said.pop("_user", None), said.pop("_path", None)) != (request.user.pk, request.path):
        return None
    return said
