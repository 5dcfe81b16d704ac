"""`manage.py verify_access_log [--copy DIR]`: exit 1 and the first place of the access log that does not hold."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.access.chain import beginning, end_of_chain, without_number
from core.access.chain_verification import first_broken_row
from core.access.copy_folder import first_difference
from core.audit.heads import first_broken_day
from core.audit.models import HOUSE
from core.audit.verification import first_break


class Command(BaseCommand):
    help = (
        "접속기록의 해시 사슬을 처음부터 끝까지 검증합니다. 이력에 적어 둔 해시와 날마다 서명한 머리도 봅니다. "
        "어긋나면 1로 끝납니다. 보관 기간이 지나 파기한 것은 어긋난 것이 아닙니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--copy", metavar="DIR", help="다른 곳에 둔 사본과도 비교합니다.")

    def handle(self, *args: Any, **options: Any) -> None:
        faults: list[object | None] = [first_broken_row(), first_break(HOUSE), first_broken_day()]
        if options["copy"]:
            folder = Path(options["copy"])
            if not folder.is_dir():
                raise CommandError(f"폴더가 없습니다: {folder}")
            faults.append(first_difference(folder))
        broken = [fault for fault in faults if fault is not None]
        for fault in broken:
            self.stderr.write(self.style.ERROR(f"어긋남: {fault}"))
        if broken:
            sys.exit(1)
        begin, end = beginning(), end_of_chain()
        self.stdout.write(
            f"접속기록 {end.number - begin.number}건이 모두 이어져 있습니다(#{begin.number + 1}부터 #{end.number}까지)."
        )
        self.stdout.write(f"마지막 해시: {end.hash}")
        waiting = without_number().count()
        if waiting:
            self.stdout.write(
                f"아직 순번을 받지 않은 행 {waiting}건. 타이머가 돌면 몇 초 안에 사슬에 들어갑니다."
            )
