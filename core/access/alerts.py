"""Raising alerts from the log, asking for an explanation, answering it, and closing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.access.alert_models import Alert, AlertMark, Explanation, Finding
from core.access.alert_reading import found_in, rows_after
from core.access.alert_rules import Found
from core.access.chain_models import AccessLink
from core.access.models import WATCHING
from core.access.queries import values_at
from core.access.signals import alert_raised, explanation_asked
from core.accounts.models import Membership, User
from core.audit.services import record

BATCH = 1_000
BATCHES = 5  # in one pass
REACH = timedelta(days=7)  # what is older when it is first read is remembered, and raises nothing


class AlertClosed(Exception):
    """Somebody has closed the alert already."""


def raise_alerts(*, now: datetime) -> int:
    """Read what is new in the sealed log and raise what the rules find; how many alerts."""
    read = AlertMark.objects.values_list("number", flat=True).first() or 0
    if not AccessLink.objects.filter(pk__gt=read).exists():
        return 0
    AlertMark.objects.get_or_create(pk=1)
    raised = 0
    for _batch in range(BATCHES):
        count, is_more = _read_batch(now=now)
        raised += count
        if not is_more:
            break
    return raised


@transaction.atomic
def _read_batch(*, now: datetime) -> tuple[int, bool]:
    """One batch: the mark moves on with what was found. A second worker waits here and finds it read."""
    mark = AlertMark.objects.select_for_update().get(pk=1)
    rows, number = rows_after(mark.number, most=BATCH)
    if number == mark.number:
        return 0, False
    raised = sum(_raise(found, now=now) for found in found_in(rows, values_at()))
    AlertMark.objects.filter(pk=1).update(number=number)
    return raised, len(rows) >= BATCH


def _raise(found: Found, *, now: datetime) -> bool:
    last = found.rows[-1]
    if last.at < now - REACH or Alert.objects.filter(key=found.key).exists():
        return False
    alert = Alert.objects.create(
        rule=found.rule,
        key=found.key,
        account_id=found.who.account,
        organization_id=found.who.organization,
        address=found.who.address or last.address,
        first_at=found.rows[0].at,
        last_at=last.at,
        rows=[row.pk for row in found.rows[: Alert.MOST_ROWS]],
        row_count=len(found.rows),
        measured=found.measured,
        raised_at=now,
    )
    data = {"rule": str(alert.rule), "rows": alert.row_count, "measured": alert.measured}
    record("alert.raised", subject=alert, actor=None, at=now, data=data)
    alert_raised.send(sender=Alert, alert=alert, now=now)
    return True


def can_judge(user: User, alert: Alert) -> bool:
    """Watches over an organisation, and is not the one the alert is about."""
    return user.pk != alert.account_id and Alert.objects.visible_to(user).filter(pk=alert.pk).exists()


@transaction.atomic
def close_alert(*, alert_id: int, finding: Finding, reason: str, actor: User, now: datetime) -> Alert:
    """Say what was found. PermissionError for whom it is about, AlertClosed the second time, ValidationError
    without a reason.
    """
    alert = _open(alert_id, actor)
    if not reason.strip():
        raise ValidationError({"reason": _("무엇을 확인했는지 적어 주세요.")})
    alert.finding, alert.closing_reason = finding, reason.strip()[:1000]
    alert.closed_at, alert.closed_by = now, actor
    alert.save(update_fields=["finding", "closing_reason", "closed_at", "closed_by"])
    data = {"finding": str(finding)}
    record("alert.closed", subject=alert, actor=actor, at=now, reason=alert.closing_reason, data=data)
    return alert


@transaction.atomic
def ask_explanation(*, alert_id: int, question: str, actor: User, now: datetime) -> Explanation:
    """Ask the person an alert is about what they did. ValidationError when it is about nobody."""
    alert = _open(alert_id, actor)
    if alert.account is None or not alert.account.is_active:
        raise ValidationError(_("소명을 요청할 사람이 없는 경보입니다."))
    if not question.strip():
        raise ValidationError({"question": _("무엇을 묻는지 적어 주세요.")})
    asked = Explanation.objects.create(
        alert=alert, question=question.strip()[:1000], asked_by=actor, asked_at=now
    )
    data = {"alert": alert.pk}
    record("explanation.asked", subject=asked, actor=actor, at=now, reason=asked.question, data=data)
    explanation_asked.send(sender=Explanation, explanation=asked, now=now)
    return asked


@transaction.atomic
def answer_explanation(*, explanation_id: int, answer: str, actor: User, now: datetime) -> Explanation:
    """Keep what the person says. PermissionError for anybody else; AlertClosed once there is an answer."""
    asked = Explanation.objects.select_for_update(of=("self",), no_key=True).select_related("alert")
    row = asked.get(pk=explanation_id)
    if row.alert.account_id != actor.pk:
        raise PermissionError("an explanation is given by the one who was asked")
    if row.answered_at is not None:
        raise AlertClosed
    if not answer.strip():
        raise ValidationError({"answer": _("소명을 적어 주세요.")})
    row.answer, row.answered_at = answer.strip()[:2000], now
    row.save(update_fields=["answer", "answered_at"])
    record("explanation.answered", subject=row, actor=actor, at=now, reason=row.answer)
    return row


def _open(alert_id: int, actor: User) -> Alert:
    alert = Alert.objects.select_for_update(of=("self",), no_key=True).get(pk=alert_id)
    if not can_judge(actor, alert):
        raise PermissionError("an alert is judged by those who watch, and not by whom it is about")
    if alert.closed_at is not None:
        raise AlertClosed
    return alert


def watchers_of(alert: Alert) -> list[User]:
    """Who is told of an alert: those who watch where it happened, but the one it is about."""
    held = Membership.objects.held(*WATCHING)
    if alert.organization_id is not None:
        held = held.filter(organization=alert.organization_id)
    elif alert.account_id is not None:
        theirs = Membership.objects.filter(user=alert.account_id).values("organization")
        held = held.filter(organization__in=theirs)
    people = User.objects.filter(pk__in=held.values("user")).order_by("pk")
    return [person for person in people if person.pk != alert.account_id]
