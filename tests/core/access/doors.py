"""Coming to the sign-in of this house, and going on from there."""

from datetime import UTC, datetime

from django.test import Client
from django.urls import reverse

from core.access.catalogue import Code
from core.access.services import set_safety_setting
from core.accounts.models import Role, User
from tests.core.accounts.factories import PASSWORD, MembershipFactory

NIGHT = datetime(2026, 11, 20, 18, 14, tzinfo=UTC)


def knock(client: Client, email: str, password: str = PASSWORD, **headers: str):  # type: ignore[no-untyped-def]
    typed = {"login": email, "password": password}
    return client.post(reverse("account_login"), typed, headers=headers)


def is_in(client: Client) -> bool:
    """Whether the next page opens."""
    return client.get(reverse("settings")).status_code == 200


def administrator() -> User:
    return MembershipFactory(role=Role.ADMIN).user


def set_to(code: Code, value: int, *, now: datetime = NIGHT) -> None:
    set_safety_setting(code=code, value=value, reason="시험", actor=administrator(), now=now)
