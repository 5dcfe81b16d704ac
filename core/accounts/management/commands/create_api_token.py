"""`manage.py create_api_token EMAIL NAME`: a token for a person, made by whoever operates the machine."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.accounts.models import Scope, User
from core.accounts.token_networks import checked_networks
from core.accounts.token_services import create_api_token, open_scopes

LONGEST_DAYS = 366


class Command(BaseCommand):
    help = "API 토큰을 만들어 표준 출력에 한 번만 보여 줍니다. 이력에 남습니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="토큰 주인의 전자우편")
        parser.add_argument("name", help="어느 프로그램이 쓰는지")
        parser.add_argument("--scope", action="append", choices=Scope.values, help="여러 번 쓸 수 있습니다.")
        parser.add_argument(
            "--network", action="append", default=[], help="이 네트워크에서만 씁니다. 여러 번 쓸 수 있습니다."
        )
        parser.add_argument("--days", type=int, default=90, help="쓸 수 있는 날수(기본 90)")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if owner is None:
            raise CommandError(f"이 주소의 계정이 없습니다: {options['email']}")
        if not 1 <= options["days"] <= LONGEST_DAYS:
            raise CommandError(f"--days는 1 이상 {LONGEST_DAYS} 이하입니다.")
        if not 0 < len(options["name"].strip()) <= 60:
            raise CommandError("이름은 60자까지 적어 주세요.")
        try:
            networks = checked_networks(" ".join(options["network"]))
        except ValidationError as fault:
            raise CommandError(fault.messages[0]) from fault
        usual = [scope for scope in Scope if scope is not Scope.PEOPLE]
        scopes = [Scope(value) for value in options["scope"] or usual]
        if not set(scopes) <= set(open_scopes(owner)):
            raise CommandError("계정을 닫는 토큰은 관리자에게만 만들어 줄 수 있습니다.")
        now = timezone.now()
        _token, secret = create_api_token(
            owner=owner,
            name=options["name"],
            scopes=scopes,
            expires_at=now + timedelta(days=options["days"]),
            actor=None,
            now=now,
            networks=networks,
        )
        self.stdout.write(secret)
