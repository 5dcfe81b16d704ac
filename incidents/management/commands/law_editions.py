"""`manage.py law_editions [--apply --by EMAIL --reason TEXT]`: what the installed edition changes, and applying it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

import rules
from core.accounts.models import User
from incidents import permissions, queries, services

CHANGES = {"added": "더해짐", "removed": "없어짐", "changed": "바뀜"}


class Command(BaseCommand):
    help = "설치된 규칙판이 적용 중인 판과 무엇이 다르고 어느 기한을 움직이는지 보이고, --apply로 적용합니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="진행 중인 사건을 다시 계산합니다.")
        parser.add_argument("--by", metavar="EMAIL", default="", help="적용하는 관리자의 전자우편")
        parser.add_argument("--reason", default="", help="적용하는 이유. 이력에 남습니다.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        change = queries.edition_change()
        in_force = change.before.digest if change.before else "없음"
        self.stdout.write(f"적용 중: {in_force}\n설치됨:  {rules.digest()}")
        if change.is_waiting:
            self._tell_changes(change)
            self._tell_cases(queries.moved_cases(now=now))
        if not options["apply"]:
            return
        actor = self._administrator(options["by"])
        try:
            edition = services.apply_edition(actor=actor, now=now, reason=options["reason"])
        except services.Obstacle as obstacle:
            raise CommandError(str(obstacle)) from obstacle
        self.stdout.write(f"적용함:  {edition.digest}")

    def _administrator(self, email: str) -> User:
        person = User.objects.filter(email__iexact=email, is_active=True).first() if email else None
        if person is None or not permissions.can_administer(person):
            raise CommandError("--by에 관리자의 전자우편을 적어 주세요.")
        return person

    def _tell_changes(self, change: queries.EditionChange) -> None:
        for one in [*change.duties, *change.files]:
            name = one.id if one.title == one.id else f"{one.title} ({one.id})"
            self.stdout.write(f"\n{CHANGES[one.change]}: {name}  {', '.join(one.cite)}")
            for value in one.values:
                self.stdout.write(f"  {value.path}: {value.old} → {value.new}  {', '.join(value.cite)}")

    def _tell_cases(self, moved: list[queries.MovedCase]) -> None:
        self.stdout.write("\n움직이는 기한" + ("" if moved else ": 없음"))
        for one in moved:
            self.stdout.write(f"{one.case.reference} {one.fault}".rstrip())
            for row in one.rows:
                self.stdout.write(f"  {row.title}: {row.before} → {row.after} ({row.delta})")
