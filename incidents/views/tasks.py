"""What there is to do in a case, and across all of one's cases."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.asking import who
from incidents import queries, services
from incidents.forms import ReasonForm, TaskForm
from incidents.reading import task_title
from incidents.shown import note_cases
from incidents.views.acting import FaultsAt, form_page
from incidents.views.finding import case_to_work_on, find_case, find_task, frame


@require_safe
def task_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    lines = queries.my_open_tasks(who(request), now=now)
    note_cases(request, (line.task.case for line in lines))
    mine = [line for line in lines if line.task.owner_id]
    free = [line for line in lines if not line.task.owner_id]
    return render(request, "incidents/task_list.html", {"mine": mine, "free": free, "now": now})


@require_safe
def case_tasks(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    case = find_case(request, reference)
    lines = queries.task_lines(case, now)
    context = {
        **frame(request, case, now, "tasks"),
        "open_lines": [line for line in lines if line.state in ("open", "late")],
        "ended_lines": [line for line in lines if line.state in ("done", "skipped")],
        "me": who(request).pk,
    }
    return render(request, "incidents/case_tasks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_task(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    case = case_to_work_on(request, reference)
    form = TaskForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            services.add_task(case_id=case.pk, actor=who(request), now=now, **form.cleaned_data)
            messages.success(request, _("할 일을 추가했습니다."))
            return redirect("incidents:case-tasks", case.reference)
    context = {
        "form": form,
        "heading": _("할 일 추가"),
        "button": _("할 일 추가"),
        "back_name": "incidents:case-tasks",
        **frame(request, case, now, "tasks"),
    }
    return form_page(request, context)


@require_POST
def take_task(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    case = case_to_work_on(request, reference)
    task = find_task(case, pk)
    try:
        services.take_task(task_id=task.pk, actor=who(request), now=timezone.now())
    except services.Obstacle as obstacle:
        messages.error(request, str(obstacle))
    else:
        messages.success(request, _("맡았습니다: ‘%(title)s’") % {"title": task_title(task)})
    return redirect("incidents:case-tasks", case.reference)


@require_POST
def finish_task(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    case = case_to_work_on(request, reference)
    task = find_task(case, pk)
    try:
        services.finish_task(task_id=task.pk, actor=who(request), now=timezone.now())
    except services.Obstacle as obstacle:
        messages.error(request, str(obstacle))
    else:
        messages.success(request, _("마쳤습니다: ‘%(title)s’") % {"title": task_title(task)})
    return redirect("incidents:case-tasks", case.reference)


@require_http_methods(["GET", "HEAD", "POST"])
def skip_task(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    now = timezone.now()
    case = case_to_work_on(request, reference)
    task = find_task(case, pk)
    form = ReasonForm(
        request.POST or None, now=now, label=_("하지 않는 이유"), help_text=_("300자까지 적을 수 있습니다.")
    )
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            services.skip_task(
                task_id=task.pk, actor=who(request), now=now, reason=form.cleaned_data["reason"]
            )
            messages.success(request, _("하지 않기로 했습니다. 이유는 이력에 있습니다."))
            return redirect("incidents:case-tasks", case.reference)
    context = {
        "form": form,
        "heading": _("하지 않기: %(title)s") % {"title": task_title(task)},
        "button": _("하지 않기로 정하기"),
        "back_name": "incidents:case-tasks",
        **frame(request, case, now, "tasks"),
    }
    return form_page(request, context)
