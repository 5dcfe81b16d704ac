"""Settings of an organisation: until when somebody's role holds."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from config.places import form_page, place_for
from core.access.step_up import step_up_required
from core.access.typed_words import WordsForm
from core.accounts.asking import who
from core.accounts.models import Membership, Role
from core.accounts.role_periods import set_role_period


class PeriodForm(WordsForm):
    """Until when, and whether the person is from outside the organisation. The service checks the day."""

    ends_on = forms.DateField(
        label=gettext_lazy("마지막 날"),
        help_text=gettext_lazy(
            "이날이 지나면 역할이 저절로 끝납니다(한국 시간). 비우면 끝나는 날이 없습니다. 예: 2026-12-31"
        ),
        required=False,
        input_formats=["%Y-%m-%d", "%Y.%m.%d", "%Y%m%d"],
        widget=forms.DateInput(attrs={"placeholder": "2026-12-31", "autocomplete": "off"}),
    )
    is_external = forms.BooleanField(
        label=gettext_lazy("외부 사람"),
        help_text=gettext_lazy(
            "법무법인, 보험사, 외부 감사처럼 이 기관 사람이 아니면 마지막 날이 있어야 합니다."
        ),
        required=False,
    )

    reason = forms.CharField(
        label=gettext_lazy("이유"),
        help_text=gettext_lazy("공공시스템에서 인사정보 키가 없는 사람에게 긴급히 줄 때는 적어야 합니다."),
        required=False,
        max_length=500,
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def period(self) -> dict[str, Any]:
        """What was said of it and why, taken out of the rest that was typed."""
        names = ("ends_on", "is_external", "reason")
        return {name: self.cleaned_data.pop(name) for name in names}


class ChangedPeriodForm(PeriodForm):
    reason = forms.CharField(
        label=gettext_lazy("바꾸는 이유"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def role_period(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    """Set or lift the last day of a role. Nobody makes their own administration longer."""
    place = place_for(request, pk, Role.ADMIN)
    held = get_object_or_404(place.memberships.select_related("user"), pk=membership)
    if held.user_id == who(request).pk and held.role == Role.ADMIN:
        raise PermissionDenied
    initial = {"ends_on": held.ends_on, "is_external": held.is_external}
    form = ChangedPeriodForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _is_set(request, form, held):
        messages.success(request, _("역할의 기간을 바꿨습니다. 이유는 이력에 있습니다."))
        return redirect("settings-people", place.pk)
    told = {"who": held.user, "role": held.get_role_display()}
    heading, button = _("역할의 기간: %(who)s · %(role)s") % told, _("기간 저장")
    return form_page(request, place, form, heading=heading, button=button, back="settings-people")


def _is_set(request: HttpRequest, form: ChangedPeriodForm, held: Membership) -> bool:
    values = form.cleaned_data
    try:
        set_role_period(
            membership_id=held.pk,
            ends_on=values["ends_on"],
            is_external=values["is_external"],
            actor=who(request),
            now=timezone.now(),
            reason=values["reason"],
        )
    except ValidationError as fault:
        form.add_error(None, fault)
        return False
    return True
