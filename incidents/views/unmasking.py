"""Seeing a page of a case as it was written: for a reason, for some minutes, oneself alone."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.access.catalogue import SETTINGS, Code
from core.access.log import note_purpose
from core.access.queries import value_of
from core.access.step_up import step_up_required
from core.access.unmasking import unmask as lift
from core.accounts.asking import who
from incidents.forms.base import CaseForm
from incidents.models import Case
from incidents.views.finding import find_case, frame

PAGES_OF = ("incidents", "notifications")  # what programs read stays masked
LONGEST_PAGE = 200


class UnmaskForm(CaseForm):
    reason = forms.CharField(
        label=gettext_lazy("마스킹을 해제하는 이유"),
        help_text=gettext_lazy(
            "누가 왜 보았는지 접속기록과 이력에 남습니다. 다른 사람의 화면은 그대로 가립니다."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def unmask(request: HttpRequest, reference: str) -> HttpResponse:
    """The reason; then back to the page, as it was written."""
    now = timezone.now()
    case = find_case(request, reference)
    page = request.GET.get("page", case.get_absolute_url())
    _refuse_elsewhere(page, case)
    form = UnmaskForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        note_purpose(request, reason)
        try:
            lift(
                user=who(request),
                organization_id=case.organization_id,
                case_key=case.reference,
                page=page,
                reason=reason,
                now=now,
            )
        except ValidationError as fault:
            form.add_error(None, fault)
        else:
            return redirect(page)
    minutes = SETTINGS[Code.UNMASK_MINUTES].said(value_of(Code.UNMASK_MINUTES))
    context = {
        **frame(request, case, now, "overview"),
        "form": form,
        "heading": _("마스킹 해제"),
        "lead_text": _("이 화면 하나를 %(minutes)s 동안 가리지 않고 봅니다: %(page)s")
        % {"minutes": minutes, "page": page},
        "button": _("마스킹 해제"),
        "back": page,
    }
    return render(request, "incidents/case_form.html", context, status=422 if form.errors else 200)


def _refuse_elsewhere(page: str, case: Case) -> None:
    """404 for an address that is no page of this case."""
    try:
        match = resolve(page)
    except Resolver404 as fault:
        raise Http404 from fault
    is_page = match.namespace in PAGES_OF and match.kwargs.get("reference") == case.reference
    if not is_page or len(page) > LONGEST_PAGE:
        raise Http404
