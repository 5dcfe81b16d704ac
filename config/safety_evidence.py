"""Settings: taking the table of settings, or the whole evidence of safety measures, out of the house."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from config.plan_annex import annex_csv, annex_pdf
from config.recovery_forms import SafetyEvidenceForm
from config.safety import places_of
from config.safety_bundle import packed
from core.access.log import note_purpose
from core.access.recovery import note_evidence_exported
from core.access.step_up import step_up_required
from core.accounts.asking import who

TYPES = {
    "annex_pdf": ("application/pdf", "pdf"),
    "annex_csv": ("text/csv; charset=utf-8", "csv"),
    "bundle": ("application/zip", "zip"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def safety_evidence(request: HttpRequest) -> HttpResponse:
    """The form with the day and the reason; sent, the file. The export is history."""
    places = places_of(who(request))
    if not places:
        raise PermissionDenied
    now = timezone.now()
    today = timezone.localdate(now)
    form = SafetyEvidenceForm(
        request.POST or None, places=places, today=today, now=now, initial={"day": today, "kind": "bundle"}
    )
    if request.method == "POST" and form.is_valid():
        note_purpose(request, form.cleaned_data["reason"])
        return _made(request, form, now)
    context = {"form": form}
    return render(request, "settings/safety_evidence.html", context, status=422 if form.errors else 200)


def _made(request: HttpRequest, form: SafetyEvidenceForm, now: datetime) -> HttpResponse:
    said, person = form.cleaned_data, who(request)
    place, day, kind, reason = said["organization"], said["day"], said["kind"], said["reason"]
    if kind == "annex_csv":
        content = annex_csv(day).encode()
    elif kind == "annex_pdf":
        content = annex_pdf(place.name, day, exporter=person.name, now=now)
    else:
        content = packed(place, day, exporter=person.name, reason=reason, now=now)
    with transaction.atomic():
        note_evidence_exported(
            organization=place, kind=kind, day=day, content=content, reason=reason, actor=person, now=now
        )
    content_type, ending = TYPES[kind]
    answer = HttpResponse(content, content_type=content_type)
    name = f"safety-{kind.partition('_')[0]}-{day:%Y%m%d}.{ending}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
