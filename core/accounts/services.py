"""Changes to people, roles and organisations: each in one transaction with its history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from core.accounts.models import Membership, Organization, OrganizationProfile, Role, Theme, User
from core.accounts.periods import ROLE_OVER, check_period
from core.accounts.personnel import check_personnel
from core.accounts.requesters import NOBODY_NAMED, Requester
from core.accounts.signals import profile_changed, role_changed
from core.audit.services import record


@transaction.atomic
def choose_theme(*, user_id: int, theme: Theme, now: datetime) -> None:
    """Keep the brightness a person likes."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if user.theme != theme:
        user.theme = theme
        user.save(update_fields=["theme"])
        record("person.theme-chosen", subject=user, actor=user, at=now, data={"theme": str(theme)})


@transaction.atomic
def add_person(
    *, email: str, name: str, password: str, actor: User | None, now: datetime, **details: Any
) -> User:
    """A new account. ValidationError when the password is too weak; IntegrityError when the address is taken."""
    person = User(email=email.lower(), name=name, **details)
    validate_password(password, person)
    person.set_password(password)
    person.save()
    record("person.added", subject=person, actor=actor, at=now)
    return person


@transaction.atomic
def add_organization(*, name: str, actor: User | None, now: datetime, **columns: Any) -> Organization:
    """A new organisation, without people or profile. ValidationError when the name is empty or taken."""
    organization = Organization(name=name.strip(), **columns)
    organization.full_clean()
    organization.save()
    record("organization.added", subject=organization, actor=actor, at=now)
    return organization


@transaction.atomic
def give_role(
    *,
    user: User,
    organization: Organization,
    role: Role,
    actor: User | None,
    now: datetime,
    order: int = 0,
    ends_on: date | None = None,
    is_external: bool = False,
    may_take_out: bool = False,
    reason: str = "",
    requester: Requester = NOBODY_NAMED,
) -> Membership:
    """Give `user` a role, until the end of `ends_on` (Asia/Seoul) where it ends; giving it again changes nothing.

    Without `may_take_out` they read and work with what is here, and print and download nothing.

    ValidationError for an end that is past, that somebody from outside lacks, or that would leave no
    administrator who stays; and for somebody whom a public system has no personnel key of, without a reason.
    """
    same = Membership.objects.filter(user=user, organization=organization, role=role)
    for old in same.over(now=now):
        take_role(membership_id=old.pk, actor=None, now=now, reason=str(ROLE_OVER))
    if not same.exists():
        check_personnel(user, organization, reason=reason)
        check_period(organization, role, ends_on=ends_on, is_external=is_external, now=now)
    membership, is_new = Membership.objects.get_or_create(
        user=user,
        organization=organization,
        role=role,
        defaults={
            "order": order,
            "ends_on": ends_on,
            "is_external": is_external,
            "may_take_out": may_take_out,
        },
    )
    if is_new:
        data = {
            "user": user.pk,
            "organization": organization.pk,
            "role": str(role),
            "ends_on": ends_on.isoformat() if ends_on else None,
            "is_external": is_external,
            "may_take_out": may_take_out,
            **requester.as_data(),
        }
        reason = requester.beside(reason)
        record("role.given", subject=membership, actor=actor, at=now, reason=reason, data=data)
        _announce(membership, is_given=True, actor=actor, now=now)
    return membership


@transaction.atomic
def take_role(
    *,
    membership_id: int,
    actor: User | None,
    now: datetime,
    reason: str,
    requester: Requester = NOBODY_NAMED,
) -> None:
    """End a role; one that is ended already stays so. The row goes, its history stays. `actor` None means the timers."""
    rows = Membership.objects.select_for_update(of=("self",), no_key=True)
    membership = rows.select_related("user", "organization").filter(pk=membership_id).first()
    if membership is None:
        return
    data = {
        "user": membership.user_id,
        "organization": membership.organization_id,
        "role": membership.role,
        "ends_on": membership.ends_on.isoformat() if membership.ends_on else None,
        **requester.as_data(),
    }
    reason = requester.beside(reason)
    record("role.taken", subject=membership, actor=actor, at=now, reason=reason, data=data, gone=[membership])
    membership.delete()
    _announce(membership, is_given=False, actor=actor, now=now)


def _announce(membership: Membership, *, is_given: bool, actor: User | None, now: datetime) -> None:
    role_changed.send(
        sender=Membership,
        organization=membership.organization,
        user=membership.user,
        role=Role(membership.role),
        is_given=is_given,
        actor=actor,
        now=now,
    )


@transaction.atomic
def set_profile(
    *,
    organization: Organization,
    effective_on: date,
    sectors: dict[str, Any],
    actor: User | None,
    now: datetime,
) -> OrganizationProfile:
    """What the organisation is from `effective_on` on; the same day again corrects it, with old → new in history."""
    profile = OrganizationProfile.objects.filter(organization=organization, effective_on=effective_on).first()
    before = profile.as_facts() if profile else {}
    profile = profile or OrganizationProfile(organization=organization, effective_on=effective_on)
    for name, value in sectors.items():
        setattr(profile, name, value)
    profile.full_clean(exclude=["organization"])
    profile.save()
    data = {"effective_on": effective_on.isoformat(), "before": before, "after": profile.as_facts()}
    record("organization.profile-set", subject=profile, actor=actor, at=now, data=data)
    profile_changed.send(sender=Organization, organization=organization, actor=actor, now=now)
    return profile


@transaction.atomic
def update_organization(
    *, organization_id: int, changes: dict[str, Any], actor: User, now: datetime
) -> Organization:
    """Change what letters say about the organisation. History keeps which fields changed, not contact details."""
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    changed = sorted(name for name, value in changes.items() if getattr(organization, name) != value)
    for name in changed:
        setattr(organization, name, changes[name])
    if changed:
        organization.full_clean()
        organization.save(update_fields=changed)
        record("organization.updated", subject=organization, actor=actor, at=now, data={"fields": changed})
    return organization
