"""`manage.py rotate_application_key`: seal every secret in the database with the newest key; `--drop-old` forgets the others."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.access.keyring import NoApplicationKey, SecretBroken
from core.access.sealed import KeyStillNeeded, drop_old_keys, rotate_application_key


class Command(BaseCommand):
    help = "가장 나중에 만든 키로 모든 비밀을 다시 잠급니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--drop-old",
            action="store_true",
            help="다시 잠그지 않고, 더 쓰지 않는 앞의 키를 파일에서 지웁니다.",
        )

    def handle(self, *args: Any, drop_old: bool = False, **options: Any) -> None:
        try:
            self._drop() if drop_old else self._rotate()
        except (NoApplicationKey, SecretBroken, KeyStillNeeded) as obstacle:
            raise CommandError(str(obstacle)) from obstacle

    def _rotate(self) -> None:
        key_id, count = rotate_application_key(now=timezone.now())
        self.stdout.write(f"{key_id}: {count}건을 다시 잠갔습니다. 이 파일을 다른 서버에도 두어 주세요.")

    def _drop(self) -> None:
        dropped = drop_old_keys(now=timezone.now())
        self.stdout.write(f"지운 키: {', '.join(dropped) or '없음'}")
