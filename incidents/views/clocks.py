"""The clocks of a case: all of them, one with its ‘왜?’, and what people do about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import rules
from core.accounts.asking import who
from incidents import permissions, queries, services
from incidents.clocks import State, clock_of
from incidents.forms import DeadlineForm, FulfilForm, ReasonForm
from incidents.lanes import lanes
from incidents.lateness import is_late
from incidents.models import Case, DeadlineKind
from incidents.open_points import OpenPoints, open_points
from incidents.procedure import kind_label, step_of
from incidents.reading import title_of, why_of
from incidents.views.acting import FaultsAt, form_page
from incidents.views.drafts import draft_context, resumed_values
from incidents.views.finding import case_to_decide, case_to_work_on, find_case, find_deadline, frame


@require_safe
def case_clocks(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    case = find_case(request, reference)
    clocks = queries.case_clocks(case, now)
    context = {
        **frame(request, case, now, "clocks"),
        "clocks": clocks,
        "claim_count": case.awareness_claims.standing().count(),
        "open_points": _open_points(case),
        "lanes": lanes(case, [*clocks.running, *clocks.ended], now=now),
    }
    return render(request, "incidents/case_clocks.html", context)


def _open_points(case: Case) -> OpenPoints | None:
    """What the law leaves open; None where the facts contradict each other, as the pages of facts say."""
    try:
        return open_points(case)
    except rules.FactsError:
        return None


@require_safe
def deadline(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    now = timezone.now()
    case = find_case(request, reference)
    row = find_deadline(case, pk)
    clock = clock_of(row, now)
    replaced_by, step = row.superseded_by, step_of(row)
    context = {
        **frame(request, case, now, "clocks"),
        "clock": clock,
        "deadline": row,
        "panel": queries.duty_panel(row),
        "step": step,
        "step_label": kind_label(step.kind) if step else "",
        "is_open": clock.is_running,
        "is_mine": row.owner_id == who(request).pk and row.acknowledged_at is not None,
        "can_reopen": clock.state in (State.MET, State.MET_LATE, State.NOT_APPLICABLE),
        "is_missed": clock.state is State.MISSED,
        "is_unsettled": clock.state is State.UNSETTLED,
        "replaced_by": clock_of(replaced_by, now) if replaced_by else None,
    }
    return render(request, "incidents/deadline.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def fulfil_deadline(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    now = timezone.now()
    case = case_to_work_on(request, reference)
    row = find_deadline(case, pk)
    key = f"fulfil:{case.reference}:{row.pk}"
    initial = {"at": now, **resumed_values(request, key, FulfilForm.base_fields)}
    form = FulfilForm(request.POST or None, now=now, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with FaultsAt(form):
            services.fulfil_deadline(
                deadline_id=row.pk,
                at=values["at"],
                actor=who(request),
                now=now,
                note=values["note"],
                lateness_reason=values["lateness_reason"],
            )
            services.throw_away_draft(user=who(request), form=key)
            messages.success(request, _("이행을 기록했습니다. 시계가 멈췄습니다."))
            return redirect("incidents:deadline", case.reference, row.pk)
    lead = _("기한이 지났습니다. 이행한 때와 늦은 사유를 함께 적어 주세요.") if is_late(row, now) else ""
    words = {
        "heading": _("이행 기록: %(title)s") % {"title": title_of(row)},
        "button": _("이행 기록"),
        "lead_text": lead,
    }
    return _form_page(request, case, row, form, now, words, key)


@require_http_methods(["GET", "HEAD", "POST"])
def dismiss_deadline(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """The person who decides says why it does not apply; the row and the reason stay."""
    now = timezone.now()
    case = case_to_decide(request, reference)
    row = find_deadline(case, pk)
    key = f"dismiss:{case.reference}:{row.pk}"
    form = ReasonForm(
        request.POST or None,
        now=now,
        label=_("해당하지 않는 이유"),
        help_text=_("무엇을 보고 누가 판단했는지 적어 주세요. 이력에 그대로 남습니다."),
        initial=resumed_values(request, key, ReasonForm.base_fields),
    )
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            services.dismiss_deadline(
                deadline_id=row.pk, actor=who(request), now=now, reason=form.cleaned_data["reason"]
            )
            services.throw_away_draft(user=who(request), form=key)
            messages.success(request, _("해당 없음으로 정했습니다. 이유는 이력에 있습니다."))
            return redirect("incidents:deadline", case.reference, row.pk)
    words = {
        "heading": _("해당 없음: %(title)s") % {"title": title_of(row)},
        "button": _("해당 없음으로 정하기"),
    }
    words["lead_text"] = why_of(row)
    return _form_page(request, case, row, form, now, words, key)


@require_http_methods(["GET", "HEAD", "POST"])
def reopen_deadline(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Let a clock run again. What was decided is undone only by those who may decide."""
    now = timezone.now()
    case = case_to_work_on(request, reference)
    row = find_deadline(case, pk)
    if row.dismissed_at is not None and not permissions.can_decide_case(who(request), case):
        raise PermissionDenied
    key = f"reopen:{case.reference}:{row.pk}"
    form = ReasonForm(
        request.POST or None,
        now=now,
        label=_("다시 여는 이유"),
        initial=resumed_values(request, key, ReasonForm.base_fields),
    )
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            services.reopen_deadline(
                deadline_id=row.pk, actor=who(request), now=now, reason=form.cleaned_data["reason"]
            )
            services.throw_away_draft(user=who(request), form=key)
            messages.success(request, _("시계가 다시 갑니다."))
            return redirect("incidents:deadline", case.reference, row.pk)
    words = {"heading": _("다시 열기: %(title)s") % {"title": title_of(row)}, "button": _("다시 열기")}
    words["lead_text"] = _("앞에 기록한 내용은 이력에 남습니다.")
    return _form_page(request, case, row, form, now, words, key)


@require_http_methods(["GET", "HEAD", "POST"])
def add_deadline(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    case = case_to_work_on(request, reference)
    key = f"deadline:{case.reference}"
    form = DeadlineForm(
        request.POST or None, now=now, initial=resumed_values(request, key, DeadlineForm.base_fields)
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with FaultsAt(form):
            row = services.add_deadline(
                case_id=case.pk,
                title=values["title"],
                actor=who(request),
                now=now,
                due_at=values["due_at"],
                last_day=values["last_day"],
                source=values["source"],
                kind=DeadlineKind(values["kind"]),
            )
            services.throw_away_draft(user=who(request), form=key)
            messages.success(request, _("기한을 추가했습니다."))
            return redirect("incidents:deadline", case.reference, row.pk)
    context = {
        "form": form,
        "heading": _("기한 추가"),
        "lead_text": _(
            "법이 정한 기한은 사실에서 계산합니다. 여기에는 기관이 정해 준 기한이나 내부 목표를 적어 주세요."
        ),
        "button": _("기한 추가"),
        "back_name": "incidents:case-clocks",
        **frame(request, case, now, "clocks"),
        **draft_context(request, key),
    }
    return form_page(request, context)


def _form_page(
    request: HttpRequest, case: Any, row: Any, form: Any, now: Any, words: dict[str, str], key: str
) -> HttpResponse:
    clock = clock_of(row, now)
    context = {
        "form": form,
        "clock": clock,
        "back": clock.url,
        **words,
        **frame(request, case, now, "clocks"),
        **draft_context(request, key),
    }
    return form_page(request, context)
