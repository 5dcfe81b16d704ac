"""Settings: the alerts of the access log for those who watch. What was found, by which rows, and what came of it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.access_log import told_rows, watched_places
from core.access import alerts
from core.access.alert_forms import AskForm, CloseForm
from core.access.alert_models import Alert, Finding
from core.access.log import note_shown
from core.access.models import AccessRow
from core.accounts.asking import who

PAGE = 50
SHOWN_ROWS = 100


@require_safe
def alert_list(request: HttpRequest) -> HttpResponse:
    """What waits for somebody to look at it; with `?all=1` what was closed too."""
    if not watched_places(who(request)).exists():
        raise PermissionDenied
    rows = Alert.objects.visible_to(who(request)).select_related("account", "organization", "closed_by")
    shows_all = "all" in request.GET
    page = Paginator(rows if shows_all else rows.open(), PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "shows_all": shows_all, "me": who(request).pk}
    return render(request, "settings/alert_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """One alert with its rows. Closing it needs a finding and a reason, and another person than it is about."""
    one = _found(request, pk)
    form = CloseForm(request.POST or None)
    if request.method == "POST":
        if not alerts.can_judge(who(request), one):
            raise PermissionDenied(_("자기에 관한 경보는 다른 사람이 판정합니다."))
        if form.is_valid() and _is_closed(request, one, form):
            return redirect("alert-list")
    return _page(request, one, close=form, ask=AskForm())


@require_POST
def ask_explanation(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the person what they did; they answer on a page of their own."""
    one = _found(request, pk)
    if not alerts.can_judge(who(request), one):
        raise PermissionDenied(_("자기에 관한 경보는 다른 사람이 판정합니다."))
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            alerts.ask_explanation(
                alert_id=one.pk,
                question=form.cleaned_data["question"],
                actor=who(request),
                now=timezone.now(),
            )
        except alerts.AlertClosed:
            messages.error(request, _("이미 닫은 경보입니다."))
        except ValidationError as fault:
            messages.error(request, " ".join(fault.messages))
        else:
            messages.success(request, _("소명을 요청했습니다. 받는 사람에게 메일로 알립니다."))
        return redirect("alert", one.pk)
    return _page(request, one, close=CloseForm(), ask=form)


def _found(request: HttpRequest, pk: int) -> Alert:
    rows = Alert.objects.visible_to(who(request)).select_related("account", "organization", "closed_by")
    return get_object_or_404(rows, pk=pk)


def _is_closed(request: HttpRequest, one: Alert, form: Form) -> bool:
    try:
        alerts.close_alert(
            alert_id=one.pk,
            finding=Finding(form.cleaned_data["finding"]),
            reason=form.cleaned_data["reason"],
            actor=who(request),
            now=timezone.now(),
        )
    except alerts.AlertClosed:
        messages.error(request, _("이미 닫은 경보입니다."))
    except ValidationError as fault:
        form.add_error(None, fault)
        return False
    else:
        messages.success(request, _("경보를 닫았습니다. 이유는 이력에 있습니다."))
    return True


def _page(request: HttpRequest, one: Alert, *, close: Form, ask: Form) -> HttpResponse:
    rows = AccessRow.objects.visible_to(who(request)).filter(pk__in=one.rows).order_by("at", "pk")
    shown = list(rows.select_related("account", "organization")[:SHOWN_ROWS])
    note_shown(request, [(one.organization_id, f"access.alert:{one.pk}")])
    context = {
        "alert": one,
        "rows": told_rows(shown),
        "explanations": one.explanations.select_related("asked_by"),
        "may_judge": one.closed_at is None and alerts.can_judge(who(request), one),
        "may_ask": one.account is not None and one.account.is_active,
        "close": close,
        "ask": ask,
    }
    status = 422 if close.errors or ask.errors else 200
    return render(request, "settings/alert.html", context, status=status)
