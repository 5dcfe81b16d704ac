"""The keys of a house as one file, kept apart from every backup: whoever has both reads everything."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from config.backup.faults import BackupRefused
from config.backup.files import OWN_FOLDER, settle, written

FORMAT = "breachdesk keys 1"
VAULT, APPLICATION, SIGNING, SECRET = "vault.key", "application.key", "signing.pem", "secret_key"
PUBLIC = ".pub.pem"


def secret_key_hint() -> str:
    """What tells one SECRET_KEY from another without telling it."""
    return hashlib.sha256(b"breachdesk secret key" + settings.SECRET_KEY.encode()).hexdigest()[:16]


def save_keys(target: Path, *, now: datetime) -> list[str]:
    """Write every key of this machine to `target`, for its owner alone; their names. BackupRefused over a file."""
    held = dict(_held())
    if VAULT not in held:
        raise BackupRefused("보관 파일의 키가 없습니다. manage.py make_vault_key로 만들어 주세요.")
    files = [
        {
            "name": name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "content": base64.b64encode(content).decode(),
        }
        for name, content in held.items()
    ]
    listed = {
        "title": FORMAT,
        "made_at": now.isoformat(),
        "secret_key_hint": secret_key_hint(),
        "files": files,
    }
    target.parent.mkdir(parents=True, exist_ok=True, mode=OWN_FOLDER)
    fresh = target.with_name(f".{target.name}.{os.getpid()}.half")
    try:
        written(fresh, [(json.dumps(listed, indent=1) + "\n").encode()])
        os.link(fresh, target)  # unlike a renaming, it takes no file's place
    except FileExistsError as taken:
        raise BackupRefused(f"이미 있는 파일입니다: {target}") from taken
    finally:
        fresh.unlink(missing_ok=True)
    settle(target.parent)
    return list(held)


def _held() -> Iterator[tuple[str, bytes]]:
    """The keys here: what seals, what signs, the public halves of all times, and an installation's own secret."""
    signing = Path(settings.SIGNING_KEY_FILE)
    places = {**_rings(), SIGNING: signing, SECRET: Path(settings.DATA_DIR) / SECRET}
    for name, path in places.items():
        if path.exists():
            yield name, path.read_bytes()
    for path in sorted(signing.parent.glob(f"*{PUBLIC}")):
        yield path.name, path.read_bytes()


def _rings() -> dict[str, Path]:
    """The files that hold one key a line, the first of which seals."""
    return {VAULT: Path(settings.VAULT_KEY_FILE), APPLICATION: Path(settings.APPLICATION_KEY_FILE)}


def install_keys(source: Path) -> list[str]:
    """Put the keys of `source` where this machine looks for them; what was done, in sentences.

    For an empty house. Keys of evidence and of secrets are added behind the present ones; a signing key that is here stays, and the
    public half of the other still verifies; the secret an installation made for itself on its start gives way.
    """
    listed = _read(source)
    held = {one["name"]: _content(one, source) for one in listed["files"]}
    told = [_add_keys(path, held[name]) for name, path in _rings().items() if name in held]
    signing = Path(settings.SIGNING_KEY_FILE)
    places = {SIGNING: signing}
    places |= {name: signing.parent / name for name in held if name.endswith(PUBLIC) and "/" not in name}
    for name, path in places.items():
        if name in held:
            told.append(_put(path, held[name]))
    if SECRET in held:
        told.append(_take_secret(held[SECRET]))
    elif listed["secret_key_hint"] != secret_key_hint():
        told.append("SECRET_KEY가 백업한 설치의 것과 다릅니다. 같은 값으로 맞춘 뒤 시작해 주세요.")
    return told


def _read(source: Path) -> dict[str, Any]:
    try:
        listed: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
        if listed["title"] != FORMAT or not listed["files"]:
            raise KeyError("title")
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise BackupRefused(f"키 파일이 아니거나 잘렸습니다: {source}") from fault
    return listed


def _content(one: dict[str, Any], source: Path) -> bytes:
    try:
        content = base64.b64decode(one["content"], validate=True)
    except (binascii.Error, KeyError) as fault:
        raise BackupRefused(f"키 파일이 잘렸습니다: {source}") from fault
    if hashlib.sha256(content).hexdigest() != one["sha256"]:
        raise BackupRefused(f"키 파일의 내용이 바뀌었습니다: {source}, {one['name']}")
    return content


def _add_keys(path: Path, content: bytes) -> str:
    here = path.read_bytes().splitlines() if path.exists() else []
    missing = [line for line in content.splitlines() if line.strip() and line not in here]
    if not missing:
        return f"{path.name}: 이미 있습니다({path})."
    path.parent.mkdir(parents=True, exist_ok=True, mode=OWN_FOLDER)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.half")
    fresh.unlink(missing_ok=True)
    written(fresh, [b"\n".join([*here, *missing]) + b"\n"])
    fresh.replace(path)
    settle(path.parent)
    return f"{path.name}: 키 {len(missing)}개를 놓았습니다({path})."


def _take_secret(content: bytes) -> str:
    path = Path(settings.DATA_DIR) / SECRET
    fresh = path.with_name(f"{path.name}.{os.getpid()}.half")
    fresh.unlink(missing_ok=True)
    written(fresh, [content])
    fresh.replace(path)
    settle(path.parent)
    return f"{SECRET}: 놓았습니다({path})."


def _put(path: Path, content: bytes) -> str:
    if path.exists():
        same = path.read_bytes() == content
        return f"{path.name}: " + ("이미 있습니다." if same else f"다른 것이 있어 그대로 둡니다({path}).")
    path.parent.mkdir(parents=True, exist_ok=True, mode=OWN_FOLDER)
    written(path, [content])
    settle(path.parent)
    return f"{path.name}: 놓았습니다({path})."
