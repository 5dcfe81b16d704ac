"""`manage.py load_demo`: the demonstration organisation, its people and its cases, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from core.accounts.models import Organization, Role
from incidents.models import Case
from incidents.services import note_missed_deadlines
from notifications.replay.cast import DEMO_PASSWORD, seat_cast
from notifications.replay.player import Player
from notifications.replay.script import Script, load_script

FOLDER = settings.BASE_DIR / "demo"
CAST: dict[str, Any] = yaml.safe_load((FOLDER / "organization.yaml").read_text(encoding="utf-8"))
DEMO_ACCOUNTS = [
    (f"{Role(person['role']).label} {person['name']}", person["email"], DEMO_PASSWORD)
    for person in CAST["people"]
]
# How long ago each case began when the demonstration is loaded; None keeps its own dates.
CASES: dict[str, timedelta | None] = {
    "kt-2025.yaml": None,
    "mis-sent-mail-2026.yaml": timedelta(hours=30),
    "first-hours.yaml": timedelta(hours=18, minutes=5),
}


class Command(BaseCommand):
    help = "시연용 기관, 계정, 사건을 한 번 넣습니다. 다시 부르면 아무것도 하지 않습니다."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IS_DEMONSTRATION:
            raise CommandError("시연 자료는 make run의 설정에서만 넣습니다. 실제 자료와 섞지 않습니다.")
        now = timezone.now()
        for name, ago in CASES.items():
            script = load_script(FOLDER / name)
            if self._is_there(script):
                continue
            if ago is not None:
                script = script.shifted(now.replace(second=0, microsecond=0) - ago - script.acts[0].at)
            self._play(script, now=now)
            self.stdout.write(f"시연 사건을 넣었습니다: {script.title}")

    def _is_there(self, script: Script) -> bool:
        return Case.objects.filter(organization__name=CAST["name"], title=script.title).exists()

    @transaction.atomic
    def _play(self, script: Script, *, now: datetime) -> None:
        """The whole case or nothing. Mail is left to the timers, which send outside any transaction."""
        organization: Organization = seat_cast(script.organization, now=script.acts[0].at)
        Player(script, organization.pk, between=self._note_missed).play(until=now)

    def _note_missed(self, at: datetime) -> None:
        note_missed_deadlines(now=at)
