"""A copy of the certificate of a destruction, numbered like every other paper that leaves."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.access.copies import CopyRefused, make_copy
from core.access.copy_models import CopyKind
from core.access.log import note_purpose
from core.accounts.asking import who
from core.accounts.taking_out import require_right
from core.documents.marking import marked
from core.documents.models import Document
from core.documents.services import read_document
from incidents import permissions
from incidents.copying import copy_line
from incidents.documents import as_printable
from incidents.forms.copies import PurposeForm
from incidents.models import Case
from incidents.views.finding import find_case, frame


@require_http_methods(["GET", "HEAD", "POST"])
def destruction_certificate(request: HttpRequest, reference: str) -> HttpResponse:
    """What for; then the PDF. 404 while nothing is destroyed."""
    now = timezone.now()
    case = find_case(request, reference)
    require_right(who(request), case.organization_id)
    if not permissions.can_copy_evidence(who(request), case):
        raise PermissionDenied
    row = case.destructions.filter(certificate__isnull=False).select_related("certificate").first()
    if row is None or row.certificate is None:
        raise Http404
    form = PurposeForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            return _printed(request, case, row.certificate, form.cleaned_data["purpose"], now)
        except CopyRefused as obstacle:
            form.add_fault(obstacle.field, str(obstacle))
    context = {
        **frame(request, case, now, "overview"),
        "form": form,
        "heading": _("파기 확인서"),
        "button": _("확인서 받기"),
        "back": reverse("incidents:case-copies", args=[case.reference]),
    }
    return render(request, "incidents/case_form.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _printed(request: HttpRequest, case: Case, paper: Document, purpose: str, now: datetime) -> HttpResponse:
    note_purpose(request, purpose)
    copy = make_copy(
        organization_id=case.organization_id,
        case_key=case.reference,
        kind=CopyKind.PAPER,
        what=paper.number,
        original_hash=paper.file_hash,
        purpose=purpose,
        actor=who(request),
        now=now,
    )
    answer = HttpResponse(
        marked(read_document(paper), as_printable(copy_line(copy))), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'inline; filename="{paper.number}-copy-{copy.number}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
