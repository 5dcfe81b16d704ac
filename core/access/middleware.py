"""What every request of a signed-in person passes: a session that still counts, an allowed network, a second factor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.catalogue import Code
from core.access.factor_duty import is_required
from core.access.log import note_access, visit_of
from core.access.models import Act, PersonSession, Result, SessionEnd
from core.access.networks import is_allowed_from
from core.access.queries import values_at
from core.access.sessions import FACTOR, MARK, end_session, note_use, why_over
from core.accounts.adapter import client_address
from core.accounts.models import User

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
WATCHED_ONLY = ("access:session-state",)  # asking how long is left is no use
WITHOUT_SECOND_FACTOR = (
    "account_logout",
    "account_login",
    "account_reauthenticate",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_reauthenticate_webauthn",
    "accounts:theme",
    "set_language",
    "access:session-state",
    "access:extend-session",
    "healthz",
)

type Answer = Callable[[HttpRequest], HttpResponse]


class SessionRules:
    """Ends a session that was silent too long, lasted too long, or was ended from elsewhere."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._check(request, now=timezone.now())
        return self.get_response(request)

    def _check(self, request: HttpRequest, *, now: datetime) -> None:
        mark = str(request.session.get(MARK, ""))
        row = PersonSession.objects.filter(mark=mark, user=cast(User, request.user)).first() if mark else None
        values = values_at()
        how = why_over(row, values=values, now=now) if row else SessionEnd.REMOTE
        if row is None or how is not None:
            end_session(mark=mark, how=how or SessionEnd.REMOTE, now=now)
            logout(request)
            messages.warning(request, said_of_end(how or SessionEnd.REMOTE, values[Code.IDLE_MINUTES]))
            return
        request.person_session = row  # type: ignore[attr-defined]
        request.safety = values  # type: ignore[attr-defined]
        if name_of(request) not in WATCHED_ONLY:
            note_use(row, now=now)


def said_of_end(how: SessionEnd, idle_minutes: int) -> str:
    """What the sign-in page says to somebody whose session ended without them."""
    words = {
        SessionEnd.IDLE: _(
            "%(n)d분 동안 입력이 없어 접속을 끊었습니다. 자동 저장하는 화면의 내용은 그대로 있습니다."
        )
        % {"n": idle_minutes},
        SessionEnd.TOO_LONG: _("한 번 로그인해서 쓸 수 있는 시간이 지났습니다. 다시 로그인해 주세요."),
        SessionEnd.LIMIT: _(
            "다른 기기에서 로그인해 이 접속을 끊었습니다. 본인이 아니면 비밀번호를 바꿔 주세요."
        ),
        SessionEnd.ROLE: _("역할이 바뀌어 접속을 끊었습니다. 다시 로그인해 주세요."),
    }
    return words.get(how, _("접속이 끝났습니다. 다시 로그인해 주세요."))


def name_of(request: HttpRequest) -> str:
    """The URL name that will answer; empty for an address nobody answers."""
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""


class AllowedNetworks:
    """Refuses whoever comes from outside the networks their organisations allow, and notes it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            user = request.user
            if not is_allowed_from(user, client_address(request)) and name_of(request) != "account_logout":
                place = name_of(request)
                note_access(
                    visit_of(request), act=Act.READ, place=place, result=Result.REFUSED, at=timezone.now()
                )
                return render(request, "access/network_refused.html", status=403)
        return self.get_response(request)


class SecondFactor:
    """Leads whoever has no second factor to setting one up, before anything else is shown."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.user.is_authenticated
            and name_of(request) not in WITHOUT_SECOND_FACTOR
            and request.session.get(FACTOR) != request.user.pk
            and is_required()
            and not has_second_factor(request.user)
        ):
            messages.warning(
                request, _("먼저 2단계 인증을 켜 주세요. 켜기 전에는 다른 화면을 열 수 없습니다.")
            )
            return redirect("mfa_index")
        return self.get_response(request)


def has_second_factor(user: User) -> bool:
    """A code generator or a passkey; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists())
