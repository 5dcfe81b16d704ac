"""The evidence of a case: what was taken in, who had it when, and a copy for a stated purpose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access.copies import CopyRefused
from core.access.log import note_purpose
from core.access.step_up import step_up_required
from core.access.tickets import said_on
from core.accounts.asking import who
from core.accounts.taking_out import require_right
from core.documents.parcels import pieces_of
from incidents import permissions, queries, scanner, services
from incidents.forms import CopyForm, CustodyForm, EvidenceForm, NoteForm, RetentionForm
from incidents.forms.base import CaseForm
from incidents.models import Case, Evidence
from incidents.views.acting import FaultsAt, form_page
from incidents.views.copies import password_page
from incidents.views.exporting import as_attachment
from incidents.views.finding import case_to_work_on, find_case, frame


@require_safe
def case_evidence(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    case = find_case(request, reference)
    context = {**frame(request, case, now, "evidence"), "lines": queries.evidence_lines(case)}
    return render(request, "incidents/case_evidence.html", context)


@require_safe
def evidence_item(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One item with its ledger. Its content is never shown here: a copy is asked for with a purpose."""
    now = timezone.now()
    case = find_case(request, reference)
    item = _find(case, number)
    user = who(request)
    context = {
        **frame(request, case, now, "evidence"),
        "line": queries.evidence_line(item),
        "ledger": item.custody.select_related("recorded_by").order_by("-number"),
        "has_scanner": scanner.is_configured(),
        "can_copy": permissions.can_copy_evidence(user, case),
        "can_decide": permissions.can_decide_case(user, case),
    }
    return render(request, "incidents/evidence_item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_evidence(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    case = case_to_work_on(request, reference)
    form = EvidenceForm(request.POST or None, request.FILES or None, now=now, initial={"happened_at": now})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with FaultsAt(form):
            item = services.take_evidence(
                case_id=case.pk,
                upload=said["file"].file,
                file_name=said["file"].name,
                media_type=said["file"].content_type or "",
                title=said["title"],
                received_at=said["happened_at"],
                party=said["party"],
                note=said["note"],
                actor=who(request),
                now=now,
            )
            messages.success(
                request, _("%(label)s로 보관했습니다. 다시 읽어 같은지 확인했습니다.") % {"label": item.label}
            )
            return redirect(item.get_absolute_url())
    context = {
        **frame(request, case, now, "evidence"),
        "form": form,
        "heading": _("증거 올리기"),
        "button": _("증거 보관"),
        "back_name": "incidents:case-evidence",
        "is_multipart": True,
        "lead_text": _(
            "올린 파일과 기록은 고치거나 지울 수 없습니다. 파일 이름은 그대로 남으니 개인정보를 적지 마세요."
        ),
    }
    return form_page(request, context)


@step_up_required
@require_http_methods(["GET", "HEAD", "POST"])
def copy_evidence(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """What for; then the password; with it, the file in a locked ZIP, as an attachment whatever it is."""
    now = timezone.now()
    case = find_case(request, reference)
    require_right(who(request), case.organization_id)
    if not permissions.can_copy_evidence(who(request), case):
        raise PermissionDenied
    item = _find(case, number)
    said = said_on(request, request.POST["ticket"]) if "ticket" in request.POST else None
    form = CopyForm(
        {"note": said["purpose"], "is_confirmed": said["is_confirmed"]} if said else request.POST or None,
        now=now,
        flagged_as=item.flagged_as,
        label=_("내려받는 목적"),
        help_text=_("누가 언제 무엇 때문에 내려받았는지 보관 기록과 이력에 남습니다."),
    )
    if request.method == "POST" and form.is_valid():
        purpose, is_confirmed = form.cleaned_data["note"], form.cleaned_data.get("is_confirmed", False)
        note_purpose(request, purpose)
        if said is None:
            kept, back = {"purpose": purpose, "is_confirmed": is_confirmed}, item.get_absolute_url()
            return password_page(request, case, kept, back=back, now=now, tab="evidence")
        try:
            return _parcel(request, item, said, now)
        except (services.Obstacle, CopyRefused) as obstacle:
            form.add_fault(obstacle.field, str(obstacle))
    words = {"heading": _("사본 내려받기"), "button": _("비밀번호 받고 내려받기")}
    return _form_page(request, case, item, form, now, **words)


def _parcel(request: HttpRequest, item: Evidence, said: dict[str, Any], now: datetime) -> HttpResponseBase:
    copy = services.take_out_evidence(
        item=item,
        actor=who(request),
        purpose=said["purpose"],
        now=now,
        is_confirmed=said["is_confirmed"],
    )
    parcel = services.locked_evidence(copy, item, password=said["password"], now=now)
    return as_attachment(pieces_of(parcel), f"{item.case.reference}-{item.label}-copy-{copy.number}.zip")


@require_http_methods(["GET", "HEAD", "POST"])
def add_custody(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    now = timezone.now()
    case = case_to_work_on(request, reference)
    item = _find(case, number)
    form = CustodyForm(request.POST or None, now=now, initial={"happened_at": now, "kind": "viewed"})

    def record() -> None:
        services.record_custody(evidence_id=item.pk, actor=who(request), now=now, **form.cleaned_data)

    return _acted(request, case, item, form, now, record, heading=_("보관 기록 적기"), button=_("보관 기록"))


@require_http_methods(["GET", "HEAD", "POST"])
def hold_evidence(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Put under a legal hold, or lift it."""
    now = timezone.now()
    case, item = _to_decide(request, reference, number)
    is_held = not item.is_held
    heading = _("보존 조치") if is_held else _("보존 조치 해제")
    form = NoteForm(
        request.POST or None,
        now=now,
        label=_("이유"),
        help_text=_("소송, 조사, 분쟁 때문에 보관 기간이 지나도 없애면 안 되는 증거에 겁니다.")
        if is_held
        else "",
    )

    def hold() -> None:
        services.hold_evidence(
            evidence_id=item.pk,
            is_held=is_held,
            reason=form.cleaned_data["note"],
            actor=who(request),
            now=now,
        )

    return _acted(request, case, item, form, now, hold, heading=heading, button=heading)


@require_http_methods(["GET", "HEAD", "POST"])
def keep_evidence(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    now = timezone.now()
    case, item = _to_decide(request, reference, number)
    form = RetentionForm(request.POST or None, now=now, initial={"until": item.keep_until})

    def keep() -> None:
        said = form.cleaned_data
        services.keep_evidence_until(
            evidence_id=item.pk, until=said["until"], reason=said["note"], actor=who(request), now=now
        )

    return _acted(
        request, case, item, form, now, keep, heading=_("보관 기간 정하기"), button=_("보관 기간 저장")
    )


def _acted(
    request: HttpRequest,
    case: Case,
    item: Evidence,
    form: CaseForm,
    now: datetime,
    act: Callable[[], None],
    **words: str,
) -> HttpResponse:
    """The form, or the item after its ledger took the line; what a service refuses stands at its field."""
    if request.method == "POST" and form.is_valid():
        with FaultsAt(form):
            act()
            messages.success(request, _("보관 기록에 적었습니다."))
            return redirect(item.get_absolute_url())
    return _form_page(request, case, item, form, now, **words)


def _form_page(
    request: HttpRequest, case: Case, item: Evidence, form: CaseForm, now: datetime, **words: str
) -> HttpResponse:
    context: dict[str, Any] = {
        **frame(request, case, now, "evidence"),
        "form": form,
        "back": item.get_absolute_url(),
        "lead_text": f"{item.label} {item.title}",
        **words,
    }
    return form_page(request, context)


def _to_decide(request: HttpRequest, reference: str, number: int) -> tuple[Case, Evidence]:
    """Holds and retention outlive the case: they are decided on a closed one as well."""
    case = find_case(request, reference)
    if not permissions.can_decide_case(who(request), case):
        raise PermissionDenied
    return case, _find(case, number)


def _find(case: Case, number: int) -> Evidence:
    return get_object_or_404(case.evidence.select_related("case", "recorded_by"), number=number)
