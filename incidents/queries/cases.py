"""The list of cases: filters, order, and the nearest end of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Min, OuterRef, Q, Subquery
from django.utils.translation import ngettext

from incidents.models import Case, Deadline, Task
from incidents.models.cases import CaseQuerySet

if TYPE_CHECKING:
    from core.accounts.models import User

KINDS = ("is_personal_data", "is_cyber_incident", "is_service_outage")


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the list is narrowed to; empty fields narrow nothing."""

    text: str = ""
    phase: str = ""
    kind: str = ""
    organization_id: int | None = None
    order: str = ""

    @property
    def is_active(self) -> bool:
        return bool(self.text or self.phase or self.kind or self.organization_id)


def case_rows(user: User, wanted: CaseFilter) -> CaseQuerySet:
    """The visible cases that match, each with `nearest_due_at` of its running clocks."""
    rows = Case.objects.visible_to(user).select_related("organization", "lead")
    if wanted.text:
        rows = rows.filter(Q(reference__icontains=wanted.text) | Q(title__icontains=wanted.text))
    if wanted.phase:
        rows = rows.filter(phase=wanted.phase)
    if wanted.kind in KINDS:
        rows = rows.filter(**{wanted.kind: True})
    if wanted.organization_id:
        rows = rows.filter(organization_id=wanted.organization_id)
    nearest = (
        Deadline.objects.running()
        .filter(case=OuterRef("pk"), due_at__isnull=False)
        .order_by()
        .values("case")
        .annotate(first=Min("due_at"))
        .values("first")
    )
    rows = rows.annotate(nearest_due_at=Subquery(nearest))
    return rows.order_by(*_order(wanted.order))


def _order(order: str) -> tuple[str, ...]:
    return {"due": ("nearest_due_at", "-opened_at", "-pk"), "reference": ("reference", "pk")}.get(
        order, ("-opened_at", "-pk")
    )


def opened_summary(case: Case) -> str:
    """What just happened, for the person who pressed ‘지금 알았다’: `시계 3개가 시작됐습니다. …`."""
    clocks = case.deadlines.running().count()
    tasks = Task.objects.filter(case=case).open().count()
    started = ngettext("시계 %(n)d개가 시작됐습니다.", "시계 %(n)d개가 시작됐습니다.", clocks) % {"n": clocks}
    to_do = ngettext("할 일 %(n)d가지를 확인해 주세요.", "할 일 %(n)d가지를 확인해 주세요.", tasks) % {
        "n": tasks
    }
    return f"{started} {to_do}"
