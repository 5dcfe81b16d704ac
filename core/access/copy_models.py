"""The register of copies: what left the house as paper or file, who took it, what for; and who allowed large ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Organization, User

LAPSES_AFTER = timedelta(days=1)  # an approval that nobody used


class CopyKind(models.TextChoices):
    PAPER = "paper", _("문서 PDF")
    EVIDENCE = "evidence", _("증거 사본")
    CASE = "case", _("감사 묶음")
    LIST = "list", _("목록 CSV")


class CopyYear(models.Model):
    """The last copy number given in a year, locked while the next is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last_number}"


class CopyRequestQuerySet(models.QuerySet["CopyRequest"]):
    def waiting(self, *, now: datetime) -> Self:
        """Asked within a day and not yet answered."""
        return self.filter(decided_at=None, asked_at__gt=now - LAPSES_AFTER)

    def usable(self, *, now: datetime) -> Self:
        """Approved within a day and not yet used."""
        return self.filter(is_approved=True, used_at=None, decided_at__gt=now - LAPSES_AFTER)


class CopyRequest(models.Model):
    """That somebody asks to take out what covers many people, and what a second person answered. Used once."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="copy_requests")
    case_key = models.CharField(_("사건번호"), max_length=40, db_index=True)
    kind = models.CharField(_("종류"), max_length=8, choices=CopyKind)
    person_count = models.PositiveIntegerField(_("정보주체 수"))
    purpose = models.CharField(_("목적"), max_length=500)
    asked_at = models.DateTimeField(_("요청한 때"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("요청한 사람"))
    is_approved = models.BooleanField(_("승인"), null=True)
    note = models.CharField(_("의견"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("정한 때"), null=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, verbose_name=_("정한 사람")
    )
    used_at = models.DateTimeField(_("쓴 때"), null=True)

    objects = CopyRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("반출 승인 요청")
        verbose_name_plural = _("반출 승인 요청")
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_approved=None, decided_at=None, decided_by=None)
                | Q(is_approved__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
                name="an_answer_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")),
                name="a_second_person_answers",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(is_approved=True), name="only_what_is_approved_is_used"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_key} {self.get_kind_display()} {self.asked_at:%Y-%m-%d %H:%M}"

    def state(self, *, now: datetime) -> str:
        """`waiting`, `refused`, `approved`, `used` or `lapsed`."""
        if self.is_approved is False:
            return "refused"
        if self.used_at:
            return "used"
        if now - (self.decided_at or self.asked_at) >= LAPSES_AFTER:
            return "lapsed"
        return "approved" if self.is_approved else "waiting"


class Copy(models.Model):
    """One paper or file that left, with its number. Never changed."""

    number = models.CharField(_("사본 번호"), max_length=20, unique=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="copies", verbose_name=_("기관")
    )
    case_key = models.CharField(_("사건번호"), max_length=40, blank=True, db_index=True)
    kind = models.CharField(_("종류"), max_length=8, choices=CopyKind)
    what = models.CharField(_("무엇"), max_length=80)  # a number or a name of the house's own, no person's
    original_hash = models.CharField(_("원본 SHA-256"), max_length=64)
    is_marked = models.BooleanField(_("사본에 번호를 적음"), default=True)
    is_locked = models.BooleanField(_("암호를 건 파일"), default=False)
    purpose = models.CharField(_("목적"), max_length=500)
    made_at = models.DateTimeField(_("내보낸 때"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("내보낸 사람"))
    allowed_by = models.OneToOneField(CopyRequest, models.PROTECT, related_name="copy", null=True)

    class Meta:
        verbose_name = _("출력·복사")
        verbose_name_plural = _("출력·복사")
        ordering = ("-made_at", "-pk")
        indexes = [
            models.Index(fields=["organization", "made_at"], name="copies_by_organization"),
            models.Index(fields=["made_by", "made_at"], name="copies_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_kind_display()} {self.what}"
