"""`manage.py make_vault_key`: a key for the files that are kept encrypted; again to seal with a new one."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.documents.vault import make_vault_key


class Command(BaseCommand):
    help = "보관 파일을 잠그는 키를 만듭니다. 다시 부르면 새 키로 잠그고, 앞의 키로 잠근 파일도 열립니다."

    def handle(self, *args: Any, **options: Any) -> None:
        key_id = make_vault_key()
        self.stdout.write(f"{settings.VAULT_KEY_FILE}: {key_id}. 데이터베이스와 따로 백업해 주세요.")
