"""Settings: what runs here. Editions of everything, the clock, the timers, the disk, the last backup, the scanner."""

from __future__ import annotations

import platform
import re
import shutil
import sqlite3
import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import metadata
from typing import Any

import django
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import rules
from config.safety import may_see
from core.access.models import BackupNote
from core.accounts.asking import who
from core.accounts.models import User
from incidents import permissions, scanner
from incidents.models import Evidence, EvidenceScan
from notifications import queries as outgoing
from notifications.models import ClockReading, OutgoingEmail, Reminder

_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
LEAST_FREE_PERCENT = 10


@dataclass(frozen=True, slots=True)
class Package:
    """A package of the lock; `installed` is empty where it is not needed on this machine."""

    name: str
    locked: str
    installed: str

    @property
    def differs(self) -> bool:
        return bool(self.installed) and self.installed != self.locked


@lru_cache(maxsize=1)
def packages() -> tuple[Package, ...]:
    """Each package of the lock with what is installed."""
    lock = (settings.BASE_DIR / "requirements.lock").read_text(encoding="utf-8")
    return tuple(Package(name, locked, _installed(name)) for name, locked in sorted(set(_PIN.findall(lock))))


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


@lru_cache(maxsize=1)
def product_version() -> str:
    said = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(said["project"]["version"])


def database_version() -> str:
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    return f"PostgreSQL {version}"


@require_safe
def system(request: HttpRequest) -> HttpResponse:
    """For administrators and those who watch. Nothing is asked of anybody outside: the sweep has done that."""
    if not may_see(who(request)):
        raise PermissionDenied
    now = timezone.now()
    context = {
        "now": now,
        "editions": _editions(),
        "packages": packages(),
        "different": [one for one in packages() if one.differs],
        "clock": ClockReading.objects.filter(pk=1).first() if settings.TIME_SOURCE else None,
        "timers": outgoing.timer_health(now),
        "broker": outgoing.broker_state(),
        "oldest": _oldest_errands(now),
        "disk": _disk(),
        "backup": BackupNote.objects.filter(kind=BackupNote.Kind.MADE).first(),
        "scans": _scans(),
    }
    return render(request, "settings/system.html", context)


def _editions() -> list[tuple[str, str]]:
    return [
        ("breachdesk", product_version()),
        (_("규칙판"), rules.digest()[:12]),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        (_("데이터베이스"), database_version()),
    ]


def _oldest_errands(now: datetime) -> dict[str, datetime | None]:
    """Since when the longest waiting of each queue has been due; None where nothing waits."""
    email = OutgoingEmail.objects.due(now=now).order_by("send_after").values_list("send_after", flat=True)
    reminder = Reminder.objects.due(now=now).order_by("act_at").values_list("act_at", flat=True)
    return {"email": email.first(), "reminder": reminder.first()}


def _disk() -> dict[str, Any]:
    usage = shutil.disk_usage(settings.DATA_DIR)
    percent = usage.free * 100 // usage.total
    return {"free": usage.free, "percent": percent, "is_low": percent < LEAST_FREE_PERCENT}


def _scans() -> dict[str, Any]:
    verdicts = EvidenceScan.Verdict
    done = EvidenceScan.objects.exclude(verdict=verdicts.ERROR).values("evidence")
    flagged = EvidenceScan.objects.filter(verdict=verdicts.FLAGGED).values("evidence").distinct()
    return {
        "is_configured": scanner.is_configured(),
        "waiting": Evidence.objects.exclude(pk__in=done).count(),
        "flagged": flagged.count(),
    }


def clock_banner(user: User) -> dict[str, Any]:
    """What every page says to administrators while the clock is more than a second off."""
    if not settings.TIME_SOURCE or not permissions.can_administer(user):
        return {}
    row = ClockReading.objects.filter(pk=1, astray_since__isnull=False).first()
    if row is None:
        return {}
    return {
        "rank": 3,
        "word": _("시계"),
        "text": _("서버 시계가 기준과 %(n)s밀리초 다릅니다. 시각 동기화를 확인해 주세요.")
        % {"n": f"{row.offset:,}"},
        "url": reverse("settings-system"),
        "action": _("시스템 보기"),
    }
