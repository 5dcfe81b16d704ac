"""Accounts nobody uses: their owners are told, and later the account is closed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.access.catalogue import Code
from core.access.queries import values_at
from core.access.services import close_account
from core.access.signals import account_unused
from core.accounts.days import SEOUL
from core.accounts.models import Membership, Role, User
from core.audit.models import HOUSE, Event
from core.audit.services import record, subject_of

WARNED = "person.unused-warned"


def last_used(*, since: datetime) -> dict[int, datetime]:
    """The open accounts not used since `since`, each with its last use: a session, a token, or being made."""
    rows = User.objects.filter(is_active=True, date_joined__lt=since).annotate(
        session=Max("sessions__active_at"), token=Max("api_tokens__last_used_at")
    )
    seen = {
        row.pk: max(one for one in (row.date_joined, row.last_login, row.session, row.token) if one)
        for row in rows
    }
    return {pk: at for pk, at in seen.items() if at < since}


def look_after_unused(*, now: datetime) -> tuple[int, int]:
    """Tell the owners of accounts nobody uses, and close those told of long enough; how many of each.

    Nobody is closed untold, and the last administrator of an organisation never is.
    """
    values = values_at()
    warn_after = timedelta(days=values[Code.UNUSED_WARN_DAYS])
    grace = timedelta(days=values[Code.UNUSED_CLOSE_DAYS]) - warn_after
    warned = closed = 0
    for pk, used_at in last_used(since=now - warn_after).items():
        told_at = _told_at(pk, after=used_at)
        if told_at is None:
            _warn(pk, closes_on=(now + grace).astimezone(SEOUL).date(), now=now)
            warned += 1
        elif now - told_at >= grace and not is_last_administrator(pk):
            close_account(user_id=pk, actor=None, now=now, reason=_("오래 쓰지 않은 계정"))
            closed += 1
    return warned, closed


def _told_at(pk: int, *, after: datetime) -> datetime | None:
    told = Event.objects.of_chain(HOUSE).filter(
        action=WARNED, subject=subject_of(User(pk=pk)), recorded_at__gte=after
    )
    return told.order_by("sequence").values_list("recorded_at", flat=True).first()


@transaction.atomic
def _warn(pk: int, *, closes_on: date, now: datetime) -> None:
    user = User.objects.get(pk=pk)
    data = {"closes_on": closes_on.isoformat()}
    record("person.unused-warned", subject=user, actor=None, at=now, data=data)
    account_unused.send(sender=User, user=user, closes_on=closes_on, now=now)


def is_last_administrator(pk: int) -> bool:
    """Whether an organisation would be left without an administrator who counts now."""
    for place in Membership.objects.filter(user=pk, role=Role.ADMIN).values_list("organization", flat=True):
        others = Membership.objects.held(Role.ADMIN).filter(organization=place)
        if not others.exclude(user=pk).exists():
            return True
    return False
