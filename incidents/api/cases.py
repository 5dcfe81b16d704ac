"""Cases, their clocks and their facts, for the programs of those who may see them."""

from __future__ import annotations

from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Field, Query, Router, Schema
from ninja.responses import Status

from core.accounts.bearer import ApiRequest, BearerToken
from core.accounts.models import Scope, User
from core.accounts.taking_out import places_to_take_out_of, why_not
from incidents import permissions, queries, services
from incidents.api.answers import case_answer, case_with_facts, clock_answer, movement_answer
from incidents.api.refusals import BODY_REFUSALS, REFUSALS, Refusal, Refused, refused
from incidents.api.shapes import CaseDetailOut, CasesOut, ClocksOut, FactsIn, OpenIn, RecordedOut
from incidents.api.stating import changes_in, faults_of
from incidents.api.wording import gettext_lazy
from incidents.clocks import Clock
from incidents.models import Case, Phase
from incidents.queries import CaseFilter
from incidents.queries.clocks import CaseClocks
from incidents.services import CaseClosed, EditedMeanwhile
from incidents.shown import note_cases
from incidents.values import FactRefused

router = Router(tags=["cases"])
READ = BearerToken(Scope.READ)
WRITE = BearerToken(Scope.WRITE)


class Paging(Schema):
    page: int = Field(1, ge=1, le=100_000, description=gettext_lazy("쪽. 1부터"))
    size: int = Field(50, ge=1, le=200, description=gettext_lazy("한 쪽에 담는 수"))

    @property
    def here(self) -> slice:
        """The rows of this page."""
        return slice((self.page - 1) * self.size, self.page * self.size)

    def about(self, count: int) -> dict[str, Any]:
        """What stands beside the rows of a list of `count`."""
        has_more = self.page * self.size < count
        return {"count": count, "page": self.page, "size": self.size, "has_more": has_more}


class CaseQuery(Paging):
    q: str = Field("", max_length=120, description=gettext_lazy("사건번호나 제목에 든 글"))
    phase: Phase | None = None
    kind: Literal["is_personal_data", "is_cyber_incident", "is_service_outage"] | None = None
    organization: int | None = Field(None, ge=1, le=2**31)
    order: Literal["opened", "due", "reference"] = "opened"

    def wanted(self) -> CaseFilter:
        return CaseFilter(self.q.strip(), self.phase or "", self.kind or "", self.organization, self.order)


class ClockQuery(Paging):
    show: Literal["current", "running", "ended", "replaced", "all"] = Field(
        "current",
        description=gettext_lazy("current는 진행 중인 것과 끝난 것, replaced는 사실이 바뀌어 대신한 것"),
    )


def _found(user: User, reference: str) -> Case:
    """The case; one that may not be seen does not exist."""
    case: Case | None = queries.case_rows(user, CaseFilter()).filter(reference=reference).first()
    if case is None:
        raise refused(
            404,
            _("이 사건을 볼 권한이 없거나 없는 사건입니다."),
            path="reference",
            hint=_("필요하면 사건 담당 부서에 요청해 주세요."),
        )
    return case


def _found_to_take_out(user: User, reference: str) -> Case:
    """The same, for what a program reads away: whoever may not take things out reads it on the pages."""
    case = _found(user, reference)
    if words := why_not(user, case.organization_id):
        raise refused(403, words, hint=_("화면에서는 볼 수 있습니다."))
    return case


@router.get(
    "",
    auth=READ,
    response={200: CasesOut, 422: Refusal, **REFUSALS},
    operation_id="list_cases",
    summary=gettext_lazy("볼 수 있는 사건"),
)
def case_list(request: ApiRequest, wanted: Query[CaseQuery]) -> dict[str, Any]:
    """Of the organisations the owner may take things out of; of the others not even how many there are."""
    user = request.auth.owner
    rows = queries.case_rows(user, wanted.wanted()).filter(organization__in=places_to_take_out_of(user))
    shown = list(rows[wanted.here])
    note_cases(request, shown)
    return {**wanted.about(rows.count()), "items": [case_answer(case) for case in shown]}


@router.post(
    "",
    auth=WRITE,
    response={200: CaseDetailOut, 201: CaseDetailOut, **BODY_REFUSALS},
    operation_id="open_case",
    summary=gettext_lazy("지금 알았다"),
    description=gettext_lazy(
        "서버의 지금 시각을 인지 시각으로 사건을 열고 시계를 시작합니다. 30초 안에 다시 보내면 "
        "새로 열지 않고 앞의 사건을 200으로 답합니다."
    ),
)
def open_case(request: ApiRequest, document: Body[OpenIn | None] = None) -> Status[dict[str, Any]]:
    user, now = request.auth.owner, timezone.now()
    case = services.open_case_at_a_press(
        organization_id=_place(user, document.organization if document else None), actor=user, now=now
    )
    return Status(201 if case.opened_at == now else 200, case_with_facts(_found(user, case.reference)))


def _place(user: User, wanted: int | None) -> int:
    """The organisation to open a case for."""
    places = {place.pk: place.name for place in permissions.organizations_to_open_for(user)}
    if not places:
        raise refused(
            403, _("사건을 열 수 있는 역할이 없습니다."), hint=_("관리자에게 역할을 요청해 주세요.")
        )
    if wanted in places:
        return wanted
    if wanted is None and len(places) == 1:
        return next(iter(places))
    known = ", ".join(f"{pk} {name}" for pk, name in places.items())
    message = _("기관을 골라 주세요.") if wanted is None else _("사건을 열 수 있는 기관이 아닙니다.")
    raise refused(
        422, message, path="organization", hint=_("고를 수 있는 기관: %(places)s") % {"places": known}
    )


@router.get(
    "/{reference}",
    auth=READ,
    response={200: CaseDetailOut, 404: Refusal, **REFUSALS},
    operation_id="read_case",
    summary=gettext_lazy("사건과 지금의 사실"),
)
def read_case(request: ApiRequest, reference: str) -> dict[str, Any]:
    return case_with_facts(_found_to_take_out(request.auth.owner, reference))


@router.get(
    "/{reference}/deadlines",
    auth=READ,
    response={200: ClocksOut, 404: Refusal, 422: Refusal, **REFUSALS},
    operation_id="list_deadlines",
    summary=gettext_lazy("사건의 시계"),
    description=gettext_lazy("화면과 같은 계산입니다. 먼저 끝나는 것부터, 진행 중인 것이 앞에 있습니다."),
)
def deadline_list(request: ApiRequest, reference: str, wanted: Query[ClockQuery]) -> dict[str, Any]:
    now = timezone.now()
    case = _found_to_take_out(request.auth.owner, reference)
    clocks = _clocks(queries.case_clocks(case, now), wanted.show)
    items = [clock_answer(clock) for clock in clocks[wanted.here]]
    return {**wanted.about(len(clocks)), "reference": case.reference, "as_of": now, "items": items}


def _clocks(clocks: CaseClocks, show: str) -> list[Clock]:
    groups = {"running": clocks.running, "ended": clocks.ended, "replaced": clocks.replaced}
    if show in groups:
        return groups[show]
    current = clocks.running + clocks.ended
    return current + clocks.replaced if show == "all" else current


@router.post(
    "/{reference}/facts",
    auth=WRITE,
    response={200: RecordedOut, 404: Refusal, 409: Refusal, **BODY_REFUSALS},
    operation_id="record_facts",
    summary=gettext_lazy("사실 기록"),
    description=gettext_lazy("화면과 같은 길로 기록하고, 무엇이 바뀌었는지 답합니다."),
)
def record_facts(request: ApiRequest, reference: str, document: FactsIn) -> dict[str, Any]:
    user = request.auth.owner
    case = _found(user, reference)
    if not permissions.can_work_on_case(user, case):
        raise refused(403, _("이 사건에 기록할 수 없는 역할입니다."), hint=_("감사자는 읽기만 합니다."))
    changes = changes_in(document, case=case, user=user)
    try:
        moved = services.record_facts(
            case_id=case.pk,
            changes=changes,
            actor=user,
            now=timezone.now(),
            reason=document.reason,
            expected_count=document.expected_count,
        )
    except FactRefused as refusal:
        raise faults_of(refusal) from refusal
    except services.Obstacle as obstacle:
        raise _stopped(obstacle, case) from obstacle
    case.refresh_from_db(fields=["fact_count"])
    return {"fact_count": case.fact_count, "movements": [movement_answer(one) for one in moved]}


def _stopped(obstacle: services.Obstacle, case: Case) -> Refused:
    if isinstance(obstacle, EditedMeanwhile):
        case.refresh_from_db(fields=["fact_count"])
        hint = _("사건을 다시 읽고 새 fact_count로 보내 주세요.")
        return refused(409, str(obstacle), path="expected_count", hint=hint, fact_count=case.fact_count)
    return refused(409 if isinstance(obstacle, CaseClosed) else 422, str(obstacle), path=obstacle.field)
