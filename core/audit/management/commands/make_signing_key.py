"""`manage.py make_signing_key [--replace]`: the Ed25519 key that signs history, in a file only its owner reads."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.audit.keys import KeyAlreadyThere, key_file, make_signing_key


class Command(BaseCommand):
    help = "이력에 서명할 키를 만듭니다. 공개 키는 같은 폴더에 남아, 바꾼 뒤에도 앞의 서명을 확인합니다."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--replace",
            action="store_true",
            help="지금 키를 새 키로 바꿉니다. 앞 키의 공개 키는 남습니다.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key_id = make_signing_key(replace=options["replace"])
        except KeyAlreadyThere as taken:
            raise CommandError(
                f"이미 키가 있습니다: {key_file()}. 바꾸려면 --replace를 붙여 주세요."
            ) from taken
        self.stdout.write(f"서명 키 {key_id}")
        self.stdout.write(f"개인 키: {key_file()} (밖으로 내보내지 마세요. 데이터베이스와 따로 백업하세요.)")
        self.stdout.write(
            "이 지문을 감사자에게 지금 알려 주세요. 나중에 받은 묶음이 이 키로 서명된 것인지 확인합니다."
        )
