"""What one was asked to explain, and one's answers."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access.alert_forms import AnswerForm
from core.access.alert_models import Explanation
from core.access.alerts import AlertClosed
from core.access.alerts import answer_explanation as keep_answer
from core.accounts.asking import who


@require_safe
def explanation_list(request: HttpRequest) -> HttpResponse:
    """The questions to the person, those without an answer first."""
    rows = Explanation.objects.filter(alert__account=who(request)).select_related("alert", "asked_by")
    waiting = [row for row in rows if row.answered_at is None]
    answered = [row for row in rows if row.answered_at is not None]
    return render(request, "access/explanation_list.html", {"waiting": waiting, "answered": answered})


@require_http_methods(["GET", "HEAD", "POST"])
def answer_explanation(request: HttpRequest, pk: int) -> HttpResponse:
    """One question and the place for the answer, which stays as it is sent."""
    mine = Explanation.objects.filter(alert__account=who(request)).select_related("alert", "asked_by")
    row = get_object_or_404(mine, pk=pk)
    form = AnswerForm(request.POST or None)
    if row.answered_at is not None:
        return redirect("access:explanation-list")
    if request.method == "POST" and form.is_valid():
        try:
            keep_answer(
                explanation_id=row.pk,
                answer=form.cleaned_data["answer"],
                actor=who(request),
                now=timezone.now(),
            )
        except AlertClosed:
            messages.error(request, _("이미 답한 소명입니다."))
        except ValidationError as fault:
            form.add_error(None, fault)
        else:
            messages.success(request, _("소명을 보냈습니다."))
        if not form.errors:
            return redirect("access:explanation-list")
    context = {"row": row, "form": form}
    return render(request, "access/explanation_form.html", context, status=422 if form.errors else 200)
