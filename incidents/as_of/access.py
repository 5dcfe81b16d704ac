"""Who could see a case at an instant. Roles come and go with their rows; what they were is in the house's history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from core.accounts.days import day_in_seoul, not_over
from core.accounts.models import Membership, Role, User
from core.audit.models import HOUSE, Event
from incidents.models import Case

if TYPE_CHECKING:
    from collections.abc import Mapping

ROLE_EVENTS = ("role.given", "role.taken", "role.period-set")
OVERSEEING = (Role.CPO, Role.AUDITOR)  # see every case of their organisation without taking part


@dataclass(frozen=True, slots=True)
class Access:
    """Whether a person could see the case, and what it hung on."""

    user: User
    roles: tuple[Role, ...]
    took_part: bool

    @property
    def role_words(self) -> str:
        return " · ".join(str(role.label) for role in self.roles) or "—"

    @property
    def can_see(self) -> bool:
        """As `Case.objects.visible_to`: an overseer, or somebody with a role who took part.

        Whether the account was switched off is in no history and not asked.
        """
        return any(role in OVERSEEING for role in self.roles) or (self.took_part and bool(self.roles))


def access_at(case: Case, user: User, at: datetime) -> Access:
    """What `user` could see of `case` at `at`. Three queries."""
    took_part = case.members.filter(not_over(at), user=user, joined_at__lte=at).filter(
        Q(left_at=None) | Q(left_at__gt=at)
    )
    return Access(user, tuple(roles_at(user, case.organization_id, at)), took_part.exists())


def roles_at(user: User, organization_id: int, at: datetime) -> list[Role]:
    """The roles `user` had: those of today, with what was given, taken or set since undone, the last first.

    One whose last day was over at `at` counted no more, whether or not it had been taken.
    """
    mine = Membership.objects.filter(user=user, organization=organization_id)
    held: dict[str, str | None] = {
        role: day.isoformat() if day else None for role, day in mine.values_list("role", "ends_on")
    }
    later = Event.objects.filter(chain=HOUSE, action__in=ROLE_EVENTS, recorded_at__gt=at)
    for action, data in later.order_by("-sequence").values_list("action", "data"):
        if not _is_about(data, user, organization_id):
            continue
        if action == "role.given":
            held.pop(data["role"], None)
        else:
            held[data["role"]] = data.get("ends_on") if action == "role.taken" else data["before"]["ends_on"]
    today = day_in_seoul(at).isoformat()
    return [role for role in Role if role in held and (held[role] or today) >= today]


def _is_about(data: Mapping[str, object], user: User, organization_id: int) -> bool:
    return data.get("user") == user.pk and data.get("organization") == organization_id


def people_to_ask_about(case: Case) -> list[User]:
    """Everybody who ever took part in the case, has a role at its organisation, or has had one."""
    taken = Event.objects.filter(chain=HOUSE, action="role.taken").values_list("data", flat=True)
    former = _users_of(taken, case.organization_id)
    concerned = Q(case_memberships__case=case) | Q(memberships__organization=case.organization_id)
    return list(User.objects.filter(concerned | Q(pk__in=former)).distinct().order_by("name", "pk"))


def _users_of(taken: Iterable[Mapping[str, int]], organization_id: int) -> set[int]:
    return {data["user"] for data in taken if data.get("organization") == organization_id}
