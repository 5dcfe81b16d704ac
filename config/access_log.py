"""The access log for those who watch over an organisation: filters, and the verdict on each period."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.safety_forms import LogFilter
from core.access import services
from core.access.alert_models import Alert
from core.access.copying import standing_of_copies
from core.access.models import WATCHING, AccessRow, Review
from core.access.reviews import month_of, waiting_reviews
from core.accounts.asking import who
from core.accounts.models import Membership, Organization, Role, User
from incidents.models import Case

PAGE = 50


def watched_places(user: User) -> QuerySet[Organization]:
    held = Membership.objects.of(user, *WATCHING).values("organization")
    return Organization.objects.filter(pk__in=held).order_by("name")


@require_safe
def access_log(request: HttpRequest) -> HttpResponse:
    """Newest first, of the organisations the person watches over."""
    places = list(watched_places(who(request)))
    if not places:
        raise PermissionDenied
    rows = AccessRow.objects.newest_visible_to(who(request)).select_related("account", "organization")
    form = LogFilter(request.GET, people=_people(places))
    wanted = form.cleaned_data if form.is_valid() else {}
    pages = Paginator(_narrowed(rows, wanted), PAGE)
    pages.count = _narrowed(AccessRow.objects.visible_to(who(request)), wanted).count()  # by its indexes
    page = pages.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "open_alerts": Alert.objects.visible_to(who(request)).open().count(),
        "copies": standing_of_copies(),
        "is_narrowed": any(wanted.values()),
        "page_obj": page,
        "rows": told_rows(list(page)),
        "reviews": Review.objects.filter(organization__in=places).select_related(
            "reviewer", "organization", "sheet"
        )[:24],
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


def told_rows(rows: list[AccessRow]) -> list[tuple[AccessRow, list[str], list[str]]]:
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
