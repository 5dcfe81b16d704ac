"""A second factor asked of everybody, and showing oneself once more before what matters."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from core.access.catalogue import Code
from core.accounts.models import Role
from tests.core.access.doors import NIGHT, is_in, knock, set_to
from tests.core.accounts.factories import PASSWORD, MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def person():
    return MembershipFactory(role=Role.ADMIN).user


@pytest.mark.parametrize("role", Role)
def test_every_role_is_led_to_setting_one_up(client, settings, role):
    settings.REQUIRE_SECOND_FACTOR = True
    client.force_login(MembershipFactory(role=role).user)
    for name in ("home", "settings", "incidents:case-list", "incidents:case-export", "accounts:token-list"):
        answer = client.get(reverse(name))
        assert (answer.status_code, answer.url) == (302, reverse("mfa_index")), name
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.get(reverse("mfa_activate_totp")).status_code in (200, 302)


def test_with_one_every_page_opens(client, settings, person):
    settings.REQUIRE_SECOND_FACTOR = True
    TOTP.activate(person, generate_totp_secret())
    client.force_login(person)
    assert is_in(client)


def test_recovery_codes_alone_are_none(client, settings, person):
    settings.REQUIRE_SECOND_FACTOR = True
    RecoveryCodes.activate(person)
    client.force_login(person)
    assert not is_in(client)


def test_the_demonstration_asks_for_none_and_says_so(client, person):
    client.force_login(person)
    assert is_in(client)
    assert "BREACHDESK_REQUIRE_SECOND_FACTOR" in client.get(reverse("settings-safety")).content.decode()


def test_what_matters_asks_once_more_after_the_set_minutes(client, person):
    place = person.memberships.get().organization_id
    with time_machine.travel(NIGHT, tick=False) as clock:
        client.force_login(person)
        door = reverse("settings-give-role", args=[place])
        assert client.get(door).status_code == 200
        clock.move_to(NIGHT + timedelta(minutes=9, seconds=59))
        assert client.get(door).status_code == 200
        clock.move_to(NIGHT + timedelta(minutes=10))
        asked = client.get(door)
        assert (asked.status_code, asked.url.partition("?")[0]) == (302, reverse("account_reauthenticate"))


def test_a_form_sent_late_goes_on_after_the_answer(client, person):
    with time_machine.travel(NIGHT, tick=False) as clock:
        set_to(Code.STEP_UP_MINUTES, 5)
        knock(client, person.email)
        clock.move_to(NIGHT + timedelta(minutes=6))
        typed = {"value": 20, "reason": "회의실에서 씀"}
        asked = client.post(reverse("settings-safety-change", args=["idle_minutes"]), typed)
        assert asked.url.startswith(reverse("account_reauthenticate"))
        answer = client.post(asked.url, {"password": PASSWORD})
        assert answer.status_code == 302
        page = client.get(reverse("settings-safety")).content.decode()
        assert "회의실에서 씀" in page


@pytest.mark.parametrize("name", ["settings-add-person", "settings-give-role", "settings-networks"])
def test_the_doors_of_rights_ask(client, person, name):
    with time_machine.travel(NIGHT, tick=False) as clock:
        client.force_login(person)
        clock.move_to(NIGHT + timedelta(minutes=11))
        answer = client.get(reverse(name, args=[person.memberships.get().organization_id]))
        assert answer.url.startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize("name", ["accounts:create-token"])
def test_the_doors_of_tokens_ask(client, person, name):
    with time_machine.travel(NIGHT, tick=False) as clock:
        client.force_login(person)
        clock.move_to(NIGHT + timedelta(minutes=11))
        assert client.get(reverse(name)).url.startswith(reverse("account_reauthenticate"))
