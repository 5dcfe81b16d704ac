"""Files kept encrypted: what goes in comes out, and nothing that was touched does."""

import io
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import vault
from core.documents.case_keys import CaseKey, destroy_key
from core.documents.vault import NoVaultKey, VaultBroken, make_vault_key, opened, reread, seal
from tests.clock import NOON

pytestmark = pytest.mark.django_db
SECRET = "주민등록번호가 아닌 비밀".encode()


@pytest.fixture
def keys(settings, tmp_path):
    settings.VAULT_KEY_FILE = tmp_path / "keys" / "vault.key"
    make_vault_key()
    return settings.VAULT_KEY_FILE


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(vault, "PIECE", 16)


def kept(folder, content, name="file.bdv"):
    path = folder / name
    seal(io.BytesIO(content), path, case_key="2026-001")
    return path


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 32, 33, 100])
def test_what_goes_in_comes_out(keys, tmp_path, small_pieces, size):
    content = bytes(range(256))[:size]
    path = kept(tmp_path, content)
    assert b"".join(opened(path)) == content
    assert reread(path) == seal(io.BytesIO(content), tmp_path / "again.bdv", case_key="2026-001")


def test_neither_the_file_nor_its_name_shows_the_content(keys, tmp_path):
    path = kept(tmp_path, SECRET * 10)
    assert SECRET not in path.read_bytes()
    assert path.read_bytes() != kept(tmp_path, SECRET * 10, "same.bdv").read_bytes()


def test_only_the_owner_may_read_the_key_and_the_files(keys, tmp_path):
    path = kept(tmp_path, SECRET)
    assert {stat.S_IMODE(each.stat().st_mode) for each in (keys, path)} == {0o600}


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
@settings(max_examples=60, deadline=None)
def test_any_changed_bit_is_noticed(tmp_path_factory, place, bit):
    folder = tmp_path_factory.mktemp("vault")
    path = kept(folder, SECRET * 40)
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 1 << bit
    path.write_bytes(content)
    with pytest.raises(VaultBroken):
        reread(path)


def test_pieces_cut_added_or_swapped_do_not_open(keys, tmp_path, small_pieces):
    path = kept(tmp_path, bytes(range(64)))
    whole = path.read_bytes()
    head, size = whole[: vault.HEADER_BYTES], 16 + vault.TAG_BYTES
    pieces = [whole[at : at + size] for at in range(vault.HEADER_BYTES, len(whole), size)]
    assert len(pieces) == 4
    for broken in (pieces[:-1], [*pieces, pieces[-1]], [pieces[1], pieces[0], *pieces[2:]], []):
        path.write_bytes(head + b"".join(broken))
        with pytest.raises(VaultBroken):
            reread(path)


def test_a_new_key_wraps_the_keys_of_cases_and_the_old_one_still_opens(keys, tmp_path):
    before = kept(tmp_path, SECRET, "before.bdv")
    wrapped = bytes(CaseKey.objects.get().wrapped)
    make_vault_key()
    assert b"".join(opened(before)) == SECRET
    after = kept(tmp_path, SECRET, "after.bdv")
    assert bytes(CaseKey.objects.get().wrapped) != wrapped
    keys.write_text(keys.read_text().splitlines()[0] + "\n")
    assert b"".join(opened(before)) == b"".join(opened(after)) == SECRET


def test_a_missing_key_is_named_and_the_content_is_not(keys, tmp_path):
    path = kept(tmp_path, SECRET)
    keys.unlink()
    make_vault_key()
    with pytest.raises(VaultBroken, match=path.read_bytes()[4:12].hex()):
        reread(path)


@pytest.mark.parametrize("content", ["", "not base64 at all!", "c2hvcnQ="])
def test_without_a_sound_key_nothing_is_kept(keys, tmp_path, content):
    keys.write_text(content)
    with pytest.raises(NoVaultKey):
        kept(tmp_path, SECRET)
    keys.unlink()
    with pytest.raises(NoVaultKey, match="make_vault_key"):
        kept(tmp_path, SECRET)


def test_a_kept_file_is_never_written_over(keys, tmp_path):
    path = kept(tmp_path, SECRET)
    with pytest.raises(FileExistsError):
        seal(io.BytesIO(b"other"), path, case_key="2026-001")
    assert b"".join(opened(path)) == SECRET


def test_each_case_has_a_key_of_its_own_and_without_it_nothing_opens(keys, tmp_path):
    path = kept(tmp_path, SECRET)
    seal(io.BytesIO(SECRET), tmp_path / "other.bdv", case_key="2026-002")
    assert path.read_bytes()[4:12] != (tmp_path / "other.bdv").read_bytes()[4:12]
    assert destroy_key("2026-001", now=NOON) == 1
    with pytest.raises(VaultBroken):
        reread(path)
    assert b"".join(opened(tmp_path / "other.bdv")) == SECRET
    assert destroy_key("2026-001", now=NOON) == 0


def test_files_kept_before_cases_had_keys_still_open(keys, tmp_path):
    key, salt = vault._keys()[0], b"s" * vault.SALT_BYTES
    header = vault.BY_VAULT_KEY + vault._id_of(key) + salt
    sealed = vault._cipher(key, salt).encrypt(vault._nonce(0, is_last=True), SECRET, header)
    path = tmp_path / "older.bdv"
    path.write_bytes(header + sealed)
    assert b"".join(opened(path)) == SECRET
