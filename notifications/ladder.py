"""Who is told of a deadline, in which order. Asked anew each time, so that nobody is called who has left."""

from __future__ import annotations

from dataclasses import dataclass

from core.accounts.models import Membership, Role, User
from incidents.models import Deadline
from incidents.permissions import can_see_case

OWNER = "owner"
LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Rung:
    """One person and why it is theirs: `owner`, `lead`, or the role they are on call in."""

    user: User
    reason: str


def ladder_of(deadline: Deadline) -> list[Rung]:
    """The owner, the lead, then 담당자, CPO and 승인자 on call; each once, and only those who may see the case."""
    case = deadline.case
    on_call = Membership.objects.on_call().filter(organization=case.organization_id).select_related("user")
    asked = [Rung(case.lead, LEAD), *(Rung(held.user, held.role) for held in on_call)]
    if deadline.owner is not None:
        asked.insert(0, Rung(deadline.owner, OWNER))
    first: dict[int, Rung] = {}
    for rung in asked:
        first.setdefault(rung.user.pk, rung)
    return [rung for rung in first.values() if can_see_case(rung.user, case)]


def administrators_of(organization_id: int) -> list[User]:
    """Who looks after the installation for this organisation."""
    held = Membership.objects.held(Role.ADMIN).filter(organization=organization_id)
    return [membership.user for membership in held.select_related("user").order_by("order", "pk")]
