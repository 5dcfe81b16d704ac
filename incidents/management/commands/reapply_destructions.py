"""`manage.py reapply_destructions [--from FILE]`: after an older backup was restored, destroy again what was destroyed."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from incidents.destroying import ledger_path
from incidents.services.destruction import carry_out_destruction, reapply_destruction


class Command(BaseCommand):
    help = "백업을 복구한 뒤, 그 백업보다 늦게 파기한 사건을 다시 파기합니다. 두 번 해도 같습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", dest="ledger", type=Path, metavar="FILE", help="파기 목록(없으면 데이터 폴더의 것)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["ledger"] or ledger_path()
        if not path.exists():
            raise CommandError(f"파기 목록이 없습니다: {path}")
        now, done = timezone.now(), 0
        for line in path.read_text(encoding="utf-8").splitlines():
            row = reapply_destruction(json.loads(line), now=now)
            if row is not None:
                done += carry_out_destruction(destruction_id=row.pk, now=now)
        self.stdout.write(f"다시 파기한 사건 {done}건")
