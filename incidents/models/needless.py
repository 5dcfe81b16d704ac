"""That those who decide were told: the retention of a closed case is over, and again on the last day to destroy it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.cases import Case


class NeedlessStep(models.TextChoices):
    DUE = "due", _("보관 기간이 끝남")
    LAST_DAY = "last_day", _("파기할 마지막 날")


class NeedlessNotice(models.Model):
    """One telling of one day. Another day (a hold released, another setting) is told anew. Never changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="needless_notices")
    needless_on = models.DateField(_("불필요하게 된 날"))
    step = models.CharField(_("단계"), max_length=8, choices=NeedlessStep)
    told_at = models.DateTimeField(_("알린 때"))

    class Meta:
        verbose_name = _("보관 기간이 끝났음을 알림")
        verbose_name_plural = _("보관 기간이 끝났음을 알림")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "needless_on", "step"], name="told_once_that_a_case_is_needless"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case.reference} {self.needless_on} {self.get_step_display()}"
