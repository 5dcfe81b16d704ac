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
from core.access.masking import masked
from core.access.step_up import step_up_required
from core.accounts.asking import who
from incidents import queries
from incidents.clocks import instant_label
from incidents.copying import copy_line
from incidents.forms.copies import PurposeForm
from incidents.models import Case
from incidents.shown import note_case_ids
from incidents.spreadsheet import harmless
from incidents.views.cases import wanted_cases


@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def case_export(request: HttpRequest) -> HttpResponse:
    """How many cases the filters find, and what for; then UTF-8 with its mark, and no cell that runs as a formula."""
    now = timezone.now()
    wanted, _filters = wanted_cases(request)
    found = queries.case_rows(who(request), wanted)
    form = PurposeForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid():
        note_purpose(request, form.cleaned_data["purpose"])
        try:
            return _taken_out(request, list(found), form.cleaned_data["purpose"], now)
        except CopyRefused as obstacle:
            form.add_fault(obstacle.field, str(obstacle))
    context = {"form": form, "count": found.count(), "query": request.GET.urlencode()}
    return render(request, "incidents/export_list.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _taken_out(request: HttpRequest, cases: list[Case], purpose: str, now: datetime) -> HttpResponse:
    """The file, with a row in the register of each organisation whose cases are in it."""
    if not cases:
        raise CopyRefused(_("내보낼 사건이 없습니다."))
    text = _csv(_rows(cases))
    digest = hashlib.sha256(text.encode()).hexdigest()
    copies = [
        make_copy(
            organization_id=place,
            kind=CopyKind.LIST,
            what="cases.csv",
            original_hash=digest,
            purpose=purpose,
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


def _rows(cases: Iterable[Case]) -> Iterator[tuple[str, ...]]:
    yield (
        _("사건번호"),
        _("제목"),
        _("기관"),
        _("종류"),
        _("단계"),
        _("담당"),
        _("접수 시각"),
        _("가장 가까운 기한"),
    )
    for case in cases:
        nearest = case.nearest_due_at  # type: ignore[attr-defined]
        yield (
            case.reference,
            masked(case.title),
            str(case.organization),
            " · ".join(case.kind_words),
            case.get_phase_display(),
            str(case.lead),
            instant_label(case.opened_at),
            instant_label(nearest) if nearest else "",
        )


def _last_lines(copies: Iterable[Copy]) -> Iterator[tuple[str, ...]]:
    for copy in copies:
        yield (_("사본 번호"), copy.number, str(copy.organization), copy_line(copy))
