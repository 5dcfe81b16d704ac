"""One's own sessions: where one is signed in, ending one from afar, how long is left."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access.models import PersonSession
from core.access.queries import values_at
from core.access.sessions import note_use, sign_out_device, time_left
from core.accounts.asking import who

ENDED_SHOWN = 20


def _here(request: HttpRequest) -> PersonSession:
    return cast(PersonSession, request.person_session)  # type: ignore[attr-defined]


@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in now, and the last sign-ins that have ended."""
    rows = PersonSession.objects.filter(user=who(request))
    context = {
        "here": _here(request).pk,
        "open": rows.open(),
        "ended": rows.exclude(ended_at=None).order_by("-ended_at")[:ENDED_SHOWN],
    }
    return render(request, "access/session_list.html", context)


@require_POST
def end_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out another device; the next thing it asks for leads to the sign-in."""
    row = get_object_or_404(PersonSession.objects.open().filter(user=who(request)), pk=pk)
    sign_out_device(row, now=timezone.now())
    messages.success(request, _("그 기기의 접속을 끊었습니다."))
    return redirect("access:session-list")


@require_safe
def session_state(request: HttpRequest) -> HttpResponse:
    """How many seconds are left. Asking makes it no longer."""
    return _left(request)


@require_POST
def extend_session(request: HttpRequest) -> HttpResponse:
    """The person is still there."""
    note_use(_here(request), now=timezone.now())
    return _left(request)


def _left(request: HttpRequest) -> JsonResponse:
    left, can_extend = time_left(_here(request), values=values_at(), now=timezone.now())
    return JsonResponse({"left": max(0, int(left.total_seconds())), "can_extend": can_extend})
