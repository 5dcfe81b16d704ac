"""Cases as the services open them: a case made past its services would have no history."""

from datetime import UTC, datetime

from core.accounts.models import Organization, Role, User
from incidents import services
from incidents.models import Case
from incidents.services import FactChange
from tests.core.accounts.factories import MembershipFactory, OrganizationFactory, ProfileFactory

KNOWN = datetime(2026, 11, 21, 0, 12, tzinfo=UTC)  # 2026-11-21(토) 09:12 KST


def organization_with(*roles: Role, is_icsp: bool = True) -> tuple[Organization, dict[Role, User]]:
    """An organisation and one person for each role named."""
    organization = OrganizationFactory()
    ProfileFactory(organization=organization, is_icsp=is_icsp)
    people = {role: MembershipFactory(organization=organization, role=role).user for role in roles}
    return organization, people


def opened_case(
    *,
    organization: Organization | None = None,
    actor: User | None = None,
    now: datetime = KNOWN,
    facts: list[FactChange] | None = None,
    title: str = "고객센터 계정 탈취",
) -> Case:
    """A case opened at `now` by `actor` (a new 담당자 of a new organisation unless given)."""
    if organization is None:
        organization, people = organization_with(Role.HANDLER)
        actor = actor or people[Role.HANDLER]
    if actor is None:
        actor = MembershipFactory(organization=organization, role=Role.HANDLER).user
    return services.open_case(organization_id=organization.pk, actor=actor, now=now, facts=facts, title=title)
