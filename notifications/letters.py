"""What each email says, who may still receive it, and whether there is still a reason to send it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.access.models import YearlyDuty
from core.accounts.models import Membership, Role
from incidents.clocks import State, clock_of, day_label, duration_label, instant_label
from incidents.models import Deadline
from incidents.permissions import can_see_case
from notifications import access_letters, approval_letters, needless_letters
from notifications.ladder import LEAD, OWNER, ladder_of
from notifications.models import OutgoingEmail, Reminder, ReminderPolicy, Withdrawal


@dataclass(frozen=True, slots=True)
class Words:
    """An email as it will be handed over."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One kind of email: why it must not go now (None if it may), and what its templates are given."""

    obstacle: Callable[[OutgoingEmail], Withdrawal | None]
    context: Callable[[OutgoingEmail, datetime], dict[str, Any]]


def obstacle_to(email: OutgoingEmail) -> Withdrawal | None:
    """Why `email` must not be sent at this moment; None if it may."""
    return Withdrawal.INACTIVE if not email.to_user.is_active else LETTERS[email.template].obstacle(email)


def words_of(email: OutgoingEmail, *, now: datetime) -> Words:
    """`email` in the language of the house, as things stand at `now`."""
    with translation.override(settings.LANGUAGE_CODE):
        context = {"site_url": settings.SITE_URL, **LETTERS[email.template].context(email, now)}
        subject, text, html = (
            render_to_string(f"notifications/email/{email.template}.{suffix}", context)
            for suffix in ("subject.txt", "txt", "html")
        )
    return Words(" ".join(subject.split()), text.strip() + "\n", html)


def name_in_mail(deadline: Deadline) -> str:
    """What a rule calls the deadline. A title a person typed may name somebody, so it stays in the house."""
    return deadline.title if deadline.duty_id is not None else str(deadline.get_kind_display())


def _case_obstacle(email: OutgoingEmail) -> Withdrawal | None:
    deadline = email.deadline
    assert deadline is not None
    if deadline.superseded_at is not None:
        return Withdrawal.REPLACED
    if deadline.met_at is not None or deadline.dismissed_at is not None:
        return Withdrawal.ENDED
    return None if can_see_case(email.to_user, deadline.case) else Withdrawal.NO_ACCESS


def _house_obstacle(email: OutgoingEmail) -> Withdrawal | None:
    administers = Membership.objects.of(email.to_user, Role.ADMIN).filter(organization=email.organization_id)
    return None if administers.exists() else Withdrawal.NO_ACCESS


def why_this_person(reason: str) -> str:
    """In words, why an email goes to somebody."""
    if reason == OWNER:
        return _("이 기한을 맡고 있습니다")
    if reason == LEAD:
        return _("이 사건의 담당입니다")
    return _("연락 순서에 있습니다(%(role)s)") % {"role": Role(reason).label}


def role_word(reason: str) -> str:
    """Whom to expect next, without a name: mail carries none."""
    words = {OWNER: _("기한을 맡은 사람"), LEAD: _("사건 담당")}
    return words[reason] if reason in words else str(Role(reason).label)


def _next_word(reminder: Reminder, deadline: Deadline) -> str:
    told = set(reminder.emails.values_list("to_user_id", flat=True))
    return next((role_word(rung.reason) for rung in ladder_of(deadline) if rung.user.pk not in told), "")


def _deadline_context(deadline: Deadline, now: datetime) -> dict[str, Any]:
    clock = clock_of(deadline, now)
    by_rule = deadline.duty_id is not None
    return {
        "reference": deadline.case.reference,
        "name": name_in_mail(deadline),
        "clock": clock,
        "left": clock.time_label or clock.word,
        "end": clock.due_label or _target_label(deadline),
        "target": instant_label(deadline.target_at) if deadline.target_at and deadline.due_at else "",
        "cite": clock.cite if by_rule else "",
        "confidence": clock.confidence_word if by_rule else "",
        "open_question": clock.detail if clock.state is State.UNSETTLED else "",
        "url": settings.SITE_URL + clock.url,
    }


def _target_label(deadline: Deadline) -> str:
    if deadline.target_at is None:
        return ""
    return _("내부 목표 %(instant)s") % {"instant": instant_label(deadline.target_at)}


def _reminder_context(email: OutgoingEmail, now: datetime) -> dict[str, Any]:
    reminder, deadline = email.reminder, email.deadline
    assert reminder is not None and deadline is not None
    policy = ReminderPolicy.objects.filter(organization=email.organization_id).first() or ReminderPolicy()
    wait = policy.wait(is_urgent=reminder.is_urgent)
    return {
        **_deadline_context(deadline, now),
        "why_you": why_this_person(email.reason),
        "climbed": bool(email.facts.get("climbed")),
        "wait_minutes": int(wait.total_seconds() // 60),
        "next": _next_word(reminder, deadline) if reminder.act_at else "",
        "is_of_target": reminder.of_target,
        "planned_label": instant_label(reminder.remind_at),
        "late_by": _late_by(reminder, deadline),
    }


def _late_by(reminder: Reminder, deadline: Deadline) -> str:
    """How long after its time a reminder was raised, if that is worth saying."""
    planned = max(reminder.remind_at, deadline.created_at)
    late = (reminder.raised_at or planned) - planned
    return duration_label(late) if late > settings.TIMERS_LATE_AFTER else ""


def _unheard_context(email: OutgoingEmail, now: datetime) -> dict[str, Any]:
    assert email.deadline is not None
    return _deadline_context(email.deadline, now)


def _resumed_context(email: OutgoingEmail, now: datetime) -> dict[str, Any]:
    stopped, resumed = (datetime.fromisoformat(email.facts[name]) for name in ("stopped_at", "resumed_at"))
    gap: timedelta = resumed - stopped
    return {
        "stopped_label": instant_label(stopped),
        "resumed_label": instant_label(resumed),
        "gap": duration_label(gap),
        "url": settings.SITE_URL + reverse("notifications:mail-list"),
    }


def _watch_obstacle(email: OutgoingEmail) -> Withdrawal | None:
    watching = Membership.objects.of(email.to_user, Role.CPO, Role.AUDITOR, Role.ADMIN)
    held = watching.filter(organization=email.organization_id)
    return None if held.exists() else Withdrawal.NO_ACCESS


def _role_context(email: OutgoingEmail, now: datetime) -> dict[str, Any]:
    """Which role, never whose: the page says that to those who may see it."""
    return {
        "organization": str(email.organization),
        "role": str(Role(email.facts["role"]).label),
        "is_given": bool(email.facts["is_given"]),
        "by_themselves": bool(email.facts["by_themselves"]),
        "changed_label": instant_label(datetime.fromisoformat(email.facts["changed_at"])),
        "url": settings.SITE_URL + reverse("settings-people", args=[email.organization_id]),
    }


def _auditor_obstacle(email: OutgoingEmail) -> Withdrawal | None:
    audits = Membership.objects.of(email.to_user, Role.AUDITOR)
    return None if audits.exists() else Withdrawal.NO_ACCESS


def _day_context(email: OutgoingEmail, now: datetime) -> dict[str, Any]:
    """The day's head as it was signed. Nothing of any case."""
    facts = email.facts
    return {
        "day": day_label(date.fromisoformat(facts["day"])),
        "head": facts["head"],
        "short_head": facts["head"][:16],
        "key": facts["key"],
        "signature": facts["signature"],
        "events": f"{facts['events']:,}",
    }


def _own_obstacle(email: OutgoingEmail) -> Withdrawal | None:
    return None if Membership.objects.of(email.to_user).exists() else Withdrawal.NO_ACCESS


def _unused_context(email: OutgoingEmail, now: datetime) -> dict[str, Any]:
    return {
        "closes_on": day_label(date.fromisoformat(email.facts["closes_on"])),
        "url": settings.SITE_URL + reverse("account_login"),
    }


def _yearly_obstacle(email: OutgoingEmail) -> Withdrawal | None:
    """Nobody is told of a check that has been made since, nor whoever lost the role."""
    owed = YearlyDuty.objects.filter(pk=email.facts["duty"], finished_at=None)
    if not owed.exists():
        return Withdrawal.ENDED
    held = Membership.objects.of(email.to_user).filter(organization=email.organization_id)
    return None if held.filter(role=email.reason).exists() else Withdrawal.NO_ACCESS


def _yearly_context(email: OutgoingEmail, now: datetime) -> dict[str, Any]:
    return {
        "organization": str(email.organization),
        "due_on": day_label(date.fromisoformat(email.facts["due_on"])),
        "is_overdue": bool(email.facts["is_overdue"]),
        "role": str(Role(email.reason).label),
        "url": settings.SITE_URL + reverse("settings-yearly-check", args=[email.organization_id]),
    }


def _approval_context(email: OutgoingEmail, now: datetime) -> dict[str, Any]:
    deadline = email.deadline
    clock = _deadline_context(deadline, now) if deadline and deadline.superseded_at is None else None
    return {"clock": clock, **approval_letters.approval_context(email, now)}


LETTERS = {
    "reminder": Letter(_case_obstacle, _reminder_context),
    "nobody_to_call": Letter(_house_obstacle, _unheard_context),
    "timers_resumed": Letter(_house_obstacle, _resumed_context),
    "role_changed": Letter(_watch_obstacle, _role_context),
    "day_closed": Letter(_auditor_obstacle, _day_context),
    "account_unused": Letter(_own_obstacle, _unused_context),
    "yearly_check": Letter(_yearly_obstacle, _yearly_context),
    "case_needless": Letter(needless_letters.needless_obstacle, needless_letters.needless_context),
    "alert_raised": Letter(access_letters.alert_obstacle, access_letters.alert_context),
    "explanation_asked": Letter(access_letters.explanation_obstacle, access_letters.explanation_context),
    "review_overdue": Letter(access_letters.watcher_obstacle, access_letters.overdue_context),
    "locked_out": Letter(access_letters.lock_obstacle, access_letters.lock_context),
    "approval_waits": Letter(approval_letters.waiting_obstacle, _approval_context),
    "approval_answered": Letter(approval_letters.answered_obstacle, _approval_context),
    "second_network": Letter(access_letters.own_obstacle, access_letters.network_context),
}
