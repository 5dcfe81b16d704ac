"""Who may come in by the company's sign-on: people who have an account here, and nobody else."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialApp, SocialLogin
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.locks import locked_page
from core.access.sessions import FACTOR
from core.access.sign_on.links import NotTheirs, link
from core.access.sign_on.openid import CLAIMS
from core.accounts.adapter import ClosedDoorAdapter

OUR_STAGE = "allauth.mfa.stages.AuthenticateStage"
logger = logging.getLogger(__name__)


class StaffOnlyAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """What django-allauth asks once the provider has answered."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The provider of the settings, and none that somebody wrote into the database."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in whoever is linked, and link whom a verified address names. Everybody else is led back."""
        claims: dict[str, Any] = getattr(sociallogin, CLAIMS, {})
        address = verified_address(claims)
        known = sociallogin.user if sociallogin.is_existing else None
        typed = known.email if known else address
        if not AxesProxyHandler.is_allowed(request, {"username": typed}):
            raise ImmediateHttpResponse(locked_page(request, redirect("account_login"), {}))
        try:
            person = known or link(sociallogin, address, now=timezone.now())
        except NotTheirs as fault:
            refuse(request, typed)
            raise ImmediateHttpResponse(_back_to_the_door(request)) from fault
        if not person.is_active:
            refuse(request, typed)
            raise ImmediateHttpResponse(_back_to_the_door(request))
        request.session.pop(FACTOR, None)
        if says_second_factor(claims):
            request.session[FACTOR] = person.pk

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, **rest: Any
    ) -> None:
        """Whatever went wrong on the way. The log says what, the visitor that it did."""
        logger.warning("single sign-on failed: %s %s", error, exception or "")
        refuse(request, "")
        raise ImmediateHttpResponse(_back_to_the_door(request))


class DoorAdapter(ClosedDoorAdapter):
    def get_login_stages(self) -> list[str]:
        """Those of django-allauth, with our question for a second factor in the place of its own."""
        ours = f"{FactorStage.__module__}.{FactorStage.__qualname__}"
        return [ours if stage == OUR_STAGE else stage for stage in super().get_login_stages()]


class FactorStage(AuthenticateStage):  # type: ignore[misc]
    """Asks for the second factor, unless the provider did for this very sign-in and the settings take its word."""

    login: Login

    def _should_handle(self, request: HttpRequest) -> bool:
        sociallogin = (self.login.signal_kwargs or {}).get("sociallogin")
        if sociallogin is not None and says_second_factor(getattr(sociallogin, CLAIMS, {})):
            return False
        return bool(super()._should_handle(request))


def verified_address(claims: dict[str, Any]) -> str:
    """The address the provider vouches for; empty where it does not. Some write the word for the truth value."""
    is_verified = claims.get("email_verified") in (True, "true")
    return str(claims.get("email") or "").strip().lower() if is_verified else ""


def says_second_factor(claims: dict[str, Any]) -> bool:
    """Whether a claim is among those the settings name, as `amr:mfa`, for a second factor asked by the provider."""
    for named in settings.OIDC_SECOND_FACTOR:
        claim, _colon, wanted = named.partition(":")
        said = claims.get(claim)
        if wanted in (said if isinstance(said, list) else [said]):
            return True
    return False


def refuse(request: HttpRequest, typed: str) -> None:
    """Note a failed try: the lock-out counts it, history and the access log keep it."""
    credentials = {"username": typed, "what": "single sign-on"}
    user_login_failed.send(sender=StaffOnlyAdapter, credentials=credentials, request=request)


def _back_to_the_door(request: HttpRequest) -> Any:
    """The same words for everybody: they do not betray whether an address has an account."""
    messages.error(
        request,
        _(
            "회사 계정으로 로그인하지 못했습니다. 이 시스템에 계정이 있는지, 회사 계정의 전자우편이 "
            "같은지 관리자에게 확인해 주세요."
        ),
    )
    return redirect("account_login")
