"""Settings of an organisation: tying an account to the personnel records."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from config.doorkeeping import refuse_others
from config.places import form_page, place_for
from core.access.step_up import step_up_required
from core.access.typed_words import WordsForm
from core.accounts.asking import who
from core.accounts.models import Role, User
from core.accounts.personnel import set_personnel_key


class PersonnelForm(WordsForm):
    personnel_key = forms.CharField(
        label=gettext_lazy("인사정보 키"),
        help_text=gettext_lazy("인사 시스템의 사번처럼 한 사람에게 하나뿐인 값입니다."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("바꾸는 이유"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def personnel_key(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Set the key of somebody in the organisation. Administrators only."""
    place = place_for(request, pk, Role.ADMIN)
    whose = get_object_or_404(User.objects.filter(memberships__organization=place).distinct(), pk=person)
    refuse_others(who(request), whose)
    form = PersonnelForm(request.POST or None, initial={"personnel_key": whose.personnel_key})
    if request.method == "POST" and form.is_valid() and _is_set(request, form, whose):
        messages.success(request, _("인사정보 키를 저장했습니다."))
        return redirect("settings-people", place.pk)
    heading, button = _("인사정보 키: %(who)s") % {"who": whose}, _("키 저장")
    return form_page(request, place, form, heading=heading, button=button, back="settings-people")


def _is_set(request: HttpRequest, form: PersonnelForm, whose: User) -> bool:
    try:
        set_personnel_key(
            user_id=whose.pk,
            key=form.cleaned_data["personnel_key"],
            actor=who(request),
            now=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
    except ValidationError as fault:
        form.add_error(None, fault)
        return False
    return True
