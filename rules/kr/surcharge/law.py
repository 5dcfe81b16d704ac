"""The law of surcharges as its files state it, strictly read: each article with its regimes and dated rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from rules.engine.declaration import Field, ListOf, MapOf, Record
from rules.engine.faults import Fault, LawFileError
from rules.engine.history import Entry, chronology_faults, entries_of, entry_record, in_force
from rules.engine.kinds import Count, Day, Flag, Text
from rules.engine.law_files import HEAD, HERE, read_law_file
from rules.kr.surcharge.amounts import MONEY, PERCENT

FOLDER = HERE / "kr" / "surcharge"
ARTICLES = ("net_64_3", "pipa_39_15", "pipa_34_2", "pipa_28_6", "pipa_64_2")
KEYS = ("ended_on", "decided_on")  # what an entry may be selected by
BANDS = ("very_serious", "serious", "ordinary", "weak")  # the gravest first
LEVELS = ("high", "mid", "low")
LENGTH = Text(pattern=r"P\d+[YM]", hint="P1Y처럼 적으십시오.")
WORDS = (Field("label", Text(), required=True), Field("label_en", Text(), required=True))


def _bands(kind: Any) -> Record:
    band = Record(
        (
            Field("low", kind, required=True),
            Field("high", kind, required=True),
            Field("high_excluded", Flag(), absent_as=False),
            Field("label", Text(), required=True),
        )
    )
    return Record((Field("bands", MapOf(band), required=True),))


_PERIOD_BAND = Record(
    (Field("over", LENGTH, required=True), Field("percent", PERCENT, required=True), *WORDS)
)
_PRIOR = Record((Field("times", Count(1), required=True), Field("percent", PERCENT, required=True), *WORDS))
_FACTOR = Record((Field("most", PERCENT, required=True), Field("unconfirmed_most", PERCENT), *WORDS))
_GROUND = Record((*WORDS, Field("needs", Text())))
_CRITERION = Record((*WORDS, *(Field(level, Text(), required=True) for level in LEVELS)))
_STAIR = Record((Field("from", MONEY, required=True), Field("unit", MONEY, required=True)))
_BAND = Text(choices=BANDS)
_ADJUSTMENT = Record(
    (
        Field("plus_limit", PERCENT, required=True),
        Field("minus_limit", PERCENT, required=True),
        Field("over_limit", Text(choices=("limited", "refused")), required=True),
        Field("prior", ListOf(_PRIOR), absent_as=()),
        Field("plus", MapOf(_FACTOR), absent_as={}),
        Field("minus", MapOf(_FACTOR), absent_as={}),
    )
)
_LIMIT = Record((Field("limit", PERCENT, required=True),))
VALUES: dict[str, Record] = {
    "cap": Record(
        (
            Field("percent", PERCENT),
            Field("fixed", MONEY),
            Field("no_revenue", MONEY),
            Field("no_revenue_capital_percent", PERCENT),
            Field("leak_item", MONEY),
            Field("stage_unconfirmed", Flag(), absent_as=False),
        )
    ),
    "revenue": Record(
        (
            Field("scope", Text(choices=("related", "total")), required=True),
            Field("rule", Text(choices=("mean", "larger")), required=True),
            Field("years", Count(1, 10), required=True),
            Field("unrelated", Flag(), absent_as=False),
            Field("estimated", Flag(), absent_as=False),
            Field("fixed_if_all_unrelated", Flag(), absent_as=False),
        )
    ),
    "measures": Record((Field("none_if_all_taken", Flag(), required=True),)),
    "rates": _bands(PERCENT),
    "fixed_bases": _bands(MONEY),
    "gravity": Record(
        (
            Field("test", Text(choices=("conditions", "items", "matrix")), required=True),
            Field("or_chosen", Flag(), absent_as=False),
            Field("harm_share_most", PERCENT),
            Field("without_intent", _BAND),
            Field("by_conditions_met", ListOf(_BAND)),
            Field("many_from", Count()),
            Field("intent_many", _BAND),
            Field("intent_few", _BAND),
            Field("slight_many", _BAND),
            Field("slight_few", _BAND),
            Field("criteria", MapOf(_CRITERION)),
        )
    ),
    "period": Record((Field("bands", ListOf(_PERIOD_BAND), required=True),)),
    "first": Record(
        (
            Field("percent", PERCENT, required=True),
            Field("repeat_default", PERCENT, required=True),
            Field("limit", PERCENT, required=True),
        )
    ),
    "additional": _LIMIT,
    "adjust1": _ADJUSTMENT,
    "adjust2": _ADJUSTMENT,
    "restriction": Record(
        (Field("gravity", _BAND, required=True), Field("refusable", ListOf(Text()), required=True))
    ),
    "investment_cut": _LIMIT,
    "high_cap": Record(
        (
            Field("percent", PERCENT, required=True),
            Field("no_revenue", MONEY, required=True),
            Field("person_count_from", Count(), required=True),
            Field("repeat_within", LENGTH, required=True),
            Field("first_violation_from", Day(), required=True),
            Field("order_from", Day(), required=True),
            Field("most_rate", PERCENT, required=True),
            Field("most_fixed", MONEY, required=True),
        )
    ),
    "final_cut": _LIMIT,
    "waivers": Record(
        (
            Field("computed_most", MONEY),
            Field("fewer_subjects_than", Count()),
            Field("grounds", MapOf(_GROUND), required=True),
        )
    ),
    "rounding": Record(
        (
            Field("name", Text(), required=True),
            Field("step", Text(choices=("half_up", "exact")), required=True),
            Field("unit", MONEY, required=True),
            Field("final", ListOf(_STAIR), absent_as=()),
            Field("why", Text(), required=True),
            Field("why_en", Text(), required=True),
        )
    ),
    "payment": Record(
        (
            Field("days", Count(1), required=True),
            Field("late_percent_year", PERCENT),
            Field("late_percent_month", PERCENT),
            Field("late_months_most", Count(1)),
            Field("deferral_most", LENGTH),
            Field("instalments_most", Count(1)),
            Field("instalment_gap", LENGTH),
            Field("apply_days_before", Count(1)),
        )
    ),
}
_REGIME = Record(
    (
        Field("refused", Text()),
        Field("refused_en", Text()),
        Field("why", Text(), required=True),
        Field("why_en", Text(), required=True),
    )
)
_RULES = Record(tuple(Field(name, ListOf(entry_record(values))) for name, values in VALUES.items()))
FILE = Record(
    (
        *HEAD,
        *(Field(name, Text(), required=True) for name in ("title", "title_en", "who", "who_en")),
        Field("regimes", ListOf(entry_record(_REGIME)), required=True),
        Field("rules", _RULES, required=True),
    )
)


@dataclass(frozen=True)
class Article:
    """One article that allows a surcharge, with the regimes it went through and every rule of it."""

    id: str
    title: str
    title_en: str
    who: str
    who_en: str
    regimes: tuple[Entry, ...]
    rules: Mapping[str, tuple[Entry, ...]]

    def regime_on(self, days: Mapping[str, date]) -> Entry | None:
        """The regime for a violation that ended and is decided on these days; None where there is none."""
        if days["ended_on"] < self.regimes[0].start:
            return None
        entry = in_force(self.regimes, days)
        return entry if entry is not None and entry.values is not None else None

    def rule_on(self, name: str, days: Mapping[str, date]) -> Entry | None:
        """The rule of this name as it holds on these days; None where the article has no such rule then."""
        return in_force(self.rules.get(name, ()), days)


@cache
def articles() -> Mapping[str, Article]:
    """Every article by its id. Raises LawFileError for a file that does not hold together."""
    return {name: read_article(FOLDER / f"{name}.yaml") for name in ARTICLES}


def read_article(path: Path) -> Article:
    """The article this file states. Raises LawFileError with the file's name and every fault in it."""
    read = read_law_file(path, FILE)
    faults = _history_faults(read["regimes"], "regimes")
    for name, history in read["rules"].items():
        faults += _history_faults(history, f"rules.{name}")
        for place, entry in enumerate(history):
            faults += _band_faults(entry.get("values") or {}, f"rules.{name}[{place}].values")
    if faults:
        raise LawFileError(path.name, faults)
    rules = {name: entries_of(history) for name, history in read["rules"].items()}
    words = (read["title"], read["title_en"], read["who"], read["who_en"])
    return Article(path.stem, *words, entries_of(read["regimes"]), rules)


def _history_faults(history: tuple[Mapping[str, Any], ...], path: str) -> list[Fault]:
    faults = [
        Fault(f"{path}[{place}].selected_by", f"그런 날이 없습니다: {entry['selected_by']}")
        for place, entry in enumerate(history)
        if entry["selected_by"] not in KEYS
    ]
    return faults + chronology_faults(history, path)


def _band_faults(values: Mapping[str, Any], path: str) -> list[Fault]:
    """A band that is unknown or upside down; bands of the period have another shape."""
    bands = values.get("bands")
    if not isinstance(bands, dict):
        return []
    unknown = [Fault(f"{path}.bands.{name}", "모르는 중대성입니다.") for name in bands if name not in BANDS]
    upside_down = [
        Fault(f"{path}.bands.{name}", "아래 끝이 위 끝보다 큽니다.")
        for name, band in bands.items()
        if band["low"] > band["high"]
    ]
    return unknown + upside_down
