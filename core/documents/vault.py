"""Files kept encrypted: AES-256-GCM in pieces, under a key of their own that the vault's key makes.

A file is `BDV2`, the id of its case's key (8 bytes; of the vault key in `BDV1`), a salt (16 bytes), then
pieces of at most 1 MiB, each with its tag. The place of a piece and whether it is the last are sealed with it, so a file cut short, lengthened or
with its pieces swapped does not open. The keys lie in a file outside the database (`settings.VAULT_KEY_FILE`):
one a line, the first wraps the keys of cases, all of them open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from core.documents.case_keys import KeyDestroyed, id_of, key_for, key_named

MAGIC = b"BDV2"  # under the key of a case, which the vault key wraps
BY_VAULT_KEY = b"BDV1"  # under the key of the vault itself: backups, and evidence from before cases had keys
ID_BYTES, SALT_BYTES, TAG_BYTES = 8, 16, 16
HEADER_BYTES = len(MAGIC) + ID_BYTES + SALT_BYTES
PIECE = 1024 * 1024
OWN_ONLY = 0o600


class NoVaultKey(LookupError):
    """There is no key to seal or open with on this machine."""


class VaultBroken(ValueError):
    """A kept file does not open: changed, cut short, or sealed with a key that is not here."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was kept: its size in bytes and the SHA-256 of its content, before sealing."""

    size: int
    sha256: str


def make_vault_key() -> str:
    """Make a key that seals from now on; the earlier ones stay and still open. Its id."""
    path = _key_file()
    earlier = path.read_text(encoding="ascii") if path.exists() else ""
    key = secrets.token_bytes(32)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWN_ONLY), "w") as out:
        out.write(base64.b64encode(key).decode("ascii") + "\n" + earlier)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
    return _id_of(key).hex()


def ensure_vault_key() -> None:
    """A key where there is none yet."""
    if not _key_file().exists():
        make_vault_key()


def seal(source: BinaryIO, target: Path, *, case_key: str | None) -> Sealed:
    """Keep what `source` holds from where it stands, encrypted, at `target`; on the disk before it returns.

    `case_key` is the case whose key seals it; None seals with the vault's own key what has to open without a
    database: backups. KeyDestroyed for one that is destroyed; NoVaultKey without a key; FileExistsError rather than writing over a kept file.
    """
    salt = secrets.token_bytes(SALT_BYTES)
    if case_key is None:
        key = _keys()[0]
        header = BY_VAULT_KEY + _id_of(key) + salt
    else:
        key = key_for(case_key, vault_keys=_keys())
        header = MAGIC + id_of(key) + salt
    cipher, digest, size = _cipher(key, salt), hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN_ONLY), "wb") as out:
        out.write(header)
        for place, (piece, is_last) in enumerate(_with_last(iter(lambda: source.read(PIECE), b""))):
            digest.update(piece)
            size += len(piece)
            out.write(cipher.encrypt(_nonce(place, is_last=is_last), piece, header))
        out.flush()
        os.fsync(out.fileno())
    return Sealed(size, digest.hexdigest())


def opened(path: Path) -> Iterator[bytes]:
    """The content of a kept file, piece by piece. VaultBroken names the file and its key, never the content."""
    with path.open("rb") as kept:
        header = kept.read(HEADER_BYTES)
        if len(header) != HEADER_BYTES or not header.startswith((MAGIC, BY_VAULT_KEY)):
            raise VaultBroken(_("보관 파일의 머리가 없습니다: %(name)s") % {"name": path.name})
        cipher = _cipher(_key_of(header, path), header[-SALT_BYTES:])
        pieces = _with_last(iter(lambda: kept.read(PIECE + TAG_BYTES), b""))
        for place, (piece, is_last) in enumerate(pieces):
            try:
                yield cipher.decrypt(_nonce(place, is_last=is_last), piece, header)
            except InvalidTag as fault:
                told = {"name": path.name, "place": place + 1}
                raise VaultBroken(
                    _("보관 파일이 바뀌었거나 잘렸습니다: %(name)s, %(place)d번째 조각") % told
                ) from fault


def reread(path: Path) -> Sealed:
    """Size and SHA-256 of what `path` really holds. VaultBroken when it does not open."""
    digest, size = hashlib.sha256(), 0
    for piece in opened(path):
        digest.update(piece)
        size += len(piece)
    return Sealed(size, digest.hexdigest())


def _with_last(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each piece, and whether none follows; one empty piece of nothing, so that a lost tail is noticed."""
    held = next(pieces, b"")
    for piece in pieces:
        yield held, False
        held = piece
    yield held, True


def _nonce(place: int, *, is_last: bool) -> bytes:
    return place.to_bytes(11, "big") + bytes([is_last])


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"breachdesk kept file").derive(key))


def _key_file() -> Path:
    return Path(settings.VAULT_KEY_FILE)


def _id_of(key: bytes) -> bytes:
    return hashlib.sha256(b"breachdesk vault key" + key).digest()[:ID_BYTES]


def _keys() -> list[bytes]:
    path = _key_file()
    if not path.exists():
        raise NoVaultKey(
            _("보관 파일의 키가 없습니다: %(path)s. manage.py make_vault_key로 만들어 주세요.")
            % {"path": path}
        )
    try:
        keys = [base64.b64decode(line, validate=True) for line in path.read_text(encoding="ascii").split()]
    except (binascii.Error, UnicodeDecodeError) as fault:
        raise NoVaultKey(_("보관 파일의 키를 읽지 못했습니다: %(path)s") % {"path": path}) from fault
    if not keys or any(len(key) != 32 for key in keys):
        raise NoVaultKey(_("보관 파일의 키를 읽지 못했습니다: %(path)s") % {"path": path})
    return keys


def _key_of(header: bytes, path: Path) -> bytes:
    key_id = header[len(MAGIC) :][:ID_BYTES]
    if header.startswith(BY_VAULT_KEY):
        return _key_named(key_id, path)
    try:
        return key_named(key_id, vault_keys=_keys())
    except KeyDestroyed as fault:
        raise VaultBroken(_no_key(key_id, path)) from fault


def _key_named(key_id: bytes, path: Path) -> bytes:
    key = next((key for key in _keys() if _id_of(key) == key_id), None)
    if key is None:
        raise VaultBroken(_no_key(key_id, path))
    return key


def key_ids() -> list[str]:
    """The ids of the keys on this machine, the one that seals first; none where there is no key."""
    return [_id_of(key).hex() for key in _keys()] if _key_file().exists() else []


def _no_key(key_id: bytes, path: Path) -> str:
    told = {"name": path.name, "key": key_id.hex()}
    return _("보관 파일 %(name)s의 키 %(key)s가 이 서버에 없습니다.") % told
