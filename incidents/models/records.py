"""The timeline people write, and the words they were typing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.audit.chain import new_salt, salted
from incidents.models.cases import Case


class TimelineEntry(models.Model):
    """What happened, at its own time, told by a person: a finding, a call, a demand. Never changed."""

    class Kind(models.TextChoices):
        EVENT = "event", _("경과")
        FINDING = "finding", _("조사 결과")
        DEMAND = "demand", _("요구")
        GIVEN = "given", _("통지·신고")

    case = models.ForeignKey(Case, models.PROTECT, related_name="timeline")
    kind = models.CharField(_("종류"), max_length=8, choices=Kind, default=Kind.EVENT)
    happened_at = models.DateTimeField(_("일어난 때"))
    text = models.TextField(_("내용"))
    source = models.CharField(_("근거"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("기록 시각"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    salt = models.CharField(max_length=32, null=True, default=new_salt, editable=False)  # of history's digest

    class Meta:
        verbose_name = _("경과")
        verbose_name_plural = _("경과")
        ordering = ("happened_at", "pk")

    def __str__(self) -> str:
        return f"{self.happened_at:%Y-%m-%d} {self.text[:40]}"

    def said(self) -> list[Any]:
        """What history keeps a digest of."""
        return salted(self.salt, self.text, self.source)


class Draft(models.Model):
    """What a person was typing when the session ended or the line broke. Theirs alone; replaced as they type."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=120)  # the page the words belong to
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("쓰던 내용")
        verbose_name_plural = _("쓰던 내용")
        constraints = [models.UniqueConstraint(fields=["user", "form"], name="one_draft_for_each_page")]

    def __str__(self) -> str:
        return self.form

    def values(self) -> dict[str, Any]:
        return dict(self.content)
