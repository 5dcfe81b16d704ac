"""From a case's facts to what the law says of them: the document `rules` reads, and its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

import rules
from core.accounts.days import SEOUL
from incidents.facts import CATALOGUE, KNOWING, OF_ORGANIZATION, Kind, fact_named
from incidents.models import Case, Certainty, FactRevision, HolidayChange
from incidents.reading import is_english
from incidents.rivals import put_safe_targets
from incidents.values import FactRefused
from rules.duties.law import current_law

POSSIBILITY_NOTICE = "kr.pipa.s34_2.possibility_notice"

type Decided = Mapping[str, str]  # question, answer and where its reason is kept


@dataclass(frozen=True, slots=True)
class Stated:
    """One fact as it stands: enough to ask the law, whether or not a row holds it yet."""

    name: str
    key: str
    value: Any
    certainty: str
    until: datetime | None = (
        None  # of an instant known as a range only; the law counts from `value`, its earliest
    )


def current_facts(case: Case) -> list[Stated]:
    """The last revision of every fact of `case`."""
    rows = FactRevision.objects.filter(case=case).current().order_by("name", "key")
    return [Stated(row.name, row.key, row.value, row.certainty, row.until_at) for row in rows]


def _is_asked(fact: Stated) -> bool:
    """Whether the law engine reads it: a statement with a value, of a kind it knows."""
    known = fact.certainty != Certainty.UNKNOWN and fact.value is not None
    return known and fact_named(fact.name).to_rules


def _incident(facts: Iterable[Stated]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for fact in filter(_is_asked, facts):
        known = CATALOGUE[fact.name]
        if known.kind is Kind.CONFIRMED:
            entry = {"id": fact.key, known.moment: fact.value[known.moment]}
            document.setdefault(known.listed_as, []).append(entry)
        else:
            document[fact.name] = fact.value
    return document


def key_day_facts(case: Case, facts: Iterable[Stated]) -> Mapping[str, object]:
    """The organisation's sectors on the day it came to know (Asia/Seoul); empty without a profile."""
    knowing = [datetime.fromisoformat(fact.value) for fact in facts if fact.value and fact.name in KNOWING]
    moment = min(knowing, default=case.opened_at)
    profile = case.organization.profile_on(moment.astimezone(SEOUL).date())
    held = profile.as_facts() if profile else {}
    return {name: value for name, value in held.items() if name in OF_ORGANIZATION}


def ask_the_law(
    case: Case,
    facts: list[Stated],
    *,
    decisions: Sequence[Decided] | None = None,
    calendar: Sequence[Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """The duties that follow from `facts` (CONTRACT shape). FactRefused when the facts contradict each other.

    `decisions` are what is supposed of the open points instead of what stands, `calendar` the same of
    the changes to the holidays.
    """
    document = law_document(case, facts, decisions=decisions, calendar=calendar)
    answer = _answered(rules.assess, document)
    put_safe_targets(answer["duties"], document, list(case.awareness_claims.standing()))
    return answer


def explain_the_law(case: Case, facts: list[Stated]) -> dict[str, Any]:
    """The same duties, and those not owed, each with its `explain`. FactRefused as `ask_the_law`."""
    return _answered(rules.explain, law_document(case, facts))


def _answered(
    asked: Callable[[str, Mapping[str, object]], dict[str, Any]], document: Mapping[str, object]
) -> dict[str, Any]:
    try:
        return asked("duties", document)
    except rules.FactsError as refusal:
        raise FactRefused(
            {_fact_named(fault.path): _sentence(fault) for fault in refusal.faults}
        ) from refusal


def law_document(
    case: Case,
    facts: list[Stated],
    *,
    decisions: Sequence[Decided] | None = None,
    calendar: Sequence[Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """The facts of a case as the topic `duties` of `rules` reads them, with what people decided.

    The changes an administrator made to the holidays go with them.
    """
    incident = _incident(facts) | _what_was_done(case)
    document: dict[str, Any] = {"organization": dict(key_day_facts(case, facts)), "incident": incident}
    changes = HolidayChange.objects.as_facts() if calendar is None else calendar
    if changes:
        document["calendar"] = list(changes)
    held = case.decisions.as_facts() if decisions is None else decisions
    known = [decided for decided in held if is_known_answer(decided["question"], decided["answer"])]
    return {**document, "decisions": known} if known else document


def is_known_answer(question: str, answer: str) -> bool:
    """Whether this edition still puts the question and admits the answer; an unknown one decides nothing."""
    put = current_law().questions.get(question)
    return put is not None and answer in put.answers


def _what_was_done(case: Case) -> dict[str, Any]:
    """Facts the case's own clocks hold: that people were told of a possible leak."""
    told = case.deadlines.filter(duty__family=POSSIBILITY_NOTICE, met_at__isnull=False).exists()
    return {"possibility_notice_given": True} if told else {}


def _fact_named(path: str) -> str:
    """`incident.leak_known_at` → `leak_known_at`; `incident.confirmed_facts[0].…` → `confirmed_fact`."""
    name = path.removeprefix("incident.").split(".")[0].split("[")[0]
    return "confirmed_fact" if name == "confirmed_facts" else name


def _sentence(fault: Any) -> str:
    """What is wrong and what to do, with the facts under the names people know them by.

    The rules explain a refusal in Korean only; to others it is said that the value cannot stand.
    """
    if is_english():
        return _("다른 사실과 맞지 않거나 이 판이 아는 날의 범위 밖입니다. 값을 확인해 주세요.")
    sentence = " ".join(part for part in (fault.message, fault.hint) if part) or _("값을 확인해 주세요.")
    for name in sorted(CATALOGUE, key=len, reverse=True):
        sentence = sentence.replace(name, str(CATALOGUE[name].label))
    return sentence
