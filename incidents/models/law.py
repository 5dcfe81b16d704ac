"""Which edition of the law the cases go by, and the holidays an administrator adds to its calendar."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LawEditionQuerySet(models.QuerySet["LawEdition"]):
    def in_force(self) -> LawEdition | None:
        """The edition applied last; None before the first."""
        return self.filter(applied_at__isnull=False).order_by("-applied_at", "-pk").first()


class LawEdition(models.Model):
    """One edition of `rules` as it was installed, word for word, so that any two can be compared for ever."""

    digest = models.CharField(_("규칙판"), max_length=64, unique=True)
    document = models.JSONField()  # `rules.edition()`
    installed_at = models.DateTimeField(_("설치한 때"))
    applied_at = models.DateTimeField(_("적용한 때"), null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )  # None: the first edition, with no case before it

    objects = LawEditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("규칙판")
        verbose_name_plural = _("규칙판")
        ordering = ("-installed_at", "-pk")

    def __str__(self) -> str:
        return self.digest[:12]


class HolidayChangeQuerySet(models.QuerySet["HolidayChange"]):
    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def as_facts(self) -> list[dict[str, Any]]:
        """What `rules` reads beside the facts of a case."""
        return [
            {"day": row.day.isoformat(), "change": row.change, "name": row.name}
            for row in self.standing().order_by("day")
        ]


class HolidayChange(models.Model):
    """A day that is a public holiday, or is none, otherwise than the calendar of `rules` says."""

    class Change(models.TextChoices):
        HOLIDAY = "holiday", _("공휴일로 봄")
        NO_HOLIDAY = "no_holiday", _("공휴일이 아님")

    day = models.DateField(_("날짜"))
    change = models.CharField(_("어떻게 봅니까?"), max_length=10, choices=Change)
    name = models.CharField(_("이름"), max_length=60)
    source = models.CharField(_("근거"), max_length=300)
    recorded_at = models.DateTimeField(_("기록 시각"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("거둔 때"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = HolidayChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("공휴일 바로잡기")
        verbose_name_plural = _("공휴일 바로잡기")
        ordering = ("day", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["day"], condition=Q(ended_at=None), name="one_change_for_each_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.get_change_display()}"
