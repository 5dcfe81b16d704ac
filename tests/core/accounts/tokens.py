"""Tokens as the service makes them, and a program that shows one."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from core.accounts.models import ApiToken, Scope, User
from core.accounts.token_services import create_api_token


def token_for(
    owner: User, *scopes: Scope, now: datetime | None = None, days: int = 90
) -> tuple[ApiToken, str]:
    """A token of `owner`, for everything about cases and law unless scopes are named, and its secret."""
    now = now or timezone.now()
    return create_api_token(
        owner=owner,
        name="관제 시스템",
        scopes=scopes or [scope for scope in Scope if scope is not Scope.PEOPLE],
        expires_at=now + timedelta(days=days),
        actor=owner,
        now=now,
    )


class Program:
    """Speaks JSON with a token and no cookies."""

    def __init__(self, secret: str | None = None, **headers: str) -> None:
        shown = {"Authorization": f"Bearer {secret}"} if secret is not None else {}
        self.client = Client(enforce_csrf_checks=True, headers={**shown, **headers})

    def get(self, address: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{address}", query)

    def post(self, address: str, document: Any) -> Any:
        return self.client.post(f"/api/v1{address}", document, content_type="application/json")


def program_of(owner: User, *scopes: Scope) -> Program:
    return Program(token_for(owner, *scopes)[1])
