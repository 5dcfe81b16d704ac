"""The PDF of a paper: what for, and then a numbered copy, or the sealed original for those who hand it in."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.access.copies import CopyRefused
from core.access.log import note_purpose
from core.accounts.asking import who
from core.accounts.taking_out import require_right
from core.documents.renderer import MissingGlyphs
from core.documents.services import DocumentDamaged
from incidents.services.holding import CaseDestroyed
from incidents.views.finding import find_case
from notifications import permissions
from notifications.copy_forms import PaperCopyForm
from notifications.models.papers import PaperVersion
from notifications.services.copies import copy_paper
from notifications.views.papers import find_paper, find_version, paper_frame


@require_http_methods(["GET", "HEAD", "POST"])
def paper_pdf(request: HttpRequest, reference: str, number: int, version: int) -> HttpResponse:
    """The form; sent, the PDF. Each time is a copy of its own."""
    now = timezone.now()
    one = find_paper(find_case(request, reference), number)
    written = find_version(one, version)
    written.paper = one
    require_right(who(request), one.case.organization_id)
    approval = written.approval()
    can_give = approval is not None and permissions.can_draft_papers(who(request), one.case)
    form = PaperCopyForm(request.POST or None, now=now, can_give=can_give)
    if request.method == "POST" and form.is_valid():
        try:
            return _printed(request, written, form, now)
        except (CopyRefused, CaseDestroyed) as obstacle:
            form.add_fault(obstacle.field, str(obstacle))
        except (MissingGlyphs, DocumentDamaged) as fault:
            context = {**paper_frame(request, one, now), "fault": str(fault), "version": written}
            return render(request, "notifications/paper_fault.html", context, status=422)
    context = {**paper_frame(request, one, now), "form": form, "version": written, "approval": approval}
    return render(request, "notifications/paper_copy.html", context, status=422 if form.errors else 200)


def _printed(request: HttpRequest, version: PaperVersion, form: PaperCopyForm, now: datetime) -> HttpResponse:
    purpose, is_original = form.purpose(), bool(form.cleaned_data.get("is_original"))
    note_purpose(request, purpose)
    copy, pdf = copy_paper(
        version=version, purpose=purpose, actor=who(request), now=now, is_original=is_original
    )
    return as_pdf(
        pdf, f"{version.document_number}-copy-{copy.number}.pdf", download="download" in request.POST
    )


def as_pdf(pdf: bytes, name: str, *, download: bool) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'{"attachment" if download else "inline"}; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
