"""Settings: what left the organisation as paper or file, for those who watch over it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.access.copy_models import Copy, CopyRequest
from core.access.models import WATCHING
from core.accounts.asking import who
from core.accounts.models import Membership
from incidents.models import Case

PAGE = 50


@require_safe
def copy_register(request: HttpRequest) -> HttpResponse:
    """Newest first, of every organisation the person watches over; above it what waits for an approval."""
    places = Membership.objects.of(who(request), *WATCHING).values("organization")
    if not places:
        raise PermissionDenied
    now = timezone.now()
    rows = Copy.objects.filter(organization__in=places)
    waiting = CopyRequest.objects.waiting(now=now).filter(
        organization__in=places, case_key__in=Case.objects.visible_to(who(request)).values("reference")
    )
    page = Paginator(rows.select_related("made_by", "organization", "allowed_by__decided_by"), PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page_obj": page, "waiting": waiting.select_related("asked_by"), "show_case": True}
    return render(request, "settings/copy_register.html", context)
