"""How the events of people, roles and organisations are told on a history page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.models import ApiToken, Membership, Organization, OrganizationProfile, User
from core.audit import telling
from core.audit.telling import Told

KINDS = {"person": _("사람"), "role": _("역할"), "organization": _("기관"), "token": _("API 토큰")}
ACTIONS = {
    "person.added": _("사람 추가"),
    "person.signed-in": _("로그인"),
    "person.sign-in-failed": _("로그인 실패"),
    "person.locked-out": _("로그인 잠김"),
    "person.signed-out": _("로그아웃"),
    "person.password-changed": _("비밀번호 변경"),
    "person.password-reset": _("메일로 비밀번호 재설정"),
    "person.second-factor-added": _("2차 인증 등록"),
    "person.second-factor-removed": _("2차 인증 해제"),
    "person.personnel-key-set": _("인사정보 키 변경"),
    "person.theme-chosen": _("화면 밝기 변경"),
    "role.given": _("역할 부여"),
    "role.taken": _("역할 회수"),
    "role.period-set": _("역할 기간 변경"),
    "role.taking-out-set": _("출력·다운로드 권한 변경"),
    "organization.added": _("기관 추가"),
    "organization.updated": _("기관 정보 변경"),
    "organization.profile-set": _("기관 현황 변경"),
    "token.created": _("API 토큰 만듦"),
    "token.revoked": _("API 토큰 폐기"),
}


def _people(ids: list[int]) -> dict[int, Told]:
    return {row.pk: Told(str(row)) for row in User.objects.filter(pk__in=ids)}


def _roles(ids: list[int]) -> dict[int, Told]:
    return {row.pk: Told(str(row)) for row in Membership.objects.filter(pk__in=ids).select_related("user")}


def _organizations(ids: list[int]) -> dict[int, Told]:
    return {row.pk: Told(str(row)) for row in Organization.objects.filter(pk__in=ids)}


def _profiles(ids: list[int]) -> dict[int, Told]:
    rows = OrganizationProfile.objects.filter(pk__in=ids).select_related("organization")
    return {row.pk: Told(str(row)) for row in rows}


def _tokens(ids: list[int]) -> dict[int, Told]:
    return {row.pk: Told(str(row)) for row in ApiToken.objects.filter(pk__in=ids).select_related("owner")}


def register() -> None:
    telling.register(
        house_kinds=KINDS,
        actions=ACTIONS,
        tellers={
            "accounts.user": _people,
            "accounts.membership": _roles,
            "accounts.organization": _organizations,
            "accounts.organizationprofile": _profiles,
            "accounts.apitoken": _tokens,
        },
    )
