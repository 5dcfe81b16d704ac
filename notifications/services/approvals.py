"""Telling those who may answer that something waits for them, and whoever asked what was answered.

Papers, copies that leave the house, and destructions. Each is called inside the transaction of what it tells of.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core.access.copy_models import CopyRequest
from core.accounts.models import Membership, Role, User
from incidents.models import Case, Deadline, Destruction
from incidents.permissions import DECIDING, can_decide_case
from notifications.approval_letters import COPY, DESTRUCTION, PAPER
from notifications.models import PaperVersion
from notifications.permissions import APPROVING, can_decide_version
from notifications.services.mail import queue_email


def tell_version_waits(version: PaperVersion, *, now: datetime) -> None:
    """Owe everybody who may approve this version an email; once, until it is answered."""
    case = version.paper.case
    people = (one for one in _people(case, *APPROVING) if can_decide_version(one, version))
    facts = {"what": PAPER, "paper": version.paper_id, "kind": str(version.paper.kind)}
    _owe("approval_waits", case, people, now=now, facts=facts, deadline=version.paper.current_deadline())


def tell_version_answered(version: PaperVersion, *, is_approved: bool, now: datetime) -> None:
    """Owe the author of a version an email: approved, or returned."""
    case = version.paper.case
    facts = {"what": PAPER, "paper": version.paper_id, "kind": str(version.paper.kind)}
    told = facts | {"is_approved": is_approved}
    _owe(
        "approval_answered",
        case,
        [version.author],
        now=now,
        facts=told,
        deadline=version.paper.current_deadline(),
    )


def tell_copy_waits(request: CopyRequest, *, now: datetime) -> None:
    """Owe everybody who may allow the copy an email."""
    case = Case.objects.get(reference=request.case_key)
    people = (one for one in _people(case, *DECIDING) if one.pk != request.asked_by_id)
    facts = {"what": COPY, "request": request.pk, "kind": str(request.kind)}
    _owe("approval_waits", case, people, now=now, facts=facts)


def tell_copy_answered(request: CopyRequest, *, now: datetime) -> None:
    """Owe whoever asked for the copy an email."""
    case = Case.objects.get(reference=request.case_key)
    facts = {"what": COPY, "request": request.pk, "kind": str(request.kind)}
    told = facts | {"is_approved": bool(request.is_approved)}
    _owe("approval_answered", case, [request.asked_by], now=now, facts=told)


def tell_destruction_waits(row: Destruction, *, now: datetime) -> None:
    """Owe everybody who may decide the destruction an email."""
    people = (one for one in _people(row.case, *DECIDING) if one.pk != row.asked_by_id)
    _owe("approval_waits", row.case, people, now=now, facts={"what": DESTRUCTION, "row": row.pk})


def tell_destruction_answered(row: Destruction, *, now: datetime) -> None:
    """Owe whoever asked for the destruction an email."""
    told = {"what": DESTRUCTION, "row": row.pk, "is_approved": bool(row.is_approved)}
    _owe("approval_answered", row.case, [row.asked_by], now=now, facts=told)


def _people(case: Case, *roles: Role) -> Iterable[User]:
    held = Membership.objects.held(*roles).filter(organization=case.organization_id)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk")
    return [one for one in people if can_decide_case(one, case)]


def _owe(
    template: str,
    case: Case,
    people: Iterable[User],
    *,
    now: datetime,
    facts: dict[str, Any],
    deadline: Deadline | None = None,
) -> None:
    for person in people:
        queue_email(
            template=template,
            to_user=person,
            organization_id=case.organization_id,
            now=now,
            deadline=deadline,
            facts={**facts, "case": case.pk, "asked_at": now.isoformat()},
        )
