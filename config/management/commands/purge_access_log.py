"""`manage.py purge_access_log`: destroy the rows of the access log the house keeps no longer."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.safety import log_floor
from core.access.catalogue import Code
from core.access.purging import purge_access_log
from core.access.queries import value_of
from core.access.reviews import months_before
from rules.kr.safety.topic import last_day_kept


class Command(BaseCommand):
    help = "정한 보관 기간과 법의 하한이 모두 지난 접속기록을 지웁니다. 지운 것은 이력에 남습니다."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        floor = log_floor(timezone.localdate(now))
        try:
            done = purge_access_log(
                before=months_before(now, value_of(Code.ACCESS_LOG_MONTHS)),
                floor=floor,
                last_day_kept=lambda day: last_day_kept(recorded_on=day, floor=floor),
                actor=None,
                now=now,
            )
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"지운 행 {done.row_count if done else 0} · 법의 하한 {floor}")
