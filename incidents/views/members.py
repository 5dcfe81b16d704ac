"""Who takes part in a case: joining, and leaving with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.asking import who
from incidents import permissions, services
from incidents.forms import MemberForm, ReasonForm
from incidents.models import Case
from incidents.views.acting import FaultsAt, form_page
from incidents.views.finding import find_case, frame


def _case_to_staff(request: HttpRequest, reference: str) -> Case:
    case = find_case(request, reference)
    if not permissions.can_manage_members(who(request), case):
        raise PermissionDenied
    return case


@require_http_methods(["GET", "HEAD", "POST"])
def case_members(request: HttpRequest, reference: str) -> HttpResponse:
    """Those who take part, each with the way out, and a form for one more."""
    now = timezone.now()
    case = _case_to_staff(request, reference)
    form = MemberForm(request.POST or None, now=now, case=case)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["user"]
        with FaultsAt(form):
            services.join_case(
                case_id=case.pk,
                user_id=person.pk,
                actor=who(request),
                now=now,
                ends_on=form.cleaned_data["ends_on"],
            )
            messages.success(request, _("이제 이 사건에 참여합니다: %(who)s") % {"who": person})
            return redirect("incidents:case-members", case.reference)
    context = {
        "form": form,
        "members": case.members.present().select_related("user").order_by("user__name"),
        **frame(request, case, now, "overview"),
    }
    return form_page(request, context, "incidents/case_members.html")


@require_http_methods(["GET", "HEAD", "POST"])
def leave_case(request: HttpRequest, reference: str, user_id: int) -> HttpResponse:
    now = timezone.now()
    case = _case_to_staff(request, reference)
    member = get_object_or_404(case.members.select_related("user"), user=user_id, left_at=None)
    form = ReasonForm(request.POST or None, now=now, label=_("내보내는 이유"))
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            services.leave_case(
                case_id=case.pk,
                user_id=user_id,
                actor=who(request),
                now=now,
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, _("더는 참여하지 않습니다: %(who)s") % {"who": member.user})
            return redirect("incidents:case-members", case.reference)
    context = {
        "form": form,
        "heading": _("내보내기: %(who)s") % {"who": member.user},
        "button": _("내보내기"),
        "back_name": "incidents:case-members",
        **frame(request, case, now, "overview"),
    }
    return form_page(request, context)
