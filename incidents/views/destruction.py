"""Destroying a closed case: asking, a second person's answer, what has gone, and the certificate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.access.step_up import step_up_required
from core.accounts.asking import who
from core.audit.destroying import erasers
from incidents import permissions
from incidents.forms.base import CaseForm
from incidents.forms.copies import AnswerForm
from incidents.forms.destruction import DestructionForm
from incidents.models import Case
from incidents.models.destruction import Destruction
from incidents.queries.retention import retention_of
from incidents.services.destruction import answer_destruction, ask_destruction, refuse_kept
from incidents.services.obstacles import Obstacle
from incidents.views.finding import find_case, frame


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def case_destruction(request: HttpRequest, reference: str) -> HttpResponse:
    """The form to ask with, the form to answer with, or how far it is. For those who decide the case."""
    now = timezone.now()
    case = find_case(request, reference)
    if not permissions.can_decide_case(who(request), case):
        raise PermissionDenied
    rows = case.destructions.select_related("asked_by", "decided_by", "certificate")
    row = rows.standing().first()
    form = _form(request, case, row, now)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            _done(request, case, row, form, now)
        except Obstacle as obstacle:
            form.add_fault(obstacle.field, str(obstacle))
        else:
            return redirect("incidents:case-destruction", case.reference)
    context = {**_context(case, row, now), "form": form, **frame(request, case, now, "overview")}
    status = 422 if form is not None and form.errors else 200
    return render(request, "incidents/case_destruction.html", context, status=status)


def _form(request: HttpRequest, case: Case, row: Destruction | None, now: datetime) -> CaseForm | None:
    """What this person can say now, with the day its retention gives; None when there is nothing to say."""
    if row is None:
        kept = retention_of(case)
        is_over = kept is not None and kept.is_over(timezone.localdate(now))
        initial = {"needless_on": kept.needless_on, "ground": "retention"} if kept and is_over else {}
        return DestructionForm(request.POST or None, now=now, initial=initial)
    if row.decided_at is None and row.asked_by_id != who(request).pk:
        return AnswerForm(request.POST or None, now=now)
    return None


def _done(request: HttpRequest, case: Case, row: Destruction | None, form: CaseForm, now: datetime) -> None:
    said = form.cleaned_data
    if row is None:
        ask_destruction(case_id=case.pk, actor=who(request), now=now, **said)
        messages.success(request, _("파기를 요청했습니다. 다른 한 사람이 승인하면 시작합니다."))
        return
    is_approved = said["answer"] == "yes"
    answer_destruction(
        destruction_id=row.pk, is_approved=is_approved, note=said["note"], actor=who(request), now=now
    )
    messages.success(
        request,
        _("파기를 승인했습니다. 다음 점검에서 시작합니다.") if is_approved else _("파기를 거절했습니다."),
    )


def _context(case: Case, row: Destruction | None, now: datetime) -> dict[str, Any]:
    obstacle = ""
    if row is None or row.begun_at is None:
        try:
            refuse_kept(case, today=timezone.localdate(now))
        except Obstacle as found:
            obstacle = str(found)
    titles = {one.name: one.title for one in erasers()}
    titles |= {"event_words": _("이력에 적은 사유"), "files": _("증거 파일"), "keys": _("암호 키")}
    counts = [(titles.get(name, name), count) for name, count in row.counts.items()] if row else []
    return {"row": row, "obstacle": obstacle, "counts": counts}
