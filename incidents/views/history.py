"""The history of a case: read, narrowed, checked, and told further by people."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.asking import who
from core.audit.models import Event
from core.audit.verification import first_break
from incidents import permissions, queries, services
from incidents.forms import EntryForm, HistoryForm
from incidents.queries import HistoryFilter
from incidents.queries.history import HistoryPaginator
from incidents.views.acting import FaultsAt, form_page
from incidents.views.drafts import draft_context, resumed_values
from incidents.views.finding import case_to_work_on, find_case, frame


@require_safe
def case_history(request: HttpRequest, reference: str) -> HttpResponse:
    """Newest first. `?check=1` reads the whole chain and says whether it holds; `?event=143` opens the page
    on which that event stands.
    """
    now = timezone.now()
    case = find_case(request, reference)
    form = HistoryForm(request.GET, people=queries.people_in_history(case))
    form.is_valid()
    wanted = HistoryFilter(**{name: form.cleaned_data.get(name, "") for name in ("who", "kind", "tab")})
    pages = queries.history_pages(case, wanted)
    page = pages.get_page(request.GET.get("page") or _page_of(pages, request.GET.get("event", "")))
    is_checked = "check" in request.GET
    broken = first_break(case.reference) if is_checked else None
    context = {
        **frame(request, case, now, "history"),
        "form": form,
        "wanted": wanted,
        "page_obj": page,
        "events": queries.history_page(case, list(page), verified=is_checked and broken is None),
        "is_checked": is_checked,
        "broken": broken,
        "can_export": permissions.can_export_case(who(request), case),
    }
    return render(request, "incidents/case_history.html", context)


def _page_of(pages: Paginator[Event], event: str) -> int:
    """Where the event of a deep link stands; the first page without one, or where the history is narrowed."""
    if isinstance(pages, HistoryPaginator) and event.isascii() and event.isdigit():
        return pages.page_of(int(event[:15]))
    return 1


@require_http_methods(["GET", "HEAD", "POST"])
def add_entry(request: HttpRequest, reference: str) -> HttpResponse:
    """What happened, at its own time."""
    now = timezone.now()
    case = case_to_work_on(request, reference)
    key = f"entry:{case.reference}"
    initial = {"happened_at": now, **resumed_values(request, key, EntryForm.base_fields)}
    form = EntryForm(request.POST or None, now=now, initial=initial)
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            services.add_timeline_entry(case_id=case.pk, actor=who(request), now=now, **form.cleaned_data)
            services.throw_away_draft(user=who(request), form=key)
            messages.success(request, _("경과를 기록했습니다."))
            return redirect("incidents:case-history", case.reference)
    context = {
        "form": form,
        "heading": _("경과 적기"),
        "button": _("경과 기록"),
        "lead_text": _(
            "한 번 기록한 경과는 고치거나 지울 수 없습니다. 틀렸으면 바로잡는 경과를 더 적어 주세요."
        ),
        "back_name": "incidents:case-history",
        **frame(request, case, now, "history"),
        **draft_context(request, key),
    }
    return form_page(request, context)
