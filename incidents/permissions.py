"""What a role may do with a case. Seeing it is `Case.objects.visible_to(user)`; this is about changing it."""

from __future__ import annotations

from core.accounts.models import Membership, Organization, Role, User
from core.accounts.standing import holds, once, places_held
from core.accounts.taking_out import may_take_out
from incidents.models import Case

WORKING = (Role.HANDLER, Role.CPO, Role.APPROVER, Role.COUNSEL)
DECIDING = (Role.CPO, Role.APPROVER)
EXPORTING = (Role.CPO, Role.APPROVER, Role.COUNSEL, Role.AUDITOR)
COPYING = (*WORKING, Role.AUDITOR)


def organizations_to_open_for(user: User) -> list[Organization]:
    """Where `user` may press ‘지금 알았다’: wherever they work on cases."""
    return list(Organization.objects.filter(pk__in=places_held(user, *WORKING)).order_by("name"))


def people_who_open(user: User) -> list[Membership]:
    """Who opens cases, with their roles, in the organisations `user` has a part in; for one who may not."""
    places = Organization.objects.visible_to(user)
    held = Membership.objects.held(*WORKING).filter(organization__in=places)
    rows = held.select_related("user", "organization")
    return list(rows.order_by("organization__name", "organization", "order", "user__name"))


def can_see_case(user: User, case: Case) -> bool:
    return once(("case", user.pk, case.pk), Case.objects.visible_to(user).filter(pk=case.pk).exists)


def can_work_on_case(user: User, case: Case) -> bool:
    """Record facts, tasks, the timeline; draft papers. Auditors read only."""
    return can_see_case(user, case) and holds(user, *WORKING, organization=case.organization_id)


def can_decide_case(user: User, case: Case) -> bool:
    """Decide what the law leaves to a person, dismiss a deadline, close the case."""
    return can_see_case(user, case) and holds(user, *DECIDING, organization=case.organization_id)


def people_who_decide(case: Case) -> list[User]:
    """Everybody who may decide the case now, in the order of their rank."""
    held = Membership.objects.held(*DECIDING).filter(organization=case.organization_id)
    people = {one.user_id: one.user for one in held.select_related("user").order_by("order", "pk")}
    return [person for person in people.values() if can_decide_case(person, case)]


def can_copy_evidence(user: User, case: Case) -> bool:
    """Take a copy of evidence out of the house: those who work on the case, and its auditors, with that right."""
    return (
        can_see_case(user, case)
        and holds(user, *COPYING, organization=case.organization_id)
        and may_take_out(user, case.organization_id)
    )


def is_counsel_of(user: User, case: Case) -> bool:
    """Read and write what only counsel may."""
    return can_see_case(user, case) and holds(user, Role.COUNSEL, organization=case.organization_id)


def can_manage_members(user: User, case: Case) -> bool:
    """Say who takes part in a case: those who decide it, and its lead."""
    return can_decide_case(user, case) or (case.lead_id == user.pk and can_work_on_case(user, case))


def can_ask_who_saw(user: User, case: Case) -> bool:
    """Look at the past of a case with another person's eyes: those who decide it, and those who audit it."""
    return can_see_case(user, case) and holds(
        user, *DECIDING, Role.AUDITOR, organization=case.organization_id
    )


def can_export_case(user: User, case: Case) -> bool:
    """Take the whole case out as an audit bundle: those who decide it, counsel, auditors, with that right."""
    return (
        can_see_case(user, case)
        and holds(user, *EXPORTING, organization=case.organization_id)
        and may_take_out(user, case.organization_id)
    )


def can_administer(user: User) -> bool:
    """Look after people, roles, policy and outgoing mail."""
    return holds(user, Role.ADMIN)
