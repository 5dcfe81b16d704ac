"""What people stated about a case, each statement a revision."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.audit.chain import new_salt, salted
from incidents.models.cases import Case


class Certainty(models.TextChoices):
    CONFIRMED = "confirmed", _("확인")
    ESTIMATED = "estimated", _("추정")
    UNKNOWN = "unknown", _("미확인")


class FactRevisionQuerySet(models.QuerySet["FactRevision"]):
    def current(self) -> Self:
        """The last revision of each fact: rows that no later revision follows."""
        later = FactRevision.objects.filter(
            case=models.OuterRef("case"),
            name=models.OuterRef("name"),
            key=models.OuterRef("key"),
            number__gt=models.OuterRef("number"),
        )
        return self.filter(~models.Exists(later))

    def as_of(self, at: datetime) -> Self:
        """The last revision of each fact that had been recorded by `at`."""
        later = FactRevision.objects.filter(
            case=models.OuterRef("case"),
            name=models.OuterRef("name"),
            key=models.OuterRef("key"),
            number__gt=models.OuterRef("number"),
            recorded_at__lte=at,
        )
        return self.filter(~models.Exists(later), recorded_at__lte=at)


class FactRevision(models.Model):
    """One thing somebody recorded about a case. A correction is a further revision; the database keeps both."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="fact_revisions")
    name = models.CharField(_("사실"), max_length=40)
    key = models.CharField(_("구분"), max_length=20, blank=True)
    number = models.PositiveIntegerField(_("판"))
    value = models.JSONField(_("값"), null=True)
    until_at = models.DateTimeField(_("늦어도"), null=True, blank=True)  # of an instant known as a range only
    certainty = models.CharField(_("확실성"), max_length=10, choices=Certainty)
    source = models.CharField(_("근거"), max_length=200, blank=True)
    reason = models.CharField(_("사유"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("기록 시각"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    salt = models.CharField(max_length=32, null=True, default=new_salt, editable=False)  # of history's digest

    objects = FactRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("사실")
        verbose_name_plural = _("사실")
        ordering = ("case", "name", "key", "number")
        indexes = [
            # asked with every request where the second factor is not required anyway
            models.Index(fields=["case"], condition=Q(name="is_user_data"), name="facts_of_user_data")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "name", "key", "number"], name="one_revision_of_each_number"
            ),
            models.CheckConstraint(
                condition=Q(certainty="unknown") | Q(value__isnull=False), name="a_known_fact_has_a_value"
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(value__isnull=False), name="a_range_has_an_earliest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.reference} {self.name}{f'[{self.key}]' if self.key else ''} v{self.number}"

    def said(self) -> list[Any]:
        """What history keeps a digest of: the value, where it is from, and the other end of a range."""
        ends = [self.until_at.astimezone(UTC).isoformat()] if self.until_at else []
        return salted(self.salt, self.value, self.source, *ends)
