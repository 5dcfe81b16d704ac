"""Taking a case out of the house as an audit bundle."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.access.log import note_purpose
from core.access.step_up import step_up_required
from core.accounts.asking import who
from core.audit.keys import NoSigningKey, UnsafeSigningKey
from incidents import permissions, services
from incidents.forms import ExportForm
from incidents.models import Case
from incidents.views.finding import find_case, frame


@step_up_required
@require_http_methods(["GET", "HEAD", "POST"])
def export_case(request: HttpRequest, reference: str) -> HttpResponse:
    """The form with the reason; sent, the ZIP file. For a closed case too."""
    now = timezone.now()
    case = find_case(request, reference)
    if not permissions.can_export_case(who(request), case):
        raise PermissionDenied
    form = ExportForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid():
        note_purpose(request, form.cleaned_data["reason"])
        try:
            made = services.export_case(case_id=case.pk, actor=who(request), now=now, **form.cleaned_data)
        except services.Obstacle as obstacle:
            form.add_fault(obstacle.field, str(obstacle))
        except (NoSigningKey, UnsafeSigningKey) as obstacle:
            form.add_fault("", str(obstacle))
        else:
            return _download(made, case, is_redacted=form.cleaned_data["is_redacted"])
    context = {"form": form, **frame(request, case, now, "history")}
    return render(request, "incidents/export_case.html", context, status=422 if form.errors else 200)


def _download(made: services.Bundle, case: Case, *, is_redacted: bool) -> HttpResponse:
    name = f"{case.reference}-{made.sequence}{'-redacted' if is_redacted else ''}.zip"
    response = HttpResponse(made.content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
