"""Restoring a backup into an empty place, and holding the result against what the backup says it must be."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from config.backup.faults import BackupRefused
from config.backup.files import arriving, is_taken, pieces_of, settle, written
from config.backup.frozen import program, tool_version
from config.backup.keys import install_keys
from config.backup.manifest import (
    DATABASE,
    EVIDENCE,
    STATE,
    Manifest,
    read_manifest,
    refuse_broken,
    refuse_changed_list,
    sealed_bytes,
)
from config.backup.state import State, state_of
from core.documents.vault import opened

PEOPLE_AND_CASES = ("accounts_user", "accounts_organization", "incidents_case")


def restore_backup(
    folder: Path, *, keys: Path | None, into_empty: bool, say: Callable[[str], object]
) -> Manifest:
    """Put a backup in place and prove it: every table, chain and clock as it was, history and evidence verified.

    Nothing is touched before every file has been read and found sound, and never anything that holds people
    or cases. BackupRefused says what stands in the way, or in what the result is not the backup.
    """
    manifest = read_manifest(folder)
    refuse_broken(folder, manifest)
    say(f"백업 {manifest.made_at}: 파일 {len(manifest.files)}개가 모두 목록과 같습니다.")
    refuse_unfit(manifest, into_empty=into_empty)
    for line in install_keys(keys) if keys else ():
        say(line)
    refuse_changed_list(folder)
    state, missing = _state(folder)
    _refuse_newer(state)
    with arriving(Path(settings.EVIDENCE_FOLDER)) as half:
        for name in set(state.evidence) - set(missing):
            written(half / name, pieces_of(folder / EVIDENCE / name))
        _load(folder / DATABASE)  # what breaks off leaves neither
    _refuse_difference(state)
    say(
        f"표 {len(state.counts)}개, 이력 {len(state.heads)}개, 열린 시계 {len(state.clocks)}개가 백업과 같습니다."
    )
    _prove(missing, say)
    return manifest


def _prove(missing: list[str], say: Callable[[str], object]) -> None:
    """History holds and evidence opens, each by the command that says so on any day."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("verify_history")
    if missing:
        say(f"백업할 때 이미 없던 증거 파일 {len(missing)}개: {', '.join(missing)}")
    else:
        call_command("verify_evidence")


def _state(folder: Path) -> tuple[State, list[str]]:
    said: dict[str, Any] = json.loads(sealed_bytes(folder / STATE))
    missing: list[str] = said.pop("missing")
    return State(**said), missing


def _refuse_newer(state: State) -> None:
    """BackupRefused for a backup of a later edition of the product than this one."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(state.migrations) - known)
    if unknown:
        raise BackupRefused(
            f"이 백업은 더 새로운 판의 것입니다({unknown[0]}). 그 판을 설치한 뒤 복구해 주세요."
        )


def refuse_unfit(manifest: Manifest, *, into_empty: bool) -> None:
    """BackupRefused unless this database is of the backup's kind, not older, and empty."""
    if connection.vendor != manifest.vendor:
        told = f"{manifest.vendor} 백업입니다. 이 설치는 {connection.vendor}를 씁니다."
        raise BackupRefused(told)
    if connection.vendor == "postgresql":
        _refuse_older_server(manifest)
    tables = set(connection.introspection.table_names())
    if tables and not into_empty:
        raise BackupRefused("데이터베이스에 표가 있습니다. 표만 있고 비어 있으면 --into-empty를 붙여 주세요.")
    held = [table for table in PEOPLE_AND_CASES if table in tables and _has_rows(table)]
    if held or (tables and not set(PEOPLE_AND_CASES) <= tables):
        raise BackupRefused("비어 있지 않은 데이터베이스입니다. 빈 데이터베이스에만 복구합니다.")
    if is_taken(Path(settings.EVIDENCE_FOLDER)):
        raise BackupRefused(f"증거 폴더가 비어 있지 않습니다: {settings.EVIDENCE_FOLDER}")


def _refuse_older_server(manifest: Manifest) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        (major,) = cursor.fetchone()
    tool = tool_version("pg_restore")
    if major < int(manifest.server) or tool < int(manifest.tool):
        told = f"PostgreSQL {manifest.server}(pg_dump {manifest.tool})의 백업입니다. "
        raise BackupRefused(
            told + f"이 서버는 {major}, pg_restore는 {tool}입니다. 같거나 새로운 판이 필요합니다."
        )


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - a name above
        return cursor.fetchone() is not None


def _load(sealed: Path) -> None:
    if connection.vendor == "sqlite":
        _load_sqlite(sealed)
    else:
        _load_postgresql(sealed)


def _load_sqlite(sealed: Path) -> None:
    target = Path(connection.settings_dict["NAME"])
    connection.close()
    fresh = target.with_name(f".{target.name}.{os.getpid()}.half")
    try:
        written(fresh, opened(sealed))
        for left in (target, *(target.with_name(target.name + end) for end in ("-wal", "-shm"))):
            left.unlink(missing_ok=True)
        fresh.rename(target)
        settle(target.parent)
    finally:
        fresh.unlink(missing_ok=True)


def _load_postgresql(sealed: Path) -> None:
    """All in one transaction: a restore that breaks off leaves the empty database it found."""
    _clear_tables()
    connection.close()
    command, environment = program(
        "pg_restore",
        "--no-owner",
        "--no-privileges",
        "--no-password",
        "--single-transaction",
        "--exit-on-error",
        "--clean",
        "--if-exists",
    )
    with (
        tempfile.TemporaryFile() as words,
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=words) as running,  # noqa: S603
    ):
        assert running.stdin is not None
        try:
            for piece in opened(sealed):
                running.stdin.write(piece)
            running.stdin.close()
        except BrokenPipeError:
            pass  # its own words, below, say why it went
        if running.wait():
            words.seek(0)
            raise BackupRefused(f"pg_restore: {words.read().decode(errors='replace')[-800:]}")


def _clear_tables() -> None:
    """What `migrate` made and nobody used makes way: a later edition may have tables the backup has not."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")


def _refuse_difference(state: State) -> None:
    differences = state.differences(state_of())
    if differences:
        raise BackupRefused("복구한 것이 백업과 다릅니다. 시작하지 마세요.\n" + "\n".join(differences[:20]))
