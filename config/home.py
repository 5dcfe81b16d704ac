"""The pages and answers that need several siblings at once: the frame, the clock wall, the health of the house."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import rules
from config import api
from config.drills import drill_banner
from config.system import clock_banner
from config.yearly import yearly_banner
from core.access.reviews import waiting_reviews
from core.access.sessions import time_left
from core.accounts.models import User
from incidents import permissions, queries
from incidents.shown import note_cases
from notifications import queries as outgoing
from notifications.paper_queries import papers_awaiting_approval

ROWS = 40
SHOWS = ("overdue", "unacknowledged")


def shell(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame shows. Each part asks the database only when a template uses it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        sign_on = settings.OIDC_NAME if settings.OIDC_ISSUER else ""
        return {"shell": {"rules_digest": SimpleLazyObject(rules.digest), "sign_on": sign_on}}
    now = timezone.now()
    timers = SimpleLazyObject(lambda: outgoing.timer_health(now))
    return {
        "shell": {
            "timers": timers,
            "rules_digest": SimpleLazyObject(rules.digest),
            "waiting": SimpleLazyObject(lambda: waiting(user, now)),
            "banner": SimpleLazyObject(lambda: {} if timers.late else banner(user, now)),
            "can_open": SimpleLazyObject(lambda: bool(permissions.organizations_to_open_for(user))),
            "is_admin": SimpleLazyObject(lambda: permissions.can_administer(user)),
            "now": now,
            "session": _session_left(request, now),
        }
    }


def _session_left(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """How long the session of this page lasts; empty where nobody's is (any more)."""
    row = getattr(request, "person_session", None)
    if row is None:
        return {}
    left, can_extend = time_left(row, values=request.safety, now=now)  # type: ignore[attr-defined]
    return {"left": max(0, int(left.total_seconds())), "can_extend": can_extend}


def banner(user: User, now: datetime) -> dict[str, Any]:
    """What has to be looked at once the timers run: mail by administrators, another law by everybody."""
    failing = outgoing.failing_mail_count(user) if permissions.can_administer(user) else 0
    if not failing:
        return _law_banner() or _review_banner(user, now) or _owed_banner(user, now)
    text = ngettext(
        "보내지 못한 메일이 %(n)d통 있습니다. 기한은 그대로 흐릅니다.",
        "보내지 못한 메일이 %(n)d통 있습니다. 기한은 그대로 흐릅니다.",
        failing,
    ) % {"n": failing}
    return {
        "rank": 3,
        "word": _("메일"),
        "text": text,
        "url": reverse("notifications:mail-list"),
        "action": _("메일 보기"),
    }


def _law_banner() -> dict[str, Any]:
    if not queries.is_edition_waiting():
        return {}
    return {
        "rank": 3,
        "word": _("규칙판"),
        "text": _("규칙판이 바뀌어 다시 계산해야 합니다. 관리자가 적용할 때까지 기한은 앞 판대로 보입니다."),
        "url": reverse("settings-law"),
        "action": _("바뀐 곳 보기"),
    }


def _review_banner(user: User, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    overdue = [one for one in waiting_reviews(user, today=today) if one.is_overdue(today)]
    if not overdue:
        return {}
    first = overdue[0]
    told = {"place": first.place, "kind": first.kind.label, "day": first.period.last_day.isoformat()}
    return {
        "rank": 3,
        "word": _("점검"),
        "text": _("%(place)s: %(day)s까지의 %(kind)s을 아직 하지 않았습니다.") % told,
        "url": reverse("access-log"),
        "action": _("점검하러 가기"),
    }


def _owed_banner(user: User, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    return clock_banner(user) or yearly_banner(user, today) or drill_banner(user, today)


def waiting(user: User, now: datetime) -> dict[str, int]:
    """What waits for somebody in the cases one may see."""
    return {**queries.waiting_counts(user, now=now), "approval": len(papers_awaiting_approval(user))}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


@require_safe
def clock_wall(request: HttpRequest) -> HttpResponse:
    """The nearest end large, then every running clock of the cases one may see, the missed ones first."""
    now = timezone.now()
    user = cast(User, request.user)
    show = request.GET.get("show", "") if request.GET.get("show") in SHOWS else ""
    start = _start(request.GET.get("start", ""))
    wall = queries.clock_wall(user, now=now, show=show, start=start, size=ROWS)
    note_cases(request, (clock.deadline.case for clock in [wall.hero, *wall.clocks] if clock))
    context = {
        "now": now,
        "show": show,
        "start": start,
        "next_start": start + ROWS,
        "wall": wall,
        "waiting": waiting(user, now),
    }
    return render(request, "home.html", context)


def _start(typed: str) -> int:
    return min(int(typed), 100_000) if typed.isascii() and typed.isdigit() else 0


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """For watchers: 200 while the database answers and the timers look, 503 when not. Names nothing secret."""
    now = timezone.now()
    try:
        connection.ensure_connection()
        health = outgoing.timer_health(now)
    except DatabaseError:
        return JsonResponse(
            {"status": "down", "database": "down", "broker": "unknown", "timers": None}, status=503
        )
    last = health.last_sweep_at
    answer = {
        "status": "late" if health.late else "ok",
        "database": "ok",
        "broker": outgoing.broker_state(),
        "timers": {"last_sweep_at": last.isoformat() if last else None, "late": health.late},
    }
    return JsonResponse(answer, status=503 if health.late else 200)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What could not be read. Too much at once is said in words, with the limit."""
    if isinstance(exception, RequestDataTooBig):
        is_file = content_length(request) > settings.UPLOAD_LIMIT_BYTES
        limit = settings.UPLOAD_LIMIT_BYTES if is_file else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return render(request, "413.html", {"limit": limit // (1024 * 1024)}, status=413)
    if request.path_info.startswith("/api/"):
        return api.unreadable(request)
    return render(request, "400.html", status=400)


def content_length(request: HttpRequest) -> int:
    """What the sender says the body holds, in bytes; 0 when it says nothing readable."""
    typed = request.META.get("CONTENT_LENGTH") or "0"
    return int(typed) if typed.isascii() and typed.isdigit() else 0
