"""Who can set rights, take things out of the house and destroy them, read from the grants themselves (안전성 확보조치 기준 제6조의2)."""

from __future__ import annotations

from dataclasses import dataclass

from core.accounts.models import Membership, Organization, Role, User
from incidents.permissions import COPYING, DECIDING, EXPORTING

SETS_RIGHTS = (Role.ADMIN,)
DESTROYS = DECIDING  # ask, and another of them approves
DOWNLOADS = tuple(dict.fromkeys((*COPYING, *EXPORTING)))


@dataclass(frozen=True, slots=True)
class Holder:
    """An account of an organisation, with what its roles there let it do."""

    organization: Organization
    person: User
    roles: tuple[str, ...]
    sets_rights: bool
    downloads: bool
    destroys: bool


def power_holders(places: list[int]) -> list[Holder]:
    """Every open account of these organisations that can set rights, take out papers and files, or destroy."""
    rows = Membership.objects.held().filter(organization__in=places)
    held: dict[tuple[int, int], list[Membership]] = {}
    for row in rows.select_related("user", "organization").order_by("organization__name", "user__name", "pk"):
        held.setdefault((row.organization_id, row.user_id), []).append(row)
    everyone = [_holder(rows) for rows in held.values()]
    return [one for one in everyone if one.sets_rights or one.downloads or one.destroys]


def _holder(rows: list[Membership]) -> Holder:
    roles = {row.role for row in rows}
    words = tuple(str(row.get_role_display()) for row in rows)
    return Holder(
        organization=rows[0].organization,
        person=rows[0].user,
        roles=words,
        sets_rights=bool(roles & set(SETS_RIGHTS)),
        downloads=bool(roles & set(DOWNLOADS)) and any(row.may_take_out for row in rows),
        destroys=bool(roles & set(DESTROYS)),
    )
