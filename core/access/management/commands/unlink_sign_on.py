"""`manage.py unlink_sign_on EMAIL --by EMAIL --reason TEXT`: somebody's subject at the provider of sign-on changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.access.sign_on.links import unlink
from core.accounts.models import User


class Command(BaseCommand):
    help = "회사 계정과 이은 것을 풉니다. 다음 로그인에서 전자우편으로 다시 잇습니다. 이력에 남습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="이은 것을 풀 사람의 전자우편")
        parser.add_argument("--by", required=True, help="이 일을 하는 사람의 전자우편")
        parser.add_argument("--reason", required=True, help="이유")

    def handle(self, *args: Any, **options: Any) -> None:
        whose, by = (self._person(options[name]) for name in ("email", "by"))
        count = unlink(user=whose, actor=by, now=timezone.now(), reason=options["reason"])
        self.stdout.write(f"{options['email']}: {count}")

    def _person(self, email: str) -> User:
        found = User.objects.filter(email__iexact=email, is_active=True).first()
        if found is None:
            raise CommandError(f"이 주소의 계정이 없습니다: {email}")
        return found
