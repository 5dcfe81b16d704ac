"""What proves what happened, and who held it when. Neither table can be changed; what follows is a further row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents.models.cases import Case


class Evidence(models.Model):
    """One file taken into a case, as it was when it came. The file itself lies encrypted under `kept_as`."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField(_("번호"))
    title = models.CharField(_("무엇인지"), max_length=120)
    file_name = models.CharField(_("파일 이름"), max_length=150)
    media_type = models.CharField(max_length=100)  # as the sender called it; never believed
    size = models.PositiveBigIntegerField(_("크기"))
    sha256 = models.CharField("SHA-256", max_length=64)
    kept_as = models.CharField(max_length=100, unique=True)  # below settings.EVIDENCE_FOLDER
    recorded_at = models.DateTimeField(_("기록 시각"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("증거")
        verbose_name_plural = _("증거")
        ordering = ("case", "number")
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_evidence_of_each_number"),
            models.CheckConstraint(condition=models.Q(size__gte=1), name="evidence_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.case.reference} {self.label}"

    @property
    def label(self) -> str:
        """`E-04`."""
        return f"E-{self.number:02}"

    def get_absolute_url(self) -> str:
        return reverse("incidents:evidence", args=[self.case.reference, self.number])

    @property
    def path(self) -> Path:
        return Path(settings.EVIDENCE_FOLDER) / self.kept_as

    @property
    def is_held(self) -> bool:
        """Whether it must not be destroyed whatever its retention says."""
        kinds = (CustodyEntry.Kind.HELD, CustodyEntry.Kind.RELEASED)
        last = self.custody.filter(kind__in=kinds).order_by("number").last()
        return last is not None and last.kind == CustodyEntry.Kind.HELD

    @property
    def flagged_as(self) -> str:
        """What the scanner took it for; empty while nothing was found."""
        found = self.scans.filter(verdict="flagged").last()
        return (found.finding or "?") if found else ""

    @property
    def keep_until(self) -> date | None:
        """The last day it has to be kept, as said last; None while nobody has."""
        last = self.custody.filter(kind=CustodyEntry.Kind.KEPT_UNTIL).order_by("number").last()
        return last.until if last else None


class CustodyEntry(models.Model):
    """One line of the ledger of an item: who had it, looked at it, copied it, handed it over."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("받음")
        VIEWED = "viewed", _("열람")
        COPIED = "copied", _("사본을 내려받음")
        HANDED_OVER = "handed_over", _("넘겨줌")
        RETURNED = "returned", _("돌려받음")
        HELD = "held", _("보존 조치")
        RELEASED = "released", _("보존 조치 해제")
        KEPT_UNTIL = "kept_until", _("보관 기간을 정함")

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="custody")
    number = models.PositiveIntegerField(_("순번"))
    kind = models.CharField(_("한 일"), max_length=12, choices=Kind)
    happened_at = models.DateTimeField(_("한 때"))
    party = models.CharField(_("누구에게서·누구에게"), max_length=120, blank=True)
    note = models.CharField(_("목적·이유"), max_length=300, blank=True)
    until = models.DateField(_("보관하는 마지막 날"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("기록 시각"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("보관 기록")
        verbose_name_plural = _("보관 기록")
        ordering = ("evidence", "number")
        constraints = [
            models.UniqueConstraint(fields=["evidence", "number"], name="one_custody_entry_of_each_number"),
            models.CheckConstraint(
                condition=models.Q(kind="kept_until", until__isnull=False)
                | (~models.Q(kind="kept_until") & models.Q(until__isnull=True)),
                name="a_retention_names_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence} #{self.number} {self.get_kind_display()}"
