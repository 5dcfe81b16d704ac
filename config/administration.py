"""Settings: what the organisation is, who does what in it, and which law this edition knows."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

import rules
from config.grant_forms import GrantForm, TakingForm
from config.places import place_for
from core.access.step_up import step_up_required
from core.access.typed_words import WordsForm
from core.accounts import services
from core.accounts.asking import who
from core.accounts.models import Membership, Organization, OrganizationProfile, Role, User
from core.accounts.shared_names import looks_shared
from core.accounts.standing import holds
from core.audit.models import HOUSE, Event
from incidents.facts import Kind
from incidents.forms.facts import value_fields
from incidents.organization import checked_further, further_facts, further_words
from notifications.services.roles import WATCHING

ROLE_CHANGES = 50
ROLE_ACTIONS = {
    "role.given": gettext_lazy("역할을 줌"),
    "role.period-set": gettext_lazy("기간을 바꿈"),
    "role.taking-out-set": gettext_lazy("출력·다운로드를 바꿈"),
    "role.taken": gettext_lazy("역할을 끝냄"),
}


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


class PersonForm(GrantForm):
    field_order = [
        "email",
        "name",
        "department",
        "position",
        "personnel_key",
        "role",
        "may_take_out",
        "password",
        "asked_by",
        "asked_words",
    ]
    email = forms.EmailField(label=gettext_lazy("전자우편"))
    name = forms.CharField(label=gettext_lazy("이름"), max_length=60)
    department = forms.CharField(label=gettext_lazy("부서"), required=False, max_length=80)
    position = forms.CharField(label=gettext_lazy("직위"), required=False, max_length=80)
    personnel_key = forms.CharField(
        label=gettext_lazy("인사정보 키"),
        help_text=gettext_lazy("사번처럼 한 사람에게 하나뿐인 값입니다. 공공시스템이면 있어야 합니다."),
        required=False,
        max_length=40,
    )
    role = forms.ChoiceField(label=gettext_lazy("역할"), choices=Role.choices)
    password = forms.CharField(
        label=gettext_lazy("첫 비밀번호"),
        help_text=gettext_lazy(
            "안전조치 설정의 길이 이상. 본인에게 따로 전하고, 처음 로그인하면 바꾸게 해 주세요."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError(_("이미 있는 계정입니다. [역할 주기]에서 이 주소에 역할을 주세요."))
        return email

    def clean_personnel_key(self) -> str:
        key = str(self.cleaned_data["personnel_key"]).strip()
        if key and User.objects.filter(personnel_key=key).exists():
            raise ValidationError(_("다른 계정에 있는 키입니다. 한 사람에 계정은 하나입니다."))
        return key


class RoleForm(GrantForm):
    field_order = ["email", "role", "may_take_out", "asked_by", "asked_words"]
    email = forms.EmailField(
        label=gettext_lazy("전자우편"), help_text=gettext_lazy("이미 계정이 있는 사람의 주소입니다.")
    )
    role = forms.ChoiceField(label=gettext_lazy("역할"), choices=Role.choices)

    def clean_email(self) -> User:
        person = User.objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if person is None:
            raise ValidationError(_("이 주소의 계정이 없습니다. [사람 추가]에서 먼저 만들어 주세요."))
        return person


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
    return _form_page(
        request, place, form, heading=_("기관 현황"), button=_("현황 저장"), back="settings-organization"
    )


@require_safe
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who does what, and how that changed. The CPO and the auditors read it; administrators change it."""
    place = place_for(request, pk, Role.ADMIN, *WATCHING)
    context = {
        "organization": place,
        "memberships": place.memberships.select_related("user").order_by("user__name", "role"),
        "changes": _role_changes(place),
        "may_change": holds(who(request), Role.ADMIN, organization=place.pk),
        "me": who(request).pk,
        "admin": Role.ADMIN,
    }
    return render(request, "settings/people.html", context)


def _role_changes(place: Organization) -> list[dict[str, Any]]:
    """The last changes of roles in `place`, the newest first, as history has them."""
    told = Event.objects.filter(chain_id=HOUSE, action__in=tuple(ROLE_ACTIONS), data__organization=place.pk)
    events = list(told.select_related("actor", "words").order_by("-sequence")[:ROLE_CHANGES])
    told_of = {event.data.get(key) for event in events for key in ("user", "asked_by")}
    names = User.objects.in_bulk(told_of - {None})
    return [
        {
            "at": event.recorded_at,
            "actor": event.actor,
            "person": names.get(event.data["user"]),
            "role": Role(event.data["role"]).label,
            "what": ROLE_ACTIONS[event.action],
            "ends_on": _last_day_said(event.data),
            "may_take_out": (event.data.get("after") or event.data).get("may_take_out"),
            "asked_by": names.get(event.data.get("asked_by")),
            "is_by_timers": event.actor_id is None and event.action == "role.taken",
            "by_themselves": event.actor_id == event.data["user"],
            "reason": event.reason,
        }
        for event in events
    ]


def _last_day_said(data: dict[str, Any]) -> str:
    """The last day a role was given or set to; empty for none."""
    return str((data.get("after") or data).get("ends_on") or "")


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    place = place_for(request, pk, Role.ADMIN)
    form = PersonForm(request.POST or None, place=place)
    if request.method == "POST" and form.is_valid() and _person_added(request, place, form):
        messages.success(request, _("사람을 추가했습니다."))
        _warn_of_shared_name(request, email=form.cleaned_data["email"], name=form.cleaned_data["name"])
        return redirect("settings-people", place.pk)
    return _form_page(
        request, place, form, heading=_("사람 추가"), button=_("사람 추가"), back="settings-people"
    )


def _warn_of_shared_name(request: HttpRequest, *, email: str, name: str) -> None:
    """An account belongs to one person; a name that looks like a team's is asked about, not refused."""
    if looks_shared(email=email, name=name):
        messages.warning(
            request,
            _(
                "여럿이 같이 쓰는 계정처럼 보이는 이름입니다. 계정은 한 사람에게 하나씩 주고 같이 쓰지 않아야 합니다"
                "(안전성 확보조치 기준 제5조제4항). 한 사람이 쓰는 계정인지 확인해 주세요."
            ),
        )


def _person_added(request: HttpRequest, place: Organization, form: PersonForm) -> bool:
    grant = form.grant()
    values = dict(form.cleaned_data)
    role, now = Role(values.pop("role")), timezone.now()
    try:
        with transaction.atomic():
            person = services.add_person(actor=who(request), now=now, **values)
            services.give_role(
                user=person, organization=place, role=role, actor=who(request), now=now, **grant
            )
    except ValidationError as fault:
        form.add_error(None if hasattr(fault, "error_dict") else "password", fault)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def give_role(request: HttpRequest, pk: int) -> HttpResponse:
    place = place_for(request, pk, Role.ADMIN)
    form = RoleForm(request.POST or None, place=place)
    if request.method == "POST" and form.is_valid() and _role_given(request, place, form):
        messages.success(request, _("역할을 주었습니다."))
        return redirect("settings-people", place.pk)
    return _form_page(
        request, place, form, heading=_("역할 주기"), button=_("역할 주기"), back="settings-people"
    )


def _role_given(request: HttpRequest, place: Organization, form: RoleForm) -> bool:
    try:
        services.give_role(
            user=form.cleaned_data["email"],
            organization=place,
            role=Role(form.cleaned_data["role"]),
            actor=who(request),
            now=timezone.now(),
            **form.grant(),
        )
    except ValidationError as fault:
        form.add_error(None, fault)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def take_role(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    """End a role. Nobody ends their own administration: the house would be left without a key."""
    place = place_for(request, pk, Role.ADMIN)
    held = get_object_or_404(place.memberships.select_related("user"), pk=membership)
    if held.user_id == who(request).pk and held.role == Role.ADMIN:
        raise PermissionDenied
    form = TakingForm(request.POST or None, place=place)
    if request.method == "POST" and form.is_valid():
        services.take_role(
            membership_id=held.pk,
            actor=who(request),
            now=timezone.now(),
            reason=form.cleaned_data["reason"],
            requester=form.requester(),
        )
        messages.success(request, _("역할을 끝냈습니다. 이유는 이력에 있습니다."))
        return redirect("settings-people", place.pk)
    told = {"who": held.user, "role": held.get_role_display()}
    heading = _("역할 끝내기: %(who)s · %(role)s") % told
    return _form_page(request, place, form, heading=heading, button=_("역할 끝내기"), back="settings-people")


def _form_page(
    request: HttpRequest, place: Organization, form: forms.Form, *, heading: str, button: str, back: str
) -> HttpResponse:
    context = {"organization": place, "form": form, "heading": heading, "button": button, "back": back}
    return render(request, "settings/form.html", context, status=422 if form.errors else 200)
