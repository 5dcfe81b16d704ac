"""What the emails about the door and the access log say. Rules, instants and counts; never a name or a network."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from core.access.alert_models import Alert, Explanation, Rule
from core.access.models import WATCHING, ReviewKind
from core.accounts.models import Membership, Role
from incidents.clocks import day_label, instant_label
from notifications.models import OutgoingEmail, Withdrawal

OWNER = "owner"  # the reason an email goes to somebody: it is about their own account


def watcher_obstacle(email: OutgoingEmail) -> Withdrawal | None:
    held = Membership.objects.of(email.to_user, *WATCHING).filter(organization=email.organization_id)
    return None if held.exists() else Withdrawal.NO_ACCESS


def alert_obstacle(email: OutgoingEmail) -> Withdrawal | None:
    if Alert.objects.open().filter(pk=email.facts["alert"]).exists():
        return watcher_obstacle(email)
    return Withdrawal.ENDED


def explanation_obstacle(email: OutgoingEmail) -> Withdrawal | None:
    asked = Explanation.objects.filter(pk=email.facts["explanation"], answered_at=None)
    return None if asked.exists() else Withdrawal.ENDED


def lock_obstacle(email: OutgoingEmail) -> Withdrawal | None:
    held = Membership.objects.of(email.to_user)
    if email.reason != OWNER:
        held = held.filter(role=Role.ADMIN, organization=email.organization_id)
    return None if held.exists() else Withdrawal.NO_ACCESS


def own_obstacle(email: OutgoingEmail) -> Withdrawal | None:
    return None if Membership.objects.of(email.to_user).exists() else Withdrawal.NO_ACCESS


def alert_context(email: OutgoingEmail, now: datetime) -> dict[str, Any]:
    return {
        "rule": str(Rule(email.facts["rule"]).label),
        "first": _instant(email, "first_at"),
        "last": _instant(email, "last_at"),
        "rows": f"{email.facts['rows']:,}",
        "url": settings.SITE_URL + reverse("alert", args=[email.facts["alert"]]),
    }


def explanation_context(email: OutgoingEmail, now: datetime) -> dict[str, Any]:
    return {
        "asked": _instant(email, "asked_at"),
        "url": settings.SITE_URL + reverse("access:explanation-list"),
    }


def overdue_context(email: OutgoingEmail, now: datetime) -> dict[str, Any]:
    facts = email.facts
    return {
        "kind": str(ReviewKind(facts["kind"]).label),
        "organization": str(email.organization),
        "first_day": day_label(date.fromisoformat(facts["first_day"])),
        "last_day": day_label(date.fromisoformat(facts["last_day"])),
        "url": settings.SITE_URL + reverse("access-log"),
    }


def lock_context(email: OutgoingEmail, now: datetime) -> dict[str, Any]:
    is_own = email.reason == OWNER
    to_page = reverse("account_reset_password" if is_own else "settings-safety")
    return {
        "is_own": is_own,
        "of_source": bool(email.facts["of_source"]),
        "locked": _instant(email, "locked_at"),
        "minutes": email.facts["minutes"],
        "url": settings.SITE_URL + to_page,
    }


def network_context(email: OutgoingEmail, now: datetime) -> dict[str, Any]:
    return {
        "came": _instant(email, "came_at"),
        "url": settings.SITE_URL + reverse("access:session-list"),
    }


def _instant(email: OutgoingEmail, name: str) -> str:
    return instant_label(datetime.fromisoformat(email.facts[name]))
