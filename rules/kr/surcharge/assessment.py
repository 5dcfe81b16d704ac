"""The answer of the topic `surcharge`, ready for JSON."""

from __future__ import annotations

from typing import Any

from rules.engine.law_files import digest_of
from rules.kr.surcharge.amounts import Span, exact, money
from rules.kr.surcharge.calculation import calculated
from rules.kr.surcharge.case import Case, read_case
from rules.kr.surcharge.facts import facts_record
from rules.kr.surcharge.selection import selection_answer
from rules.kr.surcharge.topic import law_files
from rules.kr.surcharge.working import Step, Warned


def assess_surcharge(document: object) -> dict[str, Any]:
    """The surcharge of these facts with every step. Raises FactsError with every fault."""
    case = read_case(document)
    result = calculated(case)
    working = result.working
    regime = case.selection.regime
    return {
        "topic": "surcharge",
        "rules_digest": digest_of(law_files()),
        "regime": regime.version,
        "article": case.selection.article.id,
        "title": case.selection.article.title,
        "title_en": case.selection.article.title_en,
        "gravity": case.gravity.band,
        "gravity_label": case.scale.label,
        "gravity_working": dict(case.gravity.working),
        "rate": _rate(result.rate),
        "steps": [_step(step) for step in working.steps],
        "final": money(result.final),
        "cap": next(money(step.amount) for step in reversed(working.steps) if step.code == "cap"),
        "cap_reached": result.is_cap_reached,
        "high_cap": _high_cap(case),
        "rounding": _rounding(case),
        "warnings": [_warned(item) for item in working.warnings],
        "cite": list(dict.fromkeys([*regime.cite, *working.cite])),
        "confidence": working.confidence,
        **selection_answer(case.selection),
    }


def schema() -> dict[str, Any]:
    """The JSON Schema of the facts."""
    return facts_record().schema()


def _rate(rate: Span | None) -> str | dict[str, str] | None:
    """The rate in percent; None where the base is a fixed amount."""
    if rate is None:
        return None
    return exact(rate.low) if rate.is_point else {"low": exact(rate.low), "high": exact(rate.high)}


def _step(step: Step) -> dict[str, Any]:
    """A step; `exact` stands beside an amount that is no whole number of won."""
    ends = {"low": step.amount.low, "high": step.amount.high}
    broken = any(end.denominator != 1 for end in ends.values())
    precise = (
        exact(step.amount.low) if step.amount.is_point else {key: exact(end) for key, end in ends.items()}
    )
    return {
        "code": step.code,
        "label": step.label,
        "label_en": step.label_en,
        "formula": step.formula,
        "amount": money(step.amount),
        **({"exact": precise} if broken else {}),
        "cite": list(step.cite),
        "confidence": step.confidence,
    }


def _warned(item: Warned) -> dict[str, Any]:
    return {
        "code": item.code,
        "message": item.message,
        "message_en": item.message_en,
        "unconfirmed": item.is_unconfirmed,
        "cite": list(item.cite),
    }


def _high_cap(case: Case) -> dict[str, Any] | None:
    """Whether the high cap applies, and each trigger that was told of; None where the article has none."""
    if case.high is None:
        return None
    triggers = [
        {"code": item.code, "met": item.is_met, "why": item.why, "why_en": item.why_en}
        for item in case.high.triggers
    ]
    return {"applies": case.high.applies, "triggers": triggers}


def _rounding(case: Case) -> dict[str, Any]:
    entry = case.rounding_entry
    values = dict(entry.values or {})
    return {
        "rule": values["name"],
        "final": [
            {"from": str(int(stair["from"])), "unit": str(int(stair["unit"]))} for stair in values["final"]
        ],
        "why": values["why"],
        "why_en": values["why_en"],
        "cite": list(entry.cite),
        "confidence": entry.confidence,
    }
