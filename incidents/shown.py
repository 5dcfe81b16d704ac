"""Telling the access log which cases an answer shows."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from core.access.log import note_shown
from incidents.models import Case


def note_cases(request: HttpRequest, cases: Iterable[Case]) -> None:
    """These cases stand in the answer to `request`."""
    note_case_ids(request, ((case.organization_id, case.pk) for case in cases))


def note_case_ids(request: HttpRequest, cases: Iterable[tuple[int, int]]) -> None:
    """The same by (organisation id, case id), for an answer too long to hold."""
    note_shown(request, ((place, f"incidents.case:{pk}") for place, pk in cases))
