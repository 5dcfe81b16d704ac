"""Telling the reviewers, once for each period, that nobody has looked it over in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from core.access.models import WATCHING, AccessRow, Review, ReviewKind
from core.access.queries import values_at
from core.access.review_models import OverdueNotice
from core.access.reviews import SETTING_OF, Waiting, is_overdue, period_due
from core.access.services import can_review
from core.access.signals import review_overdue
from core.accounts.days import SEOUL
from core.accounts.models import Membership, Organization, User
from core.audit.services import record


def tell_overdue_reviews(*, now: datetime) -> int:
    """Announce each overdue period to those who may review it; how many. Again tells nobody anything."""
    today = now.astimezone(SEOUL).date()
    return sum(_tell(waiting, now=now) for waiting in list(_overdue(today)))


def _overdue(today: date) -> Iterator[Waiting]:
    """The overdue periods of all organisations of which nobody was told yet."""
    values = values_at()
    for kind in ReviewKind:
        period = period_due(kind, today=today, months=values[SETTING_OF[kind]])
        if not is_overdue(period, today):
            continue
        done = Review.objects.filter(kind=kind, last_day__gte=period.last_day).values("organization")
        told = OverdueNotice.objects.filter(kind=kind, last_day=period.last_day).values("organization")
        used = AccessRow.objects.filter(organization=OuterRef("pk"), at__gte=period.first, at__lt=period.end)
        places = Organization.objects.filter(Exists(used)).exclude(pk__in=done).exclude(pk__in=told)
        yield from (Waiting(place, kind, period) for place in places.order_by("pk"))


@transaction.atomic
def _tell(waiting: Waiting, *, now: datetime) -> bool:
    place, kind, period = waiting.place, waiting.kind, waiting.period
    notice, is_new = OverdueNotice.objects.get_or_create(
        organization=place, kind=kind, last_day=period.last_day, defaults={"told_at": now}
    )
    if not is_new:
        return False
    data = {"organization": place.pk, "kind": str(kind), "last_day": period.last_day.isoformat()}
    record("review.overdue-told", subject=notice, actor=None, at=now, data=data)
    review_overdue.send(
        sender=OverdueNotice, place=place, kind=kind, period=period, people=_reviewers(place), now=now
    )
    return True


def _reviewers(place: Organization) -> list[User]:
    held = Membership.objects.held(*WATCHING).filter(organization=place)
    people = User.objects.filter(pk__in=held.values("user")).order_by("pk")
    return [person for person in people if can_review(person, place)]
