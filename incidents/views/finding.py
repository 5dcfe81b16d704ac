"""What every view of a case begins with: who asks, and which case they may see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import SimpleLazyObject

from core.accounts.asking import who
from core.accounts.taking_out import may_take_out
from incidents import permissions
from incidents.models import Case, Deadline, Task
from incidents.queries import case_frame
from incidents.services import CaseClosed
from incidents.shown import note_cases


def find_case(request: HttpRequest, reference: str) -> Case:
    """The case, or 404: one that may not be seen does not exist."""
    rows = Case.objects.visible_to(who(request)).select_related("organization", "lead")
    case = get_object_or_404(rows, reference=reference)
    note_cases(request, [case])
    return case


def case_to_work_on(request: HttpRequest, reference: str) -> Case:
    case = find_case(request, reference)
    if not permissions.can_work_on_case(who(request), case):
        raise PermissionDenied
    refuse_closed(request, case)
    return case


def case_to_decide(request: HttpRequest, reference: str) -> Case:
    case = find_case(request, reference)
    if not permissions.can_decide_case(who(request), case):
        raise PermissionDenied
    refuse_closed(request, case)
    return case


def refuse_closed(request: HttpRequest, case: Case) -> None:
    """No form is opened on a closed case. One sent back is refused by its service, so that its words stay."""
    if case.is_closed and request.method in ("GET", "HEAD"):
        raise PermissionDenied(str(CaseClosed()))


def find_deadline(case: Case, pk: int) -> Deadline:
    rows = case.deadlines.select_related(
        "case", "duty", "owner", "met_by", "dismissed_by", "superseded_by__case"
    )
    return get_object_or_404(rows, pk=pk)


def find_task(case: Case, pk: int) -> Task:
    return get_object_or_404(case.tasks, pk=pk)


def frame(request: HttpRequest, case: Case, now: datetime, tab: str) -> dict[str, Any]:
    """What every page of a case shows around its own; whether it may be taken out is asked where a link would be."""
    user = who(request)
    may = SimpleLazyObject(lambda: may_take_out(user, case.organization_id))
    return {**case_frame(case, user, now, active_tab=tab), "may_take_out": may}
