"""Mail we owe, and what became of every attempt to hand it over."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Membership, Organization, Role
from incidents.models import Deadline
from notifications.models.reminders import Reminder, Withdrawal

if TYPE_CHECKING:
    from core.accounts.models import User

LEASE = timedelta(minutes=5)  # longer than the slowest honest conversation with a mail server
FAILING_AFTER = 3  # attempts without success, after which a person should know
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15))  # then always the last


def new_message_id() -> str:
    """A Message-ID that stays the same over every retry, so that a mailbox can see a repetition."""
    return f"<{uuid.uuid4().hex}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


class Standing(models.TextChoices):
    """How an email stands, for people to read."""

    WAITING = "waiting", _("보낼 차례")
    SENDING = "sending", _("보내는 중")
    RETRYING = "retrying", _("다시 보낼 예정")
    SENT = "sent", _("보냄")
    GIVEN_UP = "given_up", _("보내지 못함")
    WITHDRAWN = "withdrawn", _("보내지 않음")


class OutgoingEmailQuerySet(models.QuerySet["OutgoingEmail"]):
    def visible_to(self, user: User) -> Self:
        """What was addressed to `user` in an organisation they have a role in, and all mail of those they administer."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        administered = Membership.objects.of(user, Role.ADMIN).values("organization")
        belonging = Membership.objects.of(user).values("organization")
        addressed = Q(to_user=user, organization__in=belonging)
        return self.filter(addressed | Q(organization__in=administered))

    def owed(self) -> Self:
        """Neither sent, nor withdrawn, nor given up."""
        return self.filter(sent_at=None, withdrawn_at=None, given_up_at=None)

    def due(self, *, now: datetime) -> Self:
        """Owed, its time come, and in nobody's hands."""
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        return self.owed().filter(free, send_after__lte=now)

    def claim(self, email_id: int, *, now: datetime) -> OutgoingEmail | None:
        """Take a due email for `LEASE`; None if it is not due or another worker has it."""
        taken = (
            self.due(now=now).filter(pk=email_id).update(leased_until=now + LEASE, attempts=F("attempts") + 1)
        )
        return self.get(pk=email_id) if taken else None

    def withdraw(self, reason: Withdrawal, *, now: datetime) -> int:
        """Owe these no longer, except what is in somebody's hands at this moment."""
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        return self.owed().filter(free).update(withdrawn_at=now, withdrawn_reason=reason)

    def failing(self) -> Self:
        """What a person has to look at: given up, or tried several times without success."""
        return self.filter(sent_at=None, withdrawn_at=None).filter(
            Q(given_up_at__isnull=False) | Q(attempts__gte=FAILING_AFTER)
        )


class OutgoingEmail(models.Model):
    """An email we owe. The row is the queue, and stays as the record of sending.

    The address is not here: it is read from the person at the moment of sending. What was
    handed over, word for word, is in `DeliveryAttempt`.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="outgoing_email")
    template = models.CharField(_("종류"), max_length=60)  # the stem its three files share
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("받는 사람")
    )
    reason = models.CharField(_("받는 이유"), max_length=20, blank=True)  # a code the template puts in words
    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="+", null=True, blank=True)
    reminder = models.ForeignKey(Reminder, models.PROTECT, related_name="emails", null=True, blank=True)
    facts = models.JSONField(
        default=dict, blank=True
    )  # what else the template says: instants and counts only
    queued_at = models.DateTimeField(_("만든 시각"))
    send_after = models.DateTimeField(_("보낼 시각"))
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("시도"), default=0)
    message_id = models.CharField(max_length=255, unique=True, default=new_message_id)
    subject = models.CharField(_("제목"), max_length=250, blank=True)  # of the last attempt
    answer = models.CharField(_("서버의 답"), max_length=500, blank=True)  # to the last attempt
    sent_at = models.DateTimeField(_("보낸 시각"), null=True, blank=True)
    may_be_repeated = models.BooleanField(_("두 번 갔을 수 있음"), default=False)
    given_up_at = models.DateTimeField(_("그만둔 시각"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("거둔 시각"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("거둔 이유"), max_length=10, choices=Withdrawal, blank=True)

    objects = OutgoingEmailQuerySet.as_manager()

    class Meta:
        verbose_name = _("보내는 메일")
        verbose_name_plural = _("보내는 메일")
        ordering = ("-queued_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["reminder", "template", "to_user"],
                condition=Q(reminder__isnull=False),
                name="a_person_is_told_once_of_a_step",
            )
        ]
        indexes = [
            models.Index(
                fields=["send_after"],
                condition=Q(sent_at=None, withdrawn_at=None, given_up_at=None),
                name="email_owed",
            ),
            models.Index(fields=["organization", "-queued_at"], name="email_of_organization"),
            models.Index(fields=["to_user", "-queued_at"], name="email_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.template} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("notifications:mail", args=[self.pk])

    @property
    def chain(self) -> str | None:
        """The case whose history tells of this email; None for mail of the house."""
        return self.deadline.case.reference if self.deadline else None

    def standing(self, now: datetime) -> Standing:
        if self.sent_at is not None:
            return Standing.SENT
        if self.withdrawn_at is not None:
            return Standing.WITHDRAWN
        if self.given_up_at is not None:
            return Standing.GIVEN_UP
        if self.leased_until is not None and self.leased_until > now:
            return Standing.SENDING
        return Standing.RETRYING if self.attempts else Standing.WAITING


class DeliveryAttempt(models.Model):
    """Written before an email is handed to the server, with the very words. Never changed.

    An attempt without an outcome whose lease has ended was cut short: nobody knows whether it arrived.
    """

    email = models.ForeignKey(OutgoingEmail, models.PROTECT, related_name="deliveries")
    number = models.PositiveSmallIntegerField(_("시도"))
    started_at = models.DateTimeField(_("시작한 시각"))
    subject = models.CharField(_("제목"), max_length=250)
    text = models.TextField(_("본문"))
    html = models.TextField()

    class Meta:
        verbose_name = _("발송 시도")
        verbose_name_plural = _("발송 시도")
        ordering = ("email", "number")
        constraints = [models.UniqueConstraint(fields=["email", "number"], name="one_attempt_of_each_number")]

    def __str__(self) -> str:
        return f"{self.email_id} #{self.number}"


class DeliveryOutcome(models.Model):
    """How one attempt ended, as far as anybody can know. Never changed."""

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", _("서버가 받음")
        REFUSED = "refused", _("서버가 거절함")
        UNREACHABLE = "unreachable", _("서버에 연결하지 못함")
        UNKNOWN = "unknown", _("결과를 알 수 없음")

    attempt = models.OneToOneField(DeliveryAttempt, models.PROTECT, related_name="outcome")
    kind = models.CharField(_("결과"), max_length=12, choices=Kind)
    recorded_at = models.DateTimeField(_("기록 시각"))
    answer = models.CharField(_("서버의 답"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("발송 결과")
        verbose_name_plural = _("발송 결과")

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.kind}"
