"""`manage.py record_drill --day DAY --minutes N --result whole|flawed|failed --note TEXT --by EMAIL`."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.access.models import RecoveryDrill
from core.access.recovery import drill_due_on, record_drill
from core.accounts.models import User


class Command(BaseCommand):
    help = "백업에서 복구해 본 훈련을 기록합니다. 고치거나 지울 수 없고 이력에 남습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--day", required=True, type=date.fromisoformat, metavar="DAY", help="훈련한 날, 2026-11-21"
        )
        parser.add_argument("--minutes", required=True, type=int, metavar="N", help="걸린 시간(분)")
        parser.add_argument("--result", required=True, choices=RecoveryDrill.Result.values)
        parser.add_argument("--note", required=True, metavar="TEXT", help="확인한 내용과 조치")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="훈련한 사람")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email__iexact=options["by"], is_active=True).first()
        if person is None:
            raise CommandError("없는 사람입니다.")
        try:
            row = record_drill(
                drilled_on=options["day"],
                took_seconds=options["minutes"] * 60,
                result=options["result"],
                note=options["note"],
                actor=person,
                now=timezone.now(),
            )
        except ValidationError as fault:
            raise CommandError(" ".join(fault.messages)) from fault
        self.stdout.write(f"{row}. 다음 훈련은 {drill_due_on()}까지입니다.")
