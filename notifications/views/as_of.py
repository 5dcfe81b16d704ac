"""The pages of the past of a case: as it was, what changed between two instants, who knew what when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.accounts.asking import who
from incidents import permissions
from incidents.as_of import (
    Access,
    CaseAsOf,
    Section,
    access_at,
    case_as_of,
    chain_of,
    differences,
    frame_as_of,
    instants_around,
    knowings_of,
    knowings_of_meetings,
    people_to_ask_about,
    steps_of,
)
from incidents.clocks import in_address
from incidents.fields import typed_second
from incidents.models import Case
from incidents.open_points import answer_label, question_label
from incidents.procedure import kind_label
from incidents.queries import evidence_line, sorted_clocks, stated_groups, task_line
from incidents.views.finding import find_case, frame
from notifications.as_of import knowings_of_filings, paper_differences, papers_as_of, papers_then
from notifications.forms import BetweenForm, MomentForm


@require_safe
def case_past(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole case at `at` (now unless given), and as the person `as` could see it, for those who may ask."""
    return _past_page(request, reference, "case-past", "notifications/case_past.html", _held)


@require_safe
def who_knew(request: HttpRequest, reference: str) -> HttpResponse:
    """From the first alert to the authorities and the people, as the case told it at `at`."""
    return _past_page(request, reference, "who-knew", "notifications/who_knew.html", _chain)


def _past_page(
    request: HttpRequest, reference: str, name: str, template: str, show: Callable[[CaseAsOf], dict[str, Any]]
) -> HttpResponse:
    now = timezone.now()
    case = find_case(request, reference)
    if "step" in request.GET:
        return redirect(_chosen_step(request, case, name))
    form = MomentForm(request.GET, now=now)
    at = (form.cleaned_data["at"] if form.is_valid() else None) or now
    access = _eyes(request, case, at)
    past = case_as_of(case, at)
    is_seen = past is not None and (access is None or access.can_see)
    context = {
        **frame(request, case, now, "history"),
        **(frame_as_of(past) if past else {}),
        **_moment(request, case, name, at, form),
        "access": access,
        "past": past,
        "opened_at": case.opened_at,
        "is_seen": is_seen,
        **(show(past) if past and is_seen else {}),
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _moment(request: HttpRequest, case: Case, name: str, at: datetime, form: MomentForm) -> dict[str, Any]:
    """What `notifications/_moment.html` needs: where in the history the page stands, and the ways on."""
    instants = instants_around(case, at)
    page = reverse(f"notifications:{name}", args=[case.reference])
    seen_by = request.GET.get("as", "")

    def address(moment: datetime | None) -> str:
        asked = {"at": in_address(moment)} if moment else {}
        return f"{page}?{urlencode(asked | ({'as': seen_by} if seen_by else {}))}"

    return {
        "at": at,
        "instants": instants,
        "page": page,
        "earlier_url": address(instants.earlier) if instants.earlier else "",
        "later_url": address(instants.later) if instants.later else "",
        "now_url": reverse("incidents:case-overview", args=[case.reference]),
        "seen_by": seen_by,
        "form": form if form.errors else MomentForm(initial={"at": typed_second(at)}, now=at),
        "people": people_to_ask_about(case) if permissions.can_ask_who_saw(who(request), case) else [],
        "last_place": len(instants.steps) - 1,
        "at_text": in_address(at),
    }


def _chosen_step(request: HttpRequest, case: Case, name: str) -> str:
    """The address of the instant the slider stands at. 404 for a step it does not have."""
    chosen, steps = request.GET["step"], steps_of(case)
    if not chosen.isascii() or not chosen.isdigit() or int(chosen[:9]) >= len(steps):
        raise Http404
    asked = {"at": in_address(steps[int(chosen)])}
    if request.GET.get("as"):
        asked["as"] = request.GET["as"]
    return f"{reverse(f'notifications:{name}', args=[case.reference])}?{urlencode(asked)}"


def _eyes(request: HttpRequest, case: Case, at: datetime) -> Access | None:
    """What the person named in `as` could see; None when nobody is named. 403 for those who may not ask."""
    named = request.GET.get("as", "")
    if not named:
        return None
    if not permissions.can_ask_who_saw(who(request), case):
        raise PermissionDenied
    person = next((one for one in people_to_ask_about(case) if str(one.pk) == named), None)
    if person is None:
        raise Http404
    return access_at(case, person, at)


def _held(past: CaseAsOf) -> dict[str, Any]:
    tasks = [task_line(task, past.at) for task in past.tasks]
    return {
        "groups": stated_groups(past.case, past.facts),
        "clocks": sorted_clocks(past.clocks),
        "open_lines": [line for line in tasks if line.state in ("open", "late")],
        "ended_lines": [line for line in tasks if line.state in ("done", "skipped")],
        "papers": papers_then(papers_as_of(past.case, past.at)),
        "steps_taken": [
            {"row": row, "kind_label": kind_label(row.kind)} for row in past.steps if row.withdrawn_at is None
        ],
        "decisions": [
            {
                "row": row,
                "question_label": question_label(row.question),
                "answer_label": answer_label(row.answer),
            }
            for row in past.decisions
            if row.replaced_at is None
        ],
        "evidence": [evidence_line(item) for item in past.evidence],
        "claims": [row for row in past.claims if row.withdrawn_at is None],
    }


def _chain(past: CaseAsOf) -> dict[str, Any]:
    papers = papers_as_of(past.case, past.at)
    met = [filing.deadline_id for filing in papers.filings if filing.deadline_id]
    knowings = [
        *knowings_of(past),
        *knowings_of_filings(papers),
        *knowings_of_meetings(past, told_by_paper=met),
    ]
    return {"links": chain_of(knowings)}


@require_safe
def case_between(request: HttpRequest, reference: str) -> HttpResponse:
    """What changed after `from` until `to`: the opening and now, unless given."""
    now = timezone.now()
    case = find_case(request, reference)
    form = BetweenForm(request.GET, now=now)
    asked = form.cleaned_data if form.is_valid() else {}
    start, end = asked.get("start") or case.opened_at, asked.get("end") or now
    context = {
        **frame(request, case, now, "history"),
        "form": form if form.errors else _shown(start, end, now),
        "start": start,
        "end": end,
        "from_url": _page_at(case, start),
        "to_url": _page_at(case, end),
        "sections": [] if form.errors else _between(case, start, end),
    }
    return render(request, "notifications/case_between.html", context, status=422 if form.errors else 200)


def _shown(start: datetime, end: datetime, now: datetime) -> BetweenForm:
    return BetweenForm(initial={"start": typed_second(start), "end": typed_second(end)}, now=now)


def _page_at(case: Case, moment: datetime) -> str:
    page = reverse("notifications:case-past", args=[case.reference])
    return f"{page}?{urlencode({'at': in_address(moment)})}"


def _between(case: Case, start: datetime, end: datetime) -> list[Section]:
    one, two = case_as_of(case, max(start, case.opened_at)), case_as_of(case, max(end, case.opened_at))
    assert one is not None and two is not None
    papers = paper_differences(papers_as_of(case, one.at), papers_as_of(case, two.at))
    sections = differences(one, two)
    return [*sections, Section(_("통지·신고 문서"), papers)] if papers else sections
