"""Settings: the yearly check of the internal plan. The CPO judges each line beside the product's own figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config.places import place_for
from config.recovery_forms import YearlyCheckForm
from config.yearly_figures import CHECKLIST, figures_of
from config.yearly_paper import rendered_check
from core.access.catalogue import Code
from core.access.models import YearlyCheck, YearlyDuty
from core.access.queries import value_of
from core.access.reviews import Period, months_before
from core.access.step_up import require_step_up
from core.access.yearly import (
    Owed,
    can_check,
    owed_checks,
    record_yearly_check,
    refuse_unjudged,
)
from core.access.yearly_models import Verdict
from core.accounts.asking import who
from core.accounts.days import SEOUL
from core.accounts.models import Organization, Role, User
from core.documents.services import DocumentDamaged, read_document

SEEING = (Role.CPO, Role.AUDITOR, Role.ADMIN, Role.APPROVER)


def period_to_check(place: Organization, *, now: datetime) -> Period:
    """From the day after the last check, else as many months back as the cycle is long, to yesterday."""
    today = now.astimezone(SEOUL).date()
    last = YearlyCheck.objects.filter(organization=place).first()
    back = months_before(now.astimezone(SEOUL), value_of(Code.YEARLY_CHECK_MONTHS)).date()
    first = max(back, last.last_day) if last else back
    return Period(first, today)


@require_http_methods(["GET", "HEAD", "POST"])
def yearly_check(request: HttpRequest, pk: int) -> HttpResponse:
    """What was checked and until when the next is owed; for the CPO, the checklist with its figures."""
    place = place_for(request, pk, *SEEING)
    now = timezone.now()
    may = can_check(who(request), place)
    if request.method == "POST":
        if not may:
            raise PermissionDenied(_("이행 실태 점검은 개인정보 보호책임자가 합니다."))
        require_step_up(request, now=now)  # the signature
    period = period_to_check(place, now=now)
    figures = figures_of(place, period) if may else {}
    form = YearlyCheckForm(request.POST or None, figures=figures) if may else None
    if form is not None and form.is_valid() and _is_recorded(request, place, period, form, now):
        messages.success(request, _("이행 실태 점검을 기록하고 문서로 남겼습니다."))
        return redirect("settings-yearly-check", place.pk)
    context = {
        "place": place,
        "form": form,
        "period": period,
        "owed": owed_by(place),
        "today": timezone.localdate(now),
        "checks": [(one, _lines(one)) for one in place.yearly_checks.select_related("checker", "document")],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "settings/yearly_check.html", context, status=status)


def owed_by(place: Organization) -> Owed | None:
    duty = (
        YearlyDuty.objects.filter(organization=place, finished_at=None).select_related("organization").first()
    )
    return Owed.of(duty) if duty else None


def _is_recorded(
    request: HttpRequest, place: Organization, period: Period, form: YearlyCheckForm, now: datetime
) -> bool:
    with translation.override("ko"):  # the record and its paper are Korean whatever the page was
        findings = form.findings(figures_of(place, period))
    note = form.cleaned_data["note"]
    try:
        refuse_unjudged(findings, note)
        paper, imprint = rendered_check(
            place, period=period, findings=findings, note=note, checker=who(request), now=now
        )
        record_yearly_check(
            organization=place,
            first_day=period.first_day,
            last_day=period.last_day,
            findings=findings,
            note=note,
            paper=paper,
            imprint=imprint,
            checker=who(request),
            now=now,
        )
    except ValidationError as fault:
        form.add_error(None, fault)
        return False
    return True


def _lines(check: YearlyCheck) -> list[dict[str, Any]]:
    """The lines of a check in words, with the figures as they were."""
    return [
        {
            "label": CHECKLIST[one["code"]].label if one["code"] in CHECKLIST else one["code"],
            "figures": " · ".join(f"{label} {value}" for label, value in one["figures"]),
            "result": Verdict(one["result"]).label,
            "note": one["note"],
        }
        for one in check.lines
    ]


@require_safe
def yearly_paper(request: HttpRequest, pk: int, check: int) -> HttpResponse:
    """The sealed PDF of a check."""
    place = place_for(request, pk, *SEEING)
    row = get_object_or_404(place.yearly_checks.select_related("document"), pk=check)
    try:
        content = read_document(row.document)
    except DocumentDamaged as fault:
        raise Http404(str(fault)) from fault
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{row.document.number}.pdf"'
    return answer


def yearly_banner(user: User, today: date) -> dict[str, Any]:
    """The task of the CPO once it is near, and for those who watch once it is late."""
    for owed in owed_checks(user):
        if owed.is_overdue(today) or (owed.is_open(today) and can_check(user, owed.place)):
            told = {"place": owed.place, "day": owed.due_on.isoformat()}
            late = _("%(place)s: 이행 실태 점검의 마지막 날(%(day)s)이 지났습니다.")
            near = _("%(place)s: 이행 실태를 %(day)s까지 점검해야 합니다.")
            return {
                "rank": 3,
                "word": _("점검"),
                "text": (late if owed.is_overdue(today) else near) % told,
                "url": reverse("settings-yearly-check", args=[owed.place.pk]),
                "action": _("점검하러 가기"),
            }
    return {}
