"""Notices to people and reports to authorities: their versions, the approval of one version, and the giving of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.audit.chain import new_salt, salted
from incidents.models import Case, Deadline, Duty

if TYPE_CHECKING:
    from core.accounts.models import User


class PaperKind(models.TextChoices):
    SUBJECT_NOTICE = "subject_notice", _("정보주체 통지문")
    POSSIBILITY_NOTICE = "possibility_notice", _("유출등 가능성 통지문")
    NOT_LEAKED_NOTICE = "not_leaked_notice", _("유출등이 아님을 알리는 통지문")
    USER_NOTICE = "user_notice", _("침해사고 이용자 통지문")
    PIPC_REPORT = "pipc_report", _("개인정보 유출등 신고서")
    KISA_REPORT = "kisa_report", _("침해사고 신고서")
    KISA_SUPPLEMENT = "kisa_supplement", _("침해사고 보완 신고서")
    STATUTORY_NOTICE = "statutory_notice", _("그 밖의 법정 통지문")
    STATUTORY_REPORT = "statutory_report", _("그 밖의 법정 신고서")

    @property
    def is_notice(self) -> bool:
        """Whether it goes to people; otherwise it goes to an authority."""
        return self in NOTICES


NOTICES = frozenset(
    {
        PaperKind.SUBJECT_NOTICE,
        PaperKind.POSSIBILITY_NOTICE,
        PaperKind.NOT_LEAKED_NOTICE,
        PaperKind.USER_NOTICE,
        PaperKind.STATUTORY_NOTICE,
    }
)


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(case__in=Case.objects.visible_to(user))


class Paper(models.Model):
    """One notice or report that a duty of a case asks for. What it says is in its versions."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="papers")
    number = models.PositiveIntegerField(_("번호"))  # within the case
    kind = models.CharField(_("종류"), max_length=20, choices=PaperKind)
    family = models.CharField(max_length=60)  # the duty it answers, whatever its version
    subject_key = models.CharField(max_length=20, blank=True)  # the confirmed fact a supplement is for
    created_at = models.DateTimeField(_("만든 시각"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("통지·신고 문서")
        verbose_name_plural = _("통지·신고 문서")
        ordering = ("case", "number")
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_paper_of_each_number"),
            models.UniqueConstraint(
                fields=["case", "kind", "family", "subject_key"], name="one_paper_for_each_duty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.reference} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("notifications:paper", args=[self.case.reference, self.number])

    @property
    def paper_kind(self) -> PaperKind:
        return PaperKind(self.kind)

    @property
    def is_notice(self) -> bool:
        return self.paper_kind.is_notice

    def latest(self) -> PaperVersion:
        """The version written last. A paper always has one."""
        return self.versions.select_related("author").order_by("-number")[0]

    def current_duty(self) -> Duty | None:
        """The duty it answers as it stands now; None when the facts no longer give one."""
        return Duty.objects.filter(
            case=self.case_id, family=self.family, subject_key=self.subject_key, superseded_at=None
        ).first()

    def current_deadline(self) -> Deadline | None:
        duty = self.current_duty()
        return duty.deadlines.current().select_related("case", "owner").first() if duty else None


class PaperVersion(models.Model):
    """What a paper says, word for word, and the law it was written for. Never changed: a correction is a version."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("판"))
    title = models.CharField(_("제목"), max_length=120)
    fields = models.JSONField()  # field code → text
    items = models.JSONField()  # the statutory items it was written for: code, label, label_en, cite
    letterhead = models.JSONField()  # the sender as it stood: name, representative, address, contact
    contents_code = models.CharField(max_length=30, blank=True)
    rule_id = models.CharField(max_length=60)
    key_on = models.DateField(null=True)  # the day that selected the version of the law
    is_partial = models.BooleanField(_("먼저 알리는 통지·신고"), default=False)
    facts_seen = models.JSONField()  # fact → the number of its revision when this was written
    template_edition = models.CharField(_("서식판"), max_length=20)
    rules_digest = models.CharField(max_length=64)
    content_hash = models.CharField(_("내용 해시"), max_length=64)
    lint = models.JSONField()  # codes of what the check found when it was saved
    error_count = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(_("저장 시각"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("판")
        verbose_name_plural = _("판")
        ordering = ("paper", "number")
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="one_version_of_each_number"),
        ]

    def __str__(self) -> str:
        return f"{self.paper} v{self.number}"

    @property
    def short_hash(self) -> str:
        return self.content_hash[:12]

    @property
    def document_number(self) -> str:
        return f"{self.paper.case.reference}-{self.paper.number}-{self.number}"

    def text(self, code: str) -> str:
        return str(self.fields.get(code, ""))

    def approval(self) -> Approval | None:
        """The decision that approved exactly this version, if there is one."""
        return self.decisions.filter(decision=Decision.APPROVED).select_related("decided_by").first()

    def last_decision(self) -> Approval | None:
        return self.decisions.select_related("decided_by").order_by("-decided_at", "-pk").first()

    def awaits_approval(self) -> bool:
        """Ready, and nobody has decided about it. Of the newest version of a paper."""
        return not self.error_count and not self.decisions.exists()


class Decision(models.TextChoices):
    APPROVED = "approved", _("승인")
    RETURNED = "returned", _("돌려보냄")


class Approval(models.Model):
    """What an approver decided about one version, bound to the hash of what it says. Never changed."""

    version = models.ForeignKey(PaperVersion, models.PROTECT, related_name="decisions")
    content_hash = models.CharField(_("내용 해시"), max_length=64)
    decision = models.CharField(_("결정"), max_length=10, choices=Decision)
    note = models.TextField(_("의견"), blank=True)
    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(_("결정 시각"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("승인")
        verbose_name_plural = _("승인")
        ordering = ("decided_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["version", "decision"], name="each_decision_once_for_a_version"),
            models.CheckConstraint(
                condition=~models.Q(decision="approved") | models.Q(document__isnull=False),
                name="an_approval_has_its_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.get_decision_display()}"


class Channel(models.TextChoices):
    POST = "post", _("서면(우편)")
    EMAIL = "email", _("전자우편")
    FAX = "fax", _("팩스")
    PHONE = "phone", _("전화")
    TEXT_MESSAGE = "text_message", _("문자")
    WEB_FORM = "web_form", _("인터넷 홈페이지 입력")
    POSTING = "posting", _("홈페이지 게시(30일)")
    HAND = "hand", _("직접 전달")


NOTICE_CHANNELS = (
    Channel.TEXT_MESSAGE,
    Channel.PHONE,
    Channel.EMAIL,
    Channel.POST,
    Channel.FAX,
    Channel.HAND,
    Channel.POSTING,
)
REPORT_CHANNELS = (Channel.WEB_FORM, Channel.EMAIL, Channel.POST, Channel.PHONE, Channel.FAX, Channel.HAND)


class Filing(models.Model):
    """That an approved version was given: sent to the people it is for, or handed in to an authority. Never changed."""

    version = models.ForeignKey(PaperVersion, models.PROTECT, related_name="filings")
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="filings")
    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="+")  # the file as given
    recipient = models.CharField(_("받는 곳"), max_length=30)
    at = models.DateTimeField(_("제출·통지를 마친 때"))  # for a notice, when the last message was sent
    channels = models.JSONField(_("방법"))
    receipt_number = models.CharField(_("접수번호"), max_length=60, blank=True)
    told_count = models.PositiveIntegerField(_("개별로 알린 인원"), null=True)
    posted_count = models.PositiveIntegerField(_("게시로 갈음한 인원"), null=True)
    note = models.TextField(_("비고"), blank=True)
    lateness_reason = models.TextField(_("늦은 사유"), blank=True)
    deadline = models.ForeignKey(
        Deadline, models.PROTECT, related_name="+", null=True
    )  # the clock it stopped
    margin_seconds = models.BigIntegerField(null=True)  # negative when late
    follow_up = models.ForeignKey(
        Deadline, models.PROTECT, related_name="+", null=True
    )  # for what is still to be told
    recorded_at = models.DateTimeField(_("기록 시각"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    salt = models.CharField(max_length=32, null=True, default=new_salt, editable=False)  # of history's digest

    class Meta:
        verbose_name = _("통지·신고 기록")
        verbose_name_plural = _("통지·신고 기록")
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["version", "recipient"], name="a_version_is_given_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version} → {self.recipient}"

    def said(self) -> list[Any]:
        """What history keeps a digest of."""
        return salted(self.salt, self.receipt_number, self.note, self.lateness_reason)

    def get_absolute_url(self) -> str:
        paper = self.version.paper
        return reverse("notifications:filing", args=[paper.case.reference, paper.number, self.pk])

    @property
    def is_late(self) -> bool:
        return self.margin_seconds is not None and self.margin_seconds < 0

    @property
    def channel_words(self) -> list[str]:
        words: dict[str, Any] = dict(Channel.choices)
        return [str(words.get(code, code)) for code in self.channels]
