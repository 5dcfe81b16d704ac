"""The chain over the access log: one link for each row, where it begins after a purge, how far it was copied."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.models import AccessPurge


class AccessLink(models.Model):
    """That a row of the log has this number, and the hash over it and the link before. Never changed.

    No foreign key to the row: a row taken away leaves its link behind, and is missed.
    """

    id = models.PositiveBigIntegerField(_("순번"), primary_key=True)  # from 1 on, without a gap
    row = models.PositiveBigIntegerField(unique=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("접속기록 사슬")
        verbose_name_plural = _("접속기록 사슬")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"#{self.pk} {self.hash[:12]}"


class PurgedEnd(models.Model):
    """The last link that a purge took away: what is left of the chain continues from its hash. Never changed."""

    purge = models.OneToOneField(AccessPurge, models.PROTECT, related_name="end")
    number = models.PositiveBigIntegerField(_("지운 마지막 순번"))
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("파기한 접속기록의 끝")
        verbose_name_plural = _("파기한 접속기록의 끝")
        ordering = ("number",)

    def __str__(self) -> str:
        return f"#{self.number} {self.hash[:12]}"


class CopyPlace(models.TextChoices):
    FOLDER = "folder", _("폴더")
    SYSLOG = "syslog", _("syslog")


class CopyMark(models.Model):
    """How far the log was copied to a place outside this machine, and what stands in the way."""

    place = models.CharField(_("곳"), max_length=8, choices=CopyPlace, unique=True)
    number = models.PositiveBigIntegerField(_("복사한 마지막 순번"), default=0)
    copied_at = models.DateTimeField(_("복사한 때"), null=True)
    leased_until = models.DateTimeField(null=True)
    obstacle = models.CharField(_("복사하지 못한 까닭"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("접속기록 복사")
        verbose_name_plural = _("접속기록 복사")

    def __str__(self) -> str:
        return f"{self.place} #{self.number}"
