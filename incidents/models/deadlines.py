"""What the law asks of a case, and every instant it must not miss."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incidents.lateness import late_at
from incidents.models.cases import Case

if TYPE_CHECKING:
    from core.accounts.models import User


class Duty(models.Model):
    """What the law asks of a case, with its terms as they were computed. Later editions never change it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="duties")
    rule_id = models.CharField(max_length=60)
    family = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=20, blank=True)  # the confirmed fact a supplement is for
    terms = models.JSONField()  # the whole answer of `rules`: steps, contents, recipients, sanction, why
    rules_digest = models.CharField(max_length=64)
    computed_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("의무")
        verbose_name_plural = _("의무")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "family", "subject_key"],
                condition=Q(superseded_at=None),
                name="one_current_duty_of_a_family",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case.reference} {self.rule_id}"

    @property
    def contents_code(self) -> str:
        """The code of the statutory content list this duty asks for, as `rules.contents` knows it."""
        return str(self.terms.get("contents_code") or "")


class DeadlineKind(models.TextChoices):
    DUTY = "duty", _("법정 의무")
    FOLLOW_UP = "follow_up", _("후속 기한")
    POSTING = "posting", _("게시")
    INTERNAL = "internal", _("내부 목표")


class LawState(models.TextChoices):
    """What `rules` says of a duty: its own words."""

    DUE = "due", _("기한 있음")
    PROMPT = "prompt", _("지체 없이")
    IMMEDIATE = "immediate", _("즉시")
    MAY_BE_OMITTED = "may_be_omitted", _("생략 가능")
    UNSETTLED = "unsettled", _("판단 필요")


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(case__in=Case.objects.visible_to(user))

    def current(self) -> Self:
        """All but those replaced after a change of facts."""
        return self.filter(superseded_at=None)

    def running(self) -> Self:
        """Neither met, nor decided not to apply, nor replaced."""
        return self.current().filter(met_at=None, dismissed_at=None)

    def overdue(self, *, now: datetime) -> Self:
        """Running and past their end."""
        return self.running().filter(late_at(now))

    def newly_overdue(self, *, now: datetime) -> Self:
        return self.overdue(now=now).filter(missed_at=None)

    def tightest_first(self) -> Self:
        return self.order_by(F("due_at").asc(nulls_last=True), F("target_at").asc(nulls_last=True), "pk")


class Deadline(models.Model):
    """Any instant a case must not miss, whoever made it. The row is the timer.

    `due_at` of an hour-counted deadline is the last instant in time; of a day-counted
    one (`last_day` set) it is the 00:00 Asia/Seoul after the last day, already too late.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="deadlines")
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="deadlines", null=True, blank=True)
    kind = models.CharField(_("종류"), max_length=10, choices=DeadlineKind)
    law_state = models.CharField(_("법의 답"), max_length=14, choices=LawState, default=LawState.DUE)
    title = models.CharField(_("제목"), max_length=120)
    anchor = models.CharField(_("기산점"), max_length=40, blank=True)  # the fact the clock starts from
    starts_at = models.DateTimeField(_("시작"), null=True, blank=True)
    due_at = models.DateTimeField(_("기한"), null=True, blank=True)
    last_day = models.DateField(_("마지막 날"), null=True, blank=True)
    limit = models.CharField(_("기간"), max_length=12, blank=True)  # ISO 8601
    target_at = models.DateTimeField(_("내부 목표"), null=True, blank=True)
    cite = models.JSONField(_("조문"), default=list)
    confidence = models.CharField(_("신뢰도"), max_length=10, blank=True)
    why = models.TextField(_("이유"), blank=True)
    rules_digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(_("만든 시각"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("담당"),
    )
    acknowledged_at = models.DateTimeField(_("맡은 시각"), null=True, blank=True)
    missed_at = models.DateTimeField(_("기한을 넘긴 것을 기록한 시각"), null=True, blank=True)
    met_at = models.DateTimeField(_("이행한 때"), null=True, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    met_note = models.CharField(_("이행 내용"), max_length=300, blank=True)
    lateness_reason = models.TextField(_("늦은 사유"), blank=True)
    dismissed_at = models.DateTimeField(_("해당 없음으로 정한 때"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    dismissed_reason = models.TextField(_("해당 없음의 이유"), blank=True)
    superseded_at = models.DateTimeField(_("바뀐 때"), null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, related_name="supersedes", null=True, blank=True
    )

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("기한")
        verbose_name_plural = _("기한")
        constraints = [
            models.UniqueConstraint(
                fields=["duty"],
                condition=Q(superseded_at=None, duty__isnull=False),
                name="one_clock_for_each_duty",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(met_at=None, dismissed_at=None, superseded_at=None, missed_at=None),
                name="deadline_running",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case.reference} {self.title}"
