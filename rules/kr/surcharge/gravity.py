"""How grave the violation is and what the base amount is taken by: counted where the law counts, else asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from rules.engine.faults import Fault
from rules.engine.history import Entry
from rules.engine.korean import listed, with_particle
from rules.kr.surcharge.amounts import Span, exact, grouped
from rules.kr.surcharge.facts import CRITERIA
from rules.kr.surcharge.selection import Selection
from rules.kr.surcharge.wording import warning
from rules.kr.surcharge.working import Warned

CONDITIONS = ("direct_gain", "harm_share", "publicly_exposed")
ASKED = {"conditions": (*CONDITIONS,), "items": ("resident_number_count",), "matrix": ("levels", "reason")}


@dataclass(frozen=True)
class Gravity:
    """The band of the violation, with the rule that gave it and what a person should know."""

    band: str
    entry: Entry
    working: Mapping[str, Any]
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True)
class Scale:
    """What the base is taken by: a rate in percent, or a fixed base in won; a point or the whole band."""

    span: Span
    entry: Entry
    is_rate: bool
    label: str
    warnings: tuple[Warned, ...] = field(default=())


def gravity_of(facts: Mapping[str, Any], selection: Selection, faults: list[Fault]) -> Gravity | None:
    """The gravity by the test of the regime; None, with every fault noted, where something is missing."""
    entry = selection.rule("gravity")
    if entry is None or entry.values is None:
        return None
    given, values = facts.get("gravity"), dict(entry.values)
    if given is None:
        faults.append(_missing("gravity", entry, "gravity: 아래에 판단할 사실을 적으십시오."))
        return None
    chosen = _is_chosen(given, values)
    asked = _used(values, chosen)
    found = len(faults)
    for key in given:
        if key not in asked:
            hint = f"{listed(entry.cite)}에서 쓰는 것: {listed(asked)}"
            faults.append(
                Fault(f"gravity.{key}", f"{selection.regime.version}에서 쓰지 않는 항목입니다.", hint)
            )
    if len(faults) > found:
        return None
    if chosen:
        return _chosen(given, entry, values, selection, faults)
    return {"conditions": _by_conditions, "items": _by_items}[values["test"]](given, entry, values, faults)


def _is_chosen(given: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    return values["test"] == "matrix" or (values["or_chosen"] and "band" in given)


def _used(values: Mapping[str, Any], chosen: bool) -> tuple[str, ...]:
    """The keys of `gravity` this test uses."""
    points = ("rate", "fixed_base")
    if values["test"] == "matrix":
        return ("band", "levels", "reason", "intent_or_gross", *points)
    if chosen:
        return ("band", "reason", *points)
    return ("intent_or_gross", *ASKED[values["test"]], *points)


def _missing(path: str, entry: Entry, hint: str) -> Fault:
    return Fault(path, f"중대성을 판단할 사실이 없습니다({listed(entry.cite)}).", hint)


def _by_conditions(
    given: Mapping[str, Any], entry: Entry, values: Mapping[str, Any], faults: list[Fault]
) -> Gravity | None:
    """제5조: without intent or gross negligence the least; with it, by how many of three conditions are met."""
    if "intent_or_gross" not in given:
        faults.append(_missing("gravity.intent_or_gross", entry, "true 또는 false로 적으십시오."))
        return None
    share = given.get("harm_share")
    if share is not None and share > 1:
        faults.append(
            Fault(
                "gravity.harm_share",
                f"보유 개인정보에 대한 비율 {exact(share)}이 1보다 큽니다({listed(entry.cite)}).",
                "0 이상 1 이하로 적으십시오. 40%는 0.40입니다.",
            )
        )
        return None
    if not given["intent_or_gross"]:
        return Gravity(values["without_intent"], entry, {"intent_or_gross": False})
    absent = [name for name in CONDITIONS if name not in given]
    faults += [
        _missing(f"gravity.{name}", entry, "세 조건(이득·피해 비율·공중 노출)을 모두 적으십시오.")
        for name in absent
    ]
    if absent or share is None:
        return None
    met = {
        "no_direct_gain": not given["direct_gain"],
        "harm_share_within": share <= values["harm_share_most"],
        "not_publicly_exposed": not given["publicly_exposed"],
    }
    count = sum(met.values())
    working = {"intent_or_gross": True, "conditions": met, "conditions_met": count}
    return Gravity(values["by_conditions_met"][count], entry, working)


def _by_items(
    given: Mapping[str, Any], entry: Entry, values: Mapping[str, Any], faults: list[Fault]
) -> Gravity | None:
    absent = [name for name in ("intent_or_gross", "resident_number_count") if name not in given]
    faults += [
        _missing(f"gravity.{name}", entry, "고의·중과실 여부와 주민등록번호 건수를 적으십시오.")
        for name in absent
    ]
    if absent:
        return None
    fault = "intent" if given["intent_or_gross"] else "slight"
    many = "many" if given["resident_number_count"] >= values["many_from"] else "few"
    working = {name: given[name] for name in ("intent_or_gross", "resident_number_count")}
    return Gravity(values[f"{fault}_{many}"], entry, working)


def _chosen(
    given: Mapping[str, Any],
    entry: Entry,
    values: Mapping[str, Any],
    selection: Selection,
    faults: list[Fault],
) -> Gravity | None:
    """A person's judgement, taken as it is; what it rests on is asked and kept beside it."""
    bands = _bands(selection)
    if given.get("band") not in bands:
        hint = f"사람이 판단하여 gravity.band에 적으십시오: {listed(bands)}"
        if "band" in given:
            faults.append(
                Fault(
                    "gravity.band",
                    f"{given['band']}은 이 규정의 중대성이 아닙니다({listed(entry.cite)}).",
                    hint,
                )
            )
        else:
            faults.append(_missing("gravity.band", entry, hint))
        return None
    _refuse_other_intent(given, entry, faults)
    if values["test"] != "matrix":
        return Gravity(given["band"], entry, {"chosen_by": "person"}, (warning("gravity_chosen", entry),))
    criteria, levels = values["criteria"], given.get("levels") or {}
    missing = [criteria[name]["label"] for name in CRITERIA if name not in levels]
    missing_en = [criteria[name]["label_en"] for name in CRITERIA if name not in levels]
    warnings = [warning("gravity_by_matrix", entry)]
    if missing:
        warnings.append(
            Warned(
                "gravity_levels_missing",
                warning("gravity_levels_missing", missing=listed(missing)).message,
                warning("gravity_levels_missing", missing=listed(missing_en)).message_en,
                entry.cite,
            )
        )
    if "reason" not in given:
        warnings.append(warning("gravity_reason_missing", entry))
    working = {"chosen_by": "person", "levels": levels, "reason": given.get("reason")}
    return Gravity(given["band"], entry, working, tuple(warnings))


def _bands(selection: Selection) -> tuple[str, ...]:
    rates = selection.rule("rates") or selection.rule("fixed_bases")
    return tuple(dict(rates.values or {})["bands"]) if rates else ()


def _refuse_other_intent(given: Mapping[str, Any], entry: Entry, faults: list[Fault]) -> None:
    level = (given.get("levels") or {}).get("intent")
    if level is None or "intent_or_gross" not in given or (level != "low") == given["intent_or_gross"]:
        return
    hint = "상·중은 고의 또는 중과실, 하는 그 밖의 경우입니다."
    faults.append(
        Fault("gravity.levels.intent", f"intent_or_gross와 어긋납니다({listed(entry.cite)}).", hint)
    )


def scale_of(
    facts: Mapping[str, Any], selection: Selection, band: str, is_fixed: bool, faults: list[Fault]
) -> Scale | None:
    """The rate or fixed base of the band: the point that was chosen, or all of it. None with faults noted."""
    rates, fixed = selection.rule("rates"), selection.rule("fixed_bases")
    entry = fixed if is_fixed else rates
    wanted, other = ("fixed_base", "rate") if is_fixed else ("rate", "fixed_base")
    found = len(faults)
    path, point = _point(facts, wanted, faults)
    other_path, needless = _point(facts, other, faults)
    if needless is not None:
        why = (
            "매출액이 없으면 정액 기준금액을 씁니다." if is_fixed else "매출액이 있으면 부과기준율을 씁니다."
        )
        faults.append(Fault(other_path, why, f"{wanted}만 적을 수 있습니다."))
    if len(faults) > found:
        return None
    if entry is None or entry.values is None:
        return _given_base(path, point, rates, faults)
    limits = dict(entry.values)["bands"][band]
    low, high, is_open = limits["low"], limits["high"], limits["high_excluded"]
    said = _range_said(low, high, is_open, not is_fixed)
    if point is None:
        warnings = () if low == high else (_whole_band(entry, high, is_open, not is_fixed),)
        return Scale(Span(low, high), entry, not is_fixed, limits["label"], warnings)
    if point < low or point > high or (is_open and point == high):
        what = f"{grouped(point)}원" if is_fixed else f"{exact(point)}%"
        message = (
            f"{with_particle(what, '은/는')} {limits['label']}의 구간에 들지 않습니다({listed(entry.cite)})."
        )
        faults.append(Fault(path, message, f"허용 범위: {said}"))
        return None
    return Scale(Span.point(point), entry, not is_fixed, limits["label"])


def _point(facts: Mapping[str, Any], name: str, faults: list[Fault]) -> tuple[str, Fraction | None]:
    """The point a person chose; it may stand at the top or under gravity."""
    inner, outer = (facts.get("gravity") or {}).get(name), facts.get(name)
    if inner is not None and outer is not None and inner != outer:
        faults.append(Fault(name, f"gravity.{name}과 서로 다릅니다.", "한 곳에만 적으십시오."))
    if outer is not None:
        return name, outer
    return f"gravity.{name}", inner


def _given_base(path: str, point: Fraction | None, rates: Entry | None, faults: list[Fault]) -> Scale | None:
    """Where the table of fixed bases was never found, the amount is asked."""
    if point is None or rates is None:
        cite = listed(rates.cite) if rates else ""
        hint = "gravity.fixed_base에 원 단위로 적으십시오."
        faults.append(
            Fault(path, f"매출액이 없는 경우의 기준금액표는 미확인이므로 금액이 필요합니다({cite}).", hint)
        )
        return None
    return Scale(Span.point(point), rates, False, "", (warning("fixed_base_given", rates),))


def _range_said(low: Fraction, high: Fraction, is_open: bool, is_rate: bool) -> str:
    end = "미만" if is_open else "이하"
    if is_rate:
        return f"{exact(low)}% 이상 {exact(high)}% {end}"
    return f"{grouped(low)}원 이상 {grouped(high)}원 {end}"


def _whole_band(entry: Entry, high: Fraction, is_open: bool, is_rate: bool) -> Warned:
    top = f"{exact(high)}%" if is_rate else f"{grouped(high)}원"
    top_en = f"{exact(high)}%" if is_rate else f"{grouped(high)} won"
    closing = f" 위 끝({top})은 구간에 들지 않습니다." if is_open else ""
    closing_en = f" Its upper end ({top_en}) is not part of it." if is_open else ""
    return warning("whole_band", entry, open=closing, open_en=closing_en)
