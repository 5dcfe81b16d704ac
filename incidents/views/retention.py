"""Until when each closed case is kept, and which ones have to be destroyed."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.access.catalogue import SETTINGS, Code
from core.access.queries import value_of
from core.accounts.asking import who
from core.accounts.days import SEOUL
from incidents.queries.retention import kept_cases
from incidents.shown import note_cases

PAGE = 50


@require_safe
def kept_list(request: HttpRequest) -> HttpResponse:
    """The closed cases this person may see, the one whose day comes first on top."""
    today = timezone.now().astimezone(SEOUL).date()
    page = Paginator(kept_cases(who(request), today=today), PAGE).get_page(request.GET.get("page"))
    note_cases(request, (line.case for line in page))
    months = SETTINGS[Code.CASE_FILE_MONTHS].said(value_of(Code.CASE_FILE_MONTHS))
    return render(request, "incidents/kept_list.html", {"page_obj": page, "months": months})
