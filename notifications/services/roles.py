"""Telling those who watch over an organisation of changed roles, and people of accounts they do not use."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from core.accounts.models import Membership, Organization, Role, User
from notifications.services.mail import queue_email

if TYPE_CHECKING:
    from collections.abc import Iterable

WATCHING = (Role.CPO, Role.AUDITOR)


def announce_role_change(
    *, organization: Organization, user: User, role: Role, is_given: bool, actor: User | None, now: datetime
) -> None:
    """Owe an email to every CPO and auditor but the one who did it; to the administrators if there is none.

    `actor` None means the timers. Call it inside the transaction of the change.
    """
    facts = {
        "role": str(role),
        "is_given": is_given,
        "by_themselves": actor is not None and user.pk == actor.pk,
        "changed_at": now.isoformat(),
    }
    for person in _watchers(organization, actor):
        queue_email(
            template="role_changed", to_user=person, organization_id=organization.pk, now=now, facts=facts
        )


def tell_unused_account(*, user: User, closes_on: date, now: datetime) -> None:
    """Owe the owner of an account nobody uses an email. Call it inside the transaction of the warning."""
    held = Membership.objects.of(user).order_by("pk").first()
    if held is not None:
        queue_email(
            template="account_unused",
            to_user=user,
            organization_id=held.organization_id,
            now=now,
            facts={"closes_on": closes_on.isoformat()},
        )


def _watchers(organization: Organization, actor: User | None) -> Iterable[User]:
    held = Membership.objects.held().filter(organization=organization)
    if actor is not None:
        held = held.exclude(user=actor)
    watching = held.filter(role__in=WATCHING)
    told = watching if watching.exists() else held.filter(role=Role.ADMIN)
    return User.objects.filter(pk__in=told.values("user")).order_by("pk")
