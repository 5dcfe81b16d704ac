"""A token bound to networks opens nothing from elsewhere."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from core.access.models import AccessRow, Result
from core.accounts.models import ApiToken
from core.accounts.token_networks import checked_networks
from core.audit.models import Event
from core.audit.witnesses import states_of
from tests.core.accounts.factories import MembershipFactory
from tests.core.accounts.tokens import token_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return MembershipFactory().user


def made(client, person, **typed):
    client.force_login(person)
    answer = client.post(
        reverse("accounts:create-token"), {"name": "관제", "scopes": ["cases:read"], "days": 30} | typed
    )
    return answer, ApiToken.objects.filter(owner=person).first()


def asked(secret, address):
    headers = {"Authorization": f"Bearer {secret}"}
    return Client(headers=headers, REMOTE_ADDR=address).get(reverse("api:case_list")).status_code


@pytest.mark.parametrize(
    ("address", "status"),
    [("192.0.2.7", 200), ("2001:db8::9", 200), ("192.0.3.7", 403), ("2001:db9::9", 403), ("::1", 403)],
)
def test_it_is_used_from_its_networks_alone(client, person, address, status):
    answer, token = made(client, person, networks="192.0.2.0/24, 2001:db8::/32")
    assert token.networks == ["192.0.2.0/24", "2001:db8::/32"]
    secret = answer.context["secret"]
    assert asked(secret, address) == status
    refused = AccessRow.objects.filter(place="api", result=Result.REFUSED, account=person)
    assert refused.count() == (status == 403)


def test_without_networks_it_is_used_from_everywhere(client, person):
    answer, token = made(client, person)
    assert token.networks == []
    assert asked(answer.context["secret"], "203.0.113.5") == 200


def test_what_is_no_network_is_refused_by_name(client, person):
    answer, token = made(client, person, networks="192.0.2.0/24 everywhere")
    assert (answer.status_code, token) == (422, None)
    assert "everywhere" in answer.content.decode()


def test_a_single_address_and_the_same_network_twice():
    assert checked_networks("192.0.2.7\n192.0.2.7/32") == ["192.0.2.7/32"]
    with pytest.raises(ValidationError, match="20"):
        checked_networks(" ".join(f"192.0.2.{n}" for n in range(21)))


def test_lifting_the_networks_past_the_service_is_found(client, person):
    _answer, token = made(client, person, networks="192.0.2.0/24")
    vouched = Event.objects.get(action="token.created").data["states"][f"accounts.apitoken:{token.pk}"]
    assert states_of([token])[f"accounts.apitoken:{token.pk}"] == vouched
    ApiToken.objects.filter(pk=token.pk).update(networks=[])
    token.refresh_from_db()
    assert states_of([token])[f"accounts.apitoken:{token.pk}"] != vouched


def test_the_list_says_them(client, person):
    made(client, person, networks="192.0.2.0/24")
    assert "192.0.2.0/24" in client.get(reverse("accounts:token-list")).content.decode()


def test_the_command_takes_them_too(person):
    out = io.StringIO()
    call_command("create_api_token", person.email, "관제", "--network", "192.0.2.0/24", stdout=out)
    assert asked(out.getvalue().strip(), "192.0.2.1") == 200
    assert asked(out.getvalue().strip(), "192.0.9.1") == 403
    with pytest.raises(CommandError, match="nowhere"):
        call_command("create_api_token", person.email, "관제", "--network", "nowhere")


def test_a_token_from_before_is_vouched_for_as_it_was(person):
    token, _secret = token_for(person)
    vouched = Event.objects.get(action="token.created").data["states"]
    assert states_of([token]) == vouched
