"""`manage.py replay CASE.yaml --out DIR`: a recorded case, played through the services on its own clock."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core.audit.keys import NoSigningKey, ensure_signing_key
from core.audit.models import Chain
from core.audit.verification import first_break
from incidents.models import Case
from notifications.replay.cast import seat_cast
from notifications.replay.clock import CaseClock
from notifications.replay.outcome import clock_table, clocks_of, write_bundle, write_papers
from notifications.replay.player import Player
from notifications.replay.script import Script, ScriptError, load_script
from notifications.replay.smtp import Mailbox, local_mail_server

REASON = "기록한 사건의 재연"


class Command(BaseCommand):
    help = "기록한 사건을 그 사건의 시계로 다시 돌립니다. 알림은 로컬 SMTP 서버로 실제로 보냅니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("script", type=Path, metavar="CASE.yaml")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="문서와 메일을 쓸 폴더")
        parser.add_argument(
            "--speed", type=float, default=0, help="사건의 1시간을 몇 초로 보일지. 0은 쉬지 않음"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        _ready_database()
        try:
            script = load_script(options["script"])
            with local_mail_server(options["out"] / "mail") as mailbox:
                case, clock = self._play(script, speed=options["speed"])
        except ScriptError as fault:
            raise CommandError(str(fault)) from fault
        self._tell(case, clock, mailbox, out=options["out"])

    def _play(self, script: Script, *, speed: float) -> tuple[Case, CaseClock]:
        opened_at = script.acts[0].at
        organization = seat_cast(script.organization, now=opened_at)
        clock = CaseClock(opened_at)
        passed = [opened_at]

        def between(at: datetime) -> None:
            hours = (at - passed[-1]).total_seconds() / 3600
            time.sleep(hours * speed)
            passed.append(at)
            clock.advance(at)

        case = Player(script, organization.pk, between).play()
        clock.advance(script.acts[-1].at)
        return case, clock

    def _tell(self, case: Case, clock: CaseClock, mailbox: Mailbox, *, out: Path) -> None:
        papers = write_papers(case, out / "papers")
        table = clock_table(clocks_of(case, now=clock.at))
        (out / "clocks.txt").write_text(table + "\n", encoding="utf-8")
        bundled = self._bundle(case, clock, out=out)
        self.stdout.write(f"{case.reference} {case.title}\n\n{table}\n")
        self.stdout.write(
            f"문서 {len(papers)}건, 메일 {len(mailbox.received)}통, 점검 {clock.sweeps}회 → {out}"
        )
        self.stdout.write(bundled)
        broken = first_break(case.reference)
        if broken:
            raise CommandError(f"이력이 이어지지 않습니다: {broken}")
        self.stdout.write(f"이력 {Chain.objects.get(pk=case.reference).length}건이 모두 이어져 있습니다.")

    def _bundle(self, case: Case, clock: CaseClock, *, out: Path) -> str:
        """What became of the audit bundle: a server without its key makes none."""
        if connection.vendor == "sqlite":
            ensure_signing_key()  # as `make run` does
        try:
            made = write_bundle(case, out / "audit-bundle.zip", reason=REASON, now=clock.at)
        except NoSigningKey as missing:
            return f"감사 묶음 없음: {missing}"
        return (
            f"감사 묶음 → {out / 'audit-bundle.zip'}"
            if made
            else "감사 묶음 없음: 내보낼 수 있는 사람이 없습니다."
        )


def _ready_database() -> None:
    """A first replay of the embedded default makes its own database; a server's is made by its owner."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if connection.vendor != "sqlite":
        raise CommandError(
            "데이터베이스가 준비되지 않았습니다. 먼저 python manage.py migrate를 실행해 주세요."
        )
    call_command("migrate", interactive=False, verbosity=0)
