"""The calculation itself, step by step in the order of the annex; every amount exact until a step is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from rules.engine.faults import FactsError
from rules.kr.surcharge import wording
from rules.kr.surcharge.amounts import Span, exact, grouped, said
from rules.kr.surcharge.case import Case
from rules.kr.surcharge.high_cap import HighCap
from rules.kr.surcharge.limits import possible_waivers, waiver_fault
from rules.kr.surcharge.percentages import Adjustment, Share
from rules.kr.surcharge.wording import warning
from rules.kr.surcharge.working import Warned, Working


@dataclass(frozen=True)
class Result:
    """The surcharge with its working."""

    final: Span
    rate: Span | None
    is_cap_reached: bool
    working: Working


def calculated(case: Case) -> Result:
    """The surcharge of a case. Raises FactsError where the ground of a waiver does not fit the amount."""
    stage = case.settings["cap_stage"]
    result = _run(case, stage)
    cap = dict(case.cap.entry.values or {})
    if cap.get("stage_unconfirmed"):
        other = _run(case, "each_aggravation" if stage == "final" else "final")
        if other.final != result.final:
            result.working.warn(_stage_warning(case, stage))
    _warn(case, result.working)
    return result


def _run(case: Case, stage: str) -> Result:
    working = Working(case.rounding)
    base, rate = _base(case, working)
    amount = base
    if case.investment_cut:
        amount = _investment_cut(case, amount, working)
    if case.mandatory is not None:
        amount = _mandatory(case, case.mandatory, amount, stage, working)
    for name, adjustment in case.adjustments.items():
        amount = _adjusted(name, adjustment, amount, working)
    if case.final_cut:
        amount = _final_cut(case, amount, working)
    computed = amount
    is_waived = _waive(case, computed, working)
    is_reached = not is_waived and computed.high > case.cap.amount
    working.printed("cap", wording.CAP, case.cap.formula, Span.point(case.cap.amount), case.cap.entry)
    amount = Span.point(0) if is_waived else case.cap.limited(computed, case.rounding)
    told = f"min({said(computed)}, {grouped(case.cap.amount)})" if is_reached else said(amount)
    if case.rounding.final and not is_waived:
        amount = _truncated(case, amount, told, working)
        told = said(amount)
    working.step("final", wording.FINAL, told, amount, case.rounding_entry)
    if not is_waived:
        for warned in possible_waivers(case.facts, case.selection, computed):
            working.warn(warned)
    return Result(amount, rate, is_reached, working)


def _base(case: Case, working: Working) -> tuple[Span, Span | None]:
    scale, revenue = case.scale, case.revenue
    working.used.append(case.gravity.entry)
    if revenue is not None and revenue.average is not None:
        entry = case.selection.rule("revenue")
        assert entry is not None  # there is no revenue without its rule
        average = Span.point(revenue.average)
        average = working.printed("average_revenue", revenue.label, revenue.formula, average, entry)
        counted = working.rounding.step(Span.point(revenue.counted)).low
        if revenue.unrelated:
            formula = f"{said(average)} − {grouped(revenue.unrelated)} = {grouped(counted)}"
            unrelated = Span.point(revenue.unrelated)
            working.step("unrelated", wording.UNRELATED, formula, unrelated, entry)
    if not scale.is_rate:
        return _fixed_base(case, working), None
    weighted, said_weight = _weighted(case.high, scale.span, working, is_rate=True)
    formula = f"{grouped(counted)} × {_bracketed(_percents(weighted))}{said_weight} ({scale.label})"
    amount = Span(counted * weighted.low / 100, counted * weighted.high / 100)
    entries = [scale.entry, case.gravity.entry]
    if case.high and case.high.applies and case.high.entry:
        entries.append(case.high.entry)
    return working.printed("base", wording.BASE, formula, amount, *entries), scale.span


def _fixed_base(case: Case, working: Working) -> Span:
    weighted, said_weight = _weighted(case.high, case.scale.span, working, is_rate=False)
    label = f" ({case.scale.label})" if case.scale.label else ""
    formula = f"{said(weighted)}{said_weight}{label}"
    entries = [case.scale.entry, case.gravity.entry]
    if case.high and case.high.applies and case.high.entry:
        entries.append(case.high.entry)
    return working.printed("base", wording.FIXED_BASE, formula, weighted, *entries)


def _weighted(high: HighCap | None, span: Span, working: Working, *, is_rate: bool) -> tuple[Span, str]:
    """The rate or fixed base with its weight where the high cap applies, within the limit of the annex."""
    if high is None or not high.applies or high.entry is None:
        return span, ""
    values = dict(high.entry.values or {})
    most: Fraction = values["most_rate"] if is_rate else values["most_fixed"]
    weight = high.weight_ratio if is_rate else high.weight_amount
    if weight is None:
        working.warn(warning("weight_unknown", high.entry))
        return Span(span.low, most), ""
    working.warn(warning("weight_given", high.entry))
    raised = Span(span.low * weight, span.high * weight) if is_rate else span + Span.point(weight)
    limited = raised.at_most(most)
    told = _percents(span) if is_rate else said(span)
    text = f"{_bracketed(told)} {'×' if is_rate else '+'} {grouped(weight)}"
    if limited != raised:
        limit = f"{exact(most)}%" if is_rate else f"{grouped(most)}원"
        working.warn(warning("weight_limited", high.entry, limit=limit))
        text += f" → {limit}"
    return limited, f" ({text})"


def _percents(span: Span) -> str:
    return f"{exact(span.low)}%" if span.is_point else f"{exact(span.low)}% ~ {exact(span.high)}%"


def _investment_cut(case: Case, amount: Span, working: Working) -> Span:
    entry = case.selection.rule("investment_cut")
    assert entry is not None  # there is no cut without its rule
    working.warn(warning("investment_cut", entry, percent=exact(case.investment_cut)))
    after = amount + amount.percent(case.investment_cut)
    formula = f"{_bracketed(said(amount))} × (1 − {exact(-case.investment_cut)}%)"
    return working.printed("investment_cut", wording.INVESTMENT_CUT, formula, after, entry)


def _mandatory(case: Case, adjustment: Adjustment, base: Span, stage: str, working: Working) -> Span:
    """Both signs on the base, netted; then the additional adjustment on what is left."""
    after, told = base, said(base)
    for code, word, shares, total in (
        ("plus", "가중", adjustment.plus, adjustment.plus_sum),
        ("minus", "감경", adjustment.minus, adjustment.minus_sum),
    ):
        if total:
            label = (f"기준금액의 {exact(total)}% {word}", f"{exact(total)}% of the base, {code}")
            formula = f"{_bracketed(said(base))} × {exact(total)}% ({_labels(shares)})"
            part = working.printed(code, label, formula, base.percent(total), *adjustment.entries)
            after = after + part if code == "plus" else after - part
            told = _beside(told, "+" if code == "plus" else "−", part)
    after = working.step("after_mandatory", wording.AFTER_MANDATORY, told, after, *adjustment.entries)
    after = _capped(case, after, stage, working)
    entry = case.selection.rule("additional")
    assert entry is not None  # it stands beside the mandatory step in every article
    told = said(after)
    if case.additional:
        formula = f"{_bracketed(told)} × {exact(case.additional)}%"
        part = working.printed(
            "additional", wording.ADDITIONAL, formula, after.percent(case.additional), entry
        )
        after = after + part
        size = Span(abs(part.low), abs(part.high))
        told = _beside(told, "+" if case.additional > 0 else "−", size)
        working.warn(warning("additional_factors", entry, percent=exact(case.additional)))
    after = working.step("after_additional", wording.AFTER_ADDITIONAL, told, after, entry)
    return _capped(case, after, stage, working)


def _beside(told: str, sign: str, part: Span) -> str:
    """A sum for reading; ends of a range stand in brackets."""
    return f"{_bracketed(told)} {sign} {_bracketed(said(part))}"


def _bracketed(told: str) -> str:
    return f"({told})" if "~" in told and not told.startswith("(") else told


def _capped(case: Case, amount: Span, stage: str, working: Working) -> Span:
    """Under the reading that caps after every aggravation."""
    if stage != "each_aggravation" or amount.high <= case.cap.amount:
        return amount
    capped = case.cap.limited(amount, case.rounding)
    formula = f"min({said(amount)}, {case.cap.formula})"
    return working.step("cap", wording.CAP, formula, capped, case.cap.entry)


def _adjusted(name: str, adjustment: Adjustment, amount: Span, working: Working) -> Span:
    after = Span(amount.low * adjustment.factor, amount.high * adjustment.factor)
    signs = f"1 + {exact(adjustment.plus_sum)}% − {exact(adjustment.minus_sum)}%"
    grounds = _labels((*adjustment.plus, *adjustment.minus))
    formula = f"{_bracketed(said(amount))} × ({signs})" + (f" ({grounds})" if grounds else "")
    return working.printed(name, wording.ADJUSTMENTS[name], formula, after, *adjustment.entries)


def _final_cut(case: Case, amount: Span, working: Working) -> Span:
    entry = case.selection.rule("final_cut")
    assert entry is not None  # there is no cut without its rule
    cut = working.rounding.step(amount.percent(-case.final_cut))
    formula = f"{_beside(said(amount), '−', cut)} ({exact(-case.final_cut)}%)"
    return working.step("final_cut", wording.FINAL_CUT, formula, amount - cut, entry)


def _waive(case: Case, computed: Span, working: Working) -> bool:
    """Whether nothing is imposed: by a person's ground, or because every measure was taken."""
    measures = case.selection.rule("measures")
    if measures is not None and case.facts.get("all_measures_taken"):
        working.step("waiver", wording.NONE_DUE, "0", Span.point(0), measures)
        return True
    waiver = case.waiver
    if waiver is None:
        return False
    fault = waiver_fault(waiver, case.facts, computed)
    if fault is not None:
        raise FactsError([fault])
    working.step("waiver", wording.WAIVER, f"0 ({waiver.label})", Span.point(0), waiver.entry)
    working.warn(warning("waived_by_person", waiver.entry, ground=waiver.label, ground_en=waiver.label_en))
    return True


def _truncated(case: Case, amount: Span, told: str, working: Working) -> Span:
    after = case.rounding.truncated(amount)
    formula = f"{told} → {said(after)}"
    return working.step("truncation", wording.TRUNCATION, formula, after, case.rounding_entry)


def _labels(shares: Iterable[Share]) -> str:
    return ", ".join(f"{share.label} {exact(share.percent)}%" for share in shares)


def _stage_warning(case: Case, stage: str) -> Warned:
    ko, en = {
        "final": ("마지막에", "last"),
        "each_aggravation": ("가중할 때마다", "after every aggravation"),
    }[stage]
    return warning("cap_stage", case.cap.entry, stage=ko, stage_en=en)


def _warn(case: Case, working: Working) -> None:
    """What a person should know beside the figure."""
    found = [*case.gravity.warnings, *case.scale.warnings, *case.cap.warnings]
    parts = [case.mandatory, *case.adjustments.values()]
    found += [warned for part in parts if part is not None for warned in part.warnings]
    revenue = case.revenue
    if revenue is not None and revenue.is_estimated:
        found.append(warning("revenue_estimated"))
    if revenue is not None and revenue.is_annualised:
        found.append(warning("revenue_annualised", formula=revenue.formula))
    if case.high and case.high.is_met("repeat_3y_both_gross") and not case.facts.get("prior_same_item_3y"):
        found.append(warning("repeat_and_high_cap", case.high.entry))
    for warned in found:
        working.warn(warned)
    _warn_of_days(case, working)
    unconfirmed = [entry for entry in working.used if entry.confidence == "uncertain"]
    if unconfirmed:
        cites = dict.fromkeys(article for entry in unconfirmed for article in entry.cite)
        working.warn(warning("unconfirmed", cite=", ".join(cites)))
    working.warn(warning("discretion"))


def _warn_of_days(case: Case, working: Working) -> None:
    """제64조의2제6항 for a violation that ended before it, decided after: nobody has said."""
    history = case.selection.article.rules.get("investment_cut")
    if history and case.selection.ended_on < history[0].start <= case.selection.decided_on:
        working.warn(warning("investment_cut_favourable", history[0]))
