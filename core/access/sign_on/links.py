"""Which subject of the company's provider is whom here."""

from __future__ import annotations

from datetime import datetime

from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.db import IntegrityError, transaction

from core.accounts.models import User
from core.audit.services import record


class NotTheirs(LookupError):
    """The provider knows them, and this house does not."""


@transaction.atomic
def link(sociallogin: SocialLogin, address: str, *, now: datetime) -> User:
    """The person with this address, linked from now on to the subject the provider named.

    Letter for letter: accounts have small ones, and a database takes ſ and ı for s and i where case does not count.
    NotTheirs without one, for a closed account, and for somebody who is linked to another subject already.
    """
    people = User.objects.select_for_update(no_key=True)
    person = people.filter(email=address, is_active=True).first() if address else None
    account = sociallogin.account
    if person is None or SocialAccount.objects.filter(user=person, provider=account.provider).exists():
        raise NotTheirs
    sociallogin.user = account.user = person
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as fault:  # the same answer arrived twice
        raise NotTheirs from fault
    data = {"provider": account.provider}
    record("person.sign-on-linked", subject=person, actor=person, at=now, data=data, also=[account])
    return person


@transaction.atomic
def unlink(*, user: User, actor: User, now: datetime, reason: str) -> int:
    """Forget which subject somebody was, so that their address names them once more; how many links there were."""
    links = list(SocialAccount.objects.filter(user=user))
    if links:
        record("person.sign-on-unlinked", subject=user, actor=actor, at=now, reason=reason, gone=links)
        SocialAccount.objects.filter(pk__in=[one.pk for one in links]).delete()
    return len(links)
