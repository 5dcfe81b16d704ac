"""What was backed up and restored, and how long a restore took when it was tried. Neither table is ever changed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User


class BackupNote(models.Model):
    """A backup that was made here, or one that this database came from."""

    class Kind(models.TextChoices):
        MADE = "made", _("백업함")
        RESTORED = "restored", _("백업에서 복구함")

    kind = models.CharField(_("종류"), max_length=8, choices=Kind)
    noted_at = models.DateTimeField(_("한 때"))
    made_at = models.DateTimeField(_("백업의 시점"))
    size = models.PositiveBigIntegerField(_("크기"), default=0)
    file_count = models.PositiveIntegerField(_("파일"), default=0)
    key = models.CharField(_("여는 키"), max_length=32)  # the id of the vault key

    class Meta:
        verbose_name = _("백업")
        verbose_name_plural = _("백업")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.made_at:%Y-%m-%d %H:%M}"


class RecoveryDrill(models.Model):
    """A restore that was tried on purpose: when, how long it took, and what came of it."""

    class Result(models.TextChoices):
        WHOLE = "whole", _("모두 복구함")
        FLAWED = "flawed", _("복구했으나 고칠 점이 있음")
        FAILED = "failed", _("복구하지 못함")

    drilled_on = models.DateField(_("훈련한 날"))
    took_seconds = models.PositiveIntegerField(_("걸린 시간"))
    result = models.CharField(_("결과"), max_length=8, choices=Result)
    note = models.CharField(_("확인한 내용과 조치"), max_length=1000)
    recorded_at = models.DateTimeField(_("기록 시각"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("훈련한 사람"))

    class Meta:
        verbose_name = _("복구 훈련")
        verbose_name_plural = _("복구 훈련")
        ordering = ("-drilled_on", "-pk")

    def __str__(self) -> str:
        return f"{self.drilled_on} {self.get_result_display()}"

    @property
    def took_said(self) -> str:
        """`42분 05초`."""
        minutes, seconds = divmod(self.took_seconds, 60)
        return str(_("%(m)d분 %(s)02d초") % {"m": minutes, "s": seconds})
