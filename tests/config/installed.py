"""An installation of its own, with real processes: a data folder, a database, and `manage.py`."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.config.processes import ROOT

FILL = """
import io, sys
from datetime import timedelta
from django.utils import timezone
from core.audit.services import vouch_for_rows
from incidents import services
from tests.incidents.factories import opened_case
now = timezone.now() - timedelta(days=2)
case = opened_case(now=now)
vouch_for_rows(actor=None, at=now, reason="시험에 쓰는 사람과 기관")
for number in range(int(sys.argv[1])):
    upload = io.BytesIO(f"방화벽 로그 {number}".encode() * 900)
    services.take_evidence(case_id=case.pk, upload=upload, file_name="a.log", title=f"로그 {number}",
                           actor=case.lead, now=now)
"""
WRITE = """
import io, sys, pathlib
from django.utils import timezone
from incidents import services
from incidents.models import Case
case, stop, told = Case.objects.get(), pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
while not stop.exists():
    now = timezone.now()
    services.take_evidence(case_id=case.pk, upload=io.BytesIO(b"x" * 40_000), file_name="b.log",
                           title="쓰는 중", actor=case.lead, now=now)
    with told.open("a") as out:
        out.write("x")
"""
PREPARE = """
from django.core.management import call_command
for words in (["migrate", "-v0"], ["make_vault_key"], ["make_application_key"], ["make_signing_key"]):
    call_command(*words)
"""
SETUP = "import django; django.setup()\n"


@dataclass
class Installed:
    """One data folder with its database: a file in it, or a database of the server the run has started."""

    folder: Path
    name: str = field(default_factory=lambda: f"backup_{secrets.token_hex(4)}")

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        self.server = os.environ.get("DATABASE_URL", "")
        if self.server:
            self._tell_server(f'CREATE DATABASE "{self.name}"')

    def drop(self) -> None:
        if self.server:
            self._tell_server(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def _tell_server(self, words: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as server:
            server.execute(words)  # type: ignore[call-overload]

    @property
    def environment(self) -> dict[str, str]:
        others = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")}
        database = {}
        if self.server:
            database["DATABASE_URL"] = urlsplit(self.server)._replace(path=f"/{self.name}").geturl()
        return {
            **others,
            **database,
            "BREACHDESK_DATA_DIR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "PYTHONPATH": str(ROOT),
        }

    def manage(self, *words: object) -> subprocess.CompletedProcess[str]:
        return self._run([sys.executable, "manage.py", *map(str, words)])

    def done(self, *words: object) -> str:
        """What a command said that ended well."""
        ended = self.manage(*words)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def script(self, words: str, *arguments: object) -> str:
        ended = self._run([sys.executable, "-c", SETUP + words, *map(str, arguments)])
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def begin(self, words: str, *arguments: object) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", SETUP + words, *map(str, arguments)], cwd=ROOT, env=self.environment
        )

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def prepared(self) -> Installed:
        """With tables and keys, and nobody in it."""
        self.copy_template()
        self.script(PREPARE)
        return self

    def copy_template(self) -> None:
        """The migrated database of the test run, where there is one."""
        template = os.environ.get("BREACHDESK_TEST_TEMPLATE")
        if template and self.server:
            self.drop()
            self._tell_server(f'CREATE DATABASE "{self.name}" TEMPLATE "{template}"')
        elif template:
            shutil.copyfile(template, self.folder / "breachdesk.sqlite3")
