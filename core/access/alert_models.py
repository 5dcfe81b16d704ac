"""What the log shows that a person should look at: alerts, and the explanations asked about them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.access.models import WATCHING
from core.accounts.models import Membership, Organization, User


class Rule(models.TextChoices):
    """What an alert is raised by."""

    NEW_NETWORK = "new_network", _("처음 보는 네트워크")
    NIGHT = "night", _("밤에 한 일")
    MANY_SUBJECTS = "many_subjects", _("짧은 시간에 많은 대상")
    FAILURES = "failures", _("되풀이한 실패와 거부")
    SMALL_READS = "small_reads", _("조금씩 되풀이한 조회")


class Finding(models.TextChoices):
    """What somebody found when they looked."""

    IN_ORDER = "in_order", _("정당한 업무로 확인함")
    FOLLOWED_UP = "followed_up", _("이상이 있어 조치함")


class AlertMark(models.Model):
    """Up to which number of the log the rules have read. One row."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("경보 점검 위치")
        verbose_name_plural = _("경보 점검 위치")

    def __str__(self) -> str:
        return f"#{self.number}"


class SeenNetwork(models.Model):
    """A network somebody has come from, and when last: what a new one is told by."""

    account = models.ForeignKey(User, models.PROTECT, related_name="+")
    network = models.CharField(max_length=49)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("쓴 네트워크")
        verbose_name_plural = _("쓴 네트워크")
        constraints = [
            models.UniqueConstraint(fields=["account", "network"], name="one_row_of_a_persons_network")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.network}"


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, user: User) -> Self:
        """About organisations `user` watches, about the people of those, and about sources that are nobody's."""
        watched = Membership.objects.of(user, *WATCHING).values("organization")
        people = Membership.objects.filter(organization__in=watched).values("user")
        of_people = models.Q(organization=None, account__in=people)
        of_sources = models.Q(organization=None, account=None)
        if not watched.exists():
            return self.none()
        return self.filter(models.Q(organization__in=watched) | of_people | of_sources)

    def open(self) -> Self:
        return self.filter(closed_at=None)


class Alert(models.Model):
    """Rows of the log that a rule picked out, until somebody has looked at them and said what they found."""

    rule = models.CharField(_("규칙"), max_length=16, choices=Rule)
    key = models.CharField(max_length=120, unique=True)  # the same finding is raised once
    account = models.ForeignKey(
        User, models.PROTECT, related_name="alerts", null=True, verbose_name=_("식별자")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", null=True, verbose_name=_("기관")
    )
    address = models.GenericIPAddressField(_("접속지"), null=True)
    first_at = models.DateTimeField(_("처음"))
    last_at = models.DateTimeField(_("마지막"))
    rows = models.JSONField(default=list)  # ids of the log, the earliest first, at most `MOST_ROWS`
    row_count = models.PositiveIntegerField(_("기록 수"))
    measured = models.PositiveIntegerField(_("센 수"))  # what the rule counted: rows or subjects
    raised_at = models.DateTimeField(_("알린 때"))
    finding = models.CharField(_("판정"), max_length=12, choices=Finding, blank=True)
    closing_reason = models.CharField(_("이유"), max_length=1000, blank=True)
    closed_at = models.DateTimeField(_("닫은 때"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, verbose_name=_("닫은 사람")
    )

    objects: ClassVar = AlertQuerySet.as_manager()

    MOST_ROWS = 500

    class Meta:
        verbose_name = _("경보")
        verbose_name_plural = _("경보")
        ordering = ("-raised_at", "-pk")
        indexes = [models.Index(fields=["organization", "last_at"], name="alert_of_organization")]

    def __str__(self) -> str:
        return f"{self.get_rule_display()} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("alert", args=[self.pk])


class Explanation(models.Model):
    """What somebody was asked about an alert of theirs, and what they said."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="explanations")
    question = models.CharField(_("물은 것"), max_length=1000)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("물은 사람"))
    asked_at = models.DateTimeField(_("물은 때"))
    answer = models.CharField(_("소명"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("답한 때"), null=True)

    class Meta:
        verbose_name = _("소명 요청")
        verbose_name_plural = _("소명 요청")
        ordering = ("-asked_at", "-pk")

    def __str__(self) -> str:
        return f"{self.alert_id} {self.asked_at:%Y-%m-%d}"
