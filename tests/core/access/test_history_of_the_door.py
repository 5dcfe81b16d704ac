"""Failed sign-ins and lock-outs are history: by account or by a keyed hash, from where, and never what was typed."""

import json
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axes.models import AccessAttempt
from django.urls import reverse

from core.access.catalogue import Code
from core.access.models import AccessRow, Act
from core.audit.models import HOUSE, Event
from core.audit.verification import first_break
from tests.core.access.doors import NIGHT, knock, set_to
from tests.core.accounts.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "officer@example.org", "stranger@elsewhere.example"


@pytest.fixture
def person():
    return UserFactory(email=KNOWN)


def events(action):
    return list(Event.objects.of_chain(HOUSE).filter(action=action))


def everything_kept():
    rows = [event.data for event in Event.objects.all()]
    tries = list(AccessAttempt.objects.values())
    return json.dumps([rows, tries, list(AccessRow.objects.values())], default=str)


def test_a_wrong_password_is_told_of_by_the_account(client, person):
    knock(client, KNOWN, "wrong-word-9931")
    (event,) = events("person.sign-in-failed")
    assert (event.subject, event.actor, event.data["address"]) == (
        f"accounts.user:{person.pk}",
        None,
        "127.0.0.1",
    )
    assert "wrong-word-9931" not in everything_kept() and KNOWN not in everything_kept()


def test_an_unknown_address_is_only_a_keyed_hash(client, person, settings):
    knock(client, UNKNOWN, "wrong")
    knock(client, UNKNOWN.upper(), "wrong")
    first, second = events("person.sign-in-failed")
    assert first.data["typed"] == second.data["typed"] and len(first.data["typed"]) == 64
    assert UNKNOWN not in everything_kept()
    settings.SECRET_KEY = "another house"
    knock(client, UNKNOWN, "wrong")
    assert events("person.sign-in-failed")[-1].data["typed"] != first.data["typed"]


def test_a_lock_out_is_one_event_however_long_somebody_knocks(client, person):
    with time_machine.travel(NIGHT, tick=False):
        for _number in range(9):
            knock(client, KNOWN, "wrong")
    (event,) = events("person.locked-out")
    assert event.data["failures"] == 5
    assert len(events("person.sign-in-failed")) == 5
    assert AccessRow.objects.filter(act=Act.SIGN_IN_FAILED).count() == 9
    assert first_break(HOUSE) is None


def test_knocking_on_makes_no_lock_longer(client, person):
    with time_machine.travel(NIGHT, tick=False) as clock:
        for minutes in (0, 0, 0, 0, 0, 5, 10, 14):
            clock.move_to(NIGHT + timedelta(minutes=minutes))
            knock(client, KNOWN, "wrong")
        clock.move_to(NIGHT + timedelta(minutes=15, seconds=1))
        assert knock(client, KNOWN).status_code == 302


def test_the_address_is_what_our_own_proxy_said(client, person, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    knock(client, KNOWN, "wrong", **{"X-Forwarded-For": "10.0.0.1, 203.0.113.7"})
    assert events("person.sign-in-failed")[0].data["address"] == "203.0.113.7"


def test_a_wrong_second_factor_is_history(client, person):
    TOTP.activate(person, generate_totp_secret())
    knock(client, KNOWN)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    (event,) = events("person.sign-in-failed")
    assert event.data["what"] == "second factor"


def test_the_number_of_tries_is_the_houses(client, person):
    with time_machine.travel(NIGHT, tick=False):
        set_to(Code.FAILED_SIGN_INS, 3)
        answers = [knock(client, KNOWN, "wrong").status_code for _number in range(3)]
        assert answers == [200, 200, 429]
        assert knock(client, KNOWN, PASSWORD).status_code == 429
