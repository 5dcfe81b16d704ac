"""Who may say who takes part, and what joining and leaving do."""

import pytest
from django.urls import reverse

from core.accounts.models import Role
from core.audit.models import Event
from incidents.permissions import can_see_case
from tests.core.accounts.factories import MembershipFactory, UserFactory
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
EXPECTED = {
    "handler": 200,  # the lead of this case
    "cpo": 200,
    "approver": 200,
    "counsel": 403,
    "auditor": 403,
    "admin": 404,
    "outsider": 404,
    "anonymous": 302,
}


def address(place, name="case-members", *args):
    return reverse(f"incidents:{name}", args=[place.case.reference, *args])


@pytest.mark.parametrize("kind", EXPECTED)
def test_who_may_staff_a_case(kind):
    place = office()
    assert place.client(kind).get(address(place)).status_code == EXPECTED[kind]


def test_another_handler_of_the_organisation_joins():
    place = office()
    newcomer = MembershipFactory(organization=place.case.organization, role=Role.HANDLER).user
    place.client("cpo").post(address(place), {"user": newcomer.pk})
    assert can_see_case(newcomer, place.case)


def test_a_stranger_cannot_be_let_in():
    place = office()
    stranger = UserFactory()
    answer = place.client("cpo").post(address(place), {"user": stranger.pk})
    assert answer.status_code == 422
    assert not can_see_case(stranger, place.case)


def test_leaving_asks_for_a_reason_and_ends_the_view():
    place = office()
    counsel = place.people["counsel"]
    way_out = address(place, "leave-case", counsel.pk)
    assert place.client("cpo").post(way_out, {"reason": " "}).status_code == 422
    place.client("cpo").post(way_out, {"reason": "이해 상충"})
    assert not can_see_case(counsel, place.case)
    event = Event.objects.of_chain(place.case.reference).get(action="case.left")
    assert (event.actor, event.reason) == (place.people["cpo"], "이해 상충")


def test_the_lead_stays():
    place = office()
    answer = place.client("cpo").post(address(place, "leave-case", place.case.lead_id), {"reason": "휴가"})
    assert answer.status_code == 422
    assert "담당자를 먼저 바꿔 주세요" in answer.content.decode()
