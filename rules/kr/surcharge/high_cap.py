"""The high cap of 제64조의2제2항: each trigger with its own transition day, and the weight on the base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from rules.engine.faults import Fault
from rules.engine.history import Entry
from rules.engine.korean import listed
from rules.engine.periods import end_of_calendar_days, read_length
from rules.kr.surcharge.selection import Selection

INTENT = "gravity.intent_or_gross"
NOT_YET = (
    "위반행위가 {start} 전에 끝나 적용되지 않습니다.",
    "The violation ended before {start}, so it does not apply.",
)


@dataclass(frozen=True)
class Trigger:
    """One of the three cases of the high cap, met or not, with the reason."""

    code: str
    is_met: bool
    why: str
    why_en: str


@dataclass(frozen=True)
class HighCap:
    """Whether the high cap applies, by which triggers, and what weight a person gave."""

    entry: Entry | None
    triggers: tuple[Trigger, ...] = ()
    weight_ratio: Fraction | None = None
    weight_amount: Fraction | None = None

    @property
    def applies(self) -> bool:
        return any(trigger.is_met for trigger in self.triggers)

    def is_met(self, code: str) -> bool:
        return any(trigger.is_met for trigger in self.triggers if trigger.code == code)


def high_cap_of(
    facts: Mapping[str, Any], selection: Selection, is_fixed: bool, faults: list[Fault]
) -> HighCap | None:
    """The high cap of this case; None where the article has none at any time."""
    if not selection.knows("high_cap"):
        return None
    entry = selection.rule("high_cap")
    triggers = _triggers(facts, selection, entry, faults)
    high = HighCap(entry, triggers, facts.get("weight_ratio"), facts.get("weight_amount"))
    _refuse_weights(high, is_fixed, faults)
    return high


def _triggers(
    facts: Mapping[str, Any], selection: Selection, entry: Entry | None, faults: list[Fault]
) -> tuple[Trigger, ...]:
    given = facts.get("high_cap") or {}
    intent = (facts.get("gravity") or {}).get("intent_or_gross")
    if intent is None and {"repeat", "person_count"} & set(given):
        cite = listed(entry.cite) if entry else "개인정보 보호법 제64조의2제2항"
        faults.append(
            Fault(INTENT, f"고의 또는 중과실인지가 없습니다({cite}).", "true 또는 false로 적으십시오.")
        )
        return ()
    found = []
    if "repeat" in given:
        found.append(_repeat(given["repeat"], bool(intent), selection, entry, faults))
    if "person_count" in given:
        found.append(_harm(given["person_count"], bool(intent), selection, entry))
    if "order" in given:
        found.append(_order(given["order"], selection, entry, faults))
    return tuple(found)


def _not_yet(code: str, selection: Selection) -> Trigger:
    start = selection.article.rules["high_cap"][0].start
    return Trigger(code, False, NOT_YET[0].format(start=start), NOT_YET[1].format(start=start))


def _repeat(
    given: Mapping[str, Any], intent: bool, selection: Selection, entry: Entry | None, faults: list[Fault]
) -> Trigger:
    code = "repeat_3y_both_gross"
    first, disposed = given.get("first_violation_on"), given.get("disposition_on")
    if first and disposed and disposed < first:
        faults.append(
            Fault(
                "high_cap.repeat.disposition_on",
                f"처분일({disposed})이 앞선 위반행위일({first})보다 앞섭니다.",
                f"{first} 이후의 날을 적으십시오.",
            )
        )
    if entry is None or first is None or disposed is None:
        return _not_yet(code, selection)
    values = dict(entry.values or {})
    began = selection.began_on
    last: date = end_of_calendar_days(start=disposed, length=read_length(values["repeat_within"])).day
    if first < values["first_violation_from"]:
        start = values["first_violation_from"]
        return Trigger(
            code,
            False,
            f"앞선 위반행위({first})가 {start} 전의 것입니다.",
            f"The earlier violation ({first}) is from before {start}.",
        )
    if not (intent and given.get("first_intent_or_gross")):
        return Trigger(
            code,
            False,
            "두 번 모두 고의 또는 중과실인 것은 아닙니다.",
            "Not both were with intent or gross negligence.",
        )
    if not disposed < began < last:  # read in favour of the party: on the anniversary three years have passed
        return Trigger(
            code,
            False,
            f"처분일({disposed})부터 3년이 지나기 전에 다시 위반한 것이 아닙니다.",
            f"It was not broken again within three years of {disposed}.",
        )
    return Trigger(
        code,
        True,
        f"처분일({disposed})부터 3년 안인 {began}에 고의·중과실로 다시 위반하였습니다.",
        f"Broken again on {began}, within three years of {disposed}, both times with intent or gross negligence.",
    )


def _harm(count: int | None, intent: bool, selection: Selection, entry: Entry | None) -> Trigger:
    code = "harm_ge_10000000_gross"
    if entry is None or count is None:
        return _not_yet(code, selection)
    least = dict(entry.values or {})["person_count_from"]
    is_met = intent and count >= least
    return Trigger(
        code,
        is_met,
        f"피해 정보주체 {count:,}명, 고의·중과실 {'있음' if intent else '없음'}(요건: {least:,}명 이상, 고의 또는 중과실).",
        f"{count:,} data subjects, {'with' if intent else 'without'} intent or gross negligence (from {least:,}, with it).",
    )


def _order(
    given: Mapping[str, Any], selection: Selection, entry: Entry | None, faults: list[Fault]
) -> Trigger:
    code = "leak_by_disobeying_order"
    received = given.get("received_on")
    if received and received > selection.ended_on:
        faults.append(
            Fault(
                "high_cap.order.received_on",
                f"명령을 받은 날({received})이 위반행위의 끝({selection.ended_on})보다 뒤입니다.",
                f"{selection.ended_on} 이전의 날을 적으십시오.",
            )
        )
    if entry is None or received is None:
        return _not_yet(code, selection)
    start = dict(entry.values or {})["order_from"]
    if received < start:
        return Trigger(
            code,
            False,
            f"시정조치 명령을 {start} 전인 {received}에 받았습니다.",
            f"The order was received on {received}, before {start}.",
        )
    is_met = bool(given.get("caused_leak"))
    return Trigger(
        code,
        is_met,
        f"{received}에 받은 시정조치 명령을 이행하지 않아 유출등이 {'일어났습니다' if is_met else '일어난 것은 아닙니다'}.",
        f"The leak {'came' if is_met else 'did not come'} of not obeying the order received on {received}.",
    )


def _refuse_weights(high: HighCap, is_fixed: bool, faults: list[Fault]) -> None:
    cite = listed(high.entry.cite) if high.entry else "개인정보 보호법 제64조의2제2항"
    given = {"weight_ratio": high.weight_ratio, "weight_amount": high.weight_amount}
    used = "weight_amount" if is_fixed else "weight_ratio"
    for name, value in given.items():
        if value is None:
            continue
        if not high.applies:
            faults.append(
                Fault(name, f"높은 상한의 요건에 해당하지 않아 쓰지 않습니다({cite}).", "지우십시오.")
            )
        elif name != used:
            faults.append(
                Fault(
                    name,
                    f"매출액이 {'없어' if is_fixed else '있어'} 쓰지 않습니다({cite}).",
                    f"{used}를 적으십시오.",
                )
            )
        elif name == "weight_ratio" and value < 1:
            faults.append(Fault(name, f"가중비율은 1보다 작을 수 없습니다({cite}).", "허용 범위: 1 이상"))
