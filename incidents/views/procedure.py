"""What happens after the report: the steps with their periods, recording one, withdrawing one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.asking import who
from incidents import services
from incidents.clocks import day_label
from incidents.forms import CorrectStepForm, ReasonForm, StepForm
from incidents.models import Case, HolidayChange, ProcedureStep
from incidents.procedure import kind_groups, kind_label, step_lines
from incidents.views.acting import FaultsAt, form_page
from incidents.views.drafts import draft_context, resumed_values
from incidents.views.finding import case_to_work_on, find_case, frame


@require_safe
def case_procedure(request: HttpRequest, reference: str) -> HttpResponse:
    """Every step with the periods it starts, ours and those of others."""
    now = timezone.now()
    case = find_case(request, reference)
    withdrawn = case.procedure.filter(withdrawn_at__isnull=False).select_related("withdrawn_by")
    context = {
        **frame(request, case, now, "clocks"),
        "lines": step_lines(case, HolidayChange.objects.as_facts(), now=now),
        "withdrawn": [(step, kind_label(step.kind)) for step in withdrawn],
    }
    return render(request, "incidents/procedure.html", context)


@require_safe
def choose_step(request: HttpRequest, reference: str) -> HttpResponse:
    """The first step: what happened."""
    now = timezone.now()
    case = case_to_work_on(request, reference)
    context = {**frame(request, case, now, "clocks"), "groups": kind_groups()}
    return render(request, "incidents/procedure_kinds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record_step(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """The second: its day and what the document names. What was typed stays when it is refused."""
    now = timezone.now()
    case = case_to_work_on(request, reference)
    key = f"procedure:{case.reference}:{kind}"[:120]
    initial = resumed_values(request, key, StepForm.fields_of(kind))
    form = StepForm(request.POST or None, kind=kind, now=now, initial=initial)
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            step = services.record_step(case_id=case.pk, actor=who(request), now=now, **form.step())
            services.throw_away_draft(user=who(request), form=key)
            messages.success(request, _("절차를 기록했습니다. 시작된 기한을 확인해 주세요."))
            return redirect(f"{_page(case)}#{step.key}")
    context = {
        "form": form,
        "heading": _("절차 기록: %(kind)s") % {"kind": kind_label(kind)},
        "lead_text": _(
            "이 날부터 법이 정한 기한을 셉니다. 문서에 날짜가 적혀 있으면 그대로 옮겨 적어 주세요."
        ),
        "button": _("절차 기록"),
        "back_name": "incidents:choose-step",
        **frame(request, case, now, "clocks"),
        **draft_context(request, key),
    }
    return form_page(request, context)


@require_http_methods(["GET", "HEAD", "POST"])
def correct_step(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """The same event with what was left out or mistaken; its deadlines move with it."""
    now = timezone.now()
    case = case_to_work_on(request, reference)
    step = _find_step(case, pk)
    key = f"procedure:{case.reference}:correct:{step.pk}"[:120]
    initial = resumed_values(request, key, CorrectStepForm.fields_of(step.kind))
    form = CorrectStepForm(request.POST or None, step=step, now=now, initial=initial)
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            services.correct_step(step_id=step.pk, actor=who(request), now=now, **form.step())
            services.throw_away_draft(user=who(request), form=key)
            messages.success(request, _("절차 기록을 고쳤습니다. 바뀐 기한을 확인해 주세요."))
            return redirect(f"{_page(case)}#{step.key}")
    context = {
        "form": form,
        "heading": _("절차 기록 고치기: %(kind)s") % {"kind": kind_label(step.kind)},
        "lead_text": _("앞의 기록은 이유와 함께 남고, 이 기록에서 시작한 기한은 새 값으로 다시 셉니다."),
        "button": _("기록 고치기"),
        "back_name": "incidents:case-procedure",
        **frame(request, case, now, "clocks"),
        **draft_context(request, key),
    }
    return form_page(request, context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_step(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    now = timezone.now()
    case = case_to_work_on(request, reference)
    step = _find_step(case, pk)
    form = ReasonForm(
        request.POST or None,
        now=now,
        label=_("거두는 이유"),
        help_text=_("기록과 이유는 남고, 이 기록이 시작한 기한은 그 이유로 끝납니다."),
    )
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            services.withdraw_step(
                step_id=step.pk, reason=form.cleaned_data["reason"], actor=who(request), now=now
            )
            messages.success(request, _("거두었습니다. 기록과 이유는 남고, 시작했던 기한은 끝났습니다."))
            return redirect(_page(case))
    context = {
        "form": form,
        "heading": _("절차 기록 거두기"),
        "lead_text": f"{kind_label(step.kind)} · {day_label(step.happened_on)}",
        "button": _("기록 거두기"),
        "back_name": "incidents:case-procedure",
        **frame(request, case, now, "clocks"),
    }
    return form_page(request, context)


def _page(case: Case) -> str:
    return reverse("incidents:case-procedure", args=[case.reference])


def _find_step(case: Case, pk: int) -> ProcedureStep:
    step = case.procedure.standing().filter(pk=pk).first()
    if step is None:
        raise Http404
    return step
