"""A case ready to be computed: every fact checked against its regime, every percentage within its limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rules.engine.faults import FactsError, Fault
from rules.engine.history import Entry
from rules.engine.korean import listed
from rules.kr.surcharge.amounts import Rounding, rounding_of
from rules.kr.surcharge.facts import facts_record
from rules.kr.surcharge.gravity import Gravity, Scale, gravity_of, scale_of
from rules.kr.surcharge.high_cap import HighCap, high_cap_of
from rules.kr.surcharge.keys import refuse_unused, settings_of
from rules.kr.surcharge.limits import Cap, Waiver, cap_of, waiver_of
from rules.kr.surcharge.percentages import Adjustment, adjustments, mandatory, signed
from rules.kr.surcharge.revenue import Revenue, revenue_of
from rules.kr.surcharge.selection import Selection, choose


@dataclass(frozen=True)
class Case:
    """What the calculation runs on."""

    facts: Mapping[str, Any]
    selection: Selection
    settings: Mapping[str, Any]
    rounding: Rounding
    rounding_entry: Entry
    revenue: Revenue | None
    gravity: Gravity
    scale: Scale
    high: HighCap | None
    cap: Cap
    mandatory: Adjustment | None
    additional: Fraction
    investment_cut: Fraction
    adjustments: Mapping[str, Adjustment]
    final_cut: Fraction
    waiver: Waiver | None


def read_case(document: object) -> Case:
    """The case of this document. Raises FactsError with every fault of form and of law."""
    faults: list[Fault] = []
    facts = facts_record().read(document, "", faults) or {}
    unread = {fault.path for fault in faults}  # what could not be read is not missed a second time
    found = list(faults)
    selection = choose(facts, found)
    case = None if selection is None else _checked(facts, selection, found)
    faults += [fault for fault in found[len(faults) :] if fault.path not in unread]
    if faults or case is None:
        raise FactsError(faults)
    return case


def _checked(facts: Mapping[str, Any], selection: Selection, faults: list[Fault]) -> Case | None:
    refuse_unused(facts, selection, faults)
    settings = settings_of(facts)
    revenue = revenue_of(facts, selection, settings, faults)
    gravity = gravity_of(facts, selection, faults)
    is_fixed = _is_fixed(facts, selection, revenue)
    high = high_cap_of(facts, selection, is_fixed, faults)
    required = mandatory(facts, selection, settings, faults)
    additional = signed(facts, "additional_pct", selection, "additional", faults, up=True)
    final_cut = signed(facts, "final_cut_pct", selection, "final_cut", faults, up=False)
    investment_cut = _investment_cut(facts, selection, faults)
    waiver = waiver_of(facts, selection, faults)
    cap = cap_of(selection, revenue, high, settings, faults)
    band = gravity.band if gravity else ""
    adjusted = adjustments(facts, selection, band, settings, faults)
    scale = scale_of(facts, selection, band, is_fixed, faults) if gravity else None
    rounding = selection.rule("rounding")
    if gravity is None or scale is None or cap is None or rounding is None or rounding.values is None:
        return None
    return Case(
        facts=facts,
        selection=selection,
        settings=settings,
        rounding=rounding_of(dict(rounding.values)),
        rounding_entry=rounding,
        revenue=revenue,
        gravity=gravity,
        scale=scale,
        high=high,
        cap=cap,
        mandatory=required,
        additional=additional,
        investment_cut=investment_cut,
        adjustments=adjusted,
        final_cut=final_cut,
        waiver=waiver,
    )


def _is_fixed(facts: Mapping[str, Any], selection: Selection, revenue: Revenue | None) -> bool:
    """Whether the base is a fixed amount: by the article, or because there is no revenue to take it on."""
    if selection.rule("revenue") is None:
        return True
    if revenue is None:  # at fault; the rest of the document is read as far as it goes
        return bool((facts.get("revenue") or {}).get("none"))
    return not revenue.counted


def _investment_cut(facts: Mapping[str, Any], selection: Selection, faults: list[Fault]) -> Fraction:
    """투자감경: only where a person says that there was neither intent nor gross negligence."""
    cut = signed(facts, "investment_cut_pct", selection, "investment_cut", faults, up=False)
    entry = selection.rule("investment_cut")
    if not cut or entry is None:
        return cut
    intent = (facts.get("gravity") or {}).get("intent_or_gross")
    if intent is None:
        faults.append(
            Fault(
                "gravity.intent_or_gross",
                f"투자감경에는 고의 또는 중과실인지가 필요합니다({listed(entry.cite)}).",
                "true 또는 false로 적으십시오.",
            )
        )
    elif intent:
        faults.append(
            Fault(
                "investment_cut_pct",
                f"고의 또는 중과실이 있으면 투자감경을 하지 않습니다({listed(entry.cite)}).",
                "허용 범위: 0%",
            )
        )
    return cut
