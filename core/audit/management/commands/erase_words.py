"""`manage.py erase_words REF SEQUENCE --by EMAIL --reason TEXT`: the lawful way to erase what somebody wrote."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.accounts.models import User
from core.audit.models import Event
from core.audit.services import NothingToErase, erase_words


class Command(BaseCommand):
    help = (
        "이력 한 건에 적은 사유를 지웁니다. 해시는 남아 이력이 그대로임을 보이고, 지운 일도 이력에 남습니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("chain", metavar="REF", help="사건번호. 사건에 속하지 않는 이력은 house")
        parser.add_argument("sequence", metavar="SEQUENCE", type=int, help="이력의 순번")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="지우기로 정한 사람")
        parser.add_argument("--reason", required=True, metavar="TEXT", help="지우는 이유와 근거")

    def handle(self, *args: Any, **options: Any) -> None:
        place = f"{options['chain']} #{options['sequence']}"
        event = Event.objects.filter(chain=options["chain"], sequence=options["sequence"]).first()
        person = User.objects.filter(email=options["by"].lower(), is_active=True).first()
        if event is None or person is None:
            raise CommandError(f"{place}: 없는 이력입니다." if person else "없는 사람입니다.")
        if not options["reason"].strip():
            raise CommandError("지우는 이유를 적어 주세요.")
        try:
            told = erase_words(
                event_id=event.pk, actor=person, at=timezone.now(), reason=options["reason"].strip()
            )
        except NothingToErase as missing:
            raise CommandError(f"{place}: 지울 사유가 없습니다.") from missing
        self.stdout.write(f"{place}의 사유를 지웠습니다. 지웠다는 이력은 #{told.sequence}입니다.")
