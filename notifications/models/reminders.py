"""When people are reminded of a deadline, by whose rule, and whether the timers are alive."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Organization
from incidents.models import Deadline

MINUTES_IN_HOUR = 60
LONGEST_OFFSET = 60 * 24 * 60  # sixty days
MOST_OFFSETS = 12


def default_offsets() -> list[int]:
    """Minutes before the end: 48, 24, 12, 6 and 1 hours."""
    return [hours * MINUTES_IN_HOUR for hours in (48, 24, 12, 6, 1)]


def validate_offsets(offsets: object) -> None:
    """A non-empty list of whole minutes, each once. ValidationError otherwise."""
    if not isinstance(offsets, list) or not 0 < len(offsets) <= MOST_OFFSETS:
        raise ValidationError(
            _("알림 시점을 1개에서 %(most)d개까지 적어 주세요."), params={"most": MOST_OFFSETS}
        )
    whole = all(type(minutes) is int and 0 < minutes <= LONGEST_OFFSET for minutes in offsets)
    if not whole or len(set(offsets)) != len(offsets):
        raise ValidationError(_("알림 시점은 서로 다른 시간으로, 1시간에서 1,440시간 사이로 적어 주세요."))


class Withdrawal(models.TextChoices):
    """Why a reminder or an email that was owed is owed no longer."""

    ENDED = "ended", _("기한이 끝남(이행 또는 해당 없음)")
    REPLACED = "replaced", _("사실이 바뀌어 기한이 바뀜")
    OVERTAKEN = "overtaken", _("더 새로운 알림으로 대신함")
    POLICY = "policy", _("알림 정책이 바뀜")
    NO_ACCESS = "no_access", _("받을 사람이 이 사건을 더는 볼 수 없음")
    INACTIVE = "inactive", _("받을 사람의 계정이 꺼짐")


class ReminderPolicy(models.Model):
    """How an organisation wants to be reminded. Without a row the defaults hold."""

    organization = models.OneToOneField(Organization, models.PROTECT, related_name="reminder_policy")
    offsets = models.JSONField(_("기한 전 알림(분)"), default=default_offsets, validators=[validate_offsets])
    overdue_minutes = models.PositiveSmallIntegerField(_("기한이 지난 뒤 알림 간격(분)"), default=60)
    escalation_minutes = models.PositiveSmallIntegerField(_("확인을 기다리는 시간(분)"), default=15)
    urgent_minutes = models.PositiveSmallIntegerField(
        _("마지막 1시간과 기한 뒤에 기다리는 시간(분)"), default=5
    )
    version = models.PositiveIntegerField(default=0)  # rises with every change: the editing lock
    changed_at = models.DateTimeField(_("바꾼 시각"), null=True, blank=True)

    class Meta:
        verbose_name = _("알림 정책")
        verbose_name_plural = _("알림 정책")
        constraints = [
            models.CheckConstraint(
                condition=Q(overdue_minutes__range=(10, 1440))
                & Q(escalation_minutes__range=(1, 720))
                & Q(urgent_minutes__range=(1, 60)),
                name="reminders_neither_stop_nor_flood",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.offset_hours}"

    @property
    def offset_hours(self) -> str:
        """`48, 24, 12, 6, 1`: the offsets as people write them."""
        return ", ".join(f"{minutes / MINUTES_IN_HOUR:g}" for minutes in sorted(self.offsets, reverse=True))

    @property
    def overdue_every(self) -> timedelta:
        return timedelta(minutes=self.overdue_minutes)

    def wait(self, *, is_urgent: bool) -> timedelta:
        """How long a person has to acknowledge before the next one is told."""
        return timedelta(minutes=self.urgent_minutes if is_urgent else self.escalation_minutes)


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def open(self) -> Self:
        return self.filter(withdrawn_at=None)

    def unraised(self) -> Self:
        return self.open().filter(raised_at=None)

    def unanswered(self) -> Self:
        """Told to somebody, acknowledged by nobody."""
        return self.open().filter(raised_at__isnull=False, answered_at=None)

    def due(self, *, now: datetime) -> Self:
        """Something is to be done about these: tell the first person, or the next one."""
        return self.open().filter(act_at__lte=now)


class Reminder(models.Model):
    """One step before or after the end of a deadline. `act_at` is the timer; None when nothing is left to do.

    `minutes_before` is 0 at the end itself and negative after it. A reminder is raised (the first
    people are told), may climb (`level` people have been told), and is answered or withdrawn; never deleted.
    """

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="reminders")
    of_target = models.BooleanField(default=False)  # counts to the internal target, not to the legal end
    minutes_before = models.IntegerField(_("몇 분 전"))
    remind_at = models.DateTimeField(_("알릴 시각"))
    act_at = models.DateTimeField(null=True, blank=True)
    raised_at = models.DateTimeField(_("알린 시각"), null=True, blank=True)
    level = models.PositiveSmallIntegerField(_("알린 사람 수"), default=0)
    answered_at = models.DateTimeField(_("맡은 시각"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawn_at = models.DateTimeField(_("거둔 시각"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("거둔 이유"), max_length=10, choices=Withdrawal, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("알림")
        verbose_name_plural = _("알림")
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "of_target", "minutes_before"],
                condition=Q(withdrawn_at=None),
                name="one_reminder_for_each_step",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(act_at=None), name="a_withdrawn_reminder_rests"
            ),
        ]
        indexes = [
            models.Index(
                fields=["act_at"], condition=Q(act_at__isnull=False, withdrawn_at=None), name="reminder_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id} {-self.minutes_before:+d}m"

    @property
    def is_urgent(self) -> bool:
        """In the last hour and after the end an earlier acknowledgement is not enough."""
        return self.minutes_before <= MINUTES_IN_HOUR


class TimerPulse(models.Model):
    """When the timers last finished a sweep: one row, so that silence can be seen."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_sweep_at = models.DateTimeField()
    faults = models.PositiveIntegerField(default=0)  # errands of the last sweep that failed

    class Meta:
        verbose_name = _("타이머")
        verbose_name_plural = _("타이머")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_pulse")]

    def __str__(self) -> str:
        return self.last_sweep_at.isoformat()
