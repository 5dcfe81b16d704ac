"""What goes into and comes out of the API of cases. Instants are answered in +09:00."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict

from core.accounts.days import SEOUL
from incidents.api.wording import gettext_lazy as _
from incidents.models import Certainty


def _in_seoul(moment: datetime | None) -> datetime | None:
    return moment.astimezone(SEOUL) if moment else None


Instant = Annotated[datetime, BeforeValidator(_in_seoul)]
MaybeInstant = Annotated[datetime | None, BeforeValidator(_in_seoul)]


class Page(Schema):
    """What every list answers beside its `items`."""

    count: int = Field(description=_("모두 몇 개인가"))
    page: int
    size: int
    has_more: bool


class OrganizationOut(Schema):
    id: int
    name: str


class CaseOut(Schema):
    reference: str = Field(description=_("사건번호"))
    title: str
    url: str = Field(description=_("화면의 주소"))
    organization: OrganizationOut
    is_personal_data: bool
    is_cyber_incident: bool
    is_service_outage: bool
    phase: str
    phase_label: str
    lead: str = Field(description=_("담당자의 이름"))
    opened_at: Instant
    closed_at: MaybeInstant
    nearest_end_at: MaybeInstant = Field(
        description=_("진행 중인 기한이 가장 먼저 끝나는 시각. 날로 세는 기한은 마지막 날이 끝나는 자정")
    )


class CasesOut(Page):
    items: list[CaseOut]


class FactOut(Schema):
    name: str
    key: str
    label: str
    value: Any = Field(description=_("시각은 ISO 8601, 모르면 null"))
    until_at: Instant | None = Field(description=_("시각을 모를 때 가장 늦은 시각"))
    certainty: Certainty
    source: str
    revision: int
    recorded_at: Instant
    recorded_by: str


class CaseDetailOut(CaseOut):
    fact_count: int = Field(description=_("사실을 기록할 때 expected_count로 돌려보내는 수"))
    facts: list[FactOut]


class ClockOut(Schema):
    """A deadline as it reads at `as_of`."""

    id: int
    url: str
    title: str
    kind: str = Field(description="duty, follow_up, posting, internal")
    law_state: str = Field(description=_("법의 답: due, prompt, immediate, may_be_omitted, unsettled"))
    state: str = Field(description=_("지금 상태"))
    state_label: str
    anchor: str = Field(description=_("기산점이 되는 사실"))
    starts_at: MaybeInstant
    due_at: MaybeInstant = Field(description=_("시간으로 세는 기한의 마지막 순간(포함). 날로 세면 null"))
    last_day: date | None = Field(description=_("날로 세는 기한의 마지막 날(포함)"))
    limit: str = Field(description=_("ISO 8601 기간"))
    target_at: MaybeInstant = Field(description=_("내부 목표"))
    seconds_left: int | None = Field(description=_("남은 초. 지났으면 음수, 수가 없으면 null"))
    due_label: str
    time_label: str
    cite: list[str]
    confidence: str
    why: str
    rules_digest: str
    owner: str
    acknowledged_at: MaybeInstant
    missed_at: MaybeInstant
    met_at: MaybeInstant
    dismissed_at: MaybeInstant
    superseded_at: MaybeInstant
    terms: dict[str, Any] | None = Field(
        description=_("기록한 때 규칙이 준 답 그대로. 사람이 더한 기한은 null")
    )


class ClocksOut(Page):
    reference: str
    as_of: Instant
    items: list[ClockOut]


class TermsOut(Schema):
    law_state: str
    starts_at: MaybeInstant
    due_at: MaybeInstant
    last_day: date | None
    limit: str


class MovementOut(Schema):
    change: str = Field(description="added, moved, ended, unchanged")
    title: str
    rule_id: str
    difference: str
    before: TermsOut | None
    after: TermsOut | None


class RecordedOut(Schema):
    fact_count: int
    movements: list[MovementOut]


class _Strict(Schema):
    """An unknown name is an error, as everywhere in this house."""

    model_config = ConfigDict(extra="forbid")


class OpenIn(_Strict):
    organization: int | None = Field(
        None, strict=True, ge=1, description=_("기관의 id. 한 기관에서만 일하면 적지 않아도 됩니다.")
    )


class FactIn(_Strict):
    value: Any = Field(None, description=_("시각은 시간대까지 적은 ISO 8601. 모르면 null"))
    certainty: Certainty = Certainty.ESTIMATED
    source: str = Field("", max_length=200, description=_("근거. 사람이 정하는 사실은 판단한 사람과 이유"))
    until_at: str | None = Field(
        None, description=_("시각을 모를 때 가장 늦은 시각. value는 가장 이른 시각이며 기한은 거기서 셉니다.")
    )


class ConfirmedIn(_Strict):
    text: str = Field(min_length=1, max_length=20_000)
    confirmed_at: str = Field(
        description=_("시간대까지 적은 ISO 8601"), json_schema_extra={"format": "date-time"}
    )
    key: str = Field("", max_length=20, description=_("고칠 사실의 key(f1, f2 …). 새 사실이면 비워 둡니다."))
    certainty: Certainty = Certainty.CONFIRMED
    source: str = Field("", max_length=200)


class FactsIn(_Strict):
    expected_count: int = Field(
        strict=True, ge=0, le=1_000_000_000, description=_("읽은 사건의 fact_count. 그 뒤에 바뀌었으면 409")
    )
    reason: str = Field("", max_length=500, description=_("적어 둔 값을 고칠 때는 꼭 적습니다."))
    facts: dict[str, FactIn] = Field(default_factory=dict, description=_("사실의 이름과 값"))
    confirmed_facts: list[ConfirmedIn] = Field(
        default_factory=list, max_length=50, description=_("새로 확인한 사실")
    )
