"""`manage.py sweep`: one pass of everything that is due; what the timer calls."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from notifications import services


class Command(BaseCommand):
    help = "기한, 알림, 메일을 한 번 점검하고 때가 된 일을 합니다."

    def handle(self, *args: Any, **options: Any) -> None:
        report = services.sweep(now=timezone.now())
        self.stdout.write(
            f"missed {report.missed} · raised {report.raised} · climbed {report.climbed} · "
            f"sent {report.sent} · unsent {report.unsent} · closed {report.closed} · faults {report.faults}"
        )
        if report.faults:
            raise SystemExit(1)
