"""Who has read which edition of their duties, and when."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User


class Acknowledgement(models.Model):
    """A person has read their duties. Never changed; reading them again is a further row."""

    user = models.ForeignKey(
        User, models.PROTECT, related_name="acknowledgements", verbose_name=_("확인한 사람")
    )
    edition = models.CharField(_("글의 판"), max_length=20)
    digest = models.CharField(_("글의 해시"), max_length=64)
    is_pledge = models.BooleanField(_("서약 포함"), default=False)
    acknowledged_at = models.DateTimeField(_("확인한 때"))

    class Meta:
        verbose_name = _("의무 확인")
        verbose_name_plural = _("의무 확인")
        ordering = ("-acknowledged_at", "-pk")
        indexes = [models.Index(fields=["user", "acknowledged_at"], name="duties_read_by")]

    def __str__(self) -> str:
        return f"{self.user} · {self.edition}"
