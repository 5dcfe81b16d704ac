"""The topic `safety`: which safety measures the notice asks for on a day, by the size and the data of a system."""

from __future__ import annotations

from datetime import date
from typing import Any

from rules.engine.declaration import Field, Record
from rules.engine.faults import FactsError, Fault
from rules.engine.history import Entry, in_force
from rules.engine.kinds import Count, Day, Flag, Text
from rules.engine.law_files import digest_of, under
from rules.engine.periods import end_of_calendar_days, read_length
from rules.engine.topic import Topic
from rules.kr.safety.law import SIZES, Measure, measures

EXAMPLE = """\
as_of: 2026-11-21
person_count: 60000
size: mid
has_sensitive: true
last_log_check_on: 2026-11-02
plan_checks_every: P1M
"""

FACTS = Record(
    (
        Field("as_of", Day(), "법을 보는 날", "the day the law is looked at", required=True),
        Field("person_count", Count(), "정보주체 수", "data subjects in the system", absent_as=0),
        Field(
            "daily_users",
            Count(),
            "하루 평균 이용자 수",
            "users a day, last quarter of last year",
            absent_as=0,
        ),
        Field("size", Text(choices=SIZES), "기관 규모", "size of the organisation", absent_as="mid"),
        Field("has_unique_id", Flag(), "고유식별정보", "unique identifiers"),
        Field("has_sensitive", Flag(), "민감정보", "sensitive data"),
        Field("is_common_carrier", Flag(), "기간통신사업자", "common carrier"),
        Field("is_public_system", Flag(), "지정된 공공시스템", "designated public system"),
        Field("last_log_check_on", Day(), "마지막 접속기록 점검일", "last check of the access log"),
        Field(
            "plan_checks_every",
            Text(pattern=r"P\d+[YMD]", hint="P1M처럼 적으십시오."),
            "내부 계획의 점검 주기",
            "cycle of the plan",
        ),
        Field("last_pentest_on", Day(), "마지막 침투테스트일", "last penetration test"),
        Field(
            "accessor",
            Text(choices=("handler", "other")),
            "외부에서 접속하는 사람",
            "who comes in from outside",
        ),
        Field("accessor_has_second_factor", Flag(), "안전한 인증수단이 있음", "has secure authentication"),
    )
)


def assess_safety(document: object) -> dict[str, Any]:
    """Each measure with whether it is owed on the day, and whether it is kept where a fact tells. FactsError."""
    faults: list[Fault] = []
    facts = FACTS.read(document, "", faults) or {}
    if faults:
        raise FactsError(faults)
    return {
        "topic": "safety",
        "rules_digest": digest_of(law_files()),
        "as_of": facts["as_of"].isoformat(),
        "measures": [_answer(measure, facts) for measure in measures().values()],
    }


def last_day_kept(*, recorded_on: date, floor: str) -> date:
    """The last day a record must still be there; it may be purged from the next day on.

    The day of recording is not counted, and a last day on a holiday does not move.
    Source: 민법 제157조, 제160조.
    """
    return end_of_calendar_days(start=recorded_on, length=read_length(floor)).day


def _answer(measure: Measure, facts: dict[str, Any]) -> dict[str, Any]:
    entry = in_force(measure.entries, {"as_of": facts["as_of"]})
    head = {"id": measure.id, "title": measure.title, "title_en": measure.title_en}
    if entry is None or entry.values is None:
        return {**head, "state": "not_in_force", "from": measure.entries[0].start.isoformat()}
    told = {
        "version": entry.version,
        "from": entry.start.isoformat(),
        "cite": list(entry.cite),
        "source": entry.source,
        "confidence": entry.confidence,
        "why": entry.values["why"],
        "why_en": entry.values["why_en"],
    }
    return {**head, **told, **_RULES[measure.rule](entry, facts)}


def _threshold(entry: Entry, facts: dict[str, Any]) -> dict[str, Any]:
    values = dict(entry.values or {})
    if "daily_users_from" in values:
        limit, count = values["daily_users_from"], facts["daily_users"]
    else:
        limit, count = values["people_from"].get(facts["size"], 0), facts["person_count"]
    said = limit or min(
        values["people_from"].values()
    )  # owed from the first person on: the limit is the others'
    words = {key: values[key].format(limit=f"{said:,}") for key in ("why", "why_en")}
    return {"state": "owed" if count >= limit else "not_owed", "limit": limit, **words}


def _retention(entry: Entry, facts: dict[str, Any]) -> dict[str, Any]:
    values = dict(entry.values or {})
    raised = values.get("raised")
    if raised and _is_raised(raised, facts):
        words = {"why": values["why_raised"], "why_en": values["why_raised_en"]}
        return {"state": "owed", "floor": raised["floor"], **words}
    return {"state": "owed", "floor": values["floor"]}


def _is_raised(raised: dict[str, Any], facts: dict[str, Any]) -> bool:
    return facts["person_count"] >= raised["people_from"] or any(facts.get(name) for name in raised["facts"])


def _reach(entry: Entry, facts: dict[str, Any]) -> dict[str, Any]:
    """Whom it binds; and, where a person who comes in is told of, whether they may without the means."""
    reach = dict(entry.values or {})["reach"]
    answer = {"state": "owed", "reach": reach}
    if "accessor" not in facts or "accessor_has_second_factor" not in facts:
        return answer
    if facts["accessor"] == "other" and reach == "handlers":
        return {**answer, "state": "not_owed"}
    return {**answer, "kept": facts["accessor_has_second_factor"]}


def _check(entry: Entry, facts: dict[str, Any]) -> dict[str, Any]:
    values = dict(entry.values or {})
    every = values.get("every") or facts.get("plan_checks_every")
    return {"state": "owed", "every": every, **_kept(facts.get("last_log_check_on"), every, facts["as_of"])}


def _yearly(entry: Entry, facts: dict[str, Any]) -> dict[str, Any]:
    if not facts.get("is_public_system"):
        return {"state": "not_owed"}
    every = dict(entry.values or {})["every"]
    return {"state": "owed", "every": every, **_kept(facts.get("last_pentest_on"), every, facts["as_of"])}


def _kept(last_on: date | None, every: str | None, as_of: date) -> dict[str, Any]:
    """Whether the last one is recent enough; silent while nobody says when it was."""
    if last_on is None or every is None:
        return {}
    last_day = last_day_kept(recorded_on=last_on, floor=every)
    return {"kept": as_of <= last_day, "next_by": last_day.isoformat()}


_RULES = {
    "threshold": _threshold,
    "retention": _retention,
    "reach": _reach,
    "check": _check,
    "yearly": _yearly,
}


def law_files() -> tuple[str, ...]:
    return under("kr/safety")


TOPIC = Topic(
    name="safety",
    summary="개인정보의 안전성 확보조치",
    summary_en="safety measures for personal data, by day and size",
    schema=FACTS.schema,
    example=EXAMPLE,
    assess=assess_safety,
    law_files=law_files,
)
