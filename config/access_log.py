"""The access log for those who watch over an organisation: filters, and the verdict on each period."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config.safety_forms import LogFilter, ReviewForm
from core.access import services
from core.access.models import WATCHING, AccessRow, Review, ReviewKind, Verdict
from core.access.reviews import month_of, period_due, waiting_reviews
from core.accounts.asking import who
from core.accounts.models import Membership, Organization, Role, User
from incidents.models import Case

PAGE = 50


def _watched(user: User) -> QuerySet[Organization]:
    held = Membership.objects.of(user, *WATCHING).values("organization")
    return Organization.objects.filter(pk__in=held).order_by("name")


@require_safe
def access_log(request: HttpRequest) -> HttpResponse:
    """Newest first, of the organisations the person watches over."""
    places = list(_watched(who(request)))
    if not places:
        raise PermissionDenied
    rows = AccessRow.objects.visible_to(who(request)).select_related("account", "organization")
    form = LogFilter(request.GET, people=_people(places))
    wanted = form.cleaned_data if form.is_valid() else {}
    page = Paginator(_narrowed(rows, wanted), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "is_narrowed": any(wanted.values()),
        "page_obj": page,
        "rows": _told(list(page)),
        "reviews": Review.objects.filter(organization__in=places).select_related("reviewer", "organization")[
            :24
        ],
        "waiting": [
            (one, services.can_review(who(request), one.place))
            for one in waiting_reviews(who(request), today=timezone.localdate())
        ],
    }
    return render(request, "settings/access_log.html", context)


def _people(places: list[Organization]) -> list[tuple[int, str]]:
    people = User.objects.filter(memberships__organization__in=places).distinct().order_by("name")
    return [(person.pk, f"{person.name} (#{person.pk})") for person in people]


def _narrowed(rows: QuerySet[AccessRow], wanted: dict[str, Any]) -> QuerySet[AccessRow]:
    for name in ("account", "act", "result"):
        if wanted.get(name):
            rows = rows.filter(**{name: wanted[name]})
    if wanted.get("month"):
        month = month_of(date.fromisoformat(f"{wanted['month']}-01"))
        rows = rows.filter(at__gte=month.first, at__lt=month.end)
    return rows


def _told(rows: list[AccessRow]) -> list[tuple[AccessRow, list[str], list[str]]]:
    """Each row with the words of its roles and the case numbers of what it was about."""
    ids = {
        int(one.rpartition(":")[2])
        for row in rows
        for one in row.subjects
        if one.startswith("incidents.case:")
    }
    names = {f"incidents.case:{case.pk}": case.reference for case in Case.objects.filter(pk__in=ids)}
    return [(row, _role_words(row), [names.get(one, one) for one in row.subjects]) for row in rows]


def _role_words(row: AccessRow) -> list[str]:
    return [str(Role(one).label) for one in row.roles.split(",") if one in Role.values]


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The figures of the period and the verdict on it. Whoever administers the system does not judge it."""
    if kind not in ReviewKind.values:
        raise Http404
    place = get_object_or_404(_watched(who(request)), pk=pk)
    if not services.can_review(who(request), place):
        raise PermissionDenied(_("시스템을 관리하는 사람은 점검하지 않습니다."))
    now = timezone.now()
    period = period_due(ReviewKind(kind), today=timezone.localdate(now))
    rows = AccessRow.objects.filter(organization=place, at__gte=period.first, at__lt=period.end)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.record_review(
            kind=ReviewKind(kind),
            organization=place,
            first_day=period.first_day,
            last_day=period.last_day,
            verdict=Verdict(form.cleaned_data["verdict"]),
            note=form.cleaned_data["note"],
            row_count=rows.count(),
            reviewer=who(request),
            now=now,
        )
        messages.success(request, _("점검 결과를 기록했습니다."))
        return redirect("access-log")
    context = {
        "form": form,
        "place": place,
        "kind": ReviewKind(kind),
        "period": period,
        "counts": _counts(rows),
        "memberships": place.memberships.select_related("user").order_by("user__name", "role"),
    }
    return render(request, "settings/access_review.html", context, status=422 if form.errors else 200)


def _counts(rows: QuerySet[AccessRow]) -> list[tuple[str, int]]:
    """What a reviewer looks at first."""
    return [
        (_("모든 행"), rows.count()),
        (_("거부된 것"), rows.filter(result="refused").count()),
        (_("다운로드와 출력"), rows.filter(act__in=("download", "print")).count()),
        (_("검색"), rows.filter(act="search").count()),
        (_("본 사람 수"), rows.values("account").distinct().count()),
    ]
