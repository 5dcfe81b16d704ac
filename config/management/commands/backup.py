"""`manage.py backup --out DIR [--keys-out FILE]`: database and evidence as one folder, the keys apart from it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.backup.faults import BackupRefused
from config.backup.making import make_backup


class Command(BaseCommand):
    help = (
        "데이터베이스와 증거를 암호화해 한 폴더에 백업합니다. 제품이 도는 동안에도 한 시점의 것입니다. "
        "키는 --keys-out에 따로 씁니다. 백업과 키를 같은 곳에 두지 마세요."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="아직 없거나 빈 폴더")
        parser.add_argument(
            "--keys-out", type=Path, metavar="FILE", help="키를 쓸 파일. 백업과 다른 곳이어야 합니다."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make_backup(out=options["out"], keys_out=options["keys_out"], now=timezone.now())
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{made.folder}: 파일 {made.file_count}개, {made.size:,}바이트, 여는 키 {made.key}")
        if options["keys_out"]:
            self.stdout.write(f"{options['keys_out']}: 키. 백업과 다른 곳에, 소유자만 읽게 두세요.")
        if made.missing:
            raise CommandError(f"디스크에 없어 담지 못한 증거: {', '.join(made.missing)}")
