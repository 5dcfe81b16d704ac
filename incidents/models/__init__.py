"""The case and what it holds: facts as revisions, duties with their law, deadlines, tasks, the timeline."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Organization, Role
from incidents.lateness import late_at

if TYPE_CHECKING:
    from core.accounts.models import User


class Phase(models.TextChoices):
    DETECTION = "detection", _("탐지·인지")
    CONTAINMENT = "containment", _("초동조치")
    NOTIFICATION = "notification", _("통지·신고")
    INVESTIGATION = "investigation", _("조사·보완")
    SANCTION = "sanction", _("제재·배상")
    CLOSED = "closed", _("종결")


class Certainty(models.TextChoices):
    CONFIRMED = "confirmed", _("확인")
    ESTIMATED = "estimated", _("추정")
    UNKNOWN = "unknown", _("미확인")


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
        overseen = Organization.objects.filter(
            memberships__user=user, memberships__role__in=(Role.CPO, Role.AUDITOR)
        )
        joined = CaseMember.objects.filter(user=user, left_at=None).values("case")
        belonging = Organization.objects.filter(memberships__user=user)
        part = Q(pk__in=joined, organization__in=belonging)  # whoever has no role here any more sees nothing
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


class CaseMember(models.Model):
    """A person who takes part in a case. Leaving is recorded, never deleted."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="case_memberships")
    joined_at = models.DateTimeField(_("참여 시각"))
    left_at = models.DateTimeField(_("나간 시각"), null=True, blank=True)

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


class FactRevisionQuerySet(models.QuerySet["FactRevision"]):
    def current(self) -> Self:
        """The last revision of each fact: rows that no later revision follows."""
        later = FactRevision.objects.filter(
            case=models.OuterRef("case"),
            name=models.OuterRef("name"),
            key=models.OuterRef("key"),
            number__gt=models.OuterRef("number"),
        )
        return self.filter(~models.Exists(later))

    def as_of(self, at: datetime) -> Self:
        """The last revision of each fact that had been recorded by `at`."""
        later = FactRevision.objects.filter(
            case=models.OuterRef("case"),
            name=models.OuterRef("name"),
            key=models.OuterRef("key"),
            number__gt=models.OuterRef("number"),
            recorded_at__lte=at,
        )
        return self.filter(~models.Exists(later), recorded_at__lte=at)


class FactRevision(models.Model):
    """One thing somebody recorded about a case. A correction is a further revision; the database keeps both."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="fact_revisions")
    name = models.CharField(_("사실"), max_length=40)
    key = models.CharField(_("구분"), max_length=20, blank=True)
    number = models.PositiveIntegerField(_("판"))
    value = models.JSONField(_("값"), null=True)
    until_at = models.DateTimeField(_("늦어도"), null=True, blank=True)  # of an instant known as a range only
    certainty = models.CharField(_("확실성"), max_length=10, choices=Certainty)
    source = models.CharField(_("근거"), max_length=200, blank=True)
    reason = models.CharField(_("사유"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("기록 시각"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = FactRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("사실")
        verbose_name_plural = _("사실")
        ordering = ("case", "name", "key", "number")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "name", "key", "number"], name="one_revision_of_each_number"
            ),
            models.CheckConstraint(
                condition=Q(certainty="unknown") | Q(value__isnull=False), name="a_known_fact_has_a_value"
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(value__isnull=False), name="a_range_has_an_earliest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.reference} {self.name}{f'[{self.key}]' if self.key else ''} v{self.number}"

    def said(self) -> list[Any]:
        """What history keeps a digest of: the value, where it is from, and the other end of a range."""
        ends = [self.until_at.astimezone(UTC).isoformat()] if self.until_at else []
        return [self.value, self.source, *ends]


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


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> Self:
        return self.filter(done_at=None, skipped_at=None)


class Task(models.Model):
    """One thing to do in a case, from a playbook or written by a person."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks")
    code = models.CharField(max_length=40, blank=True)  # the playbook step, empty when written by hand
    title = models.CharField(_("할 일"), max_length=160)
    guidance = models.TextField(_("안내"), blank=True)
    who = models.CharField(_("맡을 사람"), max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(_("내부 목표"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="tasks",
        null=True,
        blank=True,
        verbose_name=_("담당"),
    )
    done_at = models.DateTimeField(_("마친 때"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    skipped_at = models.DateTimeField(_("하지 않기로 한 때"), null=True, blank=True)
    skipped_reason = models.CharField(_("하지 않는 이유"), max_length=300, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("할 일")
        verbose_name_plural = _("할 일")
        ordering = ("order", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "code"], condition=~Q(code=""), name="a_playbook_step_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class TimelineEntry(models.Model):
    """What happened, at its own time, told by a person: a finding, a call, a demand. Never changed."""

    class Kind(models.TextChoices):
        EVENT = "event", _("경과")
        FINDING = "finding", _("조사 결과")
        DEMAND = "demand", _("요구")
        GIVEN = "given", _("통지·신고")

    case = models.ForeignKey(Case, models.PROTECT, related_name="timeline")
    kind = models.CharField(_("종류"), max_length=8, choices=Kind, default=Kind.EVENT)
    happened_at = models.DateTimeField(_("일어난 때"))
    text = models.TextField(_("내용"))
    source = models.CharField(_("근거"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("기록 시각"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("경과")
        verbose_name_plural = _("경과")
        ordering = ("happened_at", "pk")

    def __str__(self) -> str:
        return f"{self.happened_at:%Y-%m-%d} {self.text[:40]}"


class Draft(models.Model):
    """What a person was typing when the session ended or the line broke. Theirs alone; replaced as they type."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=120)  # the page the words belong to
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("쓰던 내용")
        verbose_name_plural = _("쓰던 내용")
        constraints = [models.UniqueConstraint(fields=["user", "form"], name="one_draft_for_each_page")]

    def __str__(self) -> str:
        return self.form

    def values(self) -> dict[str, Any]:
        return dict(self.content)


# The further tables of a case stand in modules of their own and are asked for here, where people look.
from incidents.models.awareness import AwarenessClaim as AwarenessClaim  # noqa: E402
from incidents.models.awareness import Basis as Basis  # noqa: E402
from incidents.models.counsel import CounselNote as CounselNote  # noqa: E402
from incidents.models.decisions import OpenPointDecision as OpenPointDecision  # noqa: E402
from incidents.models.evidence import CustodyEntry as CustodyEntry  # noqa: E402
from incidents.models.evidence import Evidence as Evidence  # noqa: E402
from incidents.models.law import HolidayChange as HolidayChange  # noqa: E402
from incidents.models.law import LawEdition as LawEdition  # noqa: E402
from incidents.models.procedure import ProcedureStep as ProcedureStep  # noqa: E402
