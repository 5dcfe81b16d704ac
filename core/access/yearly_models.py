"""The yearly check of the internal plan by the CPO: that it is owed, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Organization, User
from core.documents.models import Document


class YearlyDuty(models.Model):
    """That an organisation's CPO owes a check. The row is the timer; it ends with the check and another begins."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="yearly_duties")
    counts_from = models.DateField(_("세기 시작한 날"))  # of the last check, or when the house first looked
    told = models.PositiveSmallIntegerField(_("알린 횟수"), default=0)
    finished_at = models.DateTimeField(_("점검한 때"), null=True, blank=True)

    class Meta:
        verbose_name = _("이행 실태 점검 할 일")
        verbose_name_plural = _("이행 실태 점검 할 일")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(finished_at=None), name="one_yearly_check_owed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.counts_from}"


class Verdict(models.TextChoices):
    """Of a line of the checklist, and of the whole."""

    IN_ORDER = "in_order", _("이상 없음")
    FOLLOWED_UP = "followed_up", _("이상이 있어 조치함")
    OPEN = "open", _("조치가 남음")


class YearlyCheck(models.Model):
    """What the CPO found, line by line, beside the product's figures of that moment. Never changed."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="yearly_checks")
    first_day = models.DateField(_("첫날"))
    last_day = models.DateField(_("마지막 날"))
    lines = models.JSONField(_("점검표"))  # [{code, figures: [[label, value]], result, note}]
    verdict = models.CharField(_("판정"), max_length=12, choices=Verdict)
    note = models.CharField(_("종합 의견과 조치"), max_length=2000)
    checked_at = models.DateTimeField(_("점검한 때"))
    checker = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("점검자"))
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", verbose_name=_("문서"))

    class Meta:
        verbose_name = _("이행 실태 점검")
        verbose_name_plural = _("이행 실태 점검")
        ordering = ("-checked_at", "-pk")

    def __str__(self) -> str:
        return f"{self.organization} {self.first_day} ~ {self.last_day}"
