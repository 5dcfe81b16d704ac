"""Which facts a regime uses: what it does not use is an error, never ignored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.engine.faults import Fault
from rules.engine.korean import listed
from rules.kr.surcharge.selection import Selection

ALWAYS = ("violation", "decided_on", "regime", "article", "gravity", "settings", "fixed_base")
BY_RULE = {  # a key, and the rule that has to be in force for it
    "revenue": "revenue",
    "rate": "rates",
    "all_measures_taken": "measures",
    "first_in_3_years": "first",
    "additional_pct": "additional",
    "prior_same_item_3y": "adjust1",
    "adjust1": "adjust1",
    "adjust2": "adjust2",
    "reductions_allowed": "restriction",
    "investment_cut_pct": "investment_cut",
    "final_cut_pct": "final_cut",
    "waiver": "waivers",
}
BY_ARTICLE = {  # asked whenever the violation ended: the answer says from when it counts
    "high_cap": "high_cap",
    "weight_ratio": "high_cap",
    "weight_amount": "high_cap",
}
BY_GROUND = {"computed_fine": "computed_fine", "leaked_person_count": "leaked_person_count"}
DEFAULTS = {
    "cap_stage": "final",
    "cap_base": "total",
    "period_first_day": "not_counted",
    "annualize_by": "auto",
}


def used_keys(selection: Selection) -> tuple[str, ...]:
    """The keys at the top of the document that this regime uses."""
    by_rule = [key for key, rule in BY_RULE.items() if selection.rule(rule) and _asks(key, selection)]
    by_article = [key for key, rule in BY_ARTICLE.items() if selection.knows(rule)]
    by_ground = [key for key, need in BY_GROUND.items() if need in _needs(selection)]
    return (*ALWAYS, *by_rule, *by_article, *by_ground)


def _asks(key: str, selection: Selection) -> bool:
    """Whether the rule counts earlier surcharges itself; the one of 제34조의2 leaves them to a person."""
    entry = selection.rule("adjust1")
    return key != "prior_same_item_3y" or bool(entry and dict(entry.values or {})["prior"])


def _needs(selection: Selection) -> set[str]:
    entry = selection.rule("waivers")
    grounds = dict(entry.values or {})["grounds"] if entry else {}
    return {ground["needs"] for ground in grounds.values() if "needs" in ground}


def used_settings(selection: Selection) -> tuple[str, ...]:
    """The settings of unconfirmed points that this regime has."""
    cap, revenue = selection.rule("cap"), selection.rule("revenue")
    reads_total = bool(revenue and dict(revenue.values or {})["unrelated"]) and bool(
        revenue and dict(revenue.values or {})["scope"] == "total"
    )
    adjust2 = selection.rule("adjust2")
    certification = dict(adjust2.values or {})["minus"].get("certification", {}) if adjust2 else {}
    known = {
        "repeat_aggravation_pct": selection.rule("first") is not None,
        "cap_stage": bool(cap and dict(cap.values or {})["stage_unconfirmed"]),
        "cap_base": reads_total,
        "period_first_day": selection.rule("period") is not None,
        "annualize_by": revenue is not None,
        "certification_most_pct": "unconfirmed_most" in certification,
    }
    return tuple(name for name, is_used in known.items() if is_used)


def refuse_unused(facts: Mapping[str, Any], selection: Selection, faults: list[Fault]) -> None:
    """One fault for each fact the regime has no use for."""
    version = selection.regime.version
    used, settings = used_keys(selection), used_settings(selection)
    where = listed(selection.regime.cite)
    for key in facts:
        if key not in used:
            hint = f"지우십시오. 쓸 수 있는 것: {listed(used)}"
            faults.append(Fault(key, f"{version}에서 쓰지 않는 항목입니다({where}).", hint))
    for key in facts.get("settings") or {}:
        if key not in settings:
            hint = f"지우십시오. 쓸 수 있는 것: {listed(settings) or '없음'}"
            faults.append(Fault(f"settings.{key}", f"{version}에서 쓰지 않는 설정입니다({where}).", hint))


def settings_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The settings given, with the default of each that has one."""
    return {**DEFAULTS, **(facts.get("settings") or {})}
