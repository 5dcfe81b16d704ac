"""`manage.py export_case REF --out FILE.zip [--redacted] --as EMAIL --reason TEXT`: the audit bundle of a case."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.access.copies import CopyRefused
from core.accounts.models import User
from core.audit.keys import NoSigningKey, UnsafeSigningKey
from incidents import services
from incidents.models import Case


class Command(BaseCommand):
    help = (
        "사건의 감사 묶음을 만듭니다: 차례, 나간 문서 그대로, 모든 기록, 이력과 서명. "
        "받은 사람은 이 소프트웨어 없이 안의 verify.py나 verify.html로 확인합니다. 내보낸 일은 이력에 남습니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", metavar="REF", help="사건번호")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.zip", help="쓸 파일")
        parser.add_argument("--redacted", action="store_true", help="사람의 말과 이름을 가립니다.")
        parser.add_argument(
            "--as", required=True, dest="email", metavar="EMAIL", help="내보내는 사람(권한이 있어야 합니다)"
        )
        parser.add_argument("--reason", required=True, metavar="TEXT", help="내보내는 이유")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email=options["email"].lower(), is_active=True).first()
        if person is None:
            raise CommandError("없는 사람입니다.")
        case = Case.objects.visible_to(person).filter(reference=options["reference"]).first()
        if case is None:
            raise CommandError(f"이 사람이 볼 수 있는 사건이 아닙니다: {options['reference']}")
        out: Path = options["out"]
        if out.exists():
            raise CommandError(f"이미 있는 파일입니다: {out}")
        try:
            copy, made = services.take_out_case(
                case=case,
                actor=person,
                reason=options["reason"],
                now=timezone.now(),
                is_redacted=options["redacted"],
                is_locked=False,
            )
        except (services.Obstacle, CopyRefused, NoSigningKey, UnsafeSigningKey) as obstacle:
            raise CommandError(str(obstacle)) from obstacle
        out.write_bytes(made.content)
        self.stdout.write(
            f"사본 {copy.number}. 암호를 걸지 않은 파일이니 받을 사람에게만 안전하게 전해 주세요."
        )
        self.stdout.write(f"{out}: 파일 {made.file_count}개, 내보냈다는 이력 #{made.sequence}")
        self.stdout.write(f"서명 키 {made.key_id}. 이 지문을 묶음과 다른 길로 알려 주세요.")
