"""Taking a case out of the house as an audit bundle, in a locked file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.access.copies import CopyRefused, ask_for_copy, needs_second_person, usable_request
from core.access.copy_models import CopyKind
from core.access.log import note_purpose
from core.access.step_up import step_up_required
from core.access.tickets import said_on
from core.accounts.asking import who
from core.accounts.taking_out import require_right
from core.audit.keys import NoSigningKey, UnsafeSigningKey, load_signer
from core.documents.parcels import pieces_of
from incidents import permissions, services
from incidents.forms import ExportForm
from incidents.models import Case
from incidents.views.copies import password_page
from incidents.views.finding import find_case, frame

Refusal = (services.Obstacle, CopyRefused)
NoKey = (NoSigningKey, UnsafeSigningKey)


@step_up_required
@require_http_methods(["GET", "HEAD", "POST"])
def export_case(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The form with the reason; then the password; with it, the ZIP file. For a closed case too."""
    now = timezone.now()
    case = find_case(request, reference)
    require_right(who(request), case.organization_id)
    if not permissions.can_export_case(who(request), case):
        raise PermissionDenied
    if "ticket" in request.POST:
        return _with_ticket(request, case, now)
    form = ExportForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid():
        answer = _asked(request, case, form, now)
        if answer is not None:
            return answer
    return _form_page(request, case, form, now)


def _asked(request: HttpRequest, case: Case, form: ExportForm, now: datetime) -> HttpResponse | None:
    """The password, or that a second person has been asked; None with what stood in the way in the form."""
    said = form.cleaned_data
    note_purpose(request, said["reason"])
    if "ask" in request.POST:
        return _asked_second_person(request, case, said["reason"], now)
    try:
        services.refuse_export(
            case, is_redacted=said["is_redacted"], purpose=said["reason"], actor=who(request), now=now
        )
        load_signer()
    except Refusal as obstacle:
        form.add_fault("reason" if obstacle.field else "", str(obstacle))
        return None
    except NoKey as obstacle:
        form.add_fault("", str(obstacle))
        return None
    back = reverse("incidents:case-history", args=[case.reference])
    return password_page(request, case, dict(said), back=back, now=now, tab="history")


def _asked_second_person(request: HttpRequest, case: Case, purpose: str, now: datetime) -> HttpResponse:
    ask_for_copy(
        organization_id=case.organization_id,
        case_key=case.reference,
        kind=CopyKind.CASE,
        person_count=services.people_in_export(case, is_redacted=False),
        purpose=purpose,
        actor=who(request),
        now=now,
    )
    messages.success(request, _("승인을 요청했습니다. 개인정보 보호책임자나 승인자가 이 화면에서 답합니다."))
    return redirect("incidents:case-copies", case.reference)


def _with_ticket(request: HttpRequest, case: Case, now: datetime) -> HttpResponseBase:
    said = said_on(request, request.POST["ticket"])
    form = ExportForm(said and {name: said[name] for name in ("reason", "is_redacted")}, now=now)
    if said is None or not form.is_valid():
        messages.error(request, _("비밀번호가 보인 지 오래되었습니다. 다시 시작해 주세요."))
        return redirect("incidents:export-case", case.reference)
    note_purpose(request, said["reason"])
    try:
        copy, made = services.take_out_case(case=case, actor=who(request), now=now, **form.cleaned_data)
    except Refusal as obstacle:
        form.add_fault("", str(obstacle))
    except NoKey as obstacle:
        form.add_fault("", str(obstacle))
    else:
        parcel = services.locked_bundle(copy, made, password=said["password"], now=now)
        name = f"{copy.what}{'-redacted' if said['is_redacted'] else ''}-copy-{copy.number}.zip"
        return as_attachment(pieces_of(parcel), name)
    return _form_page(request, case, form, now)


def as_attachment(pieces: Any, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(pieces, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _form_page(request: HttpRequest, case: Case, form: ExportForm, now: datetime) -> HttpResponse:
    people = services.people_in_export(case, is_redacted=False)
    approved = usable_request(
        case_key=case.reference, kind=CopyKind.CASE, person_count=people, actor=who(request), now=now
    )
    context = {
        "form": form,
        "people": people,
        "must_ask": needs_second_person(people) and approved is None,
        "approved": approved,
        **frame(request, case, now, "history"),
    }
    return render(request, "incidents/export_case.html", context, status=422 if form.errors else 200)
