"""A person's API tokens: seeing, making and revoking them. Administrators see and revoke those of their people."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access.step_up import step_up_required
from core.accounts import token_services
from core.accounts.asking import who
from core.accounts.models import ApiToken
from core.accounts.token_forms import RevokeForm, TokenForm


@require_safe
def token_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = ApiToken.objects.visible_to(who(request)).select_related("owner")
    tokens = [(token, _state(token, now)) for token in rows]
    context = {
        "mine": [pair for pair in tokens if pair[0].owner_id == who(request).pk],
        "others": [pair for pair in tokens if pair[0].owner_id != who(request).pk],
    }
    return render(request, "accounts/token_list.html", context)


def _state(token: ApiToken, now: datetime) -> str:
    """`live`, `revoked`, `over` or `closed`."""
    if token.revoked_at is not None:
        return "revoked"
    if token.is_over(now):
        return "over"
    return "live" if token.owner.is_active else "closed"


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def create_token(request: HttpRequest) -> HttpResponse:
    """The secret is on the page that answers, once, and in no address and no store."""
    form = TokenForm(request.POST or None, scopes=token_services.open_scopes(who(request)))
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        token, secret = token_services.create_api_token(
            owner=who(request),
            name=form.cleaned_data["name"],
            scopes=form.scopes_wanted(),
            expires_at=now + form.lifetime(),
            actor=who(request),
            now=now,
            networks=form.cleaned_data["networks"],
        )
        return render(request, "accounts/token_created.html", {"token": token, "secret": secret})
    context = {"form": form, "heading": _("API 토큰 만들기"), "button": _("토큰 만들기")}
    return render(request, "accounts/token_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    rows = ApiToken.objects.visible_to(who(request)).select_related("owner")
    token = get_object_or_404(rows, pk=pk)
    form = RevokeForm(request.POST if request.method == "POST" else None, is_own=token.owner == request.user)
    if request.method == "POST" and form.is_valid():
        token_services.revoke_api_token(
            token_id=token.pk, actor=who(request), now=timezone.now(), reason=form.cleaned_data["reason"]
        )
        messages.success(request, _("토큰을 폐기했습니다. 이제 이 토큰으로는 아무것도 할 수 없습니다."))
        return redirect("accounts:token-list")
    context = {
        "form": form,
        "heading": _("API 토큰 폐기: %(token)s") % {"token": token},
        "lead_text": _("폐기하면 바로 쓸 수 없고 되돌릴 수 없습니다. 이 토큰을 쓰는 프로그램이 멈춥니다."),
        "button": _("토큰 폐기"),
        "is_danger": True,
    }
    return render(request, "accounts/token_form.html", context, status=422 if form.errors else 200)
