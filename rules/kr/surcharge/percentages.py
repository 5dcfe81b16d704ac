"""The percentages of a case, each within its limit: what dates and counts decide, and what a person gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from rules.engine.faults import Fault
from rules.engine.history import Entry
from rules.engine.korean import listed
from rules.engine.periods import end_of_calendar_days, read_length
from rules.kr.surcharge.amounts import exact
from rules.kr.surcharge.selection import Selection
from rules.kr.surcharge.wording import warning
from rules.kr.surcharge.working import Warned

ONE_DAY = timedelta(days=1)
NONE = Fraction(0)


@dataclass(frozen=True)
class Share:
    """One percentage with what it is for."""

    percent: Fraction
    label: str
    label_en: str


@dataclass(frozen=True)
class Adjustment:
    """Aggravations and reductions of one step: each share, and the sums that count."""

    entries: tuple[Entry, ...]
    plus: tuple[Share, ...] = ()
    minus: tuple[Share, ...] = ()
    plus_sum: Fraction = NONE
    minus_sum: Fraction = NONE
    warnings: tuple[Warned, ...] = ()

    @property
    def factor(self) -> Fraction:
        return 1 + (self.plus_sum - self.minus_sum) / 100


def period_share(
    selection: Selection, settings: Mapping[str, Any]
) -> tuple[Share | None, Entry | None, tuple[Warned, ...]]:
    """The aggravation for the length of the violation; a warning where counting the first day matters."""
    entry = selection.rule("period")
    if entry is None or entry.values is None:
        return None, None, ()
    bands = dict(entry.values)["bands"]
    is_counted = settings["period_first_day"] == "counted"
    band = _band_of(selection.began_on, selection.ended_on, bands, is_counted=is_counted)
    other = _band_of(selection.began_on, selection.ended_on, bands, is_counted=not is_counted)
    warnings: tuple[Warned, ...] = ()
    if band != other:
        now, now_en = ("넣어", "counted") if is_counted else ("넣지 않고", "not counted")
        warnings = (warning("first_day", entry, now=now, now_en=now_en),)
    share = Share(band["percent"], band["label"], band["label_en"]) if band else None
    return share, entry, warnings


def _band_of(
    began: date, ended: date, bands: tuple[dict[str, Any], ...], *, is_counted: bool
) -> dict[str, Any] | None:
    """The longest band the violation exceeds. Source: 민법 제157조, 제160조."""
    start = began - ONE_DAY if is_counted else began
    exceeded = [
        band
        for band in bands
        if ended > end_of_calendar_days(start=start, length=read_length(band["over"])).day
    ]
    return exceeded[-1] if exceeded else None


def mandatory(
    facts: Mapping[str, Any], selection: Selection, settings: Mapping[str, Any], faults: list[Fault]
) -> Adjustment | None:
    """필수적 가중·감경: the period, and whether there was a surcharge within three years."""
    entry = selection.rule("first")
    if entry is None or entry.values is None:
        return None
    values = dict(entry.values)
    share, period, warnings = period_share(selection, settings)
    is_first = facts.get("first_in_3_years")
    if is_first is None:
        message = f"최근 3년 안에 과징금을 받았는지가 없습니다({listed(entry.cite)})."
        faults.append(Fault("first_in_3_years", message, "true 또는 false로 적으십시오."))
        return None
    plus = [share] if share else []
    minus = [Share(values["percent"], "최초 위반", "no surcharge within three years")] if is_first else []
    asked = settings.get("repeat_aggravation_pct")
    if is_first and asked is not None:
        faults.append(Fault("settings.repeat_aggravation_pct", "최초 위반에는 쓰지 않습니다.", "지우십시오."))
    if not is_first:
        repeat = values["repeat_default"] if asked is None else asked
        room = values["limit"] - sum((item.percent for item in plus), NONE)
        if repeat > room:
            message = f"재위반 가중 {exact(repeat)}%를 더하면 기준금액의 {exact(values['limit'])}%를 넘습니다({listed(entry.cite)})."
            faults.append(
                Fault("settings.repeat_aggravation_pct", message, f"허용 범위: 0% 이상 {exact(room)}% 이하")
            )
        if repeat:
            plus.append(Share(repeat, "3년 안의 재위반", "surcharge within three years"))
        warnings = (*warnings, warning("repeat_aggravation", entry, percent=exact(repeat)))
    return Adjustment(
        (entry, period) if period else (entry,), tuple(plus), tuple(minus), _sum(plus), _sum(minus), warnings
    )


def signed(
    facts: Mapping[str, Any], key: str, selection: Selection, rule: str, faults: list[Fault], *, up: bool
) -> Fraction:
    """A signed percentage within the limit of its rule; below zero only, unless it may go up too."""
    entry, percent = selection.rule(rule), facts.get(key, NONE)
    if entry is None or entry.values is None:
        return NONE
    limit = dict(entry.values)["limit"]
    most = limit if up else NONE
    if not -limit <= percent <= most:
        allowed = f"허용 범위: -{exact(limit)}% 이상 {exact(most)}% 이하"
        faults.append(Fault(key, f"{exact(percent)}%는 한도를 벗어납니다({listed(entry.cite)}).", allowed))
        return NONE
    return Fraction(percent)


def adjustments(
    facts: Mapping[str, Any],
    selection: Selection,
    band: str,
    settings: Mapping[str, Any],
    faults: list[Fault],
) -> dict[str, Adjustment]:
    """1차·2차 조정 of the regime, after what was refused of them; empty where it has none."""
    allowed = _allowed(facts, selection, band, faults)
    names = [name for name in ("adjust1", "adjust2") if selection.rule(name)]
    return {name: _adjustment(name, facts, selection, band, allowed, settings, faults) for name in names}


def _allowed(
    facts: Mapping[str, Any], selection: Selection, band: str, faults: list[Fault]
) -> dict[str, Fraction]:
    """What a person says is left of each restricted reduction."""
    entry, given = selection.rule("restriction"), facts.get("reductions_allowed") or {}
    if not given or entry is None or entry.values is None:
        return {}
    values = dict(entry.values)
    cite = listed(entry.cite)
    if band != values["gravity"]:
        message = f"감경의 제한은 매우 중대한 위반행위에만 있습니다({cite})."
        faults.append(Fault("reductions_allowed", message, "지우십시오."))
        return {}
    asked = {**_given(facts, "adjust1", "minus"), **_given(facts, "adjust2", "minus")}
    for code, percent in given.items():
        path = f"reductions_allowed.{code}"
        if code not in values["refusable"]:
            hint = f"제한할 수 있는 것: {listed(values['refusable'])}"
            faults.append(Fault(path, f"제한할 수 없는 감경입니다: {code}({cite}).", hint))
        elif code not in asked:
            faults.append(
                Fault(
                    path,
                    f"요청하지 않은 감경입니다: {code}({cite}).",
                    "adjust1 또는 adjust2의 minus에 적으십시오.",
                )
            )
        elif percent is not None and asked[code] is not None and percent > asked[code]:
            allowed = f"허용 범위: 0% 이상 {exact(asked[code])}% 이하"
            faults.append(Fault(path, f"인정된 {exact(percent)}%가 요청한 비율보다 큽니다({cite}).", allowed))
    return {code: percent for code, percent in given.items() if percent is not None}


def _given(facts: Mapping[str, Any], name: str, side: str) -> dict[str, Any]:
    return (facts.get(name) or {}).get(side) or {}


def _adjustment(
    name: str,
    facts: Mapping[str, Any],
    selection: Selection,
    band: str,
    allowed: Mapping[str, Fraction],
    settings: Mapping[str, Any],
    faults: list[Fault],
) -> Adjustment:
    entry = selection.rule(name)
    assert entry is not None and entry.values is not None  # asked only of regimes that have it
    values = dict(entry.values)
    sides = {
        side: _shares(name, side, facts, values[side], entry, settings, faults) for side in ("plus", "minus")
    }
    entries, warnings, counted = _counted(name, facts, selection, entry, settings)
    plus = [*counted, *sides["plus"].values()]
    minus = [
        Share(allowed[code], f"{share.label}(제한 뒤)", f"{share.label_en}, as restricted")
        if code in allowed
        else share
        for code, share in sides["minus"].items()
    ]
    warnings += _restriction_warnings(selection, band, sides["minus"], allowed)
    warnings += _certification_warnings(values, sides["minus"], entry, settings)
    sums = []
    for side, shares in (("plus", plus), ("minus", minus)):
        total, more = _limited(name, side, shares, values, entry, faults)
        sums.append(total)
        warnings += more
    return Adjustment(entries, tuple(plus), tuple(minus), sums[0], sums[1], tuple(warnings))


def _shares(
    name: str,
    side: str,
    facts: Mapping[str, Any],
    factors: Mapping[str, Any],
    entry: Entry,
    settings: Mapping[str, Any],
    faults: list[Fault],
) -> dict[str, Share]:
    found: dict[str, Share] = {}
    for code, percent in _given(facts, name, side).items():
        path = f"{name}.{side}.{code}"
        if code not in factors:
            known = listed(tuple(factors)) or "없음(기간과 횟수는 날짜와 prior_same_item_3y로 계산합니다)"
            faults.append(
                Fault(path, f"모르는 부호입니다: {code}({listed(entry.cite)}).", f"쓸 수 있는 것: {known}")
            )
            continue
        most = _most(code, factors[code], settings)
        if percent is not None and percent > most:
            message = f"{factors[code]['label']} {exact(percent)}%는 한도를 넘습니다({listed(entry.cite)})."
            faults.append(Fault(path, message, f"허용 범위: 0% 이상 {exact(most)}% 이하"))
        elif percent is not None:
            found[code] = Share(percent, factors[code]["label"], factors[code]["label_en"])
    return found


def _most(code: str, factor: Mapping[str, Any], settings: Mapping[str, Any]) -> Fraction:
    chosen = settings.get("certification_most_pct") if "unconfirmed_most" in factor else None
    return Fraction(factor["most"] if chosen is None else min(chosen, factor["most"]))


def _counted(
    name: str, facts: Mapping[str, Any], selection: Selection, entry: Entry, settings: Mapping[str, Any]
) -> tuple[tuple[Entry, ...], list[Warned], list[Share]]:
    """What dates and counts add to the first adjustment: the period, and earlier surcharges."""
    prior = dict(entry.values or {})["prior"]
    if name != "adjust1" or not prior:
        return (entry,), [], []
    share, period, warned = period_share(selection, settings)
    shares, warnings = ([share] if share else []), list(warned)
    times = facts.get("prior_same_item_3y")
    if times is None:
        warnings.append(warning("prior_assumed_none", entry))
    reached = [item for item in prior if (times or 0) >= item["times"]]
    if reached:
        shares.append(Share(reached[-1]["percent"], reached[-1]["label"], reached[-1]["label_en"]))
    return (entry, period) if period else (entry,), warnings, shares


def _restriction_warnings(
    selection: Selection, band: str, minus: Mapping[str, Share], allowed: Mapping[str, Fraction]
) -> list[Warned]:
    entry = selection.rule("restriction")
    if entry is None or entry.values is None or band != dict(entry.values)["gravity"]:
        return []
    open_codes = [code for code in minus if code in dict(entry.values)["refusable"] and code not in allowed]
    return [warning("reductions_may_be_refused", entry)] if open_codes else []


def _certification_warnings(
    values: Mapping[str, Any], minus: Mapping[str, Share], entry: Entry, settings: Mapping[str, Any]
) -> list[Warned]:
    factor = values["minus"].get("certification", {})
    if "certification" not in minus or "unconfirmed_most" not in factor:
        return []
    used = exact(_most("certification", factor, settings))
    return [warning("certification_limit", entry, limit=exact(factor["unconfirmed_most"]), used=used)]


def _limited(
    name: str,
    side: str,
    shares: list[Share],
    values: Mapping[str, Any],
    entry: Entry,
    faults: list[Fault],
) -> tuple[Fraction, list[Warned]]:
    """The sum that counts: limited where the notice says so, and said; refused where nothing says so."""
    total, limit = _sum(shares), values[f"{side}_limit"]
    if total <= limit:
        return total, []
    if values["over_limit"] == "refused":
        message = f"비율의 합 {exact(total)}%가 한도를 넘습니다({listed(entry.cite)})."
        faults.append(Fault(f"{name}.{side}", message, f"허용 범위: 합 0% 이상 {exact(limit)}% 이하"))
        return limit, []
    step, step_en = {
        "adjust1": ("1차 조정", "the first adjustment"),
        "adjust2": ("2차 조정", "the second adjustment"),
    }[name]
    words, words_en = {"plus": ("가중", "aggravations"), "minus": ("감경", "reductions")}[side]
    warned = warning(
        "sum_limited",
        entry,
        name=step,
        name_en=step_en,
        side=words,
        side_en=words_en,
        asked=exact(total),
        limit=exact(limit),
    )
    return limit, [Warned(f"sum_limited.{name}.{side}", warned.message, warned.message_en, warned.cite)]


def _sum(shares: list[Share]) -> Fraction:
    return sum((share.percent for share in shares), NONE)
