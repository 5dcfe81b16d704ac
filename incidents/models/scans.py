"""What a malware scanner said of a kept file, which is never changed, and when it is asked about it again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.evidence import Evidence


class EvidenceScan(models.Model):
    """One answer of the scanner. Without a row nobody has asked yet."""

    class Verdict(models.TextChoices):
        CLEAN = "clean", _("이상 없음")
        FLAGGED = "flagged", _("악성코드로 보임")
        NOT_SCANNED = "not_scanned", _("검사하지 못하는 파일")
        ERROR = "error", _("검사 실패")

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="scans")
    verdict = models.CharField(_("판정"), max_length=12, choices=Verdict)
    finding = models.CharField(
        _("찾은 것"), max_length=200, blank=True
    )  # the scanner's name for it, or its fault
    engine = models.CharField(_("검사 프로그램"), max_length=120, blank=True)
    scanned_at = models.DateTimeField(_("검사한 때"))

    class Meta:
        verbose_name = _("악성코드 검사")
        verbose_name_plural = _("악성코드 검사")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.evidence} {self.get_verdict_display()}"


class ScanErrand(models.Model):
    """When the scanner last gave a verdict on a file, with which signatures, and from when it may be asked again.

    The row is the queue and the lease; a verdict that differs is a further `EvidenceScan`.
    """

    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="scan_errand")
    asked_at = models.DateTimeField(_("마지막으로 검사한 때"))
    engine = models.CharField(_("검사 프로그램"), max_length=120, blank=True)
    attempts = models.PositiveIntegerField(default=0)  # without a verdict, since the last one
    ask_after = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("다시 하는 악성코드 검사")
        verbose_name_plural = _("다시 하는 악성코드 검사")

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.asked_at:%Y-%m-%d %H:%M}"
