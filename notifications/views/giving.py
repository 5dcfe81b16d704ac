"""Recording that an approved paper was given, and the receipt of it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.asking import who
from incidents.clocks import clock_of, distance_label, duration_label, margin_label
from incidents.lateness import is_late
from incidents.services import Obstacle
from incidents.views.finding import find_case, refuse_closed
from notifications import permissions
from notifications.forms import FilingForm
from notifications.models.papers import Filing
from notifications.services import filings
from notifications.views.papers import find_paper, find_version, paper_frame


@require_http_methods(["GET", "HEAD", "POST"])
def record_filing(request: HttpRequest, reference: str, number: int, version: int) -> HttpResponse:
    """That the approved version was given: when, to whom, how; late asks why."""
    one = find_paper(find_case(request, reference), number)
    if not permissions.can_record_filing(who(request), one):
        raise PermissionDenied
    refuse_closed(request, one.case)
    now = timezone.now()
    given_version = find_version(one, version)
    given_version.paper = one
    deadline = one.current_deadline()
    late_now = deadline is not None and deadline.met_at is None and is_late(deadline, now)
    form = FilingForm(request.POST or None, now=now, paper=one, may_be_late=late_now, initial={"at": now})
    if request.method == "POST" and form.is_valid():
        try:
            filing = filings.record_filing(
                version_id=given_version.pk, given=form.given(), actor=who(request), now=now
            )
        except filings.AlreadyGiven as already:
            messages.warning(request, str(already))
            return redirect(already.filing)
        except Obstacle as obstacle:
            form.add_fault(obstacle.field, str(obstacle))
        else:
            messages.success(request, _("기록했습니다."))
            return redirect(filing)
    context = {
        **paper_frame(request, one, now),
        "form": form,
        "version": given_version,
        "approval": given_version.approval(),
        "late_by": distance_label(deadline, now) if late_now and deadline else "",
    }
    return render(request, "notifications/filing_form.html", context, status=422 if form.errors else 200)


@require_safe
def filing(request: HttpRequest, reference: str, number: int, pk: int) -> HttpResponse:
    """What was given, with its receipt and margin."""
    one = find_paper(find_case(request, reference), number)
    rows = Filing.objects.filter(version__paper=one).select_related(
        "version__paper__case", "approval__decided_by", "recorded_by", "document", "follow_up", "deadline"
    )
    given = get_object_or_404(rows.defer("document__pdf"), pk=pk)
    context = {
        **paper_frame(request, one, timezone.now()),
        "filing": given,
        "recipient": filings.recipient_label(given.recipient),
        "margin": _margin_words(given),
        "follow_up": clock_of(given.follow_up, timezone.now()) if given.follow_up else None,
    }
    return render(request, "notifications/filing.html", context)


def _margin_words(given: Filing) -> str:
    """By how much it was late or early, from the seconds kept with it; in days where the end was a day."""
    if given.margin_seconds is None:
        return ""
    if given.deadline is not None and given.deadline.due_at is not None and given.deadline.last_day:
        return margin_label(given.deadline, given.at)
    from_end = duration_label(timedelta(seconds=given.margin_seconds))
    return (
        _("%(span)s 늦음") % {"span": from_end} if given.is_late else _("여유 %(span)s") % {"span": from_end}
    )
