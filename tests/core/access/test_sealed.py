"""A copy of the database gives nobody a second factor or a session; keys change and everything stays readable."""

import json
from datetime import timedelta
from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from core.access import keyring, sealed
from core.access.session_store import SessionStore, kept_name
from core.accounts.models import Scope
from core.accounts.token_services import create_api_token
from core.audit.models import Event
from tests.core.access.doors import NIGHT, is_in, knock
from tests.core.accounts.factories import PASSWORD, MembershipFactory

pytestmark = pytest.mark.django_db
PLANTED = 4


@pytest.fixture
def keys(settings, tmp_path):
    settings.APPLICATION_KEY_FILE = tmp_path / "keys" / "application.key"
    keyring.add_key()
    return settings.APPLICATION_KEY_FILE


@pytest.fixture
def person():
    return MembershipFactory().user


def dump():
    """Every value of every table, as text."""
    told = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            told += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(told)


def plant():
    """Secrets of every kind of some people, made the way the product makes them."""
    secrets = []
    for _n in range(PLANTED):
        someone = MembershipFactory().user
        seed = generate_totp_secret()
        TOTP.activate(someone, seed)
        codes = RecoveryCodes.activate(someone)
        client = Client()
        client.force_login(someone)
        session = client.session
        session[SECRET_SESSION_KEY] = pending = generate_totp_secret()
        session.save()
        _token, api = create_api_token(
            owner=someone,
            name="관제",
            scopes=[Scope.READ],
            expires_at=NIGHT + timedelta(days=1),
            actor=someone,
            now=NIGHT,
        )
        secrets += [seed, codes.generate_codes()[0], client.cookies["sessionid"].value, pending, api]
    return secrets


def code_of(seed):
    return format_hotp_value(hotp_value(seed, next(iter(yield_hotp_counters_from_time()))))


def test_a_dump_holds_none_of_the_planted_secrets(keys):
    secrets = plant()
    assert len(secrets) == 5 * PLANTED
    told = dump()
    assert "관제" in told, "the dump is of this database"
    assert [secret for secret in secrets if secret in told] == []


def test_a_session_read_from_the_table_opens_nothing(client, person, keys):
    client.force_login(person)
    assert is_in(client)
    row = Session.objects.get(session_key=kept_name(client.cookies["sessionid"].value))
    thief = Client()
    thief.cookies["sessionid"] = row.session_key
    assert not is_in(thief)


def test_a_code_still_opens_the_door(client, person, keys):
    seed = generate_totp_secret()
    TOTP.activate(person, seed)
    knock(client, person.email)
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(seed)})
    assert answer.status_code == 302
    assert is_in(client)


def test_after_a_rotation_everything_is_readable_and_the_old_key_may_go(client, person, keys):
    seed = generate_totp_secret()
    TOTP.activate(person, seed)
    codes = RecoveryCodes.activate(person).generate_codes()
    client.force_login(person)
    first = keyring.key_ids()[0]
    call_command("make_application_key")
    call_command("rotate_application_key")
    assert sealed.keys_in_use() == {keyring.key_ids()[0]} != {first}
    call_command("rotate_application_key", "--drop-old")
    assert keyring.key_ids() != [first] and len(keyring.key_ids()) == 1
    assert is_in(client)
    held = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    assert held.wrap().validate_code(code_of(seed))
    kept = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES)
    assert kept.wrap().generate_codes() == codes


def test_a_key_that_is_needed_does_not_go(person, keys):
    keyring.add_key()
    TOTP.activate(person, generate_totp_secret())
    needed = keyring.key_ids()[0]
    keyring.seal_with_newest()
    with pytest.raises(CommandError, match=needed):
        call_command("rotate_application_key", "--drop-old")
    assert needed in keyring.key_ids()


def test_rotating_and_dropping_are_history_without_the_key(keys):
    call_command("make_application_key")
    call_command("rotate_application_key")
    call_command("rotate_application_key", "--drop-old")
    told = Event.objects.filter(action__startswith="application-key.").order_by("sequence")
    assert [event.action for event in told] == ["application-key.rotated", "application-key.dropped"]
    assert keys.read_text().strip() not in json.dumps([event.data for event in told])


def test_a_session_whose_key_is_gone_means_signing_in_anew(client, person, keys, caplog):
    client.force_login(person)
    gone = keyring.key_ids()[0]
    keys.unlink()
    keyring.add_key()
    assert not is_in(client)
    assert gone in caplog.text
    assert knock(client, person.email, PASSWORD).status_code == 302
    assert is_in(client)


def test_seeds_from_before_are_sealed_by_the_migration(person, keys):
    plain = {"secret": "JBSWY3DPEHPK3PXP"}
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data=plain)
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "ab" * 40, "used_mask": 1}
    )
    migration = import_module("core.access.migrations.0005_sealed_secrets")
    migration.seal_seeds(apps, None)
    migration.seal_seeds(apps, None)  # again changes nothing
    assert "JBSWY3DPEHPK3PXP" not in dump() and "ab" * 40 not in dump()
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    assert len(codes.wrap().get_unused_codes()) == 9
    totp = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert totp.wrap().validate_code(code_of("JBSWY3DPEHPK3PXP"))


def test_sign_out_leaves_no_session_behind(client, person, keys):
    client.force_login(person)
    key = client.cookies["sessionid"].value
    assert SessionStore().exists(key)
    client.post(reverse("account_logout"))
    assert not SessionStore().exists(key)
