"""Rival answers to the one question on which most clocks hang: when did the organisation know?"""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.audit.chain import new_salt, salted
from incidents.models.cases import Case


class Basis(models.TextChoices):
    ALERT = "alert", _("탐지 경보")
    OUTSIDER = "outsider", _("외부의 연락")
    FINDING = "finding", _("분석가의 확인")
    MEETING = "meeting", _("회의·보고")
    PROCESSOR = "processor", _("수탁자의 통보")
    AUTHORITY = "authority", _("기관의 판단")
    OTHER = "other", _("그 밖의 근거")


class AwarenessClaimQuerySet(models.QuerySet["AwarenessClaim"]):
    def standing(self) -> Self:
        """Those nobody has withdrawn."""
        return self.filter(withdrawn_at=None)


class AwarenessClaim(models.Model):
    """A time at which the organisation can be said to have known, beside the one the case goes by.

    The case goes by the fact (`FactRevision`) of the same name; a claim never changes it. What is
    withdrawn stays, with who withdrew it and why.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="awareness_claims")
    anchor = models.CharField(_("기산점"), max_length=40)  # a fact of `incidents.rivals.ANCHORS`
    at = models.DateTimeField(_("주장되는 시각"))
    basis = models.CharField(_("근거의 종류"), max_length=10, choices=Basis)
    source = models.CharField(_("근거"), max_length=300)
    recorded_at = models.DateTimeField(_("기록 시각"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    salt = models.CharField(max_length=32, null=True, default=new_salt, editable=False)  # of history's digest
    withdrawn_at = models.DateTimeField(_("거둔 때"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawn_reason = models.CharField(_("거둔 이유"), max_length=500, blank=True)

    objects = AwarenessClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("다투는 인지 시각")
        verbose_name_plural = _("다투는 인지 시각")
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "anchor", "at"],
                condition=Q(withdrawn_at=None),
                name="one_claim_for_each_instant",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case.reference} {self.anchor} {self.at:%Y-%m-%d %H:%M}"

    def said(self) -> list[Any]:
        """What history keeps a digest of."""
        return salted(self.salt, self.source)
