"""`manage.py vouch_rows`: take rows older than their witness into history, once, after an upgrade."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.audit.services import vouch_for_rows


class Command(BaseCommand):
    help = (
        "이력이 모르는 기록(verify_history가 그렇게 이른 것)을 지금 모습대로 이력에 올립니다. "
        "판을 올린 뒤 한 번만 씁니다. 누가 넣었는지 모르는 기록이면 먼저 조사하세요."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reason", required=True, help="왜 올리는지. 이력에 남습니다.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["reason"].strip():
            raise CommandError("--reason에 이유를 적어 주세요.")
        told = vouch_for_rows(actor=None, at=timezone.now(), reason=options["reason"].strip())
        count = told.data["rows"] if told else 0
        self.stdout.write(
            f"기록 {count}건을 이력에 올렸습니다." if told else "이력이 모르는 기록이 없습니다."
        )
