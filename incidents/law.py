"""From a case's facts to what the law says of them: the document `rules` reads, and its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

import rules
from incidents.clocks import SEOUL
from incidents.facts import ANCHORS, CATALOGUE, Kind
from incidents.models import Case, Certainty, FactRevision
from incidents.reading import is_english
from incidents.values import FactRefused

POSSIBILITY_NOTICE = "kr.pipa.s34_2.possibility_notice"


@dataclass(frozen=True, slots=True)
class Stated:
    """One fact as it stands: enough to ask the law, whether or not a row holds it yet."""

    name: str
    key: str
    value: Any
    certainty: str


def current_facts(case: Case) -> list[Stated]:
    """The last revision of every fact of `case`."""
    rows = FactRevision.objects.filter(case=case).current().order_by("name", "key")
    return [Stated(row.name, row.key, row.value, row.certainty) for row in rows]


def _is_asked(fact: Stated) -> bool:
    """Whether the law engine reads it: a statement with a value, of a kind it knows."""
    known = fact.certainty != Certainty.UNKNOWN and fact.value is not None
    return known and CATALOGUE[fact.name].to_rules


def _incident(facts: Iterable[Stated]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for fact in filter(_is_asked, facts):
        if CATALOGUE[fact.name].kind is Kind.CONFIRMED:
            entry = {"id": fact.key, "confirmed_at": fact.value["confirmed_at"]}
            document.setdefault("confirmed_facts", []).append(entry)
        else:
            document[fact.name] = fact.value
    return document


def key_day_facts(case: Case, facts: Iterable[Stated]) -> Mapping[str, object]:
    """The organisation's sectors on the day it came to know (Asia/Seoul); empty without a profile."""
    knowing = [
        datetime.fromisoformat(fact.value)
        for fact in facts
        if fact.value and fact.name in {anchor.name for anchor in ANCHORS} and fact.name != "occurred_at"
    ]
    moment = min(knowing, default=case.opened_at)
    profile = case.organization.profile_on(moment.astimezone(SEOUL).date())
    return profile.as_facts() if profile else {}


def ask_the_law(case: Case, facts: list[Stated]) -> dict[str, Any]:
    """The duties that follow from `facts` (CONTRACT shape). FactRefused when the facts contradict each other."""
    incident = _incident(facts) | _what_was_done(case)
    document = {"organization": dict(key_day_facts(case, facts)), "incident": incident}
    try:
        return rules.assess("duties", document)
    except rules.FactsError as refusal:
        raise FactRefused(
            {_fact_named(fault.path): _sentence(fault) for fault in refusal.faults}
        ) from refusal


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
