"""A mailbox alone opens no account that has a second factor; recovery codes are seen once."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse

from core.audit.models import Event
from tests.core.access.test_sealed import code_of
from tests.core.accounts.factories import PASSWORD, MembershipFactory

pytestmark = pytest.mark.django_db
NEW = "another-horse-battery"


@pytest.fixture
def person():
    return MembershipFactory().user


@pytest.fixture
def seed(person):
    seed = generate_totp_secret()
    TOTP.activate(person, seed)
    return seed


def door(client, person, mailoutbox):
    """The form behind the link that was mailed."""
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = re.search(r"/accounts/password/reset/key/\S+", mailoutbox[-1].body)[0]
    return client.get(link).url


def reset(client, where, **typed):
    return client.post(where, {"password1": NEW, "password2": NEW} | typed)


def is_now(person, password):
    person.refresh_from_db()
    return person.check_password(password)


def test_without_a_factor_the_link_is_enough(client, person, mailoutbox):
    where = door(client, person, mailoutbox)
    assert 'name="code"' not in client.get(where).content.decode()
    reset(client, where)
    assert is_now(person, NEW)


@pytest.mark.parametrize("typed", [{}, {"code": ""}, {"code": "000000"}, {"code": "not a code"}])
def test_with_one_the_link_alone_resets_nothing(client, person, seed, mailoutbox, typed):
    where = door(client, person, mailoutbox)
    answer = reset(client, where, **typed)
    assert answer.status_code == 200
    assert is_now(person, PASSWORD)


def test_with_its_code_it_does(client, person, seed, mailoutbox):
    where = door(client, person, mailoutbox)
    assert 'name="code"' in client.get(where).content.decode()
    reset(client, where, code=code_of(seed))
    assert is_now(person, NEW)


def test_a_recovery_code_does_once(client, person, seed, mailoutbox):
    code = RecoveryCodes.activate(person).generate_codes()[0]
    reset(client, door(client, person, mailoutbox), code=code)
    assert is_now(person, NEW)
    again = "one-more-horse-battery"
    reset(client, door(client, person, mailoutbox), password1=again, password2=again, code=code)
    assert is_now(person, NEW)


def test_a_weak_password_uses_up_no_code(client, person, seed, mailoutbox):
    code = RecoveryCodes.activate(person).generate_codes()[0]
    where = door(client, person, mailoutbox)
    reset(client, where, password1="short", password2="short", code=code)
    reset(client, where, code=code)
    assert is_now(person, NEW)


def test_a_passkey_asks_for_a_recovery_code(client, person, mailoutbox):
    Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={})
    code = RecoveryCodes.activate(person).generate_codes()[0]
    where = door(client, person, mailoutbox)
    reset(client, where)
    assert is_now(person, PASSWORD)
    reset(client, where, code=code)
    assert is_now(person, NEW)


def test_a_wrong_code_is_history(client, person, seed, mailoutbox):
    reset(client, door(client, person, mailoutbox), code="000000")
    assert Event.objects.filter(action="person.sign-in-failed").count() == 1


def test_guessing_codes_is_slowed_down(client, person, seed, mailoutbox):
    local = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    with override_settings(CACHES=local):
        cache.clear()
        where = door(client, person, mailoutbox)
        for _n in range(10):
            reset(client, where, code="000000")
        reset(client, where, code=code_of(seed))
        assert is_now(person, PASSWORD)


def test_recovery_codes_are_seen_once_and_then_only_their_number(client, person, seed):
    codes = RecoveryCodes.activate(person).generate_codes()
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    first = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert [code for code in codes if code not in first] == []
    second = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert [code for code in codes if code in second] == []
    assert "10개 중 10개" in second
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 403
