"""Who may come in and how: dated safety settings, sessions, the log of who looked, and reviews of it."""

from __future__ import annotations

import ipaddress
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Membership, Organization, Role, User

WATCHING = (Role.CPO, Role.AUDITOR)


class SafetySetting(models.Model):
    """One number of the catalogue, from `set_at` until the next row of its code. Never changed."""

    code = models.CharField(_("설정"), max_length=30)
    value = models.PositiveIntegerField(_("값"))
    set_at = models.DateTimeField(_("정한 때"))
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("정한 사람"))
    reason = models.CharField(_("이유"), max_length=500)

    class Meta:
        verbose_name = _("안전조치 설정")
        verbose_name_plural = _("안전조치 설정")
        ordering = ("code", "pk")

    def __str__(self) -> str:
        return f"{self.code} = {self.value}"


class SessionEnd(models.TextChoices):
    """How a session ended."""

    SIGNED_OUT = "signed_out", _("로그아웃")
    IDLE = "idle", _("입력이 없어 끊음")
    TOO_LONG = "too_long", _("최대 시간이 지나 끊음")
    REMOTE = "remote", _("다른 곳에서 끊음")
    LIMIT = "limit", _("접속 수를 넘어 끊음")
    ROLE = "role", _("역할이 끝나 끊음")
    CLOSED = "closed", _("계정을 닫아 끊음")
    NETWORK = "network", _("허용하지 않은 네트워크라 끊음")


class PersonSessionQuerySet(models.QuerySet["PersonSession"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)


class PersonSession(models.Model):
    """One sign-in on one device. `mark` is no key: it finds the row and opens nothing."""

    user = models.ForeignKey(User, models.PROTECT, related_name="sessions")
    mark = models.CharField(max_length=32, unique=True)
    began_at = models.DateTimeField(_("로그인한 때"))
    active_at = models.DateTimeField(_("마지막으로 쓴 때"))
    address = models.GenericIPAddressField(_("접속지"), null=True, blank=True)
    device = models.CharField(_("기기"), max_length=80, blank=True)
    ended_at = models.DateTimeField(_("끝난 때"), null=True, blank=True)
    ended_how = models.CharField(_("끝난 까닭"), max_length=10, choices=SessionEnd, blank=True)

    objects = PersonSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("접속")
        verbose_name_plural = _("접속")
        ordering = ("-active_at", "-pk")
        indexes = [
            models.Index(fields=["user"], condition=models.Q(ended_at=None), name="session_open_of_user")
        ]

    def __str__(self) -> str:
        return f"{self.device} {self.began_at:%Y-%m-%d %H:%M}".strip()


class UsedPassword(models.Model):
    """A password somebody had, one-way: it may not come back at once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="used_passwords")
    encoded = models.CharField(max_length=256)
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = _("쓴 비밀번호")
        verbose_name_plural = _("쓴 비밀번호")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.user_id} {self.kept_at:%Y-%m-%d}"


class Act(models.TextChoices):
    """What was done with personal data or at the door (수행업무)."""

    SIGN_IN = "sign_in", _("로그인")
    SIGN_OUT = "sign_out", _("로그아웃")
    SIGN_IN_FAILED = "sign_in_failed", _("로그인 실패")
    READ = "read", _("조회")
    SEARCH = "search", _("검색")
    CHANGE = "change", _("입력·변경")
    PRINT = "print", _("출력")
    DOWNLOAD = "download", _("다운로드")
    UNMASK = "unmask", _("마스킹 해제")


class Result(models.TextChoices):
    DONE = "done", _("성공")
    REFUSED = "refused", _("거부")


def _watched_by(user: User) -> tuple[Any, Any]:
    """The organisations `user` watches, and the people of those."""
    watched = Membership.objects.of(user, *WATCHING).values("organization")
    return watched, Membership.objects.filter(organization__in=watched).values("user")


class AccessRowQuerySet(models.QuerySet["AccessRow"]):
    def visible_to(self, user: User) -> Self:
        """Rows about organisations `user` watches, and rows about none by the people of those organisations."""
        watched, people = _watched_by(user)
        return self.filter(
            models.Q(organization__in=watched) | models.Q(organization=None, account__in=people)
        )

    def newest_visible_to(self, user: User) -> Self:
        """The same rows, to be read page by page from the newest on.

        As one expression: an `or` leads SQLite to gather all of them by two indexes and to sort them.
        """
        watched, people = _watched_by(user)
        of_people = models.When(organization=None, then=models.Q(account__in=people))
        of_places = models.Q(organization__in=watched)
        is_visible = models.Case(of_people, default=of_places, output_field=models.BooleanField())
        return self.filter(is_visible).order_by("-at", "-pk")


class AccessRow(models.Model):
    """Somebody looked, or came to the door. No name and no search word stands here. Never changed."""

    at = models.DateTimeField(_("접속일시"))
    account = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("식별자"))
    session = models.CharField(
        _("접속"), max_length=32, blank=True
    )  # the session's mark, or a token's prefix
    roles = models.CharField(_("역할"), max_length=120, blank=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", null=True, verbose_name=_("기관")
    )
    address = models.GenericIPAddressField(_("접속지"), null=True)
    act = models.CharField(_("수행업무"), max_length=16, choices=Act)
    place = models.CharField(_("화면"), max_length=80)  # the URL name
    subjects = models.JSONField(_("처리한 대상"), default=list)  # ids: `incidents.case:5`
    subject_count = models.PositiveIntegerField(_("대상 수"), default=0)
    result = models.CharField(_("결과"), max_length=8, choices=Result)
    purpose = models.CharField(_("사유"), max_length=200, blank=True)
    words = models.CharField(max_length=32, blank=True)  # keyed hash of what was searched for or typed

    objects = AccessRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("접속기록")
        verbose_name_plural = _("접속기록")
        ordering = ("-at", "-pk")
        indexes = [
            # what a review counts stands in it, so that a million rows are counted without being read
            models.Index(
                fields=["organization", "at", "account", "act", "result"], name="access_by_organization"
            ),
            models.Index(fields=["account", "at"], name="access_by_account"),
            models.Index(fields=["at"], name="access_by_instant"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.act} {self.place}"


class AccessPurge(models.Model):
    """Rows of the access log from before `before` may be destroyed: the database asks for this row. Never changed."""

    before = models.DateTimeField(_("이보다 앞선 기록"))
    row_count = models.PositiveIntegerField(_("지운 행"))
    floor = models.CharField(_("법의 하한"), max_length=8)
    purged_at = models.DateTimeField(_("지운 때"))
    purged_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)

    class Meta:
        verbose_name = _("접속기록 파기")
        verbose_name_plural = _("접속기록 파기")

    def __str__(self) -> str:
        return f"{self.before:%Y-%m-%d} · {self.row_count}"


class ReviewKind(models.TextChoices):
    LOG = "log", _("접속기록 점검")
    RIGHTS = "rights", _("접근 권한 점검")


class Verdict(models.TextChoices):
    IN_ORDER = "in_order", _("이상 없음")
    FOLLOWED_UP = "followed_up", _("이상이 있어 조치함")


class Review(models.Model):
    """A period that somebody looked over, with the verdict. Never changed; looking again is a further row."""

    kind = models.CharField(_("종류"), max_length=8, choices=ReviewKind)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="reviews")
    first_day = models.DateField(_("첫날"))
    last_day = models.DateField(_("마지막 날"))
    verdict = models.CharField(_("판정"), max_length=12, choices=Verdict)
    note = models.CharField(_("확인한 내용과 조치"), max_length=1000)
    row_count = models.PositiveIntegerField(_("살펴본 행"))
    reviewed_at = models.DateTimeField(_("점검한 때"))
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("점검자"))

    class Meta:
        verbose_name = _("점검")
        verbose_name_plural = _("점검")
        ordering = ("-last_day", "-pk")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first_day} ~ {self.last_day}"


class NetworkRuleQuerySet(models.QuerySet["NetworkRule"]):
    def standing(self) -> Self:
        return self.filter(ended_at=None)


class NetworkRule(models.Model):
    """A network from which people of an organisation, or those of one role in it, may come in."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="network_rules")
    role = models.CharField(_("역할"), max_length=10, choices=Role, blank=True)  # empty: every role
    network = models.CharField(_("허용 네트워크"), max_length=49)
    added_at = models.DateTimeField(_("정한 때"))
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("거둔 때"), null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)

    objects: ClassVar = NetworkRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("허용 네트워크")
        verbose_name_plural = _("허용 네트워크")
        ordering = ("role", "network")

    def __str__(self) -> str:
        return f"{self.organization} · {self.get_role_display() or _('모든 역할')} · {self.network}"

    def holds(self, address: str) -> bool:
        """Whether `address` lies in this network; another family of addresses never does."""
        try:
            return ipaddress.ip_address(address) in ipaddress.ip_network(self.network)
        except ValueError:
            return False


from core.access import alert_models, chain_models, copy_models, review_models, unmasking_models  # noqa: E402, F401  # noqa: E402, F401  # tables of this app with a subject of their own
from core.access.duty_models import Acknowledgement as Acknowledgement  # noqa: E402
from core.access.recovery_models import BackupNote as BackupNote  # noqa: E402
from core.access.recovery_models import RecoveryDrill as RecoveryDrill  # noqa: E402
from core.access.yearly_models import YearlyCheck as YearlyCheck  # noqa: E402
from core.access.yearly_models import YearlyDuty as YearlyDuty  # noqa: E402
