"""`manage.py add_organization NAME --admin EMAIL --admin-name NAME`: the first key to a new installation."""

import getpass
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from core.accounts.models import Role, User
from core.accounts.services import add_organization, add_person, give_role
from core.accounts.shared_names import looks_shared


class Command(BaseCommand):
    help = (
        "기관과 그 관리자를 만듭니다. 비밀번호는 물어보거나 표준 입력의 첫 줄에서 읽습니다. 나머지 사람과 기관 현황은 "
        "관리자가 설정 화면에서 적습니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="기관명")
        parser.add_argument("--admin", required=True, help="관리자의 전자우편. 있는 계정이면 역할만 줍니다.")
        parser.add_argument("--admin-name", default="", help="관리자의 이름. 새 계정이면 꼭 적습니다.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["name"].strip():
            raise CommandError("NAME: 기관명을 적어 주세요.")
        email = self._email(options["admin"])
        person = User.objects.filter(email=email).first()
        name = options["admin_name"].strip()
        if person is None and not name:
            raise CommandError("--admin-name: 새 계정에는 이름이 있어야 합니다.")
        password = "" if person else self._password()
        try:
            self._make(options["name"], person, email=email, name=name, password=password)
        except ValidationError as fault:
            raise CommandError(" ".join(fault.messages)) from fault
        if looks_shared(email=email, name=name):
            told = f"여럿이 같이 쓰는 계정처럼 보이는 이름입니다: {email}. 한 사람이 쓰는 계정이어야 합니다."
            self.stdout.write(self.style.WARNING(told))
        self.stdout.write(
            f"{options['name']}: 관리자 {email}. 로그인한 뒤 설정에서 기관 현황과 사람을 적어 주세요."
        )

    @transaction.atomic
    def _make(self, organization: str, person: User | None, *, email: str, name: str, password: str) -> None:
        now = timezone.now()
        place = add_organization(name=organization, actor=None, now=now)
        admin = person or add_person(email=email, name=name, password=password, actor=None, now=now)
        give_role(user=admin, organization=place, role=Role.ADMIN, actor=None, now=now)

    def _email(self, typed: str) -> str:
        try:
            validate_email(typed)
        except ValidationError as fault:
            raise CommandError(f"--admin: 전자우편 주소가 아닙니다: {typed}") from fault
        return typed.lower()

    def _password(self) -> str:
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\n")
        password = getpass.getpass("관리자의 비밀번호: ")
        if password != getpass.getpass("한 번 더: "):
            raise CommandError("두 비밀번호가 다릅니다. 아무것도 만들지 않았습니다.")
        return password
