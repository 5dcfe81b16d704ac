"""That a closed case is to be destroyed: who asked and why, who approved, what has gone, and the paper that says so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incidents.models.cases import Case

WITHIN_DAYS = 5  # 표준 개인정보 보호지침 제10조: 정당한 사유가 없는 한 5일 이내


class DestructionQuerySet(models.QuerySet["Destruction"]):
    def waiting(self) -> Self:
        """Asked for and not answered."""
        return self.filter(decided_at=None)

    def to_carry_out(self) -> Self:
        """Approved and not finished."""
        return self.filter(is_approved=True, finished_at=None)

    def standing(self) -> Self:
        """All but the refused."""
        return self.exclude(is_approved=False)


class Destruction(models.Model):
    """One destruction of one case. What it counts stays when what was counted is gone."""

    class Ground(models.TextChoices):
        RETENTION = "retention", _("보유 기간이 지남")
        PURPOSE = "purpose", _("처리 목적을 달성함")
        DECISION = "decision", _("그 밖의 결정")

    case = models.ForeignKey(Case, models.PROTECT, related_name="destructions")
    ground = models.CharField(_("근거"), max_length=10, choices=Ground)
    reason = models.CharField(_("이유"), max_length=500)
    needless_on = models.DateField(_("불필요하게 된 날"))
    asked_at = models.DateTimeField(_("요청한 때"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_approved = models.BooleanField(_("승인"), null=True)
    note = models.CharField(_("의견"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("정한 때"), null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    is_reapplied = models.BooleanField(_("복구 뒤 다시 함"), default=False)
    begun_at = models.DateTimeField(_("시작한 때"), null=True)
    counts = models.JSONField(default=dict)  # step → how many
    finished_at = models.DateTimeField(_("마친 때"), null=True)
    certificate = models.ForeignKey("documents.Document", models.PROTECT, related_name="+", null=True)

    objects = DestructionQuerySet.as_manager()

    class Meta:
        verbose_name = _("파기")
        verbose_name_plural = _("파기")
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=~Q(is_approved=False) | Q(is_approved=None),
                name="one_destruction_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="a_second_person_destroys"
            ),
            models.CheckConstraint(
                condition=Q(begun_at=None) | Q(is_approved=True), name="only_what_is_approved_is_destroyed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.reference} {self.get_ground_display()}"

    @property
    def last_day(self) -> date:
        """The day by which it has to be done."""
        return self.needless_on + timedelta(days=WITHIN_DAYS)

    @property
    def is_over(self) -> bool:
        return self.finished_at is not None
