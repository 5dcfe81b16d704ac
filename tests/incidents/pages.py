"""A case and one person of every kind, for the pages of this app."""

from dataclasses import dataclass

from django.test import Client

from core.accounts.models import Role, User
from incidents.models import Case
from tests.core.accounts.factories import MembershipFactory
from tests.incidents.factories import opened_case, organization_with

KINDS = ("handler", "cpo", "approver", "counsel", "auditor", "admin", "outsider", "anonymous")


@dataclass(frozen=True)
class Office:
    """One organisation with a person in each role, a stranger from another, and an open case."""

    case: Case
    people: dict[str, User | None]

    def client(self, kind: str) -> Client:
        client = Client()
        person = self.people[kind]
        if person is not None:
            client.force_login(person)
        return client


def office(**case: object) -> Office:
    organization, people = organization_with(*Role)
    opened = opened_case(organization=organization, actor=people[Role.HANDLER], **case)  # type: ignore[arg-type]
    everyone: dict[str, User | None] = {role.value: person for role, person in people.items()}
    everyone |= {"outsider": MembershipFactory(role=Role.HANDLER).user, "anonymous": None}
    return Office(opened, everyone)
