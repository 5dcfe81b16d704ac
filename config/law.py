"""Settings: which edition of the law the cases go by, and the public holidays they are counted by."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import rules
from core.accounts.asking import who
from core.accounts.models import User
from incidents import permissions, queries, services
from incidents.forms import HolidayChangeForm, ReasonForm
from incidents.models import HolidayChange, LawEdition
from incidents.reading import duty_title
from incidents.views.acting import FaultsAt, form_page
from rules.kr.calendar import ListedHoliday, listed_holidays


def _administering(request: HttpRequest) -> User:
    if not permissions.can_administer(who(request)):
        raise PermissionDenied
    return who(request)


@require_http_methods(["GET", "HEAD", "POST"])
def law_editions(request: HttpRequest) -> HttpResponse:
    """What the installed edition changes and moves, and every version of every duty; the law is no secret.

    Administrators apply the edition here.
    """
    now, form = timezone.now(), None
    if request.method == "POST":
        _administering(request)
        form = _apply_form(request, now)
        if form.is_valid() and _is_applied(request, form, now):
            messages.success(request, _("규칙판을 적용했습니다. 이유는 이력에 있습니다."))
            return redirect("settings-law")
    context = {**_edition_context(request, now), "families": _families()}
    if context["may_apply"]:
        context["form"] = form or _apply_form(request, now)
    return render(request, "settings/law.html", context, status=422 if form and form.errors else 200)


def _apply_form(request: HttpRequest, now: datetime) -> ReasonForm:
    hint = _("바뀐 기한마다 이 이유가 이력에 남습니다. 종결한 사건은 그대로입니다.")
    return ReasonForm(request.POST or None, now=now, label=_("적용하는 이유"), help_text=hint)


def _is_applied(request: HttpRequest, form: ReasonForm, now: datetime) -> bool:
    with FaultsAt(form):
        services.apply_edition(actor=who(request), now=now, reason=form.cleaned_data["reason"])
        return True
    return False


def _edition_context(request: HttpRequest, now: datetime) -> dict[str, Any]:
    change = queries.edition_change()
    moved = queries.moved_cases(now=now) if change.is_waiting else []
    seen, hidden = queries.for_reader(moved, who(request))
    return {
        "digest": rules.digest(),
        "change": change,
        "installed": LawEdition.objects.filter(digest=rules.digest()).first(),
        "history": LawEdition.objects.select_related("applied_by"),
        "moved": seen,
        "hidden_count": hidden,
        "may_apply": change.is_waiting and permissions.can_administer(who(request)),
    }


READ_FIRST = ("kr.pipa.", "kr.na.", "kr.")


def _families() -> list[tuple[str, list[rules.DutyVersion]]]:
    """The duties of everybody in Korea first, then those of its sectors, then the other countries'."""
    families: dict[str, list[rules.DutyVersion]] = {}
    for version in sorted(rules.duty_versions(), key=_reading_order):
        families.setdefault(duty_title(version.title, version.title_en), []).append(version)
    return list(families.items())


def _reading_order(version: rules.DutyVersion) -> int:
    found = (n for n, start in enumerate(READ_FIRST) if version.family.startswith(start))
    return next(found, len(READ_FIRST))


@require_safe
def holidays(request: HttpRequest) -> HttpResponse:
    """The holidays of last year, this year and the next, and what administrators changed."""
    _administering(request)
    today = timezone.localdate()
    changes = HolidayChange.objects.select_related("recorded_by", "ended_by")
    context = {
        "years": _years(today),
        "standing": changes.standing(),
        "ended": changes.exclude(ended_at=None).order_by("-ended_at"),
    }
    return render(request, "settings/holidays.html", context)


def _years(today: date) -> list[tuple[int, list[ListedHoliday], dict[date, HolidayChange]]]:
    changed = {row.day: row for row in HolidayChange.objects.standing()}
    return [
        (
            year,
            [held for held in listed_holidays() if held.day.year == year],
            {day: row for day, row in changed.items() if day.year == year},
        )
        for year in (today.year, today.year + 1, today.year - 1)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def add_holiday(request: HttpRequest) -> HttpResponse:
    """The form, then what it would move, then the change."""
    now, actor = timezone.now(), _administering(request)
    step = request.POST.get("step", "preview")
    form = HolidayChangeForm(request.POST or None, now=now)
    context: dict[str, Any] = {"form": form, "heading": _("공휴일 바로잡기"), "button": _("결과 보기")}
    if request.method == "POST" and form.is_valid() and step != "edit":
        row = HolidayChange(**form.cleaned_data)
        with FaultsAt(form):
            if step == "apply":
                services.add_holiday_change(actor=actor, now=now, **form.cleaned_data)
                messages.success(request, _("공휴일을 바로잡고 진행 중인 사건을 다시 계산했습니다."))
                return redirect("settings-holidays")
            services.refuse_idle_change(row)
            context |= _preview(actor, queries.moved_cases(now=now, calendar=queries.calendar_with(row)))
            context |= {"row": row, "typed": [(name, request.POST[name]) for name in form.fields]}
    return form_page(request, context, "settings/holiday_form.html")


@require_http_methods(["GET", "HEAD", "POST"])
def end_holiday(request: HttpRequest, pk: int) -> HttpResponse:
    """What would move is on the page before the person decides."""
    now, actor = timezone.now(), _administering(request)
    row = get_object_or_404(HolidayChange.objects.standing(), pk=pk)
    form = ReasonForm(request.POST or None, now=now, label=_("거두는 이유"))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        with FaultsAt(form):
            services.end_holiday_change(change_id=row.pk, reason=reason, actor=actor, now=now)
            messages.success(request, _("거두었습니다. 진행 중인 사건을 다시 계산했습니다."))
            return redirect("settings-holidays")
    context = {
        "form": form,
        "row": row,
        "heading": _("공휴일 바로잡기 거두기"),
        "button": _("바로잡기 거두기"),
        **_preview(actor, queries.moved_cases(now=now, calendar=queries.calendar_without(row))),
    }
    return form_page(request, context, "settings/holiday_form.html")


def _preview(reader: User, moved: list[queries.MovedCase]) -> dict[str, Any]:
    seen, hidden = queries.for_reader(moved, reader)
    return {"has_preview": True, "moved": seen, "hidden_count": hidden}
