"""How far this machine's clock stands from the source of time it was told to compare itself with."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MOST_MILLISECONDS = 1000  # beyond it an instant in the log may name another second (2.9.6)


class ClockReading(models.Model):
    """The last comparison: one row. `offset` is what has to be added to this clock to have the source's."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    source = models.CharField(_("시각의 기준"), max_length=200)
    ask_after = models.DateTimeField()
    asked_at = models.DateTimeField(_("비교한 때"), null=True, blank=True)
    offset = models.IntegerField(_("차이(밀리초)"), null=True, blank=True)
    doubt = models.PositiveIntegerField(_("오차(밀리초)"), default=0)
    fault = models.CharField(_("비교하지 못한 까닭"), max_length=100, blank=True)
    astray_since = models.DateTimeField(_("어긋난 때"), null=True, blank=True)

    class Meta:
        verbose_name = _("시각 비교")
        verbose_name_plural = _("시각 비교")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_clock_reading")]

    def __str__(self) -> str:
        return f"{self.source} {self.offset} ms"

    @property
    def is_astray(self) -> bool:
        """Whether the clock is more than a second off, whatever the comparison may be wrong by."""
        return self.offset is not None and abs(self.offset) - self.doubt > MOST_MILLISECONDS

    def is_due(self, now: datetime) -> bool:
        return now >= self.ask_after
