"""`manage.py end_network_rules ORGANIZATION --by EMAIL --reason TEXT`: let people in from everywhere again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.access.models import NetworkRule
from core.access.services import end_network
from core.accounts.models import User


class Command(BaseCommand):
    help = "기관의 허용 네트워크를 모두 거둡니다. 아무도 들어올 수 없게 됐을 때 씁니다. 이력에 남습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", help="기관명")
        parser.add_argument("--by", required=True, help="거두는 사람의 전자우편")
        parser.add_argument("--reason", required=True, help="거두는 이유")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = User.objects.filter(email__iexact=options["by"], is_active=True).first()
        if actor is None:
            raise CommandError(f"이 주소의 계정이 없습니다: {options['by']}")
        rules = NetworkRule.objects.standing().filter(organization__name=options["organization"])
        ended = list(rules.values_list("pk", flat=True))
        for pk in ended:
            end_network(rule_id=pk, actor=actor, now=timezone.now(), reason=options["reason"])
        self.stdout.write(f"거둔 네트워크 {len(ended)}")
