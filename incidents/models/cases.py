"""The case itself, its number, and who takes part in it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.days import day_in_seoul, not_over
from core.accounts.models import Organization, Role
from core.accounts.standing import places_held

if TYPE_CHECKING:
    from core.accounts.models import User


class Phase(models.TextChoices):
    DETECTION = "detection", _("탐지·인지")
    CONTAINMENT = "containment", _("초동조치")
    NOTIFICATION = "notification", _("통지·신고")
    INVESTIGATION = "investigation", _("조사·보완")
    SANCTION = "sanction", _("제재·배상")
    CLOSED = "closed", _("종결")


class CaseYear(models.Model):
    """The last case number given in a year, locked while the next is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last_number}"


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> Self:
        """The cases `user` takes part in, and those of organisations where they are CPO or 감사자."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        overseen = places_held(user, Role.CPO, Role.AUDITOR)
        joined = CaseMember.objects.present().filter(user=user).values("case")
        part = Q(
            pk__in=joined, organization__in=places_held(user)
        )  # whoever has no role here any more sees nothing
        return self.filter(part | Q(organization__in=overseen))

    def open(self) -> Self:
        return self.exclude(phase=Phase.CLOSED)


class Case(models.Model):
    """One incident at one organisation, from the moment somebody knew until closure and after."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="cases", verbose_name=_("기관")
    )
    reference = models.CharField(_("사건번호"), max_length=20, unique=True)
    title = models.CharField(_("제목"), max_length=120, blank=True)
    is_personal_data = models.BooleanField(_("개인정보"), default=False)
    is_cyber_incident = models.BooleanField(_("침해사고"), default=False)
    is_service_outage = models.BooleanField(_("서비스 장애"), default=False)
    phase = models.CharField(_("단계"), max_length=14, choices=Phase, default=Phase.DETECTION)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="led_cases", verbose_name=_("담당")
    )
    opened_at = models.DateTimeField(_("접수 시각"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("종결 시각"), null=True, blank=True)
    fact_count = models.PositiveIntegerField(default=0)  # rises with every recorded fact: the editing lock

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("사건")
        verbose_name_plural = _("사건")
        ordering = ("-opened_at",)

    def __str__(self) -> str:
        return f"{self.reference} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("incidents:case-overview", args=[self.reference])

    @property
    def is_closed(self) -> bool:
        return self.phase == Phase.CLOSED

    @property
    def kind_words(self) -> list[str]:
        names = ("is_personal_data", "is_cyber_incident", "is_service_outage")
        return [str(self._meta.get_field(name).verbose_name) for name in names if getattr(self, name)]  # type: ignore[union-attr]


class CaseMemberQuerySet(models.QuerySet["CaseMember"]):
    def present(self) -> Self:
        """Those who take part now: they have not left, and their last day is not over."""
        return self.filter(not_over(), left_at=None)

    def over(self, *, now: datetime) -> Self:
        """Those whose last day has passed, and of whom nobody has noted that they left."""
        return self.filter(left_at=None, ends_on__lt=day_in_seoul(now))


class CaseMember(models.Model):
    """A person who takes part in a case. Leaving is recorded, never deleted."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="case_memberships")
    joined_at = models.DateTimeField(_("참여 시각"))
    left_at = models.DateTimeField(_("나간 시각"), null=True, blank=True)
    ends_on = models.DateField(_("마지막 날"), null=True, blank=True)  # Asia/Seoul, that day included

    objects: ClassVar = CaseMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("사건 참여자")
        verbose_name_plural = _("사건 참여자")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user"], condition=Q(left_at=None), name="joined_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case.reference} · {self.user}"
