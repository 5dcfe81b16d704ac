"""Settings for administrators: the people of an organisation, their roles, and who gave them."""

from __future__ import annotations

from typing import Any

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

from config.grant_forms import GrantForm, TakingForm
from config.places import form_page, place_for
from core.access.step_up import step_up_required
from core.accounts import services
from core.accounts.asking import who
from core.accounts.models import Organization, Role, User
from core.accounts.shared_names import looks_shared
from core.accounts.standing import holds
from core.audit.models import HOUSE, Event
from notifications.services.roles import WATCHING

ROLE_CHANGES = 50
ROLE_ACTIONS = {
    "role.given": gettext_lazy("역할을 줌"),
    "role.period-set": gettext_lazy("기간을 바꿈"),
    "role.taking-out-set": gettext_lazy("출력·다운로드를 바꿈"),
    "role.taken": gettext_lazy("역할을 끝냄"),
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
    return form_page(
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
    return form_page(
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
    return form_page(request, place, form, heading=heading, button=_("역할 끝내기"), back="settings-people")
