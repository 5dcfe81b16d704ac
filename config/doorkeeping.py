"""Settings of an organisation: from which networks its people come in, and accounts that are closed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.places import form_page, place_for
from config.safety_forms import NetworkForm, ReasonForm
from core.access import services
from core.access.models import NetworkRule
from core.access.networks import would_shut_out
from core.access.step_up import step_up_required
from core.accounts.adapter import client_address
from core.accounts.asking import who
from core.accounts.looking_after import looks_after
from core.accounts.models import Organization, Role, User


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def networks(request: HttpRequest, pk: int) -> HttpResponse:
    """The networks allowed, and allowing one more. Nobody shuts themselves out by it."""
    place = place_for(request, pk, Role.ADMIN)
    form = NetworkForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _is_added(request, place, form):
        messages.success(request, _("네트워크를 허용했습니다."))
        return redirect("settings-networks", place.pk)
    rules = NetworkRule.objects.filter(organization=place).select_related("added_by", "ended_by")
    context = {
        "organization": place,
        "form": form,
        "standing": rules.filter(ended_at=None),
        "address": client_address(request),
    }
    return render(request, "settings/networks.html", context, status=422 if form.errors else 200)


def _is_added(request: HttpRequest, place: Organization, form: NetworkForm) -> bool:
    values = form.cleaned_data
    try:
        if would_shut_out(who(request), client_address(request), place, values["role"], values["network"]):
            raise ValidationError(
                {"network": _("지금 들어온 곳이 빠집니다. 지금 쓰는 네트워크부터 허용해 주세요.")}
            )
        services.add_network(
            organization=place,
            role=values["role"],
            network=values["network"],
            actor=who(request),
            now=timezone.now(),
            reason=values["reason"],
        )
    except ValidationError as fault:
        form.add_error(None, fault)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def end_network(request: HttpRequest, pk: int, rule: int) -> HttpResponse:
    place = place_for(request, pk, Role.ADMIN)
    row = get_object_or_404(NetworkRule.objects.standing().filter(organization=place), pk=rule)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.end_network(
            rule_id=row.pk, actor=who(request), now=timezone.now(), reason=form.cleaned_data["reason"]
        )
        messages.success(request, _("네트워크 허용을 거두었습니다."))
        return redirect("settings-networks", place.pk)
    heading = _("네트워크 허용 거두기: %(network)s") % {"network": row.network}
    button = _("허용 거두기")
    return form_page(request, place, form, heading=heading, button=button, back="settings-networks")


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def account(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Close the account of somebody in the organisation, or open it again. Nobody closes their own.

    Somebody with a role elsewhere too is closed by whoever administers all of it; here their role can be ended.
    """
    place = place_for(request, pk, Role.ADMIN)
    rows = User.objects.filter(memberships__organization=place).distinct()
    whose = get_object_or_404(rows, pk=person)
    if whose == who(request):
        raise PermissionDenied(_("자기 계정은 다른 관리자가 닫습니다."))
    refuse_others(who(request), whose)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = services.close_account if whose.is_active else services.reopen_account
        act(user_id=whose.pk, actor=who(request), now=timezone.now(), reason=form.cleaned_data["reason"])
        told = _("계정을 닫았습니다. 접속과 API 토큰이 모두 끝났습니다.")
        messages.success(request, told if whose.is_active else _("계정을 다시 열었습니다."))
        return redirect("settings-people", place.pk)
    name = {"who": whose}
    heading, button = (
        (_("계정 닫기: %(who)s") if whose.is_active else _("계정 다시 열기: %(who)s")) % name,
        _("계정 닫기") if whose.is_active else _("계정 다시 열기"),
    )
    return form_page(request, place, form, heading=heading, button=button, back="settings-people")


def refuse_others(admin: User, person: User) -> None:
    """PermissionDenied for the account of somebody who has a role where `admin` does not administer."""
    if not looks_after(admin, person):
        raise PermissionDenied(
            _(
                "다른 기관에도 역할이 있는 사람의 계정은 그 기관들을 모두 관리하는 사람만 바꿉니다. "
                "이 기관에서는 역할을 끝낼 수 있습니다."
            )
        )
