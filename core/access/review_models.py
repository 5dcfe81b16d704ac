"""What a review of the log rests on: the figures, the sample drawn, a verdict on each alert, the paper of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.alert_models import Alert, Finding
from core.access.models import Review, ReviewKind
from core.accounts.models import Organization
from core.documents.models import Document


class ReviewSheet(models.Model):
    """The figures and the sample a review was made with, and its paper. Never changed."""

    review = models.OneToOneField(Review, models.PROTECT, related_name="sheet")
    seed = models.CharField(max_length=64)  # the same seed draws the same rows again
    sample = models.JSONField(default=list)  # ids of the log
    figures = models.JSONField(default=dict)
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("점검표")
        verbose_name_plural = _("점검표")

    def __str__(self) -> str:
        return str(self.review_id)


class HitVerdict(models.Model):
    """What the reviewer found about one alert of the period. Never changed."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="hits")
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="verdicts")
    finding = models.CharField(_("판정"), max_length=12, choices=Finding)

    class Meta:
        verbose_name = _("경보별 판정")
        verbose_name_plural = _("경보별 판정")
        ordering = ("alert",)
        constraints = [
            models.UniqueConstraint(fields=["review", "alert"], name="one_verdict_on_an_alert_in_a_review")
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.finding}"


class OverdueNotice(models.Model):
    """That the reviewers of an organisation were told of a period nobody has looked over."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=ReviewKind)
    last_day = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        verbose_name = _("밀린 점검을 알림")
        verbose_name_plural = _("밀린 점검을 알림")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "last_day"], name="told_once_of_an_overdue_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.last_day}"
