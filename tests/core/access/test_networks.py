"""From where people may come in."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from core.access.models import AccessRow, NetworkRule, Result
from core.access.networks import is_allowed_from
from core.access.services import add_network, end_network
from core.accounts.models import Role
from core.audit.models import HOUSE, Event
from core.audit.verification import first_break
from tests.core.access.doors import NIGHT
from tests.core.accounts.tokens import Program, token_for
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
INSIDE, OUTSIDE = "192.0.2.7", "203.0.113.7"


@pytest.fixture
def place():
    return office()


def allow(place, network="192.0.2.0/24", role=""):
    return add_network(
        organization=place.case.organization,
        role=role,
        network=network,
        actor=place.people["admin"],
        now=NIGHT,
        reason="사내망",
    )


def test_without_a_rule_every_network_is_allowed(place):
    assert is_allowed_from(place.people["handler"], OUTSIDE) and is_allowed_from(
        place.people["handler"], None
    )


@pytest.mark.parametrize(
    ("address", "allowed"), [(INSIDE, True), (OUTSIDE, False), ("2001:db8::1", False), (None, False)]
)
def test_a_rule_allows_its_network_alone(place, address, allowed):
    allow(place)
    assert is_allowed_from(place.people["handler"], address) is allowed


def test_a_rule_of_one_role_leaves_the_others(place):
    allow(place, role=Role.ADMIN)
    assert not is_allowed_from(place.people["admin"], OUTSIDE)
    assert is_allowed_from(place.people["handler"], OUTSIDE)


def test_two_rules_allow_either_and_both_kinds_of_address(place):
    allow(place)
    allow(place, network="2001:db8::/32")
    assert all(is_allowed_from(place.people["cpo"], one) for one in (INSIDE, "2001:db8::9"))


def test_another_organisations_rule_is_not_ones_own(place):
    other = office()
    allow(other)
    assert is_allowed_from(place.people["handler"], OUTSIDE)


def test_from_outside_no_page_opens_and_the_try_is_written_down(place):
    allow(place)
    client = place.client("handler")
    answer = client.get(place.case.get_absolute_url(), REMOTE_ADDR=OUTSIDE)
    assert answer.status_code == 403 and place.case.title not in answer.content.decode()
    assert AccessRow.objects.filter(
        account=place.people["handler"], result=Result.REFUSED, address=OUTSIDE
    ).exists()
    assert client.get(place.case.get_absolute_url(), REMOTE_ADDR=INSIDE).status_code == 200


def test_what_the_browser_says_of_itself_counts_for_nothing(place, settings):
    allow(place)
    client, where = place.client("handler"), place.case.get_absolute_url()
    forged = {"X-Forwarded-For": INSIDE}
    assert client.get(where, REMOTE_ADDR=OUTSIDE, headers=forged).status_code == 403
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for said, status in ((f"{INSIDE}, {OUTSIDE}", 403), (f"{OUTSIDE}, {INSIDE}", 200)):
        assert (
            client.get(where, REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": said}).status_code == status
        )


def test_a_token_opens_nothing_from_outside(place):
    allow(place)
    _token, secret = token_for(place.people["handler"])
    assert Program(secret).get("/cases").status_code == 403  # 127.0.0.1 is not in the network
    assert AccessRow.objects.filter(
        account=place.people["handler"], place="api", result=Result.REFUSED
    ).exists()
    allow(place, network="127.0.0.0/8")
    assert Program(secret).get("/cases").status_code == 200


def test_an_ended_rule_holds_no_longer_and_both_are_history(place):
    rule = allow(place)
    end_network(rule_id=rule.pk, actor=place.people["admin"], now=NIGHT, reason="이전")
    assert is_allowed_from(place.people["handler"], OUTSIDE)
    told = (
        Event.objects.of_chain(HOUSE).filter(action__startswith="network.").values_list("action", flat=True)
    )
    assert list(told) == ["network.allowed", "network.ended"] and first_break(HOUSE) is None


@pytest.mark.parametrize("typed", ["", "office", "192.0.2.0/33", "300.1.1.1"])
def test_what_is_no_network_is_refused(place, typed):
    with pytest.raises(ValidationError):
        allow(place, network=typed)
    assert not NetworkRule.objects.exists()


def test_an_administrator_does_not_shut_themselves_out(place):
    client = place.client("admin")
    door = reverse("settings-networks", args=[place.case.organization_id])
    refused = client.post(door, {"role": "", "network": "192.0.2.0/24", "reason": "사내망"})
    assert refused.status_code == 422 and "지금 들어온 곳" in refused.content.decode()
    for network in ("127.0.0.0/8", "192.0.2.0/24"):
        assert client.post(door, {"role": "", "network": network, "reason": "사내망"}).status_code == 302
    assert client.get(door).status_code == 200


@pytest.mark.parametrize("kind", ["handler", "cpo", "auditor"])
def test_only_administrators_set_networks(place, kind):
    assert (
        place.client(kind).get(reverse("settings-networks", args=[place.case.organization_id])).status_code
        == 403
    )


def test_the_machines_operator_lets_everybody_in_again(place, capsys):
    allow(place)
    name, who = place.case.organization.name, place.people["admin"].email
    call_command("end_network_rules", name, "--by", who, "--reason", "잘못 적음")
    assert is_allowed_from(place.people["handler"], OUTSIDE)
    assert Event.objects.get(action="network.ended").reason == "잘못 적음"
    with pytest.raises(CommandError):
        call_command("end_network_rules", name, "--by", "nobody@example.org", "--reason", "x")
