"""The end of the calculation: the cap, and the grounds on which nothing is imposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rules.engine.faults import Fault
from rules.engine.history import Entry
from rules.engine.korean import listed
from rules.kr.surcharge.amounts import Rounding, Span, exact, floor_to, grouped
from rules.kr.surcharge.high_cap import HighCap
from rules.kr.surcharge.revenue import Revenue
from rules.kr.surcharge.selection import Selection
from rules.kr.surcharge.wording import warning
from rules.kr.surcharge.working import Warned


@dataclass(frozen=True)
class Cap:
    """The most that may be imposed, exact, and how it came about."""

    amount: Fraction
    formula: str
    entry: Entry
    warnings: tuple[Warned, ...] = ()

    def limited(self, amount: Span, rounding: Rounding) -> Span:
        """The amount where it keeps within the cap, else the cap in whole units of a printed step."""
        unit = rounding.unit if rounding.half_up else 1
        most = floor_to(self.amount, unit) if rounding.half_up else self.amount
        return Span(
            amount.low if amount.low <= self.amount else most,
            amount.high if amount.high <= self.amount else most,
        )


def cap_of(
    selection: Selection,
    revenue: Revenue | None,
    high: HighCap | None,
    settings: Mapping[str, Any],
    faults: list[Fault],
) -> Cap | None:
    """The cap of this case; None, with the fault noted, where a fact for it is missing."""
    entry = selection.rule("cap")
    assert entry is not None and entry.values is not None  # every regime that computes has one
    values = dict(entry.values)
    if "fixed" in values:
        return Cap(values["fixed"], f"{grouped(values['fixed'])}", entry)
    if high is not None and high.applies and high.entry is not None:
        entry, values = high.entry, dict(high.entry.values or {})
    if revenue is None:
        return None
    if revenue.average is None:
        return _without_revenue(values, revenue, entry, faults)
    percent = values["percent"]
    is_related = revenue.reads_scope == "related" or settings["cap_base"] == "related"
    base = revenue.counted if is_related else revenue.average
    warnings: tuple[Warned, ...] = ()
    if revenue.reads_scope == "total" and is_related:
        warnings = (warning("cap_base", entry),)
    elif not revenue.counted:
        warnings = (warning("fixed_base_with_revenue", entry),)
    return Cap(base * percent / 100, f"{grouped(base)} × {exact(percent)}%", entry, warnings)


def _without_revenue(
    values: Mapping[str, Any], revenue: Revenue, entry: Entry, faults: list[Fault]
) -> Cap | None:
    fixed: Fraction = values["no_revenue"]
    percent = values.get("no_revenue_capital_percent")
    if percent is None:
        if revenue.capital is not None:
            faults.append(
                Fault("revenue.capital", f"자본금은 쓰지 않습니다({listed(entry.cite)}).", "지우십시오.")
            )
        return Cap(fixed, grouped(fixed), entry)
    if revenue.capital is None:
        message = f"매출액이 없으면 상한에 자본금이 필요합니다({listed(entry.cite)})."
        faults.append(Fault("revenue.capital", message, "자본금을 원 단위로 적으십시오."))
        return None
    by_capital = revenue.capital * percent / 100
    formula = f"max({grouped(fixed)}, {grouped(revenue.capital)} × {exact(percent)}%)"
    return Cap(max(fixed, by_capital), formula, entry)


@dataclass(frozen=True)
class Waiver:
    """The ground a person gave for imposing nothing."""

    code: str
    label: str
    label_en: str
    entry: Entry


def waiver_of(facts: Mapping[str, Any], selection: Selection, faults: list[Fault]) -> Waiver | None:
    """The ground given, if the regime knows it and its count fits; what needs the amount is tested later."""
    code, entry = facts.get("waiver"), selection.rule("waivers")
    if code is None or entry is None or entry.values is None:
        return None
    values = dict(entry.values)
    ground = values["grounds"].get(code)
    if ground is None:
        hint = f"쓸 수 있는 것: {listed(tuple(values['grounds']))}"
        faults.append(Fault("waiver", f"모르는 면제 사유입니다: {code}({listed(entry.cite)}).", hint))
        return None
    if ground.get("needs") == "leaked_person_count":
        _refuse_too_many(facts, values["fewer_subjects_than"], entry, faults)
    if ground.get("needs") == "computed_fine" and "computed_fine" not in facts:
        message = f"산정된 과태료가 있어야 합니다({listed(entry.cite)})."
        faults.append(Fault("computed_fine", message, "같은 행위의 과태료를 원 단위로 적으십시오."))
    return Waiver(code, ground["label"], ground["label_en"], entry)


def _refuse_too_many(facts: Mapping[str, Any], limit: int, entry: Entry, faults: list[Fault]) -> None:
    count = facts.get("leaked_person_count")
    if count is None or count >= limit:
        message = f"유출된 정보주체가 {limit}명 미만일 때의 면제 사유입니다({listed(entry.cite)})."
        faults.append(Fault("leaked_person_count", message, f"허용 범위: 0 이상 {limit - 1} 이하"))


def waiver_fault(waiver: Waiver, facts: Mapping[str, Any], computed: Span) -> Fault | None:
    """What is wrong where the ground depends on the computed amount and the amount does not fit it."""
    values = dict(waiver.entry.values or {})
    needs = values["grounds"][waiver.code].get("needs")
    if needs == "computed_most" and computed.high > values["computed_most"]:
        limit, end = values["computed_most"], "이하"
    elif needs == "computed_fine" and computed.high >= facts["computed_fine"]:
        limit, end = facts["computed_fine"], "미만"
    else:
        return None
    message = (
        f"산정된 과징금 {grouped(computed.high)}원이 면제 사유에 맞지 않습니다({listed(waiver.entry.cite)})."
    )
    return Fault("waiver", message, f"허용 범위: 산정된 과징금 {grouped(limit)}원 {end}")


def possible_waivers(facts: Mapping[str, Any], selection: Selection, computed: Span) -> list[Warned]:
    """The grounds that counts alone make possible; whether to waive is for the commission."""
    entry = selection.rule("waivers")
    if entry is None or entry.values is None:
        return []
    values = dict(entry.values)
    people, fine = facts.get("leaked_person_count"), facts.get("computed_fine")
    met = {
        "computed_most": "computed_most" in values and computed.low <= values["computed_most"],
        "computed_fine": fine is not None and computed.low < fine,
        "leaked_person_count": people is not None and people < values.get("fewer_subjects_than", 0),
    }
    grounds = [ground for ground in values["grounds"].values() if met.get(ground.get("needs", ""))]
    if not grounds:
        return []
    labels, labels_en = [item["label"] for item in grounds], [item["label_en"] for item in grounds]
    return [warning("may_be_waived", entry, ground=listed(labels), ground_en=listed(labels_en))]
