"""The key that signs history. It lives in a file outside the database; the public keys of all times lie beside it."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings
from django.utils.translation import gettext as _

OWN_ONLY = 0o600
PUBLIC = ".pub.pem"


class NoSigningKey(LookupError):
    """There is no key to sign with on this machine."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _(
                "서명 키가 없습니다: %(path)s. manage.py make_signing_key로 만들거나 "
                "BREACHDESK_SIGNING_KEY에 파일의 위치를 적어 주세요."
            )
            % {"path": path}
        )


class UnsafeSigningKey(PermissionError):
    """Others on this machine may read the key, or it is no key of ours."""


class KeyAlreadyThere(FileExistsError):
    """A key is made over another only on purpose."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key, ready to sign."""

    key_id: str
    _private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        return self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> str:
        """The signature, as hexadecimal digits."""
        return self._private.sign(message).hex()


def key_file() -> Path:
    return Path(settings.SIGNING_KEY_FILE)


def key_id_of(public: bytes) -> str:
    """The fingerprint of a public key: the first 32 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:32]


def load_signer() -> Signer:
    """The key of this machine. NoSigningKey without one, UnsafeSigningKey where everybody may read it."""
    path = key_file()
    try:
        mode, pem = path.stat().st_mode, path.read_bytes()
    except FileNotFoundError:
        raise NoSigningKey(path) from None
    if stat.S_IMODE(mode) & 0o007:
        raise UnsafeSigningKey(_("누구나 읽을 수 있는 서명 키입니다: %(path)s (chmod 600)") % {"path": path})
    private = load_pem_private_key(pem, password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise UnsafeSigningKey(_("Ed25519 키가 아닙니다: %(path)s") % {"path": path})
    return Signer(key_id_of(private.public_key().public_bytes_raw()), private)


def public_keys() -> dict[str, bytes]:
    """Every public key this machine trusts, by its fingerprint: the present one's and those before it.

    They are read from files, never from the database: whoever owns the database must not name the key.
    """
    found = [load_pem_public_key(path.read_bytes()) for path in sorted(key_file().parent.glob(f"*{PUBLIC}"))]
    raw = [key.public_bytes_raw() for key in found if isinstance(key, Ed25519PublicKey)]
    with suppress(NoSigningKey, UnsafeSigningKey):  # a machine may have been given the private file alone
        raw.append(load_signer().public)
    return {key_id_of(public): public for public in raw}


def is_signed(message: bytes, *, signature: str, public: bytes) -> bool:
    """Whether `signature` (hexadecimal) is that of `public` under `message`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def make_signing_key(*, replace: bool = False) -> str:
    """Make the key of this machine and give its fingerprint. The public keys of earlier ones stay.

    KeyAlreadyThere when there is one and it is not to be replaced.
    """
    path = key_file()
    if path.exists() and not replace:
        raise KeyAlreadyThere(path)
    private = Ed25519PrivateKey.generate()
    public = private.public_key()
    key_id = key_id_of(public.public_bytes_raw())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (path.parent / f"{key_id}{PUBLIC}").write_bytes(
        pem
    )  # first: a key without its public half proves nothing
    _write_private(
        path, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), replace=replace
    )
    return key_id


def _write_private(path: Path, pem: bytes, *, replace: bool) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN_ONLY), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        if replace:
            fresh.replace(path)
        else:
            os.link(fresh, path)  # unlike a renaming, it refuses to take the place of a key made meanwhile
    except FileExistsError as taken:
        raise KeyAlreadyThere(path) from taken
    finally:
        fresh.unlink(missing_ok=True)


def ensure_signing_key() -> str:
    """The fingerprint of the key of this machine, which is made if there is none."""
    try:
        return load_signer().key_id
    except NoSigningKey:
        return make_signing_key()
