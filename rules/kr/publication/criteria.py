"""Each criterion of each edition against the case: met, not met, or open until a fact is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.engine.conditions import Words
from rules.engine.history import Entry
from rules.engine.korean import day_text, listed
from rules.engine.periods import end_of_calendar_days, read_length
from rules.kr.fines.checks import lasts
from rules.kr.fines.facts import Act
from rules.kr.followups.wording import length_words
from rules.kr.publication.facts import COUNTED, Case
from rules.kr.publication.law import PublicationLaw
from rules.kr.working import Caution

REVISION_OPEN = Words(
    "2025-07-01의 개정 전에 끝난 위반행위에도 공공기관 처분의 공표 요건을 적용하는지는 확인하지 못하였습니다(미확인).",
    "Whether the criterion for public bodies reaches acts ended before the revision of 2025-07-01 was not confirmed (unconfirmed).",
)
COUNT_OPEN = Words(
    "되풀이된 처분의 횟수에 이번 처분을 넣는지 확인하지 못하였습니다(미확인).",
    "Whether this decision counts among the repeated sanctions was not confirmed (unconfirmed).",
)


@dataclass(frozen=True)
class Tested:
    """A criterion, whether it is met (None: a fact is missing), and why."""

    edition: Entry
    criterion: Mapping[str, Any]
    met: bool | None
    words: Words
    missing: tuple[str, ...] = ()


Answer = tuple[bool | None, Words, tuple[str, ...]]


def editions_of(case: Case, law: PublicationLaw) -> dict[str, tuple[Entry, list[Act]]]:
    """The acts under each edition of the criteria, by the law of the act."""
    found: dict[str, tuple[Entry, list[Act]]] = {}
    for act in case.acts:
        entry = law.on("criteria", act.law_on)
        assert entry is not None and entry.version is not None
        found.setdefault(entry.version, (entry, []))[1].append(act)
    return found


def tested(case: Case, law: PublicationLaw) -> list[Tested]:
    """Every criterion of every edition that one of the acts falls under."""
    results = []
    for entry, acts in editions_of(case, law).values():
        for criterion in (entry.values or {})["criteria"]:
            met, words, missing = _TESTS[criterion["test"]](criterion, acts, case)
            results.append(Tested(entry, criterion, met, words, missing))
    return results


def cautions_of(case: Case, results: Sequence[Tested], law: PublicationLaw) -> list[Caution]:
    told = []
    last = law.rules["criteria"][-1]
    is_before = any(act.law_on < last.start for act in case.acts)
    if case.said("party", "is_public_body") and is_before and case.decided_on >= last.start:
        told.append(Caution("revision_unconfirmed", REVISION_OPEN, last.cite, "uncertain"))
    for result in results:
        if result.criterion["test"] == "repeated" and _turns_on_count(result.criterion, case):
            told.append(Caution("count_unconfirmed", COUNT_OPEN, result.edition.cite, "uncertain"))
    return told


def _paragraph_2(criterion: Mapping[str, Any], acts: Sequence[Act], case: Case) -> Answer:
    count = sum(act.is_listed and _values(act)["paragraph"] == 2 for act in acts)
    words = Words(
        f"법 제75조제2항 각 호에 해당하는 위반행위가 {count}개입니다.",
        f"{count} violations fall under article 75(2).",
    )
    return count >= criterion["at_least"], words, ()


def _values(act: Act) -> Mapping[str, Any]:
    return (act.entry.values if act.entry else None) or {}


def _lasted(criterion: Mapping[str, Any], acts: Sequence[Act], case: Case) -> Answer:
    span = length_words(criterion["length"])
    long, unknown = [], []
    for act in acts:
        started_on, ended_on = act.day("started_on"), act.day("ended_on") or case.decided_on
        if started_on is None:
            unknown.append(f"{act.path}.started_on")
        elif lasts(started_on, ended_on, criterion["length"]):
            long.append(f"{act.item.title}({day_text(started_on)}부터 {day_text(ended_on)}까지)")
    if long:
        words = Words(
            f"{span.ko} 이상 이어진 위반: {listed(long)}.",
            f"{len(long)} violation(s) lasted {span.en} or more.",
        )
        return True, words, ()
    if unknown:
        return (
            None,
            Words("위반이 시작된 날이 입력되지 않았습니다.", "The day it began is not entered."),
            tuple(unknown),
        )
    return False, Words(f"{span.ko} 이상 이어진 위반이 없습니다.", f"No violation lasted {span.en}."), ()


def _accused(criterion: Mapping[str, Any], acts: Sequence[Act], case: Case) -> Answer:
    met = any(sanction["kind"] == "accusation" for act in acts for sanction in act.facts["sanctions"])
    words = (
        Words("고발하였습니다.", "An accusation was made.")
        if met
        else Words("고발하지 않았습니다.", "No accusation was made.")
    )
    return met, words, ()


def _repeated(criterion: Mapping[str, Any], acts: Sequence[Act], case: Case) -> Answer:
    if "prior_sanctions" not in case.facts:
        return (
            None,
            Words("앞서 받은 처분이 입력되지 않았습니다.", "Earlier sanctions are not entered."),
            ("prior_sanctions",),
        )
    count = _earlier(criterion, case) + (_this(case) if case.facts["settings"]["count_this_decision"] else 0)
    span = length_words(criterion["length"])
    words = Words(f"{span.ko} 안에 받은 처분이 {count}회입니다.", f"{count} sanction(s) in {span.en}.")
    return count >= criterion["at_least"], words, ()


def _earlier(criterion: Mapping[str, Any], case: Case) -> int:
    """Decisions within the time before this one, days with several sanctions counted once."""
    days: set[date] = {
        item["on"]
        for item in case.facts.get("prior_sanctions", ())
        if item["kind"] in COUNTED
        and case.decided_on
        <= end_of_calendar_days(start=item["on"], length=read_length(criterion["length"])).day
    }
    return len(days)


def _this(case: Case) -> int:
    return int(any(sanction["kind"] in COUNTED for act in case.acts for sanction in act.facts["sanctions"]))


def _turns_on_count(criterion: Mapping[str, Any], case: Case) -> bool:
    if "prior_sanctions" not in case.facts:
        return False
    earlier, least = _earlier(criterion, case), criterion["at_least"]
    return bool(earlier < least <= earlier + _this(case))


def _public_body(criterion: Mapping[str, Any], acts: Sequence[Act], case: Case) -> Answer:
    is_public = case.said("party", "is_public_body") or case.said("party", "is_public_system_operator")
    if is_public is None:
        return (
            None,
            Words("공공기관인지 입력되지 않았습니다.", "Whether a public body is not entered."),
            ("party.is_public_body",),
        )
    if is_public:
        return True, Words("공공기관에 대한 처분입니다.", "It is a sanction of a public body."), ()
    return False, Words("공공기관이 아닙니다.", "It is no public body."), ()


_TESTS: Mapping[str, Callable[[Mapping[str, Any], Sequence[Act], Case], Answer]] = {
    "paragraph_2_acts": _paragraph_2,
    "state_lasted": _lasted,
    "accusation": _accused,
    "repeated": _repeated,
    "public_body": _public_body,
}
