"""Rival times of knowing: side by side, stated, withdrawn, adopted."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.asking import who
from incidents import services
from incidents.forms import AwarenessClaimForm, ReasonForm
from incidents.lanes import rival_lanes
from incidents.law import current_facts, law_document
from incidents.models import AwarenessClaim, Case
from incidents.recompute import ChangeRow, change_rows
from incidents.rivals import contested_duties
from incidents.services import FactChange, preview_facts
from incidents.values import FactRefused
from incidents.views.acting import FaultsAt, form_page
from incidents.views.drafts import draft_context, resumed_values
from incidents.views.finding import case_to_decide, case_to_work_on, find_case, frame


@require_safe
def contested_awareness(request: HttpRequest, reference: str) -> HttpResponse:
    """Every duty under every time of knowing, as lanes and as a table."""
    now = timezone.now()
    case = find_case(request, reference)
    rivals, duties = contested_duties(case, law_document(case, current_facts(case)), now=now)
    context = {
        **frame(request, case, now, "clocks"),
        "rivals": rivals,
        "duties": duties,
        "drawing": rival_lanes(duties, now=now),
        "withdrawn": case.awareness_claims.filter(withdrawn_at__isnull=False).select_related("withdrawn_by"),
    }
    return render(request, "incidents/contested_awareness.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def claim_awareness(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    case = case_to_work_on(request, reference)
    key = f"awareness:{case.reference}"
    initial = resumed_values(request, key, AwarenessClaimForm.base_fields)
    form = AwarenessClaimForm(request.POST or None, now=now, initial=initial)
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            services.claim_awareness(case_id=case.pk, actor=who(request), now=now, **form.cleaned_data)
            services.throw_away_draft(user=who(request), form=key)
            messages.success(
                request, _("다투는 인지 시각을 적었습니다. 더 이른 기한을 시계에 함께 보입니다.")
            )
            return redirect("incidents:contested-awareness", case.reference)
    context = {
        "form": form,
        "heading": _("다투는 인지 시각 적기"),
        "lead_text": _("공식 시각은 바뀌지 않습니다. 이 시각으로 센 기한을 나란히 보입니다."),
        "button": _("시각 적기"),
        "back_name": "incidents:contested-awareness",
        **frame(request, case, now, "clocks"),
        **draft_context(request, key),
    }
    return form_page(request, context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_claim(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    now = timezone.now()
    case = case_to_work_on(request, reference)
    claim = _find_claim(case, pk)
    form = ReasonForm(request.POST or None, now=now, label=_("거두는 이유"))
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            services.withdraw_awareness_claim(
                claim_id=claim.pk, reason=form.cleaned_data["reason"], actor=who(request), now=now
            )
            messages.success(request, _("거두었습니다. 적었던 시각과 이유는 남습니다."))
            return redirect("incidents:contested-awareness", case.reference)
    context = {
        "form": form,
        "heading": _("다투는 시각 거두기"),
        "lead_text": f"{claim.get_basis_display()} · {claim.source}",
        "button": _("시각 거두기"),
        "back_name": "incidents:contested-awareness",
        **frame(request, case, now, "clocks"),
    }
    return form_page(request, context)


@require_http_methods(["GET", "HEAD", "POST"])
def adopt_claim(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """What would move is on the page before the person decides; the reason goes into the fact's history."""
    now = timezone.now()
    case = case_to_decide(request, reference)
    claim = _find_claim(case, pk)
    form = ReasonForm(request.POST or None, now=now, label=_("이 시각으로 정하는 이유"))
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            services.adopt_awareness_claim(
                claim_id=claim.pk, reason=form.cleaned_data["reason"], actor=who(request), now=now
            )
            messages.success(request, _("공식 시각을 바꿨습니다. 앞의 시각은 다투는 시각으로 남습니다."))
            return redirect("incidents:contested-awareness", case.reference)
    context = {
        "form": form,
        "claim": claim,
        "changes": _changes(case, claim, now),
        **frame(request, case, now, "clocks"),
    }
    return form_page(request, context, "incidents/adopt_claim.html")


def _find_claim(case: Case, pk: int) -> AwarenessClaim:
    claim = case.awareness_claims.standing().filter(pk=pk).first()
    if claim is None:
        raise Http404
    return claim


def _changes(case: Case, claim: AwarenessClaim, now: datetime) -> list[ChangeRow]:
    try:
        return change_rows(
            preview_facts(case=case, changes=[FactChange(claim.anchor, claim.at)], now=now), now=now
        )
    except FactRefused:
        return []  # said at the top of the form when the person tries
