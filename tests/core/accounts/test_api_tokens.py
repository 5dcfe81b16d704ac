"""Tokens: made once, shown once, ended at once; and what each state of them opens."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from core.accounts.models import ApiToken, Role, Scope, User
from core.accounts.token_services import find_api_token, note_api_token_used, revoke_api_token
from core.audit.models import HOUSE, Event
from core.audit.verification import first_break
from tests.core.accounts.factories import MembershipFactory, UserFactory
from tests.core.accounts.tokens import Program, token_for

NIGHT = datetime(2026, 11, 20, 18, 14, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return MembershipFactory().user


@pytest.fixture
def counting(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "api-tokens"}
    }


def asked(secret, **headers):
    return Program(secret, **headers).get("/topics")


def test_only_the_hash_of_the_secret_is_kept(person):
    token, secret = token_for(person)
    kept = ApiToken.objects.values().get(pk=token.pk)
    assert not [value for value in kept.values() if secret.rpartition("_")[2] in str(value)]
    assert secret not in str(Event.objects.get(action="token.created").data)


def test_the_secret_finds_its_token_and_no_other_secret_does(person):
    token, secret = token_for(person)
    other = token_for(person)[1]
    swapped = f"bd_{token.prefix}_{other.split('_', 2)[2]}"
    assert find_api_token(secret) == token
    assert [find_api_token(wrong) for wrong in (swapped, secret[:-1], secret + "A", "", "bd_\u0661")] == [
        None
    ] * 5


def test_a_live_token_opens(person):
    assert asked(token_for(person)[1]).status_code == 200


def wrong(secret, token):
    return secret[:-4] + "0000"


def revoked(secret, token):
    revoke_api_token(token_id=token.pk, actor=token.owner, now=NIGHT)
    return secret


def expired(secret, token):
    ApiToken.objects.filter(pk=token.pk).update(expires_at=NIGHT)
    return secret


def closed(secret, token):
    User.objects.filter(pk=token.owner_id).update(is_active=False)
    return secret


DEAD = {
    "none": (lambda secret, token: None, "토큰이 없습니다."),
    "empty": (lambda secret, token: "", "모르는 토큰입니다."),
    "wrong": (wrong, "모르는 토큰입니다."),
    "revoked": (revoked, "폐기한 토큰입니다."),
    "expired": (expired, "기간이 끝난 토큰입니다."),
    "closed account": (closed, "토큰 주인의 계정이 닫혔습니다."),
}


@pytest.mark.parametrize("state", DEAD)
def test_a_token_that_does_not_open_says_why(person, state):
    spoil, words = DEAD[state]
    token, secret = token_for(person, now=NIGHT)
    with time_machine.travel(NIGHT, tick=False):
        answer = asked(spoil(secret, token))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["error"]["message"] == words
    assert answer.json()["error"]["hint"]
    assert answer.json()["errors"] == [answer.json()["error"]]


def test_a_token_ends_with_its_last_instant(person):
    secret = token_for(person, now=NIGHT, days=1)[1]
    end = NIGHT + timedelta(days=1)
    with time_machine.travel(end - timedelta(seconds=1), tick=False):
        assert asked(secret).status_code == 200
    with time_machine.travel(end, tick=False):
        assert asked(secret).status_code == 401


def test_another_kind_of_credentials_is_no_token(person):
    secret = token_for(person)[1]
    assert asked(None, Authorization=f"Basic {secret}").status_code == 401
    assert asked(None, Authorization=secret).status_code == 401


def test_a_session_opens_no_door_of_the_api(client, person):
    client.force_login(person)
    assert client.get("/api/v1/topics").status_code == 401
    assert client.post("/api/v1/cases", {}, content_type="application/json").status_code == 401


ALLOWED = {
    Scope.ASSESS: ("/topics",),
    Scope.READ: ("/cases",),
    Scope.WRITE: ("/cases",),
}


@pytest.mark.parametrize("scope", ALLOWED)
def test_a_token_opens_only_what_it_was_made_for(person, scope):
    program = Program(token_for(person, scope)[1])
    answers = {address: program.get(address).status_code for address in ("/topics", "/cases")}
    assert answers == {address: 200 if address in ALLOWED[scope] else 403 for address in answers}


def test_reading_alone_does_not_write(person):
    program = Program(token_for(person, Scope.READ)[1])
    assert program.post("/cases", {}).status_code == 403


def test_after_too_many_wrong_tokens_even_a_right_one_has_to_wait(person, counting):
    secret = token_for(person, now=NIGHT)[1]
    with time_machine.travel(NIGHT, tick=False):
        assert [asked("guess").status_code for _number in range(20)] == [401] * 20
        answer = asked(secret)
        assert (answer.status_code, answer["Retry-After"]) == (429, "300")
    with time_machine.travel(NIGHT + timedelta(seconds=301), tick=False):
        assert asked(secret).status_code == 200


def test_a_program_with_a_token_that_ended_shuts_out_no_other(person, counting):
    token, ended = token_for(person, now=NIGHT)
    live = token_for(person, now=NIGHT)[1]
    revoke_api_token(token_id=token.pk, actor=person, now=NIGHT)
    with time_machine.travel(NIGHT + timedelta(hours=1), tick=False):
        for _number in range(30):
            asked(ended)
        assert asked(live).status_code == 200


def test_reading_writes_nothing_and_asking_by_post_notes_the_use(person):
    token, secret = token_for(person)
    Program(secret).get("/topics")
    token.refresh_from_db()
    assert token.last_used_at is None
    Program(secret).post("/assess/period", {"start": "2026-10-01", "length": "P3D", "counting": "DAYS"})
    token.refresh_from_db()
    assert token.last_used_at is not None


def test_the_use_is_noted_to_some_minutes(person):
    token, _secret = token_for(person)
    for minutes in (0, 4, 6):
        note_api_token_used(token_id=token.pk, now=NIGHT + timedelta(minutes=minutes))
    token.refresh_from_db()
    assert token.last_used_at == NIGHT + timedelta(minutes=6)
    note_api_token_used(token_id=token.pk, now=NIGHT + timedelta(minutes=8))
    token.refresh_from_db()
    assert token.last_used_at == NIGHT + timedelta(minutes=6)


def test_revoking_twice_is_one_event(person):
    token, _secret = token_for(person)
    for _number in range(2):
        revoke_api_token(token_id=token.pk, actor=person, now=NIGHT)
    assert Event.objects.filter(action="token.revoked").count() == 1


def test_history_finds_a_token_that_was_revived_in_the_database(person):
    token, _secret = token_for(person)
    revoke_api_token(token_id=token.pk, actor=person, now=NIGHT)
    assert first_break(HOUSE) is None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_apitoken SET revoked_at = NULL WHERE id = %s", [token.pk])
    assert first_break(HOUSE) is not None


# Pages


def page(name, *arguments):
    return reverse(f"accounts:{name}", args=arguments)


def test_a_person_makes_a_token_that_is_shown_once(client, person):
    client.force_login(person)
    typed = {"name": "관제", "scopes": ["cases:read"], "days": "30"}
    answer = client.post(page("create-token"), typed)
    token = ApiToken.objects.get(owner=person)
    secret = answer.content.decode().split('<p class="bd-code" tabindex="0"><code>')[1].split("<")[0]
    assert find_api_token(secret) == token
    assert token.scopes == ["cases:read"]
    assert token.expires_at - token.created_at == timedelta(days=30)
    assert "no-store" in answer["Cache-Control"]
    assert secret not in client.get(page("token-list")).content.decode()
    event = Event.objects.get(action="token.created")
    assert (event.actor, event.chain_id) == (person, HOUSE)


@pytest.mark.parametrize("missing", ["name", "scopes", "days"])
def test_a_token_needs_a_name_something_to_do_and_an_end(client, person, missing):
    client.force_login(person)
    typed = {"name": "관제", "scopes": ["assess"], "days": "30"}
    del typed[missing]
    assert client.post(page("create-token"), typed).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_person_revokes_their_own_without_giving_a_reason(client, person):
    token, secret = token_for(person)
    client.force_login(person)
    assert client.get(page("revoke-token", token.pk)).status_code == 200
    assert client.post(page("revoke-token", token.pk)).status_code == 302
    assert asked(secret).status_code == 401


@pytest.fixture
def house():
    """A person with a token, and one of every kind who might look."""
    member = MembershipFactory()
    same = {role: MembershipFactory(organization=member.organization, role=role).user for role in Role}
    people = {str(role): user for role, user in same.items()}
    people["admin elsewhere"] = MembershipFactory(role=Role.ADMIN).user
    people["owner"] = member.user
    return token_for(member.user)[0], people


SEEING = ("owner", Role.ADMIN)


@pytest.mark.parametrize("kind", [*Role, "admin elsewhere", "owner"])
def test_a_token_is_seen_and_revoked_by_its_owner_and_the_administrator(client, house, kind):
    token, people = house
    client.force_login(people[kind])
    shown = client.get(page("token-list")).content.decode()
    answer = client.post(page("revoke-token", token.pk), {"reason": "유출 의심"})
    token.refresh_from_db()
    sees = kind in SEEING
    assert (token.prefix in shown, answer.status_code, token.revoked_at is not None) == (
        sees,
        302 if sees else 404,
        sees,
    )


def test_an_administrator_says_why(client, house):
    token, people = house
    client.force_login(people[Role.ADMIN])
    assert client.post(page("revoke-token", token.pk)).status_code == 422
    client.post(page("revoke-token", token.pk), {"reason": "퇴사"})
    assert Event.objects.get(action="token.revoked").reason == "퇴사"


def test_the_token_of_somebody_without_a_role_is_left_to_the_administrators(client, house):
    token, _secret = token_for(UserFactory())
    client.force_login(house[1]["admin elsewhere"])
    assert token.prefix in client.get(page("token-list")).content.decode()


def test_strangers_are_sent_to_the_door(client, house):
    for address in (page("token-list"), page("create-token"), page("revoke-token", house[0].pk)):
        assert reverse("account_login") in client.get(address).url


# The command


def test_the_operator_makes_a_token_on_the_command_line(person):
    said = io.StringIO()
    call_command("create_api_token", person.email, "관제", "--scope", "assess", stdout=said)
    token = find_api_token(said.getvalue().strip())
    assert (token.owner, token.scopes) == (person, ["assess"])
    assert Event.objects.get(action="token.created").actor is None


@pytest.mark.parametrize("arguments", [("nobody@example.org", "관제"), ("", "관제")])
def test_there_is_no_token_for_nobody(person, arguments):
    with pytest.raises(CommandError):
        call_command("create_api_token", *arguments)
