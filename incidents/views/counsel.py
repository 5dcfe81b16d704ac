"""The compartment of counsel: its notes, read and written by counsel alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.asking import who
from incidents import permissions, services
from incidents.forms import CounselNoteForm
from incidents.models import CounselNote
from incidents.views.acting import FaultsAt, form_page
from incidents.views.drafts import draft_context, resumed_values
from incidents.views.finding import find_case, frame


@require_http_methods(["GET", "HEAD", "POST"])
def counsel_notes(request: HttpRequest, reference: str) -> HttpResponse:
    """Every note, the latest first, and a further one. For anybody else the page does not exist."""
    now, user = timezone.now(), who(request)
    case = find_case(request, reference)
    if not permissions.is_counsel_of(user, case):
        raise Http404
    key = f"counsel:{case.reference}"
    initial = resumed_values(request, key, CounselNoteForm.base_fields)
    form = CounselNoteForm(request.POST or None, now=now, initial=initial)
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            services.add_counsel_note(case_id=case.pk, text=form.cleaned_data["text"], actor=user, now=now)
            services.throw_away_draft(user=user, form=key)
            messages.success(request, _("법무 메모를 적었습니다. 법무만 볼 수 있습니다."))
            return redirect("incidents:counsel-notes", case.reference)
    notes = CounselNote.objects.visible_to(user).filter(case=case).select_related("recorded_by")
    context = {
        **frame(request, case, now, "counsel"),
        "form": form,
        "notes": notes.order_by("-number"),
        **draft_context(request, key),
    }
    return form_page(request, context, "incidents/counsel_notes.html")
