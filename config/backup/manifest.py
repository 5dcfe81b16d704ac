"""The list of what a backup holds, and whether all of it is there as it was written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from config.backup.faults import BackupRefused
from config.backup.files import Kept, kept_file, written
from core.documents.vault import NoVaultKey, VaultBroken, opened, seal

FORMAT = "breachdesk backup 1"
MANIFEST, SEALED = "manifest.json", "manifest.bdv"
DATABASE, STATE, EVIDENCE = "database.bdv", "state.bdv", "evidence"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the folder says of itself, in the clear: nobody's data, and enough to check it without a key."""

    made_at: str
    vendor: str
    server: str
    tool: str
    key: str  # the id of the vault key that opens it
    secret_key_hint: str
    files: tuple[Kept, ...]

    def as_bytes(self) -> bytes:
        body = {"title": FORMAT, **asdict(self)}
        return (json.dumps(body, indent=1, ensure_ascii=False) + "\n").encode()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """The list, and the list sealed: whoever has no key cannot write another that fits."""
    body = manifest.as_bytes()
    seal(BytesIO(body), folder / SEALED, case_key=None)
    written(folder / MANIFEST, [body])


def read_manifest(folder: Path) -> Manifest:
    """The list of a whole backup. BackupRefused for half a one, another format, or a changed list."""
    path = folder / MANIFEST
    if not path.exists():
        raise BackupRefused(f"온전한 백업이 아닙니다. {MANIFEST}이 없습니다: {folder}")
    body = path.read_bytes()
    try:
        said: dict[str, Any] = json.loads(body)
        if said.pop("title") != FORMAT:
            raise KeyError("title")
        files = tuple(Kept(**one) for one in said.pop("files"))
        manifest = Manifest(files=files, **said)
    except (ValueError, KeyError, TypeError) as fault:
        raise BackupRefused(f"백업의 목록을 읽지 못했습니다: {path}") from fault
    return manifest


def refuse_broken(folder: Path, manifest: Manifest) -> None:
    """BackupRefused with the first file that is missing, cut, changed or not on the list. Needs no key."""
    for fault in _faults(folder, manifest):
        raise BackupRefused(fault)


def _faults(folder: Path, manifest: Manifest) -> Iterator[str]:
    listed = {one.path for one in manifest.files}
    if not {DATABASE, STATE} <= listed:
        yield f"온전한 백업이 아닙니다. 목록에 데이터베이스가 없습니다: {folder}"
    for one in manifest.files:
        yield from _fault_of(folder, one)
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    for name in sorted(found - listed - {MANIFEST, SEALED}):
        yield f"목록에 없는 파일이 있습니다: {name}"


def _fault_of(folder: Path, one: Kept) -> Iterator[str]:
    path = folder / one.path
    if not path.resolve().is_relative_to(folder.resolve()):
        yield f"백업 밖을 가리킵니다: {one.path}"
    elif not path.is_file():
        yield f"파일이 없습니다: {one.path}"
    elif path.stat().st_size != one.size:
        yield f"파일이 잘렸거나 늘었습니다: {one.path} ({path.stat().st_size}/{one.size}바이트)"
    elif kept_file(folder, one.path).sha256 != one.sha256:
        yield f"파일의 내용이 바뀌었습니다: {one.path}"


def refuse_changed_list(folder: Path) -> None:
    """BackupRefused when the list in the clear is not the one that was sealed."""
    if not (folder / SEALED).is_file():
        raise BackupRefused(f"파일이 없습니다: {SEALED}")
    if sealed_bytes(folder / SEALED) != (folder / MANIFEST).read_bytes():
        raise BackupRefused(f"백업의 목록이 바뀌었습니다: {MANIFEST}")


def sealed_bytes(path: Path) -> bytes:
    """The content of a sealed file. BackupRefused where it does not open, with the key it wants."""
    try:
        return b"".join(opened(path))
    except (VaultBroken, NoVaultKey) as fault:
        raise BackupRefused(str(fault)) from fault
