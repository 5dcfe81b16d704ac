"""`manage.py restore --from DIR [--keys FILE] [--into-empty]`: a backup in an empty place, verified, with its clocks."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from config.backup.faults import BackupRefused
from config.backup.restoring import restore_backup
from core.access.recovery import note_restore
from incidents.clocks import clock_of
from incidents.destroying import ledger_path
from incidents.models import Deadline
from incidents.reading import title_of
from incidents.services.destruction import reapply_destructions


class Command(BaseCommand):
    help = (
        "백업을 빈 곳에 복구하고, 표와 이력과 시계가 백업할 때와 같은지, 증거가 열리는지 확인합니다. "
        "웹과 작업자를 멈추고 실행해 주세요. 끝에 열린 시계와 걸린 시간을 알립니다."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", dest="folder", type=Path, required=True, metavar="DIR", help="백업 폴더"
        )
        parser.add_argument("--keys", type=Path, metavar="FILE", help="backup --keys-out으로 쓴 키 파일")
        parser.add_argument(
            "--into-empty",
            action="store_true",
            help="표는 있고 사람과 사건이 없는 데이터베이스에 복구합니다. 있던 표는 백업의 것으로 바뀝니다.",
        )

        parser.add_argument(
            "--destructions",
            type=Path,
            metavar="FILE",
            help="백업 뒤의 파기 목록 destructions.jsonl(없으면 데이터 폴더의 것)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        ledger: Path = options["destructions"] or ledger_path()
        if options["destructions"] and not ledger.is_file():
            raise CommandError(f"파기 목록이 없습니다: {ledger}")
        try:
            manifest = restore_backup(
                options["folder"],
                keys=options["keys"],
                into_empty=options["into_empty"],
                say=self.stdout.write,
            )
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        with transaction.atomic():
            note_restore(made_at=manifest.made_at, key=manifest.key, now=timezone.now())
        self._destroy_again(ledger)
        self._tell_clocks()
        seconds = int(time.monotonic() - began)
        self.stdout.write(f"복구를 마쳤습니다. 걸린 시간 {seconds // 60}분 {seconds % 60}초")
        self.stdout.write(
            "훈련이면 설정 › 안전조치 › 복구 훈련에, 또는 manage.py record_drill로 적어 주세요."
        )

    def _destroy_again(self, ledger: Path) -> None:
        """What was destroyed or erased since the backup came back with it, and goes again before anybody signs in."""
        if not ledger.is_file():
            self.stdout.write(
                f"파기 목록이 없습니다({ledger}). 백업 뒤에 파기한 사건이 있으면 그 목록을 두고 "
                "manage.py reapply_destructions를 실행해 주세요."
            )
            return
        try:
            done = reapply_destructions(ledger, now=timezone.now())
        except ValueError as fault:
            raise CommandError(f"복구는 되었으나 파기를 되풀이하지 못했습니다. {fault}") from fault
        self.stdout.write(
            f"백업 뒤에 파기했던 사건 {done.destroyed}건을 다시 파기했습니다. "
            f"지웠던 사유 {done.erased}건을 다시 지웠고, {done.missing}건은 이 백업에 없는 이력의 것입니다."
        )

    def _tell_clocks(self) -> None:
        now = timezone.now()
        rows = Deadline.objects.running().select_related("case", "duty", "owner", "dismissed_by")
        self.stdout.write(f"열린 시계 {rows.count()}개. 작업자를 시작하기 전에 확인해 주세요.")
        for row in rows.tightest_first():
            clock = clock_of(row, now)
            self.stdout.write(
                f"  {row.case.reference} · {title_of(row)} · {clock.due_label or clock.word} · {clock.time_label}"
            )
