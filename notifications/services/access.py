"""Telling people what the access log and the door show: alerts, questions, overdue reviews, lock-outs, networks.

Each is called inside the transaction of what it tells of.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core.access.alert_models import Alert, Explanation
from core.access.alerts import watchers_of
from core.access.catalogue import Code
from core.access.models import WATCHING, ReviewKind
from core.access.queries import value_of
from core.access.reviews import Period
from core.accounts.models import Membership, Organization, Role, User
from notifications.access_letters import OWNER
from notifications.services.mail import queue_email


def tell_alert(*, alert: Alert, now: datetime) -> None:
    """Owe an email to everybody who watches where it happened, but to the one it is about."""
    facts = {
        "alert": alert.pk,
        "rule": str(alert.rule),
        "first_at": alert.first_at.isoformat(),
        "last_at": alert.last_at.isoformat(),
        "rows": alert.row_count,
    }
    for person in watchers_of(alert):
        place = alert.organization_id or _place_of(person, *WATCHING)
        _owe("alert_raised", person, place, now=now, facts=facts)


def tell_explanation_asked(*, explanation: Explanation, now: datetime) -> None:
    """Owe the one who is asked an email that leads to the question, which does not stand in it."""
    person = explanation.alert.account
    assert person is not None
    facts = {"explanation": explanation.pk, "asked_at": explanation.asked_at.isoformat()}
    _owe("explanation_asked", person, _place_of(person), now=now, facts=facts)


def tell_overdue_review(
    *, place: Organization, kind: ReviewKind, period: Period, people: Iterable[User], now: datetime
) -> None:
    """Owe those who may review it an email."""
    facts = {
        "kind": str(kind),
        "first_day": period.first_day.isoformat(),
        "last_day": period.last_day.isoformat(),
    }
    for person in people:
        _owe("review_overdue", person, place.pk, now=now, facts=facts)


def tell_lock_out(*, user: User | None, now: datetime) -> None:
    """Owe the owner of a locked account and the administrators of their organisations an email; without an
    account, which is a source that is locked, all administrators.
    """
    facts = {
        "locked_at": now.isoformat(),
        "minutes": value_of(Code.LOCK_MINUTES),
        "of_source": user is None,
    }
    if user is not None:
        _owe("locked_out", user, _place_of(user), now=now, facts=facts, reason=OWNER)
    held = Membership.objects.held(Role.ADMIN)
    if user is not None:
        theirs = Membership.objects.filter(user=user).values("organization")
        held = held.filter(organization__in=theirs).exclude(user=user)
    places = dict(held.order_by("-pk").values_list("user_id", "organization_id"))
    for person in User.objects.filter(pk__in=places).order_by("pk"):
        _owe("locked_out", person, places[person.pk], now=now, facts=facts, reason=str(Role.ADMIN))


def tell_second_network(*, user: User, now: datetime) -> None:
    """Owe the owner an email: their account is in use from two networks at once."""
    _owe("second_network", user, _place_of(user), now=now, facts={"came_at": now.isoformat()})


def _place_of(person: User, *roles: Role) -> int | None:
    held = Membership.objects.of(person, *roles).order_by("pk").values_list("organization_id", flat=True)
    return held.first()


def _owe(
    template: str, person: User, place: int | None, *, now: datetime, facts: dict[str, Any], reason: str = ""
) -> None:
    """Whoever has no part in any organisation gets no mail of the house."""
    if place is not None:
        queue_email(
            template=template, to_user=person, organization_id=place, now=now, facts=facts, reason=reason
        )
