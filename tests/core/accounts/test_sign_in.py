"""The door: closed to strangers, locked after five wrong tries, and every passage is history."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core.accounts.models import User
from core.audit.models import HOUSE, Event
from tests.core.accounts.factories import PASSWORD, UserFactory

NIGHT = datetime(2026, 11, 20, 18, 14, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory(email="officer@example.org", name="김담당")


def try_to_sign_in(client, email="officer@example.org", password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_the_right_password_opens_the_door_and_is_history(client, person):
    response = try_to_sign_in(client)
    assert (response.status_code, response.url) == (302, "/")
    event = Event.objects.of_chain(HOUSE).get(action="person.signed-in")
    assert event.actor == person


def test_the_address_may_be_typed_in_capitals(client, person):
    try_to_sign_in(client, email="Officer@Example.ORG")
    assert is_signed_in(client)


def test_the_fifth_wrong_password_locks_the_door_for_a_quarter_of_an_hour(client, person):
    with time_machine.travel(NIGHT, tick=False):
        for _number in range(4):
            assert try_to_sign_in(client, password="wrong").status_code == 200
        assert try_to_sign_in(client, password="wrong").status_code == 429
        assert try_to_sign_in(client).status_code == 429
        assert not is_signed_in(client)
    with time_machine.travel(NIGHT + timedelta(minutes=15, seconds=1), tick=False):
        try_to_sign_in(client)
        assert is_signed_in(client)


def test_another_person_is_not_locked_out_by_it(client, person):
    UserFactory(email="other@example.org")
    with time_machine.travel(NIGHT, tick=False):
        for _number in range(5):
            try_to_sign_in(client, password="wrong")
        try_to_sign_in(client, email="other@example.org")
    assert is_signed_in(client)


def test_a_closed_account_stays_out(client, person):
    User.objects.update(is_active=False)
    try_to_sign_in(client)
    assert not is_signed_in(client)


def test_nobody_signs_up(client):
    client.post(
        reverse("account_signup"),
        {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert not User.objects.filter(email="new@example.org").exists()


OPEN_DOORS = {
    "healthz",
    "api:openapi-json",
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_logout",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_signup_webauthn",
    "account_signup_by_passkey",
    "mfa_trust",
    "account_reauthenticate",
    "openid_connect_login",
    "openid_connect_callback",
}


def doors(patterns, groups=(), space=""):
    """Each named door with the names of what its address holds, those of the addresses around it included."""
    for pattern in patterns:
        inner_groups = (*groups, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from doors(pattern.url_patterns, inner_groups, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{space}{pattern.name}", inner_groups


def test_every_door_asks_who_you_are_unless_it_is_named_here(client):
    opened = []
    for name, groups in doors(get_resolver().url_patterns):
        arguments = {key: _sample(key) for key in groups}
        response = client.get(reverse(name, kwargs=arguments))
        # The API asks for a token (401) where a page asks for a sign-in.
        asks = response.status_code in (302, 401, 405) and (
            response.status_code != 302 or reverse("account_login") in response.url
        )
        if not asks and name not in OPEN_DOORS:
            opened.append((name, response.status_code))
    assert opened == []


def _sample(key):
    return {"reference": "2026-001", "ref": "2026-001", "key": "a-key", "uidb36": "a"}.get(key, "1")


@pytest.mark.parametrize(
    "variant", ["OFFICER@example.org", " officer@example.org", "off\u0131cer@example.org"]
)
def test_another_way_of_writing_the_address_does_not_open_a_locked_door(client, person, variant):
    for _number in range(5):
        try_to_sign_in(client, password="wrong")
    assert try_to_sign_in(client, email=variant).status_code == 429


def test_what_a_visitor_says_of_where_they_are_counts_only_as_far_as_our_own_proxy_said_it(
    client, person, settings
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def come_from(spoken, seen):
        where = reverse("account_login")
        typed = {"login": person.email, "password": "wrong"}
        return client.post(where, typed, headers={"X-Forwarded-For": f"{spoken}, {seen}"}).status_code

    tries = [come_from(f"10.0.0.{number}", "203.0.113.7") for number in range(5)]
    assert tries[-1] == 429
    assert come_from("10.0.0.9", "198.51.100.1") == 200


def test_nobody_changes_their_own_address(client, person):
    client.force_login(person)
    answer = client.post(reverse("account_email"), {"action_add": "", "email": "away@elsewhere.example"})
    person.refresh_from_db()
    assert (answer.status_code, person.email) == (404, "officer@example.org")


def test_a_changed_password_is_history(client, person):
    try_to_sign_in(client)
    new = "Zx82kslfi-neu"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), typed)
    assert Event.objects.of_chain(HOUSE).filter(action="person.password-changed", actor=person).exists()


def test_strangers_cannot_flood_a_mailbox(client, settings, mailoutbox):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    for _number in range(12):
        client.post(reverse("account_reset_password"), {"email": "victim@elsewhere.example"})
    assert len(mailoutbox) <= 5
