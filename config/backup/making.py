"""Making a backup while the product runs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.db import transaction

from config.backup.faults import BackupRefused
from config.backup.files import Kept, arriving, kept_file, pieces_of, written
from config.backup.frozen import ALIAS, Frozen, frozen_database
from config.backup.keys import save_keys, secret_key_hint
from config.backup.manifest import DATABASE, EVIDENCE, STATE, Manifest, write_manifest
from config.backup.state import State, state_of
from core.access.recovery import note_backup
from core.documents.vault import NoVaultKey, key_ids, seal


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is done. `missing` are kept files that rows name and the disk has not."""

    folder: Path
    file_count: int
    size: int
    key: str
    missing: tuple[str, ...]


def make_backup(*, out: Path, keys_out: Path | None, now: datetime) -> Made:
    """A whole backup at `out`, and the keys at `keys_out`; one of them is never half there.

    The database is held still while it is dumped. A kept file is on the disk before its row is, and never
    changes, so every file the rows name can be copied afterwards. BackupRefused leaves nothing behind.
    """
    out = out.absolute()
    if keys_out is not None and keys_out.absolute().is_relative_to(out):
        raise BackupRefused("키는 백업과 다른 곳에 두어야 합니다. --keys-out을 바꿔 주세요.")
    if keys_out is not None and keys_out.exists():
        raise BackupRefused(f"이미 있는 파일입니다: {keys_out}")
    try:
        with arriving(out) as folder:
            made = _filled(folder, out, now=now)
    except NoVaultKey as obstacle:
        raise BackupRefused(str(obstacle)) from obstacle
    if keys_out is not None:
        save_keys(keys_out, now=now)
    with transaction.atomic():
        note_backup(size=made.size, file_count=made.file_count, key=made.key, now=now)
    return made


def _filled(folder: Path, out: Path, *, now: datetime) -> Made:
    with frozen_database() as frozen:
        state = state_of(ALIAS)
        with frozen.dump() as dump:
            seal(dump, folder / DATABASE, case_key=None)
    missing, copied = _copied_evidence(folder, state)
    body = json.dumps({**state.as_json(), "missing": missing}, ensure_ascii=False).encode()
    seal(BytesIO(body), folder / STATE, case_key=None)
    files = (kept_file(folder, DATABASE), kept_file(folder, STATE), *copied)
    manifest = _manifest(frozen, files, now=now)
    write_manifest(folder, manifest)
    return Made(out, len(files), sum(one.size for one in files), manifest.key, tuple(missing))


def _manifest(frozen: Frozen, files: tuple[Kept, ...], *, now: datetime) -> Manifest:
    return Manifest(
        made_at=now.isoformat(),
        vendor=frozen.vendor,
        server=frozen.server,
        tool=frozen.tool,
        key=key_ids()[0],
        secret_key_hint=secret_key_hint(),
        files=files,
    )


def _copied_evidence(folder: Path, state: State) -> tuple[list[str], list[Kept]]:
    """The kept files the rows name, byte for byte: they are sealed already. Names of those not found, and the rest."""
    (folder / EVIDENCE).mkdir(mode=0o700)
    missing, copied = [], []
    for name in state.evidence:
        source = Path(settings.EVIDENCE_FOLDER) / name
        if not source.is_file():
            missing.append(name)
            continue
        size, sha256 = written(folder / EVIDENCE / name, pieces_of(source))
        copied.append(Kept(f"{EVIDENCE}/{name}", size, sha256))
    return missing, copied
