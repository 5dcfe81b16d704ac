"""That somebody was shown for a while what is masked for everybody."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Organization, User


class UnmaskingQuerySet(models.QuerySet["Unmasking"]):
    def live(self, *, user: User, page: str, now: datetime) -> Self:
        """What opens `page` to `user` now."""
        return self.filter(user=user, page=page, at__lte=now, until__gt=now)


class Unmasking(models.Model):
    """One page of one case shown unmasked to one person, with the reason, until `until`. Never changed."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("본 사람"))
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    case_key = models.CharField(_("사건번호"), max_length=40)
    page = models.CharField(_("화면"), max_length=200)  # the address, without what is searched for
    reason = models.CharField(_("사유"), max_length=500)
    at = models.DateTimeField(_("해제한 때"))
    until = models.DateTimeField(_("다시 가리는 때"))

    objects = UnmaskingQuerySet.as_manager()

    class Meta:
        verbose_name = _("마스킹 해제")
        verbose_name_plural = _("마스킹 해제")
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=["user", "page", "until"], name="unmasked_for_now")]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("at")), name="unmasking_ends")
        ]

    def __str__(self) -> str:
        return f"{self.case_key} {self.page}"
