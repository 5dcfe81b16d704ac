"""A file that leaves opens with its password and with nothing else."""

import io
from datetime import UTC, datetime

import pytest
import pyzipper

from core.documents.parcels import ALPHABET, locked, new_password, pieces_of

pytestmark = pytest.mark.any_database

NOW = datetime(2026, 11, 20, 18, 14, tzinfo=UTC)
SECRET = "홍길동 010-1234-5678".encode()


def parcel(password, **files):
    content = {"a.txt": [SECRET[:5], SECRET[5:]], "b/큰 것.bin": [b"x" * 200_000] * 3} | files
    return b"".join(pieces_of(locked(content.items(), password=password, now=NOW)))


def read(content, name, password):
    with pyzipper.AESZipFile(io.BytesIO(content)) as archive:
        return archive.read(name, pwd=password)


def test_it_opens_with_its_password_and_is_whole():
    password = new_password()
    content = parcel(password)
    assert read(content, "a.txt", password.encode()) == SECRET
    assert read(content, "b/큰 것.bin", password.encode()) == b"x" * 600_000


@pytest.mark.parametrize("wrong", [None, b"", b"wrong"])
def test_it_opens_with_nothing_else(wrong):
    content = parcel(new_password())
    with pytest.raises(RuntimeError):
        read(content, "a.txt", wrong)
    assert SECRET not in content and "홍길동".encode() not in content


def test_every_member_is_under_aes_256_without_a_checksum_of_the_content():
    with pyzipper.AESZipFile(io.BytesIO(parcel(new_password()))) as archive:
        for entry in archive.infolist():
            assert (entry.wz_aes_strength, entry.wz_aes_version, entry.CRC) == (3, 2, 0)


def test_a_changed_byte_is_noticed():
    password = new_password()
    content = bytearray(parcel(password))
    content[200_000 // 1000 + 60] ^= 1
    with pytest.raises((RuntimeError, pyzipper.BadZipFile, OSError, EOFError, ValueError)):
        for name in ("a.txt", "b/큰 것.bin"):
            read(bytes(content), name, password.encode())


def test_passwords_are_long_by_chance_and_can_be_read_out():
    made = {new_password() for _one in range(200)}
    assert len(made) == 200
    assert all(len(one) == 29 and set(one) <= set(ALPHABET) | {"-"} for one in made)
