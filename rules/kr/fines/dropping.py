"""Which fines fall away, and why: no such row, no fault, no duty, too late, a surcharge, a heavier fine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rules.engine.conditions import Words
from rules.engine.history import Entry
from rules.engine.korean import day_text, with_particle
from rules.engine.periods import end_of_calendar_days, read_length
from rules.kr.calendar import korean_calendar
from rules.kr.fines.facts import NOTICE_ITEM, Act, Case
from rules.kr.fines.law import FineLaw
from rules.kr.fines.reckoning import Fine
from rules.kr.fines.wording import BAR_ON_HOLIDAY, LIKE_WEIGHT_OPEN, SURCHARGED_CONDUCT, both_sanctions
from rules.kr.followups.reckoning import ending
from rules.kr.followups.wording import length_words
from rules.kr.working import Caution


@dataclass(frozen=True)
class Drop:
    """Why an act adds nothing to the total."""

    code: str
    words: Words
    rule: Entry


@dataclass(frozen=True)
class Result:
    """A fine and, where it falls away, the reason."""

    fine: Fine
    drop: Drop | None = None
    cautions: tuple[Caution, ...] = ()


def results_of(fines: Sequence[Fine], case: Case, law: FineLaw) -> list[Result]:
    """Each fine with what drops it: first what concerns it alone, then a surcharge, then a heavier fine."""
    results = [_alone(fine, case, law) for fine in fines]
    results = [_surcharged(result, law) for result in results]
    return _heaviest_of_each_conduct(results, law.rule("concurrence", case.decided_on))


def _alone(fine: Fine, case: Case, law: FineLaw) -> Result:
    act = fine.act
    if fine.entry is None:
        return Result(fine, _no_row(fine, law))
    if act.facts.get("is_without_fault"):
        rule = law.rule("intent_or_negligence", case.decided_on)
        return Result(fine, Drop("without_fault", _said(rule), rule))
    noticed = _notice_duty(fine, law) if act.item.code == NOTICE_ITEM else Result(fine)
    return noticed if noticed.drop else _time_barred(noticed, case, law)


def _no_row(fine: Fine, law: FineLaw) -> Drop:
    act, later = fine.act, fine.given_way_to
    if later is not None:
        words = Words(
            f"{act.item.after} 설정에 따라 바뀐 법을 적용하였습니다.",
            f"{act.item.after_en} By the setting the later law is applied.",
        )
        return Drop("lighter_later_law", words, later)
    if act.entry is not None:
        return Drop("no_item", Words(act.item.after, act.item.after_en), act.entry)
    first = act.item.entries[0]
    named = with_particle(act.item.title, "은/는")
    words = Words(
        f"{named} {day_text(first.start)}부터 과태료 항목이며, {day_text(act.law_on)}에는 아니었습니다.",
        f"This became an item of the annex on {first.start}; on {act.law_on} it was none.",
    )
    return Drop("no_item", words, law.rule(f"annex_{act.item.law}", act.law_on))


def notice_grounds(act: Act, law: FineLaw) -> dict[str, bool | None]:
    """Which of the three cases users must be told of are met; None where the fact is not known."""
    minutes, data = act.facts.get("service_stop_minutes"), act.facts.get("user_data")
    limit = (law.rule("user_notice_trigger", act.law_on).values or {})["stop_minutes"]
    return {
        "service_stop": None if minutes is None else minutes >= limit,
        "user_data": None if data is None else data != "none",
        "like_weight": act.facts.get("is_like_weight"),
    }


def _notice_duty(fine: Fine, law: FineLaw) -> Result:
    met = notice_grounds(fine.act, law)
    rule = law.rule("user_notice_trigger", fine.act.law_on)
    if any(met.values()) or met["service_stop"] is None or met["user_data"] is None:
        return Result(fine)
    if met["like_weight"] is None:
        return Result(
            fine, cautions=(Caution("like_weight_open", LIKE_WEIGHT_OPEN, rule.cite, rule.confidence),)
        )
    minutes, limit = fine.act.facts["service_stop_minutes"], (rule.values or {})["stop_minutes"]
    words = Words(
        f"장애·중단이 {minutes}분으로 {limit}분에 미치지 않고 이용자 정보에 영향이 없으며 이에 준하는 경우도 아니므로 통지할 의무가 없습니다.",
        f"Stopped for {minutes} of {limit} minutes, no effect on users’ information and no case of like weight: no notice is owed.",
    )
    return Result(fine, Drop("no_duty", words, rule))


def _time_barred(result: Result, case: Case, law: FineLaw) -> Result:
    rule = law.rule("time_bar", case.decided_on)
    ended_on = result.fine.act.day("ended_on")
    if ended_on is None:
        return result
    length = (rule.values or {})["length"]
    last_day = end_of_calendar_days(start=ended_on, length=read_length(length)).day
    if case.decided_on <= last_day:
        return result
    moved = ending(start=ended_on, length=length, counting="DAYS", calendar=korean_calendar()).day
    if case.decided_on <= moved:
        told = Caution("time_bar_on_holiday", BAR_ON_HOLIDAY, rule.cite, "uncertain")
        return replace(result, cautions=(*result.cautions, told))
    span = length_words(length)
    words = Words(
        f"위반행위가 {day_text(ended_on)}에 끝나 {span.ko}이 되는 {day_text(moved)}이 지났으므로 과태료를 부과할 수 없습니다.",
        f"The act ended on {ended_on}; {span.en} ran out on {moved}, so no fine may be imposed.",
    )
    return replace(result, drop=Drop("time_barred", words, rule))


def _surcharged(result: Result, law: FineLaw) -> Result:
    act = result.fine.act
    under = act.facts.get("surcharged_under")
    if under is None or result.drop is not None:
        return result
    rule = law.rule("double_sanction", act.law_on)
    if under not in (rule.values or {})["barring"]:
        told = Caution("both_sanctions", both_sanctions(under), rule.cite, rule.confidence)
        return replace(result, cautions=(*result.cautions, told))
    words = Words(
        "과징금을 부과한 행위에는 과태료를 부과할 수 없습니다.",
        "An act that drew a surcharge cannot be fined.",
    )
    return replace(result, drop=Drop("double_sanction", words, rule))


def _heaviest_of_each_conduct(results: Sequence[Result], rule: Entry) -> list[Result]:
    found: list[Result] = []
    for result in results:
        same = [
            other for other in results if _conduct(other) is not None and _conduct(other) == _conduct(result)
        ]
        found.append(_among(result, same, rule))
    return found


def _conduct(result: Result) -> Any:
    return result.fine.act.facts.get("conduct")


def _among(result: Result, same: Sequence[Result], rule: Entry) -> Result:
    """The heaviest of one act stays: by what the annex sets, then the ceiling, then what it comes to."""
    if result.drop is not None or len(same) < 2:
        return result
    standing = [other for other in same if other.drop is None]
    if any(other.drop is not None and other.drop.code == "double_sanction" for other in same):
        told = Caution("surcharged_conduct", SURCHARGED_CONDUCT, rule.cite, "uncertain")
        result = replace(result, cautions=(*result.cautions, told))
    heaviest = max(standing, key=_weight)
    if heaviest.fine.act is result.fine.act:
        return result
    item = heaviest.fine.act.item
    words = _said(rule, title=item.title, title_en=item.title_en)
    return replace(result, drop=Drop("concurrence", words, rule))


def _weight(result: Result) -> tuple[Any, ...]:
    fine = result.fine
    return (fine.base, fine.ceiling, fine.amount)


def _said(rule: Entry, **places: str) -> Words:
    values = rule.values or {}
    return Words(values["why"].format(**places), values["why_en"].format(**places))
