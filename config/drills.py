"""Settings: the restore drills, and when the next one is owed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.recovery_forms import DrillForm
from config.safety import may_see
from core.access.models import BackupNote, RecoveryDrill
from core.access.recovery import drill_due_on, record_drill
from core.accounts.asking import who
from core.accounts.models import Role, User
from core.accounts.standing import holds

SHOWN = 24


def may_record(user: User) -> bool:
    """Whoever restores, and whoever answers for it."""
    return holds(user, Role.ADMIN, Role.CPO)


@require_http_methods(["GET", "HEAD", "POST"])
def drills(request: HttpRequest) -> HttpResponse:
    """The drills so far and the last backups; recording one more."""
    if not may_see(who(request)):
        raise PermissionDenied
    may = may_record(who(request))
    now = timezone.now()
    form = DrillForm(request.POST or None, now=now, initial={"drilled_on": timezone.localdate(now)})
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        if form.is_valid() and _is_recorded(request, form):
            messages.success(request, _("복구 훈련을 기록했습니다."))
            return redirect("settings-drills")
    due_on = drill_due_on()
    context = {
        "form": form if may else None,
        "due_on": due_on,
        "is_overdue": due_on is not None and timezone.localdate(now) > due_on,
        "drills": RecoveryDrill.objects.select_related("recorded_by")[:SHOWN],
        "backups": BackupNote.objects.all()[:SHOWN],
    }
    return render(request, "settings/drills.html", context, status=422 if form.errors else 200)


def _is_recorded(request: HttpRequest, form: DrillForm) -> bool:
    values = dict(form.cleaned_data)
    took = values.pop("minutes") * 60
    try:
        record_drill(**values, took_seconds=took, actor=who(request), now=timezone.now())
    except ValidationError as fault:
        form.add_error(None, fault)
        return False
    return True


def drill_banner(user: User, today: date) -> dict[str, Any]:
    """What every page says to those who answer for it once a drill is late."""
    due_on = drill_due_on() if may_record(user) else None
    if due_on is None or today <= due_on:
        return {}
    return {
        "rank": 3,
        "word": _("훈련"),
        "text": _("복구 훈련을 %(day)s까지 해야 했으나 아직 하지 않았습니다.") % {"day": due_on.isoformat()},
        "url": reverse("settings-drills"),
        "action": _("훈련 기록하러 가기"),
    }
