"""Whose account an administrator may change: what is done to an account is done wherever its owner has a role."""

from __future__ import annotations

from core.accounts.models import Membership, Organization, Role, User


def looks_after(admin: User, person: User) -> bool:
    """Whether `admin` administers every organisation that `person` has a role in, of a closed account too."""
    administered = Membership.objects.of(admin, Role.ADMIN).values("organization")
    places = Organization.objects.filter(memberships__user=person)
    return not places.exclude(pk__in=administered).exists()
