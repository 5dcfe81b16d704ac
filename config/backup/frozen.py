"""The database as it is at one instant, while people go on working: to be asked, and to be dumped."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.backends.postgresql.client import DatabaseClient

from config.backup.faults import BackupRefused

ALIAS = "frozen"  # a second connection, which sees nothing of what is written meanwhile
LEFT, STALE_SECONDS = ".backup-", 24 * 60 * 60
OPTIONS = ("--format=custom", "--no-owner", "--no-privileges", "--no-password")


@dataclass(frozen=True, slots=True)
class Frozen:
    """A database that stands still behind `ALIAS`, and what wrote its dump."""

    vendor: str
    server: str
    tool: str
    command: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    copy: Path | None = None

    @contextmanager
    def dump(self) -> Iterator[BinaryIO]:
        """Its content, to be read once. BackupRefused when the dump breaks off, with its own words."""
        if self.copy is not None:
            with self.copy.open("rb") as source:
                yield source
            return
        with (
            tempfile.TemporaryFile() as words,
            subprocess.Popen(  # noqa: S603
                self.command, env=self.environment, stdout=subprocess.PIPE, stderr=words
            ) as running,
        ):
            assert running.stdout is not None
            yield running.stdout  # type: ignore[misc]
            if running.wait():
                words.seek(0)
                raise BackupRefused(f"pg_dump: {words.read().decode(errors='replace')[-800:]}")


def frozen_database() -> AbstractContextManager[Frozen]:
    """The database held still until the block ends."""
    return _frozen_sqlite() if connection.vendor == "sqlite" else _frozen_postgresql()


@contextmanager
def _frozen_sqlite() -> Iterator[Frozen]:
    """A copy made by SQLite's own online backup, beside the database and gone afterwards."""
    _clear_left_behind()
    folder = Path(tempfile.mkdtemp(prefix=LEFT, dir=settings.DATA_DIR))
    copy = folder / "copy.sqlite3"
    try:
        _copy_sqlite(Path(connection.settings_dict["NAME"]), copy)
        address = {"NAME": f"file:{quote(str(copy))}?mode=ro&immutable=1", "OPTIONS": {}}
        with _second_connection(address):
            yield Frozen("sqlite", sqlite3.sqlite_version, sqlite3.sqlite_version, copy=copy)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clear_left_behind() -> None:
    """What a killed backup has left: it is everybody's data in the clear."""
    for folder in Path(settings.DATA_DIR).glob(f"{LEFT}*"):
        if time.time() - folder.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _copy_sqlite(database: Path, copy: Path) -> None:
    copy.touch(mode=0o600)
    source, target = sqlite3.connect(database, timeout=30), sqlite3.connect(copy)
    try:
        source.backup(target)  # all pages in one step: one instant, whatever is written meanwhile
        target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        found = target.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        source.close()
        target.close()
    if found != "ok":
        raise BackupRefused(f"데이터베이스 파일이 온전하지 않습니다: {found}")


@contextmanager
def _frozen_postgresql() -> Iterator[Frozen]:
    """A transaction that sees one instant; `pg_dump` is shown the same."""
    with _second_connection({}), transaction.atomic(using=ALIAS):
        server = connections[ALIAS]
        with server.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version_num')::int / 10000")
            snapshot, major = cursor.fetchone()
        tool = tool_version("pg_dump")
        if tool < major:
            raise BackupRefused(
                f"pg_dump {tool}는 PostgreSQL {major}을 백업하지 못합니다. 새 판을 설치해 주세요."
            )
        command, environment = program("pg_dump", *OPTIONS, f"--snapshot={snapshot}")
        yield Frozen("postgresql", str(major), str(tool), tuple(command), environment)


@contextmanager
def _second_connection(changes: dict[str, Any]) -> Iterator[None]:
    connections.settings[ALIAS] = {**connections.settings["default"], **changes}
    try:
        yield
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]


def program(name: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """`name` with the database of the settings, and its environment, which alone holds the password."""
    found = shutil.which(name)
    if found is None:
        raise BackupRefused(f"{name}이 없습니다(apt-get install postgresql-client).")
    words, own = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    return [found, *arguments, *words[1:-1], f"--dbname={words[-1]}"], {**os.environ, **(own or {})}


def tool_version(name: str) -> int:
    """The major version of a program of PostgreSQL."""
    found = shutil.which(name)
    if found is None:
        raise BackupRefused(f"{name}이 없습니다(apt-get install postgresql-client).")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    number = re.search(r"\(PostgreSQL\) (\d+)", said)
    if number is None:
        raise BackupRefused(f"{name}의 판을 알 수 없습니다: {said.strip()}")
    return int(number[1])
