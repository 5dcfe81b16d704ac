"""Why a duty is owed or not from the facts as they are, and what would be under others. Reads only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from incidents.clocks import clock_of
from incidents.explaining import duty_explanation, not_due_list
from incidents.forms import WhatIfForm
from incidents.law import current_facts
from incidents.procedure import step_of
from incidents.recompute import change_rows, fact_rows
from incidents.services import preview_facts
from incidents.values import FactRefused
from incidents.views.finding import find_case, find_deadline, frame


@require_safe
def explain_deadline(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """The live explanation of one clock: a page of its own, or the part of it that htmx asks for."""
    now = timezone.now()
    case = find_case(request, reference)
    row = find_deadline(case, pk)
    if row.duty is None or step_of(row) is not None:
        raise Http404
    context = {**frame(request, case, now, "clocks"), "clock": clock_of(row, now), "deadline": row}
    try:
        context["told"] = duty_explanation(row)
    except FactRefused as refusal:
        context["faults"] = list(refusal.faults.values())
    return _page_or_part(request, "incidents/duty_explanation.html", context)


@require_safe
def not_due(request: HttpRequest, reference: str) -> HttpResponse:
    """Every duty that is not owed, and why: a page of its own, or the part of it that htmx asks for."""
    case = find_case(request, reference)
    context = frame(request, case, timezone.now(), "clocks")
    try:
        context["found"] = not_due_list(case)
    except FactRefused as refusal:
        context["faults"] = list(refusal.faults.values())
    return _page_or_part(request, "incidents/not_due.html", context)


def _page_or_part(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    is_part = bool(getattr(request, "htmx", False))
    answer = render(request, f"{template}#part" if is_part else template, context)
    answer["Vary"] = "HX-Request"
    return answer


@require_safe
def what_if(request: HttpRequest, reference: str) -> HttpResponse:
    """What every duty would be under other facts. Writes nothing, whatever is asked."""
    now = timezone.now()
    case = find_case(request, reference)
    data = request.GET if "ask" in request.GET else None
    form = WhatIfForm(data, now=now, held=current_facts(case))
    context = {**frame(request, case, now, "clocks"), "form": form}
    if data is not None and form.is_valid():
        changes = form.changes()
        try:
            moved = preview_facts(case=case, changes=changes, now=now)
        except FactRefused as refusal:
            for name, message in refusal.faults.items():
                form.add_fault(name, message)
        else:
            context["changes"] = change_rows(moved, now=now)
            context["facts"] = fact_rows(case, changes)
    return render(request, "incidents/what_if.html", context, status=422 if form.errors else 200)
