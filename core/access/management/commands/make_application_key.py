"""`manage.py make_application_key`: a key for the secrets in the database; again adds the next one, which waits."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.access.keyring import add_key, key_ids


class Command(BaseCommand):
    help = "데이터베이스의 비밀을 잠그는 키를 만듭니다. 다시 부르면 다음 키를 더하고, rotate_application_key까지 열기만 합니다."

    def handle(self, *args: Any, **options: Any) -> None:
        key_id = add_key()
        waits = len(key_ids()) > 1
        then = "모든 서버에 이 파일을 둔 뒤 rotate_application_key를 실행해 주세요." if waits else ""
        self.stdout.write(
            f"{settings.APPLICATION_KEY_FILE}: {key_id}. 데이터베이스와 따로 백업해 주세요. {then}".strip()
        )
