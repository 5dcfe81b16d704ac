"""Duties read at the first sign-in and again every year; in a public system with a pledge, before anything works."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from core.access import duties
from core.access.catalogue import Code
from core.access.duties import text_digest
from core.access.duty_models import Acknowledgement
from core.accounts.models import Organization, Role
from core.audit.models import Event
from tests.core.access.doors import NIGHT, is_in, set_to
from tests.core.accounts.factories import MembershipFactory
from tests.core.accounts.tokens import token_for

pytestmark = pytest.mark.django_db
PAGE = "access:acknowledge-duties"


@pytest.fixture
def person():
    return MembershipFactory().user


def read(client):
    return client.post(reverse(PAGE), {"is_read": "on"})


def public(person):
    Organization.objects.filter(memberships__user=person).update(is_public_system=True)


@pytest.mark.parametrize("role", Role)
def test_only_the_page_of_duties_opens_until_they_are_read(client, settings, role):
    settings.REQUIRE_ACKNOWLEDGEMENT = True
    client.force_login(MembershipFactory(role=role).user)
    for name in ("home", "settings", "incidents:case-list", "incidents:case-export", "accounts:token-list"):
        answer = client.get(reverse(name))
        assert (answer.status_code, answer.url) == (302, reverse(PAGE)), name
    assert client.get(reverse(PAGE)).status_code == 200
    assert read(client).url == reverse("home")
    assert is_in(client)


def test_without_the_tick_nothing_is_kept(client, settings, person):
    settings.REQUIRE_ACKNOWLEDGEMENT = True
    client.force_login(person)
    assert client.post(reverse(PAGE), {}).status_code == 422
    assert not Acknowledgement.objects.exists()
    assert not is_in(client)


def test_the_way_out_stays_open(client, settings, person):
    settings.REQUIRE_ACKNOWLEDGEMENT = True
    client.force_login(person)
    client.post(reverse("account_logout"))
    assert client.get(reverse("home")).url.startswith(reverse("account_login"))


def test_a_second_factor_comes_first_and_both_doors_open_in_turn(client, settings, person):
    settings.REQUIRE_ACKNOWLEDGEMENT = settings.REQUIRE_SECOND_FACTOR = True
    client.force_login(person)
    assert client.get(reverse("home")).url == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    TOTP.activate(person, generate_totp_secret())
    assert client.get(reverse("home")).url == reverse(PAGE)
    read(client)
    assert is_in(client)


def test_it_is_asked_again_after_a_year(client, settings, person):
    settings.REQUIRE_ACKNOWLEDGEMENT = True
    with time_machine.travel(NIGHT, tick=False) as clock:
        client.force_login(person)
        read(client)
        assert is_in(client)
        for after, opens in ((timedelta(days=364), True), (timedelta(days=365), False)):
            clock.move_to(NIGHT + after)
            again = Client()
            again.force_login(person)
            assert is_in(again) is opens


def test_the_house_may_ask_more_often(client, settings, person):
    settings.REQUIRE_ACKNOWLEDGEMENT = True
    with time_machine.travel(NIGHT, tick=False) as clock:
        set_to(Code.ACKNOWLEDGE_MONTHS, 6)
        client.force_login(person)
        read(client)
        clock.move_to(NIGHT + timedelta(days=190))
        again = Client()
        again.force_login(person)
        assert not is_in(again)


def test_another_edition_is_read_anew(client, settings, person, monkeypatch):
    settings.REQUIRE_ACKNOWLEDGEMENT = True
    client.force_login(person)
    read(client)
    monkeypatch.setattr(duties, "EDITION", "another")
    assert not is_in(client)


def test_what_was_read_is_kept_with_its_words(client, settings, person):
    client.force_login(person)
    client.post(reverse(PAGE), {"is_read": "on"}, headers={"Accept-Language": "en"})
    row = Acknowledgement.objects.get(user=person)
    assert (row.edition, row.digest, row.is_pledge) == (
        duties.EDITION,
        text_digest(with_pledge=False),
        False,
    )
    told = Event.objects.get(action="person.duties-acknowledged")
    assert (told.actor, told.data["digest"]) == (person, row.digest)


def test_the_database_refuses_to_change_it(client, person):
    client.force_login(person)
    read(client)
    with pytest.raises(DatabaseError), transaction.atomic():
        Acknowledgement.objects.update(edition="earlier")
    with pytest.raises(DatabaseError), transaction.atomic():
        Acknowledgement.objects.all().delete()


def test_the_demonstration_asks_nobody(client, person):
    client.force_login(person)
    assert is_in(client)


def test_a_public_system_asks_for_the_pledge_whatever_the_settings(client, person):
    public(person)
    client.force_login(person)
    assert not is_in(client)
    assert "서약합니다" in client.get(reverse(PAGE)).content.decode()
    read(client)
    assert is_in(client)
    assert Acknowledgement.objects.get(user=person).is_pledge


def test_having_read_them_before_is_no_pledge(client, person):
    client.force_login(person)
    read(client)
    public(person)
    assert not is_in(client)


def test_no_program_acts_for_somebody_before_the_pledge(client, person):
    public(person)
    headers = {"Authorization": f"Bearer {token_for(person)[1]}"}
    assert Client(headers=headers).get(reverse("api:case_list")).status_code == 403
    client.force_login(person)
    read(client)
    assert Client(headers=headers).get(reverse("api:case_list")).status_code == 200
