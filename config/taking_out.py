"""Settings of an organisation: whether a role may take things out (출력·다운로드)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.grant_forms import TakingOutForm
from config.places import form_page, place_for
from core.access.step_up import step_up_required
from core.accounts.asking import who
from core.accounts.models import Role
from core.accounts.taking_out import set_taking_out


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def taking_out(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    """Give a role the right, or take it back, for a reason."""
    place = place_for(request, pk, Role.ADMIN)
    held = get_object_or_404(place.memberships.select_related("user"), pk=membership)
    is_given = not held.may_take_out
    form = TakingOutForm(request.POST or None, place=place, is_given=is_given)
    if request.method == "POST" and form.is_valid():
        set_taking_out(
            membership_id=held.pk,
            may_take_out=is_given,
            actor=who(request),
            now=timezone.now(),
            reason=form.cleaned_data["reason"],
            requester=form.requester(),
        )
        told = _("출력·다운로드 권한을 주었습니다.") if is_given else _("출력·다운로드 권한을 거두었습니다.")
        messages.success(request, told)
        return redirect("settings-people", place.pk)
    whose = {"who": held.user, "role": held.get_role_display()}
    heading = (
        _("출력·다운로드 주기: %(who)s · %(role)s")
        if is_given
        else _("출력·다운로드 거두기: %(who)s · %(role)s")
    )
    heading, button = heading % whose, _("권한 주기") if is_given else _("권한 거두기")
    return form_page(request, place, form, heading=heading, button=button, back="settings-people")
