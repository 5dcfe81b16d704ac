"""The facts of a case, and changing them: first what would follow, then the change with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.asking import who
from incidents import permissions, queries, services
from incidents.duties import Movement
from incidents.facts import CATALOGUE, Fact, Group, Kind, label_of
from incidents.forms import FactsForm
from incidents.forms.facts import Asked
from incidents.models import Case, FactRevision
from incidents.recompute import ChangeRow, change_rows, fact_rows
from incidents.services import CaseClosed, EditedMeanwhile, FactChange, ReasonMissing
from incidents.values import FactRefused, value_label
from incidents.views.drafts import draft_context, resumed_values
from incidents.views.finding import case_to_work_on, find_case, frame

NOT_TYPED = ("csrfmiddlewaretoken", "step", "reason")


@require_safe
def case_facts(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    case = find_case(request, reference)
    context = frame(request, case, now, "facts")
    context["groups"] = queries.fact_groups(case, can_work=context["can_work"])
    return render(request, "incidents/case_facts.html", context)


@require_safe
def fact_history(request: HttpRequest, reference: str, which: str) -> HttpResponse:
    """Every revision of one fact, with who, when, from where and why."""
    case = find_case(request, reference)
    if which not in CATALOGUE:
        raise Http404
    key = request.GET.get("key", "")
    context = {
        **frame(request, case, timezone.now(), "facts"),
        "name": which,
        "key": key,
        "label": label_of(which),
        "revisions": queries.fact_revisions(case, which, key),
    }
    return render(request, "incidents/fact_history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_fact(request: HttpRequest, reference: str, which: str) -> HttpResponse:
    """One fact, or all of a group. POST `step=preview` shows what follows; `step=apply` does it with the reason."""
    case = case_to_work_on(request, reference)
    page = _Page(request, case, which, timezone.now())
    if request.method != "POST":
        return page.form_page(page.form())
    form = page.form(request.POST)
    if not form.is_valid() or request.POST.get("step") == "edit":
        return page.form_page(form)
    if request.POST.get("step") != "apply":
        return page.preview(form)
    return page.apply(form)


@dataclass(slots=True)
class _Page:
    """The steps of one change, which show the same case, form and draft."""

    request: HttpRequest
    case: Case
    which: str
    now: datetime

    @property
    def draft_key(self) -> str:
        return f"fact:{self.case.reference}:{self.which}:{self.key}"

    @property
    def key(self) -> str:
        return self.request.GET.get("key", "")

    def form(self, data: Any = None) -> FactsForm:
        asked = self._asked()
        form = FactsForm(data, now=self.now, asked=asked, initial={"fact_count": self.case.fact_count})
        if data is None:
            form.initial.update(resumed_values(self.request, self.draft_key, form.fields))
            form.initial["fact_count"] = self.case.fact_count
        return form

    def _asked(self) -> list[Asked]:
        facts = self._facts()
        self._refuse_unknown_key(facts)
        names = [fact.name for fact in facts]
        rows = FactRevision.objects.filter(case=self.case, name__in=names, key=self.key).current()
        held = {row.name: row for row in rows}
        listed = facts[0].kind is Kind.CONFIRMED
        key = self.key or (queries.next_confirmed_key(self.case, facts[0].name) if listed else "")
        return [Asked(fact, key, held.get(fact.name)) for fact in facts]

    def _refuse_unknown_key(self, facts: list[Fact]) -> None:
        """Only confirmed facts are many; a made-up key would be a second answer beside the real one."""
        if not self.key:
            return
        if facts[0].kind is not Kind.CONFIRMED or self.key not in queries.confirmed_keys(
            self.case, facts[0].name
        ):
            raise Http404

    def _facts(self) -> list[Fact]:
        """The facts asked for. Those the law leaves to a deciding person are asked of nobody else."""
        fact = CATALOGUE.get(self.which)
        facts = [fact] if fact else self._group()
        if not facts:
            raise Http404
        if not permissions.can_decide_case(who(self.request), self.case):
            facts = [one for one in facts if not one.by_person]
        if not facts:
            raise PermissionDenied
        return facts

    def _group(self) -> list[Fact]:
        """The facts of the group; one of a list has a form of its own, except where the group is the list."""
        if self.which not in list(Group):
            raise Http404
        facts = queries.facts_of(self.case, Group(self.which))
        return [one for one in facts if not one.many or one.group is Group.CONFIRMED]

    def heading(self) -> str:
        if self.which in CATALOGUE:
            return _("%(fact)s 고치기") % {"fact": label_of(self.which)}
        return _("%(group)s 적기") % {"group": queries.GROUP_WORDS[Group(self.which)]}

    def context(self, form: FactsForm, **more: Any) -> dict[str, Any]:
        typed = [
            (name, value)
            for name, values in self.request.POST.lists()
            if name not in NOT_TYPED
            for value in values
        ]
        return {
            **frame(self.request, self.case, self.now, "facts"),
            "form": form,
            "heading": self.heading(),
            "typed": typed,
            "which": self.which,
            **more,
        }

    def form_page(self, form: FactsForm) -> HttpResponse:
        context = self.context(form, **draft_context(self.request, self.draft_key))
        context["hidden_note"] = self._hidden_note(form)
        status = 422 if form.errors else 200
        if _is_htmx(self.request):
            answer = render(self.request, "incidents/change_fact.html#change_form", context, status=200)
            answer["HX-Retarget"], answer["HX-Reswap"] = "#change-form", "outerHTML"
            return answer
        return render(self.request, "incidents/change_fact.html", context, status=status)

    def _hidden_note(self, form: FactsForm) -> str:
        asked = {one.name for one in form.asked}
        group = self._group() if self.which not in CATALOGUE else []
        left = [one for one in group if one.by_person and one.name not in asked]
        names = ", ".join(str(one.label) for one in left)
        return (
            _("개인정보 보호책임자나 승인자가 정하는 사실은 여기에 없습니다: %(names)s") % {"names": names}
            if left
            else ""
        )

    def preview(self, form: FactsForm, *, reason_error: str = "") -> HttpResponse:
        """What the change would do, before anything is recorded."""
        if self.case.is_closed:
            return self._stopped(form, CaseClosed())
        changes = form.changes()
        try:
            moved = services.preview_facts(case=self.case, changes=changes, now=self.now)
        except FactRefused as refusal:
            return self._refused(form, refusal)
        context = self.context(
            form,
            facts=fact_rows(self.case, changes),
            changes=self._rows(moved),
            needs_reason=form.needs_reason(),
            reason=self.request.POST.get("reason", ""),
            reason_error=reason_error,
        )
        name = "incidents/change_preview.html"
        if _is_htmx(self.request):
            return render(self.request, f"{name}#dialog", context)
        return render(self.request, name, context, status=422 if reason_error else 200)

    def _rows(self, moved: Sequence[Movement]) -> list[ChangeRow]:
        return change_rows(moved, now=self.now)

    def _refused(self, form: FactsForm, refusal: FactRefused) -> HttpResponse:
        for name, message in refusal.faults.items():
            form.add_fault(name, message)
        return self.form_page(form)

    def _stopped(self, form: FactsForm, obstacle: CaseClosed) -> HttpResponse:
        form.add_fault(obstacle.field, str(obstacle))
        return self.form_page(form)

    def apply(self, form: FactsForm) -> HttpResponse:
        changes = form.changes()
        try:
            moved = services.record_facts(
                case_id=self.case.pk,
                changes=changes,
                actor=who(self.request),
                now=self.now,
                reason=self.request.POST.get("reason", ""),
                expected_count=form.cleaned_data["fact_count"],
            )
        except EditedMeanwhile as obstacle:
            return self.conflict(form, changes, str(obstacle))
        except ReasonMissing as obstacle:
            return self.preview(form, reason_error=str(obstacle))
        except CaseClosed as obstacle:
            return self._stopped(form, obstacle)
        except FactRefused as refusal:
            return self._refused(form, refusal)
        services.throw_away_draft(user=who(self.request), form=self.draft_key)
        count = sum(1 for one in moved if one.change != "unchanged")
        told = ngettext(
            "저장했습니다. 기한 %(n)d개가 바뀌었습니다.", "저장했습니다. 기한 %(n)d개가 바뀌었습니다.", count
        ) % {"n": count}
        messages.success(self.request, told if count else _("저장했습니다. 바뀐 기한은 없습니다."))
        return redirect("incidents:case-facts", self.case.reference)

    def conflict(self, form: FactsForm, changes: list[FactChange], message: str) -> HttpResponse:
        """Both values side by side; what was typed stays, and nothing is recorded until the person chooses."""
        since = form.cleaned_data["fact_count"]
        newer = list(
            FactRevision.objects.filter(case=self.case).select_related("recorded_by").order_by("pk")[since:]
        )
        typed = [pair for pair in self.context(form)["typed"] if pair[0] != "fact_count"]
        context = self.context(form, message=message, facts=fact_rows(self.case, changes), newer=_news(newer))
        context["typed"] = [*typed, ("fact_count", str(self.case.fact_count))]
        return render(self.request, "incidents/fact_conflict.html", context, status=409)


def _news(rows: list[FactRevision]) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name,
            "label": label_of(row.name),
            "value": value_label(row.name, row.value, row.until_at),
            "certainty": row.certainty,
            "who": str(row.recorded_by),
            "at": row.recorded_at,
            "source": row.source,
        }
        for row in rows
    ]


def _is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))
