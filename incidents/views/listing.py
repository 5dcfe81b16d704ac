"""The list of cases as a file for a spreadsheet: for a purpose, masked, with its copy number on the last lines."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.access.copies import CopyRefused, make_copy
from core.access.copy_models import Copy, CopyKind
from core.access.log import note_purpose
from core.access.step_up import step_up_required
from core.accounts.asking import who
from core.accounts.models import Membership
from core.accounts.taking_out import places_to_take_out_of, require_right
from incidents import queries
from incidents.columns import Column
from incidents.copying import copy_line
from incidents.forms.listing import ListForm
from incidents.models import Case
from incidents.shown import note_case_ids
from incidents.spreadsheet import harmless
from incidents.views.cases import wanted_cases


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def case_export(request: HttpRequest) -> HttpResponse:
    """How many cases the filters find, and what for; then UTF-8 with its mark, and no cell that runs as a formula."""
    _require_right_somewhere(request)
    now = timezone.now()
    wanted, _filters = wanted_cases(request)
    found = queries.case_rows(who(request), wanted)
    form = ListForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid():
        note_purpose(request, form.cleaned_data["purpose"])
        try:
            return _taken_out(request, list(found), form, now)
        except CopyRefused as obstacle:
            form.add_fault(obstacle.field, str(obstacle))
    context = {"form": form, "count": found.count(), "query": request.GET.urlencode()}
    return render(request, "incidents/export_list.html", context, status=422 if form.errors else 200)


def _require_right_somewhere(request: HttpRequest) -> None:
    """One place is enough to open the page; a case of a place without the right is refused with the file."""
    first = Membership.objects.of(who(request)).order_by("pk").first()
    if first and not places_to_take_out_of(who(request)).exists():
        require_right(who(request), first.organization_id)


@transaction.atomic
def _taken_out(request: HttpRequest, cases: list[Case], form: ListForm, now: datetime) -> HttpResponse:
    """The file, with a row in the register of each organisation whose cases are in it, which names its columns."""
    if not cases:
        raise CopyRefused(_("내보낼 사건이 없습니다."))
    columns: tuple[Column, ...] = form.cleaned_data["columns"]
    text = _csv(_rows(cases, columns))
    digest = hashlib.sha256(text.encode()).hexdigest()
    copies = [
        make_copy(
            organization_id=place,
            kind=CopyKind.LIST,
            what=f"cases.csv: {','.join(one.code for one in columns)}",
            original_hash=digest,
            purpose=form.cleaned_data["purpose"],
            actor=who(request),
            now=now,
        )
        for place in sorted({case.organization_id for case in cases})
    ]
    note_case_ids(request, ((case.organization_id, case.pk) for case in cases))
    answer = HttpResponse("\ufeff" + text + _csv(_last_lines(copies)), content_type="text/csv; charset=utf-8")
    name = f"cases-{timezone.localdate(now):%Y%m%d}-copy-{copies[0].number}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _csv(rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def _rows(cases: Iterable[Case], columns: Iterable[Column]) -> Iterator[tuple[str, ...]]:
    yield tuple(str(one.heading) for one in columns)
    for case in cases:
        yield tuple(one.cell(case) for one in columns)


def _last_lines(copies: Iterable[Copy]) -> Iterator[tuple[str, ...]]:
    for copy in copies:
        yield (_("사본 번호"), copy.number, str(copy.organization), copy_line(copy))
