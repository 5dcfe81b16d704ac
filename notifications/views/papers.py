"""The pages of notices and reports: what is needed, writing, checking, approving, giving."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.accounts.asking import who
from core.documents.renderer import MissingGlyphs
from incidents.clocks import Clock, clock_of
from incidents.models import Case
from incidents.services import Obstacle
from incidents.shown import note_cases
from incidents.views.finding import find_case, frame, refuse_closed
from notifications import paper_queries, permissions
from notifications.documents import fields_of_version, wording_of_version
from notifications.forms import PREFIX, DecisionForm
from notifications.layouts import FOLLOWS, PaperField
from notifications.lint import Finding, check
from notifications.models.papers import Decision, Paper, PaperKind, PaperVersion
from notifications.populations import populations
from notifications.services import papers
from notifications.staleness import changed_since_given


@require_safe
def notice_tab(request: HttpRequest, reference: str) -> HttpResponse:
    return _tab(request, reference, notices=True)


@require_safe
def report_tab(request: HttpRequest, reference: str) -> HttpResponse:
    return _tab(request, reference, notices=False)


def _tab(request: HttpRequest, reference: str, *, notices: bool) -> HttpResponse:
    now = timezone.now()
    case = find_case(request, reference)
    context = {
        **frame(request, case, now, "notices" if notices else "reports"),
        "lines": paper_queries.paper_lines(case, notices=notices, now=now),
        "notices": notices,
        "populations": populations(case, now=now) if notices else [],
        "can_draft": not case.is_closed and permissions.can_draft_papers(who(request), case),
    }
    return render(request, "notifications/paper_tab.html", context)


@require_safe
def awaiting_approval(request: HttpRequest) -> HttpResponse:
    """Every version the person could approve now, in all of their cases, the longest waiting first."""
    versions = paper_queries.papers_awaiting_approval(who(request))
    note_cases(request, (version.paper.case for version in versions))
    return render(request, "notifications/awaiting_approval.html", {"versions": versions})


@require_POST
def start_paper(request: HttpRequest, reference: str) -> HttpResponse:
    case = case_to_draft(request, reference)
    kind = request.POST.get("kind", "")
    if kind not in PaperKind.values:
        raise Http404
    try:
        paper = papers.start_paper(
            case_id=case.pk,
            family=request.POST.get("family", ""),
            kind=PaperKind(kind),
            subject_key=request.POST.get("subject_key", ""),
            actor=who(request),
            now=timezone.now(),
        )
    except Obstacle as obstacle:
        messages.error(request, str(obstacle))
        return redirect(
            f"notifications:case-{'notices' if PaperKind(kind).is_notice else 'reports'}", reference
        )
    return redirect("notifications:edit-paper", reference, paper.number)


def case_to_draft(request: HttpRequest, reference: str) -> Case:
    case = find_case(request, reference)
    if not permissions.can_draft_papers(who(request), case):
        raise PermissionDenied
    refuse_closed(request, case)
    return case


def find_paper(case: Case, number: int) -> Paper:
    rows = Paper.objects.filter(case=case).select_related("case__organization")
    return get_object_or_404(rows, number=number)


def find_version(paper: Paper, number: int) -> PaperVersion:
    rows = paper.versions.select_related("author", "paper__case__organization")
    return get_object_or_404(rows, number=number)


def paper_frame(request: HttpRequest, paper: Paper, now: datetime) -> dict[str, Any]:
    tab = "notices" if paper.is_notice else "reports"
    deadline = paper.current_deadline()
    clock: Clock | None = clock_of(deadline, now) if deadline else None
    return {**frame(request, paper.case, now, tab), "paper": paper, "clock": clock}


@require_safe
def paper(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The paper as it stands: its newest version, the check, the decision, what was given."""
    case = find_case(request, reference)
    one = find_paper(case, number)
    return _paper_page(request, one, one.latest())


@require_safe
def paper_version(request: HttpRequest, reference: str, number: int, version: int) -> HttpResponse:
    one = find_paper(find_case(request, reference), number)
    return _paper_page(request, one, find_version(one, version))


def _paper_page(
    request: HttpRequest,
    one: Paper,
    version: PaperVersion,
    form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    version.paper = one
    newest = one.latest()
    is_newest = version.pk == newest.pk
    findings = check(wording_of_version(version)) if is_newest else []
    user, is_open = who(request), not one.case.is_closed
    approval = version.approval()
    context = {
        **paper_frame(request, one, timezone.now()),
        "version": version,
        "newest": newest,
        "is_newest": is_newest,
        "rows": _rows(version),
        "findings": shown_findings(one, findings),
        "error_count": sum(finding.is_error for finding in findings),
        "approval": approval,
        "last_decision": version.last_decision(),
        "versions": _versions(one),
        "filings": paper_queries.filings_of(one),
        "changed": changed_since_given(paper_queries.filings_of(one)),
        "is_given": any(filing.version_id == version.pk for filing in paper_queries.filings_of(one)),
        "is_author": version.author_id == user.pk,
        "can_approve": is_open and permissions.can_approve_papers(user, one.case),
        "can_decide": is_open and permissions.can_decide_version(user, version),
        "can_draft": is_open and permissions.can_draft_papers(user, one.case),
        "decision_form": form or _decision_form(version),
    }
    return render(request, "notifications/paper.html", context, status=status)


def _versions(one: Paper) -> list[PaperVersion]:
    return list(one.versions.select_related("author").prefetch_related("decisions").order_by("-number"))


def _rows(version: PaperVersion) -> list[tuple[PaperField, str]]:
    rows = [
        (field, version.text(field.code))
        for field in fields_of_version(version)
        if not field.filled_by_receiver
    ]
    if version.is_partial:
        rows.append((PaperField(FOLLOWS, _("뒤이어 알릴 내용")), version.text(FOLLOWS)))
    return rows


def _decision_form(version: PaperVersion) -> DecisionForm:
    return DecisionForm(initial={"version": version.number, "content_hash": version.content_hash})


def shown_findings(one: Paper, findings: list[Finding]) -> list[dict[str, str]]:
    """Findings as `components/lint.html` takes them, each with the way to the field at fault."""
    edit = reverse("notifications:edit-paper", args=[one.case.reference, one.number])
    return [
        {
            "level": "missing" if finding.is_error else "warning",
            "text": f"{finding.text} {finding.remedy}".strip(),
            "cite": finding.cite,
            "fix_url": f"{edit}#{_anchor(finding.field)}" if finding.field else "",
        }
        for finding in findings
    ]


def _anchor(code: str) -> str:
    return f"id_{code}" if code in ("title", "is_partial") else f"id_{PREFIX}{code}"


@require_safe
def compare_versions(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Two versions, item by item; the last two unless others are named."""
    one = find_paper(find_case(request, reference), number)
    newest = one.latest()
    after = find_version(one, _number(request.GET.get("b"), newest.number))
    before = find_version(one, _number(request.GET.get("a"), max(after.number - 1, 1)))
    context = {
        **paper_frame(request, one, timezone.now()),
        "before": before,
        "after": after,
        "versions": _versions(one),
        "rows": paper_queries.differences(before, after),
    }
    return render(request, "notifications/paper_compare.html", context)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else otherwise


@require_POST
def decide_version(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Approve or return exactly the version that was on the screen."""
    one = find_paper(find_case(request, reference), number)
    if not permissions.can_approve_papers(who(request), one.case):
        raise PermissionDenied
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _paper_page(request, one, one.latest(), form, status=422)
    asked = form.cleaned_data
    version = find_version(one, asked["version"])
    decide = papers.approve_version if asked["decision"] == Decision.APPROVED else papers.return_version
    try:
        decide(
            version_id=version.pk,
            content_hash=asked["content_hash"],
            actor=who(request),
            now=timezone.now(),
            note=asked["note"],
        )
    except papers.StaleApproval as stale:
        compare = reverse("notifications:compare-versions", args=[reference, number])
        context = {"stale": stale, "compare_url": f"{compare}?a={version.number}&b={stale.newest.number}"}
        context |= {**paper_frame(request, one, timezone.now()), "version": version}
        return render(request, "notifications/stale_approval.html", context, status=409)
    except (Obstacle, MissingGlyphs) as obstacle:
        form.add_error("note" if getattr(obstacle, "field", "") == "note" else None, str(obstacle))
        return _paper_page(request, one, version, form, status=422)
    if asked["decision"] == Decision.APPROVED:
        messages.success(
            request,
            _("%(n)d판을 승인하고 잠갔습니다. 이제 통지하거나 제출할 수 있습니다.") % {"n": version.number},
        )
    else:
        messages.success(request, _("%(n)d판을 돌려보냈습니다.") % {"n": version.number})
    return redirect(one)
