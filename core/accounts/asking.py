"""Who asks."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from core.accounts.models import User


def who(request: HttpRequest) -> User:
    """The person who signed in; LoginRequiredMiddleware let nobody else through."""
    return cast(User, request.user)
