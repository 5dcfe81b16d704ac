"""Deciding what the law leaves open, and opening it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

import rules
from core.accounts.asking import who
from incidents import services
from incidents.duties import Change, Movement, movements
from incidents.forms import OpenPointForm, ReasonForm
from incidents.law import current_facts
from incidents.models import Case, OpenPointDecision
from incidents.open_points import Answer, OpenPoint, answer_label, open_points, supposed
from incidents.recompute import ChangeRow, change_rows
from incidents.values import FactRefused
from incidents.views.acting import FaultsAt, form_page
from incidents.views.drafts import draft_context, resumed_values
from incidents.views.finding import case_to_decide, frame


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one answer would do to the clocks."""

    answer: Answer
    changes: list[ChangeRow]


@require_http_methods(["GET", "HEAD", "POST"])
def decide_open_point(request: HttpRequest, reference: str, question: str) -> HttpResponse:
    """What each answer would move is on the page before the person decides."""
    now = timezone.now()
    case = case_to_decide(request, reference)
    point = _find_point(case, question)
    if point is None:
        return _no_longer_asked(request, case)
    key = f"decide:{case.reference}:{question}"[:120]
    form = OpenPointForm(request.POST or None, now=now, point=point, initial=_kept_words(request, key))
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            moved = services.decide_open_point(
                case_id=case.pk, question=question, actor=who(request), now=now, **form.cleaned_data
            )
            services.throw_away_draft(user=who(request), form=key)
            messages.success(request, _told(_("판단을 기록했습니다."), moved))
            return redirect("incidents:case-clocks", case.reference)
        case.refresh_from_db()
        point = _find_point(case, question) or point
        _show_the_present(form, point)
    context = {
        "form": form,
        "point": point,
        "outcomes": _outcomes(case, point, now),
        **frame(request, case, now, "clocks"),
        **draft_context(request, key),
    }
    return form_page(request, context, "incidents/decide_open_point.html")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_decision(request: HttpRequest, reference: str, question: str) -> HttpResponse:
    """Open a question again; what was decided stays in history."""
    now = timezone.now()
    case = case_to_decide(request, reference)
    row = _find_decision(case, question)
    form = ReasonForm(request.POST or None, now=now, label=_("판단을 거두는 이유"))
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            moved = services.withdraw_decision(
                case_id=case.pk,
                question=question,
                reason=form.cleaned_data["reason"],
                actor=who(request),
                now=now,
            )
            messages.success(request, _told(_("판단을 거두었습니다. 앞의 판단은 이력에 남습니다."), moved))
            return redirect("incidents:case-clocks", case.reference)
    context = {
        "form": form,
        "heading": _("판단 거두기"),
        "lead_text": f"{answer_label(row.answer)} · {row.reason}",
        "button": _("판단 거두기"),
        "back_name": "incidents:case-clocks",
        **frame(request, case, now, "clocks"),
    }
    return form_page(request, context)


def _kept_words(request: HttpRequest, key: str) -> dict[str, object]:
    """The kept words without the mark of what stood then: it is of the page that is opened now."""
    kept = resumed_values(request, key, OpenPointForm.base_fields)
    return {name: value for name, value in kept.items() if name != "seen"}


def _show_the_present(form: OpenPointForm, point: OpenPoint) -> None:
    """Mark what stands now beside the words that were typed, so that saving again is a choice."""
    data = cast(QueryDict, form.data).copy()
    data["seen"] = str(point.decision.pk if point.decision else 0)
    form.data = data


def _find_point(case: Case, question: str) -> OpenPoint | None:
    try:
        return open_points(case).of(question)
    except rules.FactsError:
        return None


def _no_longer_asked(request: HttpRequest, case: Case) -> HttpResponse:
    """A page that is not there; to somebody who had it open, what became of it. The draft keeps the words."""
    if request.method != "POST":
        raise Http404
    messages.error(
        request, _("지금 사실에서는 묻지 않는 물음이 되어 저장하지 않았습니다. 적은 내용은 초안에 있습니다.")
    )
    return redirect("incidents:case-clocks", case.reference)


def _find_decision(case: Case, question: str) -> OpenPointDecision:
    row = case.decisions.standing().filter(question=question).first()
    if row is None:
        raise Http404
    return row


def _outcomes(case: Case, point: OpenPoint, now: datetime) -> list[Outcome]:
    facts = current_facts(case)
    outcomes = []
    for answer in point.answers:
        try:
            moved = movements(case, facts, now=now, decisions=supposed(case, point.question, answer.code))
        except FactRefused:
            continue
        changed = [movement for movement in moved if movement.change is not Change.UNCHANGED]
        outcomes.append(Outcome(answer, change_rows(changed, now=now)))
    return outcomes


def _told(done: str, moved: list[Movement]) -> str:
    count = sum(1 for movement in moved if movement.change is not Change.UNCHANGED)
    if not count:
        return _("%(done)s 바뀐 기한은 없습니다.") % {"done": done}
    words = ngettext("기한 %(n)d개가 바뀌었습니다.", "기한 %(n)d개가 바뀌었습니다.", count) % {"n": count}
    return f"{done} {words}"
