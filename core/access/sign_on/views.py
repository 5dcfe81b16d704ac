"""The way to the company's sign-on and back."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from core.access.sign_on.openid import CompanyOpenID

logger = logging.getLogger(__name__)


class Callback(OAuth2CallbackView):  # type: ignore[misc]
    """The way back, on which the adapter learns what was kept when the sign-in began."""

    adapter: CompanyOpenID

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, answer = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, answer


@login_not_required
@require_POST
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider. A page does it and no redirect: the form may be sent to this house alone."""
    openid = _openid(request, provider_id)
    provider = openid.get_provider()
    try:
        _ = openid.authorize_url  # asks the provider, and who it says it is
    except (OAuth2Error, RequestException) as fault:
        return _failed(request, provider, fault)
    nonce = secrets.token_urlsafe(32)
    way = provider.redirect(
        request,
        process="login",
        next_url=get_next_redirect_url(request),
        auth_params={"nonce": nonce},
        nonce=nonce,
    )
    return render(request, "access/sign_on.html", {"where": way.url, "name": provider.name})


@login_not_required
@require_safe
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """What the provider's redirect opens: a session, or the sign-in page with words."""
    openid = _openid(request, provider_id)
    try:
        answer: HttpResponse = Callback.adapter_view(openid)(request)
    except ValueError as fault:  # a subject that cannot be one
        return _failed(request, openid.get_provider(), fault)
    return answer


def _openid(request: HttpRequest, provider_id: str) -> CompanyOpenID:
    openid = CompanyOpenID(request, provider_id)
    try:
        openid.get_provider()
    except SocialApp.DoesNotExist as fault:
        raise Http404 from fault
    return openid


def _failed(request: HttpRequest, provider: Any, fault: Exception) -> HttpResponse:
    try:
        get_adapter().on_authentication_error(request, provider, exception=fault)
    except ImmediateHttpResponse as answer:
        response: HttpResponse = answer.response
        return response
    raise fault
