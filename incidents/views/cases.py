"""Opening a case, its first questions, the list, the overview, its name, phase and end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.asking import who
from core.accounts.models import Organization, User
from core.accounts.taking_out import places_to_take_out_of
from incidents import permissions, queries, services
from incidents.forms import (
    CloseForm,
    DescribeForm,
    FilterForm,
    IntakeForm,
    OpenForm,
    PhaseForm,
    ReopenForm,
)
from incidents.forms.cases import KIND_CHOICES
from incidents.intake import FACTS, answers_so_far, intake_changes, kinds_from
from incidents.models import Case, Phase
from incidents.queries import CaseFilter
from incidents.reading import FROM_THE_QUESTIONS, is_english
from incidents.shown import note_cases
from incidents.views.acting import FaultsAt, form_page
from incidents.views.drafts import draft_context, resumed_values
from incidents.views.finding import case_to_decide, case_to_work_on, find_case, frame
from rules.engine.korean import with_particle

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def open_case(request: HttpRequest) -> HttpResponse:
    """‘지금 알았다’: the server's own instant, and nothing else required of somebody who works for one organisation."""
    now = timezone.now()
    places = permissions.organizations_to_open_for(who(request))
    if not places:
        return _not_theirs_to_open(request)
    if len(places) == 1 and request.method == "POST":
        return _opened(request, places[0])
    form = OpenForm(request.POST if "organization" in request.POST else None, organizations=places)
    if request.method == "POST" and form.is_valid():
        return _opened(request, form.cleaned_data["organization"])
    return render(request, "incidents/open_case.html", {"form": form, "places": places, "now": now})


def _not_theirs_to_open(request: HttpRequest) -> HttpResponse:
    """Which roles open cases, and who has one: somebody who knows of a leak must not stand before a wall."""
    context = {
        "roles": [role.label for role in permissions.WORKING],
        "people": permissions.people_who_open(who(request)),
    }
    return render(request, "incidents/open_case_refused.html", context, status=403)


def _opened(request: HttpRequest, organization: Organization) -> HttpResponse:
    case = services.open_case_at_a_press(
        organization_id=organization.pk, actor=who(request), now=timezone.now()
    )
    named = case.reference if is_english() else with_particle(case.reference, "을/를")
    told = {"named": named, "summary": queries.opened_summary(case)}
    messages.success(request, _("사건 %(named)s 열었습니다. %(summary)s") % told)
    return redirect("incidents:case-intake", case.reference)


@require_http_methods(["GET", "HEAD", "POST"])
def case_intake(request: HttpRequest, reference: str) -> HttpResponse:
    """The questions of the first minutes. What is not known yet stays so, and its clock keeps running."""
    now = timezone.now()
    case = case_to_work_on(request, reference)
    key = f"intake:{case.reference}"
    # A page sent back is read against the facts it was opened on, not against what came in meanwhile.
    facts = queries.facts_as_seen(case, FACTS, up_to=_seen(request))
    shown = answers_so_far(case, facts)
    seen = max((row.pk for row in facts.values()), default=0)
    initial = {**shown, "seen": seen, **resumed_values(request, key, IntakeForm.base_fields)}
    form = IntakeForm(request.POST or None, now=now, initial=initial)
    if request.method == "POST" and form.is_valid() and _intake_kept(request, case, form, shown):
        services.throw_away_draft(user=who(request), form=key)
        return redirect(case)
    context = {"form": form, **frame(request, case, now, "facts"), **draft_context(request, key)}
    return form_page(request, context, "incidents/case_intake.html")


def _seen(request: HttpRequest) -> int | None:
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _intake_kept(request: HttpRequest, case: Case, form: IntakeForm, shown: dict[str, Any]) -> bool:
    """Record the answers; False puts what stood in the way into the form."""
    answers, now = form.cleaned_data, timezone.now()
    with FaultsAt(form):
        moved = services.record_facts(
            case_id=case.pk,
            changes=intake_changes(answers, shown),
            actor=who(request),
            now=now,
            reason=_intake_reason(answers),
        )
        services.describe_case(
            case_id=case.pk,
            actor=who(request),
            now=now,
            title=answers["title"],
            kinds=kinds_from(answers, case),
        )
        messages.success(request, _told(moved))
        return True
    return False


def _intake_reason(answers: dict[str, Any]) -> str:
    reasons = [answers[name] for name in ("leak_reason", "intrusion_reason") if answers[name]]
    return " / ".join(reasons) or FROM_THE_QUESTIONS


def _told(moved: list[Any]) -> str:
    count = sum(1 for one in moved if one.change != "unchanged")
    if not count:
        return _("저장했습니다. 바뀐 기한은 없습니다.")
    return ngettext(
        "저장했습니다. 기한 %(n)d개가 바뀌었습니다. 시계를 확인해 주세요.",
        "저장했습니다. 기한 %(n)d개가 바뀌었습니다. 시계를 확인해 주세요.",
        count,
    ) % {"n": count}


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    wanted, form = wanted_cases(request)
    page = Paginator(queries.case_rows(who(request), wanted), PAGE).get_page(request.GET.get("page"))
    note_cases(request, page)
    context = {
        "form": form,
        "page_obj": page,
        "wanted": wanted,
        "now": timezone.now(),
        "may_take_out": places_to_take_out_of(who(request)).exists(),
    }
    return render(request, "incidents/case_list.html", context)


def wanted_cases(request: HttpRequest) -> tuple[CaseFilter, FilterForm]:
    """What the address asks the list to be narrowed to, and the form that shows it."""
    seen = Organization.objects.visible_to(who(request)).order_by("name").values_list("pk", "name")
    form = FilterForm(request.GET, organizations=list(seen))
    form.is_valid()
    values = form.cleaned_data
    wanted = CaseFilter(
        text=values.get("q", "").strip(),
        phase=values.get("phase", ""),
        kind=values.get("kind", ""),
        organization_id=values.get("organization") or None,
        order=values.get("order", ""),
    )
    return wanted, form


@require_safe
def case_overview(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    case = find_case(request, reference)
    context = {
        **frame(request, case, now, "overview"),
        "clocks": queries.case_clocks(case, now),
        "anchors": queries.fact_groups(case, can_work=False)[0].lines,
        "summary": queries.fact_revisions(case, "summary")[:1],
        "tasks": [line for line in queries.task_lines(case, now) if line.state in ("open", "late")],
        "can_manage_members": permissions.can_manage_members(who(request), case),
        "members": case.members.present().select_related("user").order_by("user__name"),
    }
    return render(request, "incidents/case_overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def describe_case(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    case = find_case(request, reference)
    if not permissions.can_work_on_case(who(request), case):
        raise PermissionDenied
    kinds = [name for name, _label in KIND_CHOICES if getattr(case, name)]
    present = case.members.present().values("user")
    people = User.objects.filter(pk__in=present, is_active=True)
    form = DescribeForm(
        request.POST.copy() or None,
        now=now,
        people=people.order_by("name").distinct(),
        initial={
            "title": case.title,
            "kinds": kinds,
            "lead": case.lead_id,
            "seen": services.description_mark(case),
        },
    )
    if request.method == "POST" and form.is_valid() and _described(request, case, form):
        messages.success(request, _("사건 정보를 저장했습니다."))
        return redirect(case)
    context = {
        "form": form,
        "heading": _("사건 정보 고치기"),
        "button": _("저장"),
        "back": case.get_absolute_url(),
        **frame(request, case, now, "overview"),
    }
    return form_page(request, context)


def _described(request: HttpRequest, case: Case, form: DescribeForm) -> bool:
    """Save it; False puts what stood in the way into the form, which then knows what stands now."""
    values = form.cleaned_data
    with FaultsAt(form):
        services.describe_case(
            case_id=case.pk,
            actor=who(request),
            now=timezone.now(),
            title=values["title"],
            kinds=form.kinds_wanted(),
            lead_id=values["lead"].pk,
            expected=values["seen"] or None,
        )
        return True
    form.data["seen"] = services.description_mark(case)  # type: ignore[index]
    return False


@require_http_methods(["GET", "HEAD", "POST"])
def advance_phase(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    case = case_to_work_on(request, reference)
    form = PhaseForm(request.POST or None, now=now, initial={"phase": case.phase})
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            services.advance_phase(
                case_id=case.pk, phase=Phase(form.cleaned_data["phase"]), actor=who(request), now=now
            )
            messages.success(request, _("단계를 바꿨습니다."))
            return redirect(case)
    context = {
        "form": form,
        "heading": _("단계 바꾸기"),
        "button": _("단계 바꾸기"),
        "back": case.get_absolute_url(),
        **frame(request, case, now, "overview"),
    }
    return form_page(request, context)


@require_http_methods(["GET", "HEAD", "POST"])
def close_case(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    case = case_to_decide(request, reference)
    form = CloseForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            services.close_case(
                case_id=case.pk, actor=who(request), now=now, reason=form.cleaned_data["reason"]
            )
            messages.success(request, _("사건을 종결했습니다. 기록은 모두 남아 있습니다."))
            return redirect(case)
    context = {
        "form": form,
        "heading": _("사건 종결"),
        "button": _("사건 종결"),
        "back": case.get_absolute_url(),
        "lead_text": _(
            "끝나지 않은 기한이 하나라도 있으면 종결할 수 없습니다. 종결해도 지워지는 것은 없습니다."
        ),
        **frame(request, case, now, "overview"),
    }
    return form_page(request, context)


@require_http_methods(["GET", "HEAD", "POST"])
def reopen_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Only those who may close a case open it again, and they say why."""
    now = timezone.now()
    case = find_case(request, reference)
    if not permissions.can_decide_case(who(request), case):
        raise PermissionDenied(_("종결한 사건은 개인정보 보호책임자나 승인자가 다시 엽니다."))
    form = ReopenForm(request.POST or None, now=now, initial={"phase": Phase.INVESTIGATION})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with FaultsAt(form):
            services.reopen_case(
                case_id=case.pk,
                actor=who(request),
                now=now,
                reason=values["reason"],
                phase=Phase(values["phase"]),
            )
            messages.success(request, _("사건을 다시 열었습니다. 이유는 이력에 있습니다."))
            return redirect(case)
    context = {
        "form": form,
        "heading": _("사건 다시 열기"),
        "button": _("사건 다시 열기"),
        "back": case.get_absolute_url(),
        "lead_text": _("다시 열면 사실과 문서를 더하고 고칠 수 있습니다. 종결한 기록은 이력에 남습니다."),
        **frame(request, case, now, "overview"),
    }
    return form_page(request, context)
