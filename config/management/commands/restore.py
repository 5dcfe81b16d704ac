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
from incidents.models import Deadline
from incidents.reading import title_of


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

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
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
        self._tell_clocks()
        seconds = int(time.monotonic() - began)
        self.stdout.write(f"복구를 마쳤습니다. 걸린 시간 {seconds // 60}분 {seconds % 60}초")
        self.stdout.write(
            "훈련이면 설정 › 안전조치 › 복구 훈련에, 또는 manage.py record_drill로 적어 주세요."
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
