"""Which periods of the access log and of the rights somebody still has to look over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.access.catalogue import Code
from core.access.models import AccessRow, Review, ReviewKind
from core.access.queries import value_of, values_at
from core.accounts.days import SEOUL
from core.accounts.models import Membership, Organization, Role, User

SETTING_OF = {ReviewKind.LOG: Code.LOG_REVIEW_MONTHS, ReviewKind.RIGHTS: Code.RIGHTS_REVIEW_MONTHS}
GRACE = timedelta(days=10)  # after a period ends; ours, no law names it


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months in Korea, both days included."""

    first_day: date
    last_day: date

    @property
    def first(self) -> datetime:
        return datetime.combine(self.first_day, datetime.min.time(), SEOUL)

    @property
    def end(self) -> datetime:
        """The first instant after it."""
        return datetime.combine(self.last_day + timedelta(days=1), datetime.min.time(), SEOUL)


def month_start(day: date, back: int = 0) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(year, month + 1, 1)


def month_of(day: date) -> Period:
    return Period(month_start(day), month_start(day, -1) - timedelta(days=1))


def months_before(now: datetime, months: int) -> datetime:
    """The instant that many calendar months before, on the last day of a month that is shorter."""
    first = month_start(now.date(), months)
    last = month_start(first, -1) - timedelta(days=1)
    return now.replace(year=first.year, month=first.month, day=min(now.day, last.day))


def months_after(day: date, months: int) -> date:
    """The same day that many calendar months later, or the last of a month that is shorter."""
    first = month_start(day, -months)
    last = month_start(first, -1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def period_due(kind: ReviewKind, *, today: date, months: int | None = None) -> Period:
    """The last period that is over: it ends with the month before `today` and is as long as the settings say."""
    start = month_start(today)
    length = value_of(SETTING_OF[kind]) if months is None else months
    return Period(month_start(start, length), start - timedelta(days=1))


def is_overdue(period: Period, today: date) -> bool:
    return today > period.last_day + GRACE


@dataclass(frozen=True, slots=True)
class Waiting:
    """A period of an organisation that nobody has looked over."""

    place: Organization
    kind: ReviewKind
    period: Period

    def is_overdue(self, today: date) -> bool:
        return is_overdue(self.period, today)


def waiting_reviews(user: User, *, today: date) -> list[Waiting]:
    """The last period of each organisation `user` watches over, while nobody has looked it over.

    Nothing waits where nobody looked at anything in that time.
    """
    watched = Membership.objects.of(user, Role.CPO, Role.AUDITOR).values("organization")
    places = list(Organization.objects.filter(pk__in=watched).order_by("name"))
    if not places:
        return []
    values = values_at()
    periods = {kind: period_due(kind, today=today, months=values[SETTING_OF[kind]]) for kind in ReviewKind}
    first = min(period.last_day for period in periods.values())
    done = Review.objects.filter(organization__in=places, last_day__gte=first)
    seen = {
        (one.organization_id, one.kind)
        for one in done
        if one.last_day >= periods[ReviewKind(one.kind)].last_day
    }
    return [
        Waiting(place, kind, period)
        for place in places
        for kind, period in periods.items()
        if (place.pk, kind) not in seen and _is_anything(place, period)
    ]


def _is_anything(organization: Organization, period: Period) -> bool:
    rows = AccessRow.objects.filter(organization=organization, at__gte=period.first, at__lt=period.end)
    return rows.exists()
