"""Owing an email, handing it over, and keeping what became of it.

Claim, send, record: the attempt is committed before a word leaves, and its outcome after. A process
that dies in between leaves an attempt without an outcome; the next attempt says so and sends again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.days import SEOUL
from core.audit.models import HOUSE
from core.audit.services import record
from notifications.letters import obstacle_to, words_of
from notifications.models import DeliveryAttempt, DeliveryOutcome, OutgoingEmail
from notifications.models.mail import FAILING_AFTER, PAUSES
from notifications.postman import Answer, hand_over

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.accounts.models import User
    from incidents.models import Deadline
    from notifications.models import Reminder

Kind = DeliveryOutcome.Kind
LONGEST_ANSWER = 500


@dataclass(frozen=True, slots=True)
class Errand:
    """A claimed email, its words committed, ready to be handed over."""

    attempt_id: int
    message: EmailMultiAlternatives
    address: str


def queue_email(
    *,
    template: str,
    to_user: User,
    organization_id: int,
    now: datetime,
    reason: str = "",
    deadline: Deadline | None = None,
    reminder: Reminder | None = None,
    facts: dict[str, Any] | None = None,
) -> OutgoingEmail:
    """Owe `to_user` an email from `now` on. Call it inside the transaction of what it tells about."""
    return OutgoingEmail.objects.create(
        template=template,
        to_user=to_user,
        organization_id=organization_id,
        reason=reason,
        deadline=deadline,
        reminder=reminder,
        facts=facts or {},
        queued_at=now,
        send_after=now,
    )


def deliver_email(*, email_id: int, clock: Callable[[], datetime]) -> Answer | None:
    """Send one email if it is due and nobody else has it; None if it was not sent by us.

    Raises RuntimeError inside a transaction: an email that has left cannot be rolled back.
    """
    errand = _claim(email_id, now=clock())
    if errand is None:
        return None
    answer = hand_over(errand.message)
    _record_answer(errand, answer, at=clock())
    return answer


@transaction.atomic(durable=True)
def _claim(email_id: int, *, now: datetime) -> Errand | None:
    email = OutgoingEmail.objects.claim(email_id, now=now)
    if email is None:
        return None
    obstacle = obstacle_to(email)
    if obstacle is not None:
        _withdraw(email, obstacle, now=now)
        return None
    _note_cut_short(email, now=now)
    words = words_of(email, now=now)
    attempt = DeliveryAttempt.objects.create(
        email=email,
        number=email.attempts,
        started_at=now,
        subject=words.subject[:250],
        text=words.text,
        html=words.html,
    )
    OutgoingEmail.objects.filter(pk=email.pk).update(subject=attempt.subject)
    return Errand(attempt.pk, _message(email, attempt), email.to_user.email)


def _message(email: OutgoingEmail, attempt: DeliveryAttempt) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=attempt.subject,
        body=attempt.text,
        to=[email.to_user.email],
        headers={
            "Message-ID": email.message_id,
            "Date": format_datetime(attempt.started_at.astimezone(SEOUL)),
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(attempt.html, "text/html")
    return message


def _withdraw(email: OutgoingEmail, reason: str, *, now: datetime) -> None:
    email.withdrawn_at, email.withdrawn_reason, email.leased_until = now, reason, None
    email.attempts -= 1  # the claim was no attempt
    email.save(update_fields=["withdrawn_at", "withdrawn_reason", "leased_until", "attempts"])
    _tell_history("email.withdrawn", email, at=now, data={"reason": str(reason)})


def _note_cut_short(email: OutgoingEmail, *, now: datetime) -> None:
    """Say of earlier attempts nobody finished that their outcome is not known."""
    for attempt in DeliveryAttempt.objects.filter(email=email, outcome=None):
        DeliveryOutcome.objects.create(attempt=attempt, kind=Kind.UNKNOWN, recorded_at=now)
        data = {"attempt": attempt.number, "started_at": attempt.started_at.isoformat()}
        _tell_history("email.outcome-unknown", email, at=now, data=data)


@transaction.atomic(durable=True)
def _record_answer(errand: Errand, answer: Answer, *, at: datetime) -> None:
    attempt = DeliveryAttempt.objects.get(pk=errand.attempt_id)
    email = OutgoingEmail.objects.select_for_update(of=("self",), no_key=True).get(pk=attempt.email_id)
    text = answer.text.replace(errand.address, "…")[:LONGEST_ANSWER]
    if DeliveryOutcome.objects.filter(attempt=attempt).exists():
        # We were taken for dead and another worker has the email; what we know goes to history alone.
        _tell_history(
            "email.answered-late", email, at=at, data={"attempt": attempt.number, "kind": answer.kind}
        )
    else:
        DeliveryOutcome.objects.create(attempt=attempt, kind=answer.kind, recorded_at=at, answer=text)
        email.leased_until, email.answer = None, text
    if answer.kind is Kind.ACCEPTED:
        _record_sent(email, attempt, at=at)
    else:
        _put_off(email, answer, at=at)
    email.save()


def _record_sent(email: OutgoingEmail, attempt: DeliveryAttempt, *, at: datetime) -> None:
    others = DeliveryAttempt.objects.filter(email=email).exclude(pk=attempt.pk)
    unclear = others.exclude(outcome__kind__in=(Kind.REFUSED, Kind.UNREACHABLE)).values_list(
        "number", flat=True
    )
    email.sent_at, email.given_up_at = email.sent_at or at, None
    _tell_history("email.sent", email, at=at, data={"to": email.to_user_id, "attempt": attempt.number})
    if unclear:
        email.may_be_repeated = True
        data = {"attempt": attempt.number, "earlier": sorted(unclear), "message_id": email.message_id}
        _tell_history("email.possibly-repeated", email, at=at, data=data)


def _put_off(email: OutgoingEmail, answer: Answer, *, at: datetime) -> None:
    """Try again after a pause that grows. Only a final refusal, heard several times, ends it."""
    email.send_after = at + PAUSES[min(email.attempts, len(PAUSES)) - 1]
    if answer.is_final and email.attempts >= FAILING_AFTER and email.sent_at is None:
        email.given_up_at = at
        _tell_history("email.given-up", email, at=at, data={"attempts": email.attempts})


@transaction.atomic
def put_off_broken_email(*, email_id: int, fault: str, now: datetime) -> None:
    """An email we could not even write (a fault of ours): wait, count it, let a person see it."""
    email = OutgoingEmail.objects.select_for_update(of=("self",), no_key=True).get(pk=email_id)
    email.attempts += 1
    email.answer = _("메일을 만들지 못했습니다(%(fault)s). 관리자에게 알려 주세요.") % {"fault": fault}
    email.send_after = now + PAUSES[min(email.attempts, len(PAUSES)) - 1]
    email.save(update_fields=["attempts", "answer", "send_after"])


@transaction.atomic
def retry_email(*, email_id: int, actor: User, now: datetime) -> OutgoingEmail:
    """Try an email now that waits or was given up; one already sent or withdrawn stays as it is."""
    email = (
        OutgoingEmail.objects.select_for_update(of=("self",), no_key=True)
        .select_related("deadline__case")
        .get(pk=email_id)
    )
    if email.sent_at is None and email.withdrawn_at is None:
        email.given_up_at, email.send_after = None, now
        email.save(update_fields=["given_up_at", "send_after"])
        _tell_history("email.retried", email, at=now, actor=actor)
    return email


def _tell_history(
    action: str,
    email: OutgoingEmail,
    *,
    at: datetime,
    data: dict[str, Any] | None = None,
    actor: User | None = None,
) -> None:
    record(action, subject=email, actor=actor, at=at, chain=email.chain or HOUSE, data=data)
