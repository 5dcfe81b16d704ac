"""Settings: the safety measures. What the law asks of this installation by its size and data, and each number set."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import rules
from config.powers import power_holders
from config.safety_forms import SettingForm
from core.access import factor_duty, queries, services
from core.access.catalogue import SETTINGS, Code
from core.access.middleware import SECOND_FACTORS
from core.access.models import WATCHING
from core.access.step_up import step_up_required
from core.accounts.asking import who
from core.accounts.models import Organization, Role, User
from core.accounts.standing import holds, places_held
from incidents import permissions
from incidents.safety import installation_facts

MONTHS_IN = {"M": 1, "Y": 12}


def may_see(user: User) -> bool:
    """Administrators, and those who watch over an organisation."""
    return holds(user, Role.ADMIN, *WATCHING)


def measures_on(day: date) -> list[dict[str, Any]]:
    """What the notice asks of this installation on `day`."""
    answer = rules.assess("safety", {"as_of": day, **installation_facts(today=day).as_stated()})
    return list(answer["measures"])


def log_floor(day: date) -> str:
    """The least the access log is kept, as the law of the day has it: P1Y or P2Y."""
    found = [one for one in measures_on(day) if one["id"] == "kr.safety.s8_1.access_log"]
    return str(found[0].get("floor", "P1Y"))


def log_floor_months(day: date) -> int:
    floor = log_floor(day)
    return int(floor[1:-1]) * MONTHS_IN[floor[-1]]


@require_safe
def safety(request: HttpRequest) -> HttpResponse:
    """The counts, what they switch on, and each setting with its law, its range and who changed it when."""
    if not may_see(who(request)):
        raise PermissionDenied
    now = timezone.now()
    today = timezone.localdate(now)
    context = {
        "now": now,
        "facts": installation_facts(today=today),
        "measures": [_shown(one) for one in measures_on(today)],
        "lines": queries.setting_lines(log_floor_months=log_floor_months(today)),
        "may_change": permissions.can_administer(who(request)),
        "checked": places_of(who(request)),
        "watches": holds(who(request), *WATCHING),
        "second_factor": factor_duty.is_required(),
        "factor_by_data": factor_duty.is_owed_by_data(),
        "without_factor": _people_without_factor(),
        "holders": power_holders([place.pk for place in places_of(who(request))]),
    }
    return render(request, "settings/safety.html", context)


def places_of(user: User) -> QuerySet[Organization]:
    """The organisations whose checks and evidence `user` may see."""
    held = places_held(user, Role.ADMIN, *WATCHING)
    return Organization.objects.filter(pk__in=held).order_by("name")


def _shown(measure: dict[str, Any]) -> dict[str, Any]:
    """A measure in the words of the page's language."""
    is_english = get_language() == "en"
    names = ("title", "why")
    words = {name: measure.get(f"{name}_en" if is_english else name, "") for name in names}
    return {**measure, **words, "cites": ", ".join(measure.get("cite", ()))}


def _people_without_factor() -> int:
    held = Authenticator.objects.filter(type__in=SECOND_FACTORS).values("user")
    return User.objects.filter(is_active=True).exclude(pk__in=held).count()


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def change_setting(request: HttpRequest, code: str) -> HttpResponse:
    """One number, with a reason. Administrators only."""
    if not permissions.can_administer(who(request)):
        raise PermissionDenied
    if code not in SETTINGS:
        raise Http404
    now = timezone.now()
    floor = log_floor_months(timezone.localdate(now))
    line = next(
        one for one in queries.setting_lines(log_floor_months=floor) if one.setting.code == Code(code)
    )
    form = SettingForm(request.POST or None, line=line)
    if request.method == "POST" and form.is_valid() and _is_set(request, form, Code(code), floor, now):
        messages.success(request, _("안전조치 설정을 바꿨습니다. 이유는 이력에 있습니다."))
        return redirect("settings-safety")
    context = {"form": form, "line": line}
    return render(request, "settings/safety_change.html", context, status=422 if form.errors else 200)


def _is_set(request: HttpRequest, form: SettingForm, code: Code, floor: int, now: datetime) -> bool:
    try:
        services.set_safety_setting(
            code=code,
            value=form.cleaned_data["value"],
            reason=form.cleaned_data["reason"],
            actor=who(request),
            now=now,
            log_floor_months=floor,
        )
    except ValidationError as fault:
        form.add_error(None, fault)
        return False
    return True
