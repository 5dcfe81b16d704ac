"""`manage.py reapply_destructions [--from FILE]`: destroy and erase again what an older backup brought back."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from incidents.destroying import ledger_path
from incidents.services.destruction import reapply_destructions


class Command(BaseCommand):
    help = "백업을 복구한 뒤, 그 백업보다 늦게 파기한 사건을 다시 파기하고, 늦게 지운 사유를 다시 지웁니다. 두 번 해도 같습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", dest="ledger", type=Path, metavar="FILE", help="파기 목록(없으면 데이터 폴더의 것)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["ledger"] or ledger_path()
        if not path.exists():
            raise CommandError(f"파기 목록이 없습니다: {path}")
        try:
            done = reapply_destructions(path, now=timezone.now())
        except ValueError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(
            f"다시 파기한 사건 {done.destroyed}건, 다시 지운 사유 {done.erased}건"
            f"(이 백업에 없는 이력의 것 {done.missing}건)"
        )
