"""The revenue a surcharge is taken on: three years, or what there is of them, as the rule of the day says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from rules.engine.faults import Fault
from rules.engine.korean import listed
from rules.kr.surcharge.amounts import grouped
from rules.kr.surcharge.selection import Selection
from rules.kr.surcharge.wording import (
    ANNUALISED_MEAN,
    ANNUALISED_THIS_YEAR,
    LARGER_ANNUALISED,
    LARGER_MEAN,
    MEAN,
    related,
)

ONE_DAY = timedelta(days=1)
DAYS_OF_YEAR = 365
MONTHS_OF_YEAR = 12


@dataclass(frozen=True)
class Revenue:
    """The average revenue, exact, and how it came about; `average` is None where there is no revenue."""

    average: Fraction | None
    label: tuple[str, str] = ("", "")
    formula: str = ""
    unrelated: Fraction = Fraction(0)
    capital: Fraction | None = None
    is_estimated: bool = False
    is_annualised: bool = False
    reads_scope: str = "total"

    @property
    def counted(self) -> Fraction:
        """The revenue the base is taken on; zero where there is none."""
        return Fraction(0) if self.average is None else self.average - self.unrelated


@dataclass(frozen=True)
class _Years:
    """The business years around the end of the violation, each named by the year it begins in."""

    start_month: int
    start_day: int
    current: int

    @classmethod
    def around(cls, ended_on: date, starts: str) -> _Years:
        month, day = (int(part) for part in starts.split("-"))
        year = ended_on.year if (ended_on.month, ended_on.day) >= (month, day) else ended_on.year - 1
        return cls(month, day, year)

    def of(self, day: date) -> int:
        return day.year if (day.month, day.day) >= (self.start_month, self.start_day) else day.year - 1

    def first_day(self, year: int) -> date:
        return date(year, self.start_month, self.start_day)


def revenue_of(
    facts: Mapping[str, Any], selection: Selection, settings: Mapping[str, Any], faults: list[Fault]
) -> Revenue | None:
    """The revenue by the rule of the regime; None, with every fault noted, where it cannot be told."""
    entry = selection.rule("revenue")
    if entry is None or entry.values is None:
        return None
    rule = dict(entry.values)
    given = facts.get("revenue")
    if given is None:
        hint = "revenue.years를 적거나, 매출액이 없으면 revenue.none: true를 적으십시오."
        faults.append(Fault("revenue", f"매출액이 없습니다({listed(entry.cite)}).", hint))
        return None
    found = len(faults)
    _refuse_contradictions(given, rule, listed(entry.cite), faults)
    if len(faults) > found or "fiscal_year_starts" not in given:  # given, and could not be read
        return None
    if given.get("none"):
        return Revenue(None, capital=given.get("capital"))
    years = _Years.around(selection.ended_on, given["fiscal_year_starts"])
    average = _averaged(given, rule, years, selection, settings, faults)
    if average is None:
        return None
    return _checked(average, given, listed(entry.cite), faults)


def _refuse_contradictions(
    given: Mapping[str, Any], rule: Mapping[str, Any], cite: str, faults: list[Fault]
) -> None:
    is_none, years = bool(given.get("none")), given.get("years")
    if is_none and years:
        faults.append(
            Fault(
                "revenue.years",
                "매출액이 없다고 하면서(none: true) 매출액을 적었습니다.",
                "하나만 남기십시오.",
            )
        )
    if is_none and given.get("unrelated"):
        faults.append(
            Fault("revenue.unrelated", "매출액이 없으면 뺄 매출액도 없습니다.", '"0"으로 적거나 지우십시오.')
        )
    if not is_none and not years:
        hint = "사업연도마다 금액을 적거나, 매출액이 없으면 none: true를 적으십시오."
        faults.append(Fault("revenue.years", f"매출액이 없습니다({cite}).", hint))
    if not is_none and "none_because" in given:
        faults.append(Fault("revenue.none_because", "매출액이 없을 때에만 적습니다.", "지우십시오."))
    if given.get("unrelated") and not rule["unrelated"]:
        faults.append(
            Fault(
                "revenue.unrelated",
                f"전체 매출액에서 빼는 것이 없습니다({cite}).",
                '"0"으로 적거나 지우십시오.',
            )
        )
    if given.get("estimated") and not rule["estimated"]:
        faults.append(
            Fault("revenue.estimated", f"매출액을 추정하는 규정이 없습니다({cite}).", "지우십시오.")
        )
    if given.get("estimated") and given.get("unrelated") and rule["scope"] == "total":
        message = "자료를 내지 않았거나 거짓이면 전체 매출액을 기준으로 하므로 뺄 수 없습니다(개인정보 보호법 제64조의2제3항)."
        faults.append(Fault("revenue.unrelated", message, '"0"으로 적으십시오.'))


def _checked(revenue: Revenue, given: Mapping[str, Any], cite: str, faults: list[Fault]) -> Revenue | None:
    unrelated = given.get("unrelated") or Fraction(0)
    if revenue.average == 0:
        hint = "매출액이 없으면 none: true를 적으십시오."
        faults.append(Fault("revenue.years", f"매출액이 모두 0원입니다({cite}).", hint))
        return None
    if revenue.average is not None and unrelated > revenue.average:
        message = f"관련 없는 매출액이 전체 {grouped(revenue.average)}원보다 많습니다({cite})."
        faults.append(
            Fault("revenue.unrelated", message, f"0원 이상 {grouped(revenue.average)}원 이하로 적으십시오.")
        )
        return None
    return Revenue(
        revenue.average,
        revenue.label,
        revenue.formula,
        unrelated,
        given.get("capital"),
        bool(given.get("estimated")),
        revenue.is_annualised,
        revenue.reads_scope,
    )


def _averaged(
    given: Mapping[str, Any],
    rule: Mapping[str, Any],
    years: _Years,
    selection: Selection,
    settings: Mapping[str, Any],
    faults: list[Fault],
) -> Revenue | None:
    first_day, started = years.first_day(years.current), given.get("started_on")
    if started is not None and started > selection.ended_on:
        message = f"사업개시일({started})이 위반행위의 끝({selection.ended_on})보다 뒤입니다."
        faults.append(Fault("revenue.started_on", message, f"{selection.ended_on} 이전의 날을 적으십시오."))
        return None
    if started is None or started <= years.first_day(years.current - rule["years"]):
        return _of_whole_years(given, rule, years, faults)
    if started >= first_day:
        return _of_this_year(given, rule, years, started, selection.ended_on, settings, faults)
    return _of_short_history(given, rule, years, started, settings, faults)


def _of_whole_years(
    given: Mapping[str, Any], rule: Mapping[str, Any], years: _Years, faults: list[Fault]
) -> Revenue | None:
    count = rule["years"]
    amounts = _amounts(given, range(years.current - count, years.current), faults)
    if amounts is None:
        return None
    mean, last = sum(amounts, Fraction(0)) / count, amounts[-1]
    summed = f"({' + '.join(grouped(amount) for amount in amounts)}) ÷ {count}"
    if rule["rule"] == "mean":
        return Revenue(mean, related(MEAN, rule["scope"]), summed, reads_scope=rule["scope"])
    formula = f"max({grouped(last)}, {summed})"
    return Revenue(max(last, mean), related(LARGER_MEAN, rule["scope"]), formula, reads_scope=rule["scope"])


def _of_short_history(
    given: Mapping[str, Any],
    rule: Mapping[str, Any],
    years: _Years,
    started: date,
    settings: Mapping[str, Any],
    faults: list[Fault],
) -> Revenue | None:
    """From the first day of business to the end of the last business year, taken to a year."""
    end = years.first_day(years.current)
    amounts = _amounts(given, range(years.of(started), years.current), faults)
    factor = _factor(started, end, settings["annualize_by"], faults)
    if amounts is None or factor is None:
        return None
    total, last = sum(amounts, Fraction(0)), amounts[-1]
    mean, formula = total * factor[0], f"{grouped(total)} {factor[1]}"
    label, scope = ANNUALISED_MEAN, rule["scope"]
    if rule["rule"] == "larger" and started <= years.first_day(years.current - 1):
        mean, formula, label = (
            max(last, mean),
            f"max({grouped(last)}, {formula})",
            LARGER_ANNUALISED,
        )
    return Revenue(mean, related(label, scope), formula, is_annualised=True, reads_scope=scope)


def _of_this_year(
    given: Mapping[str, Any],
    rule: Mapping[str, Any],
    years: _Years,
    started: date,
    ended: date,
    settings: Mapping[str, Any],
    faults: list[Fault],
) -> Revenue | None:
    """From the first day of business to the end of the violation, both days included, taken to a year."""
    amounts = _amounts(given, range(years.current, years.current + 1), faults)
    by = "days" if settings["annualize_by"] == "auto" else settings["annualize_by"]
    factor = _factor(started, ended + ONE_DAY, by, faults)
    if amounts is None or factor is None:
        return None
    label, scope = ANNUALISED_THIS_YEAR, rule["scope"]
    formula = f"{grouped(amounts[0])} {factor[1]}"
    return Revenue(
        amounts[0] * factor[0], related(label, scope), formula, is_annualised=True, reads_scope=scope
    )


def _amounts(given: Mapping[str, Any], wanted: range, faults: list[Fault]) -> list[Fraction] | None:
    """The amount of each year wanted, in order; a fault for each that is missing and each that is not wanted."""
    names = [str(year) for year in wanted]
    years = given["years"]
    span = f"{names[0]}~{names[-1]}" if len(names) > 1 else names[0]
    missing = [
        Fault(
            f"revenue.years.{name}",
            f"{name} 사업연도의 매출액이 없습니다.",
            f"{span} 사업연도가 필요합니다. 사업을 시작한 지 3년이 되지 않았으면 revenue.started_on을 적으십시오.",
        )
        for name in names
        if name not in years
    ]
    needless = [
        Fault(
            f"revenue.years.{name}",
            f"{name} 사업연도의 매출액은 쓰이지 않습니다.",
            f"위반행위가 끝난 날과 사업개시일에 따라 {span} 사업연도만 적으십시오.",
        )
        for name in years
        if name not in names
    ]
    faults += missing + needless
    if missing or needless or None in years.values():
        return None
    return [years[name] for name in names]


def _factor(start: date, end: date, by: str, faults: list[Fault]) -> tuple[Fraction, str] | None:
    """What takes the revenue from `start` until before `end` to a year, in months or days of 365."""
    months = (end.year - start.year) * MONTHS_OF_YEAR + end.month - start.month
    is_whole = start.day == end.day
    if by == "months" and not is_whole:
        message = f"{start}부터의 기간은 꼭 맞는 개월 수가 아닙니다."
        faults.append(Fault("settings.annualize_by", message, "days 또는 auto로 적으십시오."))
        return None
    if by != "days" and is_whole:
        return Fraction(MONTHS_OF_YEAR, months), f"× {MONTHS_OF_YEAR}/{months}"
    days = (end - start).days
    return Fraction(DAYS_OF_YEAR, days), f"× {DAYS_OF_YEAR}/{days}"
