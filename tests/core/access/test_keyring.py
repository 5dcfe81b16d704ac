"""Texts sealed with the application's keys: what goes in comes out, and a fault names the key and nothing else."""

import stat

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.access import keyring
from core.access.keyring import NoApplicationKey, SecretBroken, add_key, seal, unseal

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def keys(settings, tmp_path):
    settings.APPLICATION_KEY_FILE = tmp_path / "keys" / "application.key"
    add_key()
    return settings.APPLICATION_KEY_FILE


def test_what_goes_in_comes_out_and_is_never_sealed_the_same_way(keys):
    first, second = seal(SECRET, purpose="test"), seal(SECRET, purpose="test")
    assert first != second
    assert {unseal(one, purpose="test") for one in (first, second)} == {SECRET}
    assert SECRET not in first


def test_each_sealed_text_names_its_key(keys):
    assert keyring.key_of(seal(SECRET, purpose="test")) == keyring.key_ids()[0]
    assert keyring.key_of(SECRET) == ""


def test_only_the_owner_may_read_the_keys(keys):
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.parent.stat().st_mode) == 0o700


def test_a_further_key_waits_until_it_is_called(keys):
    first = keyring.key_ids()[0]
    old = seal(SECRET, purpose="test")
    waiting = add_key()
    assert keyring.key_of(seal(SECRET, purpose="test")) == first
    assert keyring.seal_with_newest() == waiting
    assert keyring.key_of(seal(SECRET, purpose="test")) == waiting
    assert unseal(old, purpose="test") == SECRET
    assert keyring.seal_with_newest() == waiting, "called again, no old key comes back"


def test_dropping_keeps_the_one_that_seals_and_those_that_wait(keys):
    first = keyring.key_ids()[0]
    second = add_key()
    keyring.seal_with_newest()
    third = add_key()
    assert keyring.old_keys() == [first]
    keyring.drop_old_keys()
    assert keyring.key_ids() == [second, third]


def test_a_missing_key_is_named_and_the_secret_is_not(keys):
    sealed = seal(SECRET, purpose="test")
    gone = keyring.key_ids()[0]
    keys.unlink()
    add_key()
    with pytest.raises(SecretBroken) as fault:
        unseal(sealed, purpose="test")
    assert gone in str(fault.value)
    assert SECRET not in str(fault.value) and sealed not in str(fault.value)


def test_what_was_sealed_for_one_purpose_opens_for_no_other(keys):
    with pytest.raises(SecretBroken):
        unseal(seal(SECRET, purpose="test"), purpose="session")


def test_a_text_that_was_never_sealed_does_not_open(keys):
    with pytest.raises(SecretBroken):
        unseal(SECRET, purpose="test")


@pytest.mark.parametrize("content", ["", "no key\n", "AAAA\n", "~" + "A" * 43 + "=\n", "ключ\n"])
def test_an_unreadable_file_is_no_ring(keys, content):
    keys.write_text(content, encoding="utf-8")
    with pytest.raises(NoApplicationKey, match=r"application\.key"):
        seal(SECRET, purpose="test")


def test_without_the_file_the_remedy_is_said(keys):
    keys.unlink()
    with pytest.raises(NoApplicationKey, match="make_application_key"):
        seal(SECRET, purpose="test")


@given(place=st.integers(0, 200), bit=st.integers(0, 7))
@hypothesis_settings(max_examples=60, deadline=None)
def test_any_changed_bit_is_noticed(place, bit):
    sealed = seal(SECRET * 3, purpose="test")
    head, _dot, body = sealed.rpartition(".")
    changed = bytearray(body, "ascii")
    changed[place % len(changed)] ^= 1 << bit
    text = f"{head}.{changed.decode('latin-1')}"
    try:
        assert unseal(text, purpose="test") == SECRET * 3  # another writing of the same bytes
    except SecretBroken:
        return
    assert keyring.base64.urlsafe_b64decode(bytes(changed)) == keyring.base64.urlsafe_b64decode(body)
