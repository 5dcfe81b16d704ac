"""One user of every kind against what they may see and do."""

import pytest
from django.contrib.auth.models import AnonymousUser

from core.accounts.models import Membership, Role
from core.accounts.services import take_role
from incidents import permissions, services
from incidents.models import Case, Deadline, Task
from tests.core.accounts.factories import MembershipFactory, UserFactory
from tests.incidents.factories import KNOWN, opened_case, organization_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    organization, people = organization_with(*Role)
    case = opened_case(organization=organization, actor=people[Role.HANDLER])
    people["outsider"] = MembershipFactory(role=Role.CPO).user
    people["nobody"] = UserFactory()
    people["left the company"] = MembershipFactory(
        organization=organization, role=Role.CPO, user__is_active=False
    ).user
    return case, people


MAY = {
    Role.HANDLER: (True, True, False, False),
    Role.CPO: (True, True, True, False),
    Role.APPROVER: (True, True, True, False),
    Role.COUNSEL: (True, True, False, False),
    Role.AUDITOR: (True, False, False, False),
    Role.ADMIN: (False, False, False, True),
    "outsider": (False, False, False, False),
    "nobody": (False, False, False, False),
    "left the company": (False, False, False, False),
}


@pytest.mark.parametrize("who", MAY)
def test_who_may_see_work_on_decide_and_administer(house, who):
    case, people = house
    user = people[who]
    assert (
        permissions.can_see_case(user, case),
        permissions.can_work_on_case(user, case),
        permissions.can_decide_case(user, case),
        permissions.can_administer(user),
    ) == MAY[who]


@pytest.mark.parametrize("who", MAY)
def test_what_hangs_on_a_case_is_seen_by_those_who_see_the_case(house, who):
    case, people = house
    sees = MAY[who][0]
    for model in (Deadline, Task):
        assert model.objects.visible_to(people[who]).filter(case=case).exists() is sees


def test_the_unknown_visitor_sees_nothing(house):
    assert not Case.objects.visible_to(AnonymousUser()).exists()


def test_a_handler_sees_only_the_cases_they_take_part_in(house):
    case, people = house
    late_comer = MembershipFactory(organization=case.organization, role=Role.HANDLER).user
    assert not permissions.can_see_case(late_comer, case)
    services.join_case(case_id=case.pk, user_id=late_comer.pk, actor=people[Role.CPO], now=KNOWN)
    assert permissions.can_see_case(late_comer, case)
    services.leave_case(
        case_id=case.pk, user_id=late_comer.pk, actor=people[Role.CPO], now=KNOWN, reason="부서 이동"
    )
    assert not permissions.can_see_case(late_comer, case)


def test_the_lead_hands_over_before_leaving(house):
    case, people = house
    with pytest.raises(services.Obstacle):
        services.leave_case(
            case_id=case.pk, user_id=case.lead_id, actor=people[Role.CPO], now=KNOWN, reason="부서 이동"
        )


def test_whoever_lost_their_role_sees_the_case_no_more(house):
    case, people = house
    counsel = people[Role.COUNSEL]
    held = Membership.objects.get(user=counsel)
    take_role(membership_id=held.pk, actor=people[Role.ADMIN], now=KNOWN, reason="퇴사")
    assert not permissions.can_see_case(counsel, case)
    assert not Deadline.objects.visible_to(counsel).exists()
