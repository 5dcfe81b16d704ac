"""The review of a period: its figures, the alerts and the rows drawn, the verdict, and the paper of it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import rules
from config.access_log import told_rows, watched_places
from config.safety_forms import LogReviewForm, ReviewForm
from core.access import services
from core.access.log import note_shown
from core.access.models import Review, ReviewKind, Verdict
from core.access.review_figures import figures_of
from core.access.review_models import ReviewSheet
from core.access.review_papers import Findings, findings_of, record_log_review
from core.access.reviews import period_due
from core.accounts.asking import who
from core.accounts.models import Organization
from core.documents.services import read_document


def _place(request: HttpRequest, pk: int) -> Organization:
    place = get_object_or_404(watched_places(who(request)), pk=pk)
    if not services.can_review(who(request), place):
        raise PermissionDenied(_("시스템을 관리하는 사람은 점검하지 않습니다."))
    return place


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """What a period showed and the verdict on it. Whoever administers the system does not judge it."""
    if kind not in ReviewKind.values:
        raise Http404
    place = _place(request, pk)
    return _log(request, place) if kind == ReviewKind.LOG else _rights(request, place)


def _log(request: HttpRequest, place: Organization) -> HttpResponse:
    now = timezone.now()
    period = period_due(ReviewKind.LOG, today=timezone.localdate(now))
    found = findings_of(place, period)
    form = LogReviewForm(request.POST or None, alerts=found.alerts, reviewer=who(request))
    if request.method == "POST" and form.is_valid() and _is_recorded(request, form, found, now):
        return redirect("access-log")
    note_shown(request, [(place.pk, f"accounts.organization:{place.pk}")])
    context = {
        "form": form,
        "place": place,
        "kind": ReviewKind.LOG,
        "period": period,
        "counts": found.figures.lines(),
        "alerts": found.alerts,
        "sample": told_rows(list(found.sample)),
    }
    return render(request, "settings/access_review.html", context, status=422 if form.errors else 200)


def _is_recorded(request: HttpRequest, form: LogReviewForm, found: Findings, now: datetime) -> bool:
    try:
        record_log_review(
            found=found,
            verdict=Verdict(form.cleaned_data["verdict"]),
            note=form.cleaned_data["note"],
            hits=form.hits(),
            rules_digest=rules.digest(),
            reviewer=who(request),
            now=now,
        )
    except ValidationError as fault:
        form.add_error(None, fault)
        return False
    messages.success(request, _("점검 결과를 기록하고 문서로 만들었습니다."))
    return True


def _rights(request: HttpRequest, place: Organization) -> HttpResponse:
    now = timezone.now()
    period = period_due(ReviewKind.RIGHTS, today=timezone.localdate(now))
    figures = figures_of(place, period)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.record_review(
            kind=ReviewKind.RIGHTS,
            organization=place,
            first_day=period.first_day,
            last_day=period.last_day,
            verdict=Verdict(form.cleaned_data["verdict"]),
            note=form.cleaned_data["note"],
            row_count=figures.rows,
            reviewer=who(request),
            now=now,
        )
        messages.success(request, _("점검 결과를 기록했습니다."))
        return redirect("access-log")
    context = {
        "form": form,
        "place": place,
        "kind": ReviewKind.RIGHTS,
        "period": period,
        "counts": figures.lines(),
        "memberships": place.memberships.select_related("user").order_by("user__name", "role"),
    }
    return render(request, "settings/access_review.html", context, status=422 if form.errors else 200)


@require_safe
def review_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper of a review, byte for byte as it was made."""
    seen: QuerySet[Review] = Review.objects.filter(organization__in=watched_places(who(request)))
    sheet = get_object_or_404(
        ReviewSheet.objects.select_related("document", "review"), review=pk, review__in=seen
    )
    response = HttpResponse(read_document(sheet.document), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{sheet.document.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    note_shown(request, [(sheet.review.organization_id, f"access.review:{pk}")])
    return response
