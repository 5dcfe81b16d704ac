"""`manage.py verify_history`: exit 1 and the first broken place of each chain that does not hold."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.audit.models import Event
from core.audit.verification import erased_words, first_break, known_chains


class Command(BaseCommand):
    help = (
        "이력의 해시 사슬을 처음부터 끝까지 검증합니다. 하나라도 어긋나면 1로 끝납니다. "
        "적법하게 지운 사유는 어긋난 것이 아닙니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--case", metavar="REF", help="이 사건의 이력만 검증합니다.")

    def handle(self, *args: Any, **options: Any) -> None:
        chains = known_chains()
        if options["case"]:
            if options["case"] not in chains:
                raise CommandError(f"이력이 없는 사건입니다: {options['case']}")
            chains = [options["case"]]
        breaks = [broken for broken in map(first_break, chains) if broken]
        for broken in breaks:
            self.stderr.write(self.style.ERROR(f"어긋남: {broken}"))
        if breaks:
            sys.exit(1)
        for key in chains:
            for sequence, told in erased_words(key):
                self.stdout.write(
                    f"지움: {key} #{sequence}의 사유(지웠다는 이력 #{told}). 이력은 그대로입니다."
                )
        count = Event.objects.filter(chain_id__in=chains).count()
        self.stdout.write(f"이력 {count}건, 사슬 {len(chains)}개가 모두 이어져 있습니다.")
