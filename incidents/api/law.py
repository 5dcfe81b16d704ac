"""Asking the law: `python -m rules` over HTTP."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

import rules
from core.accounts.bearer import ApiRequest, BearerToken
from core.accounts.models import Scope
from incidents.api.bodies import document_in
from incidents.api.refusals import BODY_REFUSALS, REFUSALS, Refusal, Refused, refused
from incidents.api.wording import gettext_lazy
from incidents.reading import is_english
from rules import Fault
from rules.engine.source import read_document
from rules.topics import TOPICS

router = Router(auth=BearerToken(Scope.ASSESS), tags=["law"])


class TopicOut(Schema):
    name: str
    summary: str
    summary_en: str
    facts_schema: dict[str, Any] = Field(
        serialization_alias="schema", description=gettext_lazy("사실의 JSON Schema (2020-12)")
    )
    example: Any = Field(description=gettext_lazy("그대로 보내면 답하는 사실"))


class TopicsOut(Schema):
    rules_digest: str = Field(description=gettext_lazy("법령 파일 모두의 sha256"))
    topics: list[TopicOut]


@router.get(
    "/topics",
    response={200: TopicsOut, **REFUSALS},
    by_alias=True,
    operation_id="list_topics",
    summary=gettext_lazy("물어볼 수 있는 주제"),
    description=gettext_lazy("주제마다 사실의 스키마와 예가 있습니다."),
)
def topic_list(request: ApiRequest) -> dict[str, Any]:
    topics = [
        {
            "name": topic.name,
            "summary": topic.summary,
            "summary_en": topic.summary_en,
            "facts_schema": rules.schema(topic.name),
            "example": _example(topic.name),
        }
        for topic in TOPICS.values()
    ]
    return {"rules_digest": rules.digest(), "topics": topics}


def _example(topic: str) -> object:
    return read_document(rules.example(topic))[0]


def _facts_of_topics() -> dict[str, Any]:
    examples = {
        topic.name: {"summary": topic.summary, "value": _example(topic.name)} for topic in TOPICS.values()
    }
    schema = {"anyOf": [rules.schema(topic) for topic in rules.topics()]}
    return {"required": True, "content": {"application/json": {"schema": schema, "examples": examples}}}


@router.post(
    "/assess/{topic}",
    response={200: dict[str, Any], 404: Refusal, **BODY_REFUSALS},
    operation_id="assess",
    summary=gettext_lazy("사실에서 법이 말하는 것"),
    description=gettext_lazy(
        "사실을 JSON으로 보내면 ‘python -m rules 주제’와 같은 답이 옵니다. 아무것도 저장하지 않습니다. "
        "잘못된 사실은 모두 한 번에 422로 알립니다."
    ),
    openapi_extra={"requestBody": _facts_of_topics()},
)
def assess(request: ApiRequest, topic: str) -> dict[str, Any]:
    if topic not in TOPICS:
        raise _unknown(topic)
    content, faults = document_in(request)
    try:
        return rules.assess_document(topic, content, faults)
    except rules.FactsError as error:
        raise Refused(422, [_told(fault) for fault in error.faults], _in_korean(error)) from error


def _unknown(topic: str) -> Refused:
    close = get_close_matches(topic, TOPICS, n=1)
    hint = _("쓸 수 있는 주제: %(topics)s.") % {"topics": ", ".join(TOPICS)}
    if close:
        hint = _("‘%(topic)s’을(를) 쓰려던 것입니까?") % {"topic": close[0]} + f" {hint}"
    return refused(404, _("모르는 주제입니다."), path="topic", hint=hint, topics=list(TOPICS))


def _told(fault: Fault) -> Fault:
    """The fault for the reader. The rules explain in Korean only; to others it is said where to look."""
    if not is_english():
        return fault
    return Fault(
        fault.path,
        _("이 값은 쓸 수 없거나, 빠졌거나, 두 번 적혔습니다."),
        _("GET /api/v1/topics가 주는 이 주제의 스키마에서 이름, 형식, 범위를 확인해 주세요."),
    )


def _in_korean(error: rules.FactsError) -> dict[str, Any]:
    return {"errors_ko": [fault.as_dict() for fault in error.faults]} if is_english() else {}
