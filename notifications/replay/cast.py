"""The organisation and the people of a recorded case, made through the same services as any other."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from core.accounts.models import Organization, Role, User
from core.accounts.services import add_organization, add_person, give_role, set_profile
from notifications.replay.script import ScriptError

DEMO_PASSWORD = "breachdesk-demo"  # noqa: S105 (printed on purpose: the accounts of a demonstration)
DETAILS = ("department", "position", "phone")
NOT_COLUMNS = ("profiles", "people")


@transaction.atomic
def seat_cast(cast: dict[str, Any], *, now: datetime) -> Organization:
    """The organisation of `cast`, made once with its profiles and people; again changes nothing."""
    columns = {name: value for name, value in cast.items() if name not in NOT_COLUMNS}
    unknown = set(columns) - {field.name for field in Organization._meta.fields}
    if unknown:
        raise ScriptError(f"organization: {sorted(unknown)[0]}")
    organization = Organization.objects.filter(name=columns["name"]).first()
    if organization is None:
        organization = add_organization(actor=None, now=now, **columns)
        for profile in cast["profiles"]:
            _set_profile(organization, dict(profile), now=now)
    for order, person in enumerate(cast["people"]):
        _seat(organization, person, order=order, now=now)
    return organization


def _set_profile(organization: Organization, profile: dict[str, Any], *, now: datetime) -> None:
    effective_on = date.fromisoformat(str(profile.pop("effective_on")))
    set_profile(organization=organization, effective_on=effective_on, sectors=profile, actor=None, now=now)


def _seat(organization: Organization, person: dict[str, Any], *, order: int, now: datetime) -> None:
    user = User.objects.filter(email=person["email"]).first()
    if user is None:
        details = {name: person[name] for name in DETAILS if name in person}
        user = add_person(
            email=person["email"], name=person["name"], password=DEMO_PASSWORD, actor=None, now=now, **details
        )
    role = Role(person["role"])
    give_role(
        user=user,
        organization=organization,
        role=role,
        actor=None,
        now=now,
        order=order,
        may_take_out=True,
    )
