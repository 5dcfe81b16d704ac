"""What left a case: its register, and a second person's answer before much leaves at once."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access.copies import CopyRefused, answer_request
from core.access.copy_models import Copy, CopyRequest
from core.access.step_up import step_up_required
from core.access.tickets import ticket_for
from core.accounts.asking import who
from core.documents.parcels import new_password
from incidents import permissions
from incidents.forms.copies import AnswerForm
from incidents.models import Case
from incidents.views.finding import find_case, frame

PAGE = 50


@require_safe
def case_copies(request: HttpRequest, reference: str) -> HttpResponse:
    """Every numbered copy of this case, newest first, and what was asked of a second person."""
    now = timezone.now()
    case = find_case(request, reference)
    rows = Copy.objects.filter(case_key=case.reference).select_related("made_by", "allowed_by__decided_by")
    asked = CopyRequest.objects.filter(case_key=case.reference).select_related("asked_by", "decided_by")
    context = {
        **frame(request, case, now, "history"),
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "requests": [(one, one.state(now=now)) for one in asked[:PAGE]],
        "can_decide": permissions.can_decide_case(who(request), case),
        "user_id": who(request).pk,
    }
    return render(request, "incidents/case_copies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def decide_copy(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Approve or refuse what somebody else asks to take out."""
    now = timezone.now()
    case = find_case(request, reference)
    if not permissions.can_decide_case(who(request), case):
        raise PermissionDenied
    rows = CopyRequest.objects.filter(case_key=case.reference).select_related("asked_by")
    asked = get_object_or_404(rows, pk=pk)
    form = AnswerForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid() and _answered(request, asked, form, now):
        return redirect("incidents:case-copies", case.reference)
    context = {**frame(request, case, now, "history"), "form": form, "asked": asked}
    return render(request, "incidents/decide_copy.html", context, status=422 if form.errors else 200)


def _answered(request: HttpRequest, asked: CopyRequest, form: AnswerForm, now: datetime) -> bool:
    said = form.cleaned_data
    try:
        answer_request(
            request_id=asked.pk,
            is_approved=said["answer"] == "yes",
            note=said["note"],
            actor=who(request),
            now=now,
        )
    except CopyRefused as obstacle:
        form.add_fault(obstacle.field, str(obstacle))
        return False
    messages.success(
        request, _("답을 기록했습니다. 승인했으면 요청한 사람이 하루 안에 한 번 내보낼 수 있습니다.")
    )
    return True


def password_page(
    request: HttpRequest, case: Case, said: dict[str, object], *, back: str, now: datetime, tab: str
) -> HttpResponse:
    """A password by chance, shown here alone, and the button that makes the file under it."""
    password = new_password()
    context = {
        **frame(request, case, now, tab),
        "password": password,
        "ticket": ticket_for(request, {**said, "password": password}),
        "back": back,
    }
    return render(request, "incidents/parcel.html", context)
