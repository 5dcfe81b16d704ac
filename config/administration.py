"""Settings: the index of them, and what the organisation is."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

import rules
from config.places import form_page, place_for
from core.access.typed_words import WordsForm
from core.accounts import services
from core.accounts.asking import who
from core.accounts.models import Membership, Organization, OrganizationProfile, Role
from incidents.facts import Kind
from incidents.forms.facts import value_fields
from incidents.organization import checked_further, further_facts, further_words
from notifications.services.roles import WATCHING


class _PlainForm(WordsForm):
    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class OrganizationForm(forms.ModelForm):  # type: ignore[type-arg]
    """What letters say about the organisation. Checked here, saved by the service."""

    class Meta:
        model = Organization
        fields = (
            "name",
            "registration_number",
            "representative",
            "address",
            "website",
            "contact_department",
            "contact_phone",
            "contact_email",
            "contact_hours",
            "prompt_target_hours",
            "immediate_target_hours",
            "is_public_system",
        )
        help_texts = {
            "is_public_system": gettext_lazy(
                "지정되었으면 고르세요. 사람마다 인사정보 키가 있어야 하고, 서약해야 계정이 열립니다."
            )
        }

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class ProfileForm(_PlainForm):
    """The sectors of an organisation from a day on."""

    effective_on = forms.DateField(
        label=gettext_lazy("적용 시작일"),
        help_text=gettext_lazy(
            "이날부터 다음 현황 전날까지 적용합니다. 같은 날을 다시 적으면 바로잡습니다. 예: 2026-01-01"
        ),
        input_formats=["%Y-%m-%d", "%Y.%m.%d", "%Y%m%d"],
        widget=forms.DateInput(attrs={"placeholder": "2026-01-01", "autocomplete": "off"}),
    )
    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("해당하는 것"), required=False, widget=forms.CheckboxSelectMultiple
    )
    telecom_kind = forms.ChoiceField(
        label=gettext_lazy("전기통신사업 종류"),
        choices=OrganizationProfile.TelecomKind.choices,
        required=False,
    )

    others = forms.MultipleChoiceField(
        label=gettext_lazy("그 밖에 해당하는 것"),
        help_text=gettext_lazy("법이 조직에 대해 더 묻는 것입니다. 해당하는 것만 고르세요."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        fields = OrganizationProfile._meta
        names = OrganizationProfile.SECTOR_FIELDS
        self.fields["sectors"].choices = [(name, fields.get_field(name).verbose_name) for name in names]  # type: ignore[attr-defined,union-attr]
        self.flags = [fact for fact in further_facts() if fact.kind is Kind.YES_NO]
        self.figures = [fact for fact in further_facts() if fact.kind is not Kind.YES_NO]
        self.fields["others"].choices = [(fact.name, fact.label) for fact in self.flags]  # type: ignore[attr-defined]
        for fact in self.figures:
            self.fields.update(value_fields(fact))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        try:
            checked_further(self.further())
        except ValidationError as fault:
            self.add_error(None, fault.messages)
        return values

    def further(self) -> dict[str, Any]:
        """What was said beside the columns of the profile."""
        chosen = self.cleaned_data.get("others", [])
        figures = {fact.name: self.cleaned_data.get(fact.name) for fact in self.figures}
        return {**{fact.name: fact.name in chosen for fact in self.flags}, **figures}

    def wanted(self) -> dict[str, Any]:
        chosen = self.cleaned_data["sectors"]
        sectors = {name: name in chosen for name in OrganizationProfile.SECTOR_FIELDS}
        return {
            **sectors,
            "telecom_kind": self.cleaned_data["telecom_kind"],
            "further": checked_further(self.further()),
        }


@require_safe
def settings_index(request: HttpRequest) -> HttpResponse:
    held = Membership.objects.of(who(request), Role.ADMIN).values("organization")
    places = Organization.objects.filter(pk__in=held).order_by("name")
    mine = (
        Membership.objects.of(who(request))
        .select_related("organization")
        .order_by("organization__name", "role")
    )
    watched = Membership.objects.of(who(request), *WATCHING).values("organization")
    context = {
        "organizations": places,
        "watched": Organization.objects.filter(pk__in=watched).exclude(pk__in=held).order_by("name"),
        "memberships": mine,
        "watches": watched.exists(),
        "digest": rules.digest(),
    }
    return render(request, "settings/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def organization(request: HttpRequest, pk: int) -> HttpResponse:
    place = place_for(request, pk, Role.ADMIN)
    form = OrganizationForm(request.POST or None, instance=Organization.objects.get(pk=place.pk))
    if request.method == "POST" and form.is_valid():
        services.update_organization(
            organization_id=place.pk, changes=form.cleaned_data, actor=who(request), now=timezone.now()
        )
        messages.success(request, _("기관 정보를 저장했습니다."))
        return redirect("settings-organization", place.pk)
    profiles = [(row, _sector_words(row)) for row in place.profiles.all()]
    context = {"organization": place, "form": form, "profiles": profiles}
    return render(request, "settings/organization.html", context, status=422 if form.errors else 200)


def _sector_words(profile: OrganizationProfile) -> list[str]:
    fields = OrganizationProfile._meta
    words = [
        str(fields.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name in OrganizationProfile.SECTOR_FIELDS
        if getattr(profile, name)
    ]
    telecom = [str(profile.get_telecom_kind_display())] if profile.telecom_kind else []
    return [*words, *telecom, *further_words(profile)]


@require_http_methods(["GET", "HEAD", "POST"])
def set_profile(request: HttpRequest, pk: int) -> HttpResponse:
    place = place_for(request, pk, Role.ADMIN)
    today = timezone.localdate()
    last = place.profile_on(today)
    held = [name for name in OrganizationProfile.SECTOR_FIELDS if last and getattr(last, name)]
    further = last.further if last else {}
    initial = {
        "effective_on": today,
        "sectors": held,
        "telecom_kind": last.telecom_kind if last else "",
        "others": [name for name, value in further.items() if value is True],
        **{name: value for name, value in further.items() if value is not True},
    }
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.set_profile(
            organization=place,
            effective_on=form.cleaned_data["effective_on"],
            sectors=form.wanted(),
            actor=who(request),
            now=timezone.now(),
        )
        messages.success(request, _("기관 현황을 저장했습니다. 열린 사건의 기한을 다시 계산했습니다."))
        return redirect("settings-organization", place.pk)
    return form_page(
        request, place, form, heading=_("기관 현황"), button=_("현황 저장"), back="settings-organization"
    )
