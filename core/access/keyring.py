"""The application's keys: what the database keeps of secrets, it keeps sealed with one of these (AES-256-GCM).

A sealed text is `bdk1.`, the id of its key, and what the key made of it for one purpose; sealed for another
purpose it does not open. The keys lie in a file outside the database (`settings.APPLICATION_KEY_FILE`): one a
line, the first seals, all of them open. A further key comes last and waits, with a `~` before it, until every
machine has it.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

MARK, WAITS = "bdk1", "~"
KEY_BYTES, ID_BYTES, NONCE_BYTES = 32, 8, 12
OWN_ONLY = 0o600


class NoApplicationKey(LookupError):
    """There is no key to seal or open with on this machine."""


class SecretBroken(ValueError):
    """A sealed text does not open: changed, of another purpose, or sealed with a key that is not here."""


def seal(text: str, *, purpose: str) -> str:
    """`text` under the first key. NoApplicationKey without one."""
    key = _keys()[0]
    nonce = secrets.token_bytes(NONCE_BYTES)
    box = _cipher(key, purpose).encrypt(nonce, text.encode(), _bound(_id_of(key), purpose))
    return f"{MARK}.{_id_of(key)}.{base64.urlsafe_b64encode(nonce + box).decode('ascii')}"


def unseal(sealed: str, *, purpose: str) -> str:
    """What was sealed for `purpose`. SecretBroken names the key, never the content."""
    key_id = key_of(sealed)
    if not key_id:
        raise SecretBroken(_("잠그지 않은 비밀입니다. manage.py migrate로 잠가 주세요."))
    key = next((one for one in _keys() if _id_of(one) == key_id), None)
    if key is None:
        raise SecretBroken(_("애플리케이션 키 %(key)s가 이 서버에 없습니다.") % {"key": key_id})
    try:
        box = base64.urlsafe_b64decode(sealed.rpartition(".")[2].encode("ascii"))
        opened = _cipher(key, purpose).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], _bound(key_id, purpose))
    except (InvalidTag, ValueError) as fault:
        raise SecretBroken(_("키 %(key)s로 잠근 비밀이 바뀌었습니다.") % {"key": key_id}) from fault
    return opened.decode()


def key_of(sealed: str) -> str:
    """The id of the key that sealed it; empty for a text that is not sealed."""
    parts = sealed.split(".")
    return parts[1] if len(parts) == 3 and parts[0] == MARK else ""


def key_ids() -> list[str]:
    """The ids of the keys of this machine; the first one seals."""
    return [_id_of(key) for key in _keys()]


def add_key() -> str:
    """A further key, which opens and waits to seal; the first of all seals at once. Its id."""
    key = secrets.token_bytes(KEY_BYTES)
    held = _lines() if _file().exists() else []
    _write([*held, Line(key, waits=bool(held))])
    return _id_of(key)


def ensure_key() -> None:
    """A key where there is none yet."""
    if not _file().exists():
        add_key()


def seal_with_newest() -> str:
    """The key that came last and waits seals from now on; where none waits, nothing changes. The id of the key that seals."""
    lines = _lines()
    waiting = [line for line in lines if line.waits]
    if waiting:
        newest = waiting[-1]
        _write([Line(newest.key, waits=False), *(line for line in lines if line is not newest)])
    return key_ids()[0]


def old_keys() -> list[str]:
    """The ids of the keys that sealed once and only open now."""
    return [_id_of(line.key) for line in _lines()[1:] if not line.waits]


def drop_old_keys() -> None:
    """Forget them. What they sealed opens no more."""
    first, *others = _lines()
    _write([first, *(line for line in others if line.waits)])


@dataclass(frozen=True, slots=True)
class Line:
    """One key of the file."""

    key: bytes
    waits: bool


def _file() -> Path:
    return Path(settings.APPLICATION_KEY_FILE)


def _id_of(key: bytes) -> str:
    return hashlib.sha256(b"breachdesk application key" + key).digest()[:ID_BYTES].hex()


def _bound(key_id: str, purpose: str) -> bytes:
    return f"{MARK}.{key_id}.{purpose}".encode()


def _cipher(key: bytes, purpose: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"breachdesk {purpose}".encode())
    return AESGCM(derived.derive(key))


def _keys() -> list[bytes]:
    return [line.key for line in _lines()]


def _lines() -> list[Line]:
    path = _file()
    try:
        state = path.stat()
    except FileNotFoundError as fault:
        told = _("애플리케이션 키가 없습니다: %(path)s. manage.py make_application_key로 만들어 주세요.")
        raise NoApplicationKey(told % {"path": path}) from fault
    return list(_read(path, state.st_mtime_ns, state.st_ino))


@lru_cache(maxsize=4)
def _read(path: Path, changed_at: int, node: int) -> tuple[Line, ...]:
    """Read once for as long as the file stays the same one."""
    try:
        lines = tuple(map(_line, path.read_text(encoding="ascii").split()))
    except ValueError as fault:  # neither ASCII nor base64
        raise NoApplicationKey(_unreadable(path)) from fault
    if not lines or lines[0].waits or any(len(line.key) != KEY_BYTES for line in lines):
        raise NoApplicationKey(_unreadable(path))
    return lines


def _line(text: str) -> Line:
    return Line(base64.b64decode(text.removeprefix(WAITS), validate=True), waits=text.startswith(WAITS))


def _unreadable(path: Path) -> str:
    return _("애플리케이션 키를 읽지 못했습니다: %(path)s") % {"path": path}


def _write(lines: list[Line]) -> None:
    """The whole file or none of it, readable by its owner alone."""
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWN_ONLY), "w") as out:
        for line in lines:
            out.write(WAITS * line.waits + base64.b64encode(line.key).decode("ascii") + "\n")
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
