"""Organisations with their dated profile, people, and the role each person has in an organisation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.accounts.days import day_in_seoul, end_of, not_over
from core.accounts.profile_facts import checked


class Role(models.TextChoices):
    """What a person does for an organisation. What a role *may* do stands in each app's `permissions.py`."""

    HANDLER = "handler", _("담당자")
    CPO = "cpo", _("개인정보 보호책임자")
    APPROVER = "approver", _("승인자")
    COUNSEL = "counsel", _("법무")
    AUDITOR = "auditor", _("감사자")
    ADMIN = "admin", _("관리자")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person who signs in with `email`. ValueError without one."""
        if not email:
            raise ValueError("a person needs an e-mail address to sign in")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class Theme(models.TextChoices):
    SYSTEM = "", _("시스템 설정 따름")
    LIGHT = "light", _("밝게")
    DARK = "dark", _("어둡게")


class User(AbstractUser):
    """A person who signs in. The e-mail address is the name at the door."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("전자우편"), unique=True)
    name = models.CharField(_("이름"), max_length=60)
    department = models.CharField(_("부서"), max_length=80, blank=True)
    position = models.CharField(_("직위"), max_length=80, blank=True)
    phone = models.CharField(_("연락처"), max_length=40, blank=True)
    personnel_key = models.CharField(_("인사정보 키"), max_length=40, blank=True)
    theme = models.CharField(_("화면 밝기"), max_length=5, choices=Theme, blank=True, default=Theme.SYSTEM)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("사용자")
        verbose_name_plural = _("사용자")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_for_each_address"),
            models.UniqueConstraint(
                fields=["personnel_key"],
                condition=~models.Q(personnel_key=""),
                name="one_account_for_each_personnel_key",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def visible_to(self, user: User) -> Self:
        """The organisations `user` has any role in that is not over."""
        return self.filter(pk__in=Membership.objects.of(user).values("organization"))


class Organization(models.Model):
    """A controller (개인정보처리자) whose cases are kept here."""

    name = models.CharField(_("기관명"), max_length=120, unique=True)
    registration_number = models.CharField(_("사업자등록번호"), max_length=20, blank=True)
    representative = models.CharField(_("대표자"), max_length=60, blank=True)
    address = models.CharField(_("주소"), max_length=200, blank=True)
    website = models.URLField(_("웹사이트"), blank=True)
    contact_department = models.CharField(_("피해 접수 담당부서"), max_length=80, blank=True)
    contact_phone = models.CharField(_("피해 접수 전화"), max_length=40, blank=True)
    contact_email = models.EmailField(_("피해 접수 전자우편"), blank=True)
    contact_hours = models.CharField(_("접수 시간"), max_length=80, blank=True)
    prompt_target_hours = models.PositiveSmallIntegerField(_("‘지체 없이’의 내부 목표(시간)"), default=24)
    is_public_system = models.BooleanField(_("공공시스템운영기관"), default=False)
    immediate_target_hours = models.PositiveSmallIntegerField(_("‘즉시’의 내부 목표(시간)"), default=3)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("기관")
        verbose_name_plural = _("기관")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """ValidationError for a public system some of whose people are not tied to the personnel records."""
        super().clean()
        if self.is_public_system and self.pk:
            held = self.memberships.held().filter(user__personnel_key="")
            missing = held.values("user").distinct().count()
            if missing and not Organization.objects.filter(pk=self.pk, is_public_system=True).exists():
                text = ngettext(
                    "인사정보 키가 없는 사람이 %(n)d명 있습니다. [사람과 역할]에서 먼저 적어 주세요.",
                    "인사정보 키가 없는 사람이 %(n)d명 있습니다. [사람과 역할]에서 먼저 적어 주세요.",
                    missing,
                )
                raise ValidationError({"is_public_system": text % {"n": missing}})

    def profile_on(self, day: date) -> OrganizationProfile | None:
        """The profile in force on `day` (Asia/Seoul), or None before the first one."""
        return self.profiles.filter(effective_on__lte=day).order_by("-effective_on").first()


class OrganizationProfile(models.Model):
    """What the organisation was, from `effective_on` until the next profile: the facts that select duties."""

    class TelecomKind(models.TextChoices):
        NONE = "", _("해당 없음")
        COMMON = "common", _("기간통신사업자")
        VALUE_ADDED = "value_added", _("부가통신사업자")

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="profiles")
    effective_on = models.DateField(_("적용 시작일"))
    is_icsp = models.BooleanField(_("정보통신서비스 제공자"), default=False)
    is_idc_operator = models.BooleanField(_("집적정보통신시설 사업자"), default=False)
    is_telecom = models.BooleanField(_("전기통신사업자"), default=False)
    telecom_kind = models.CharField(
        _("전기통신사업 종류"), max_length=12, choices=TelecomKind, blank=True, default=TelecomKind.NONE
    )
    is_cloud_provider = models.BooleanField(_("클라우드컴퓨팅서비스 제공자"), default=False)
    is_financial = models.BooleanField(_("금융회사·전자금융업자"), default=False)
    is_credit_entity = models.BooleanField(_("신용정보회사등"), default=False)
    is_commercial_credit_user = models.BooleanField(_("상거래기업 및 법인(신용정보)"), default=False)
    is_medical = models.BooleanField(_("의료기관"), default=False)
    is_ciip_manager = models.BooleanField(_("주요정보통신기반시설 관리기관"), default=False)
    is_itp_holder = models.BooleanField(_("산업기술 대상기관"), default=False)
    is_dtp_holder = models.BooleanField(_("방위산업기술 대상기관"), default=False)
    is_disaster_operator = models.BooleanField(_("주요방송통신사업자"), default=False)
    further = models.JSONField(
        _("그 밖의 현황"), default=dict, blank=True
    )  # facts of the law without a column

    SECTOR_FIELDS = (
        "is_icsp",
        "is_idc_operator",
        "is_telecom",
        "is_cloud_provider",
        "is_financial",
        "is_credit_entity",
        "is_commercial_credit_user",
        "is_medical",
        "is_ciip_manager",
        "is_itp_holder",
        "is_dtp_holder",
        "is_disaster_operator",
    )

    COLUMNS = (*SECTOR_FIELDS, "telecom_kind")

    class Meta:
        verbose_name = _("기관 현황")
        verbose_name_plural = _("기관 현황")
        ordering = ("-effective_on",)
        constraints = [
            models.UniqueConstraint(fields=["organization", "effective_on"], name="one_profile_for_each_day")
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.effective_on}"

    def clean(self) -> None:
        """ValidationError for a further fact that the law does not know or that cannot be so."""
        super().clean()
        self.further = checked(self.further)

    def as_facts(self) -> dict[str, object]:
        """The facts of this profile, as `rules` names them; what does not apply is left out."""
        facts: dict[str, object] = {name: True for name in self.SECTOR_FIELDS if getattr(self, name)}
        if self.telecom_kind:
            facts["telecom_kind"] = self.telecom_kind
        return {**facts, **self.further}


def _among(roles: tuple[Role, ...]) -> dict[str, tuple[Role, ...]]:
    return {"role__in": roles} if roles else {}


class MembershipQuerySet(models.QuerySet["Membership"]):
    def held(self, *roles: Role) -> Self:
        """Those that count now, in the given roles if any are named: the last day is not over, the account is open."""
        return self.filter(not_over(), user__is_active=True, **_among(roles))

    def over(self, *, now: datetime) -> Self:
        """Those whose last day has passed, and whose row is still there."""
        return self.filter(ends_on__lt=day_in_seoul(now))

    def of(self, user: User, *roles: Role) -> Self:
        """`user`'s memberships that count now, in the given roles if any are named."""
        return self.filter(not_over(), user=user, user__is_active=True, **_among(roles))

    def on_call(self) -> Self:
        """In the order reminders climb: 담당자, then the CPO, then the 승인자."""
        rank = models.Case(
            models.When(role=Role.HANDLER, then=0), models.When(role=Role.CPO, then=1), default=2
        )
        roles = (Role.HANDLER, Role.CPO, Role.APPROVER)
        return self.held(*roles).annotate(rank=rank).order_by("rank", "order", "pk")


class Membership(models.Model):
    """One person's role in one organisation."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="memberships")
    role = models.CharField(_("역할"), max_length=10, choices=Role)
    order = models.PositiveSmallIntegerField(_("연락 순서"), default=0)
    joins_new_cases = models.BooleanField(_("새 사건에 자동 참여"), default=True)
    ends_on = models.DateField(_("마지막 날"), null=True, blank=True)  # Asia/Seoul, that day included
    is_external = models.BooleanField(_("외부 사람"), default=False)
    may_take_out = models.BooleanField(_("출력·다운로드"), default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("역할")
        verbose_name_plural = _("역할")
        constraints = [
            models.UniqueConstraint(fields=["user", "organization", "role"], name="a_role_is_held_once"),
            models.CheckConstraint(
                condition=models.Q(is_external=False) | models.Q(ends_on__isnull=False),
                name="a_role_of_an_outsider_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"

    @property
    def is_over(self) -> bool:
        """Whether the last day has passed; then the role counts nowhere, row or no row."""
        return self.ends_on is not None and timezone.now() >= end_of(self.ends_on)


class Scope(models.TextChoices):
    """What an API token may be used for. Never more than its owner may do."""

    ASSESS = "assess", _("법령 계산")
    READ = "cases:read", _("사건 읽기")
    WRITE = "cases:write", _("사건 기록(읽기 포함)")
    PEOPLE = "people:close", _("계정 닫기(인사 시스템의 SCIM)")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, user: User) -> Self:
        """`user`'s own; for an administrator also those of their people, and of people without any role."""
        administered = Membership.objects.of(user, Role.ADMIN).values("organization")
        people = Membership.objects.filter(organization__in=administered).values("user")
        seen = models.Q(owner=user) | models.Q(owner__in=people)
        if administered.exists():
            held = Membership.objects.filter(user=models.OuterRef("owner"))
            seen |= models.Q(~models.Exists(held))
        return self.filter(seen)


class ApiToken(models.Model):
    """A key with which a program acts as its owner. Only the hash of the secret is kept."""

    owner = models.ForeignKey(User, models.PROTECT, related_name="api_tokens", verbose_name=_("주인"))
    name = models.CharField(_("이름"), max_length=60)
    prefix = models.CharField(_("앞자리"), max_length=8, unique=True)  # finds the row; no secret
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(_("할 수 있는 일"), default=list)
    networks = models.JSONField(_("쓸 수 있는 네트워크"), default=list, blank=True)  # none: everywhere
    created_at = models.DateTimeField(_("만든 때"))
    expires_at = models.DateTimeField(_("끝나는 때"))
    last_used_at = models.DateTimeField(_("마지막으로 쓴 때"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("폐기한 때"), null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API 토큰")
        verbose_name_plural = _("API 토큰")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.name} · {self.owner}"

    @property
    def scope_words(self) -> list[str]:
        return [str(scope.label) for scope in Scope if scope in self.scopes]

    def allows(self, scope: Scope) -> bool:
        """Whether it may be used for `scope`; who may write may read."""
        return scope in self.scopes or (scope == Scope.READ and Scope.WRITE in self.scopes)

    def is_over(self, now: datetime) -> bool:
        """Whether its time has run out; the instant it ends at is already too late."""
        return now >= self.expires_at

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and not self.is_over(now) and self.owner.is_active
