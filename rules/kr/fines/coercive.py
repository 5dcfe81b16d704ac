"""The coercive penalty of 정보통신망법 제48조의7: so much for each day an order stays unfulfilled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from rules.engine.conditions import Words
from rules.engine.declaration import Field, Record
from rules.engine.faults import Fault
from rules.engine.history import Entry
from rules.engine.kinds import Count, Flag
from rules.engine.percent import ONE_HUNDRED, Percent, percent_text
from rules.kr.coverage import known_days
from rules.kr.fines.law import FineLaw
from rules.kr.fines.wording import COERCIVE_FRACTION
from rules.kr.won import MoneyOfCase, plain, won
from rules.kr.working import Caution, Line

COERCIVE = "coercive_penalty"


def coercive_record() -> Record:
    day = known_days()
    return Record(
        (
            Field("days", Count(1, 36_500), "이행하지 않은 날수", "days of default", required=True),
            Field(
                "is_fixed", Flag(), "제48조의7제1항 단서의 경우", "the proviso of 48의7(1)", absent_as=False
            ),
            Field("revenue", MoneyOfCase(), "그 기간의 매출액", "revenue of the period, in won"),
            Field("revenue_from", day, "매출액 기간의 첫날", "first day of the period"),
            Field("revenue_to", day, "매출액 기간의 마지막 날", "last day of the period"),
            Field("aggravate_pct", Percent(), "가중 비율", "aggravation, percent of the daily amount"),
            Field("mitigate_pct", Percent(), "감경 비율", "mitigation, percent of the daily amount"),
        )
    )


def coercive_faults(given: Mapping[str, Any], decided_on: date | None, law: FineLaw) -> Iterator[Fault]:
    """What cannot be: no revenue where it counts, a period that runs backwards, a percentage over the limit."""
    first = law.rules[COERCIVE][0]
    if decided_on and decided_on < first.start:
        hint = f"{first.cite[0]}: {first.start}부터의 처분에만 있습니다."
        yield Fault(COERCIVE, f"{decided_on}에는 이행강제금이 없었습니다.", hint)
    wanted = ("revenue", "revenue_from", "revenue_to")
    for name in wanted:
        if not given.get("is_fixed") and name not in given:
            yield Fault(
                f"{COERCIVE}.{name}", "1일 평균매출액을 셈할 사실이 없습니다.", f"{name}: 줄을 더하십시오."
            )
        if given.get("is_fixed") and name in given:
            yield Fault(f"{COERCIVE}.{name}", "단서의 경우에는 쓰지 않습니다.", "이 줄을 지우십시오.")
    start, end = given.get("revenue_from"), given.get("revenue_to")
    if start and end and end < start:
        yield Fault(
            f"{COERCIVE}.revenue_to", f"{end}은 {start}보다 앞섭니다.", f"{start} 이후의 날을 적으십시오."
        )
    limit = (first.values or {})["adjusting_limit"]
    for name in ("aggravate_pct", "mitigate_pct"):
        if given.get(name, limit) > limit:
            most = percent_text(limit)
            message = f"{percent_text(given[name])}%는 한도 {most}%를 넘습니다."
            yield Fault(f"{COERCIVE}.{name}", message, f"{first.cite[2]}: 0% 이상 {most}% 이하")


def coercive_answer(given: Mapping[str, Any], rule: Entry) -> dict[str, Any]:
    """The amount for a day and for all days, in whole won; fractions are dropped at each step.

    Source: 정보통신망법 시행령 제60조의10, 별표 5의2.
    """
    values = rule.values or {}
    base, ceiling, text = _daily(given, values)
    lines = [Line("base", Words("1일 기준금액", "base a day"), text, base, rule.cite)]
    parts = {}
    for name, label in (
        ("aggravate_pct", Words("가중액", "aggravation")),
        ("mitigate_pct", Words("감경액", "mitigation")),
    ):
        percent = given.get(name, Decimal(0))
        parts[name] = base * percent // ONE_HUNDRED
        formula = f"{won(base)} × {percent_text(percent)}%"
        lines.append(Line(name.removesuffix("_pct"), label, formula, parts[name], rule.cite))
    net = base + parts["aggravate_pct"] - parts["mitigate_pct"]
    daily = min(net, ceiling)
    if net > ceiling:
        lines.append(
            Line(
                "ceiling",
                Words("1일 상한액", "ceiling a day"),
                f"{won(net)} > {won(ceiling)}",
                ceiling,
                rule.cite,
            )
        )
    total = daily * given["days"]
    lines.append(
        Line(
            "final",
            Words("이행강제금", "coercive penalty"),
            f"{won(daily)} × {given['days']}일",
            total,
            rule.cite,
        )
    )
    told = Caution("fraction_dropped", COERCIVE_FRACTION, rule.cite, "uncertain")
    return {
        "daily": plain(daily),
        "days": given["days"],
        "total": plain(total),
        "ceiling_reached": net > ceiling,
        "steps": [line.as_dict() for line in lines],
        "warnings": [] if given["is_fixed"] else [told.as_dict()],
        "cite": list(rule.cite),
        "source": rule.source,
        "confidence": rule.confidence,
        "why": f"하루 {won(daily)}씩 {given['days']}일이면 {won(total)}입니다.",
        "why_en": f"{daily:,f} won a day for {given['days']} days comes to {total:,f} won.",
    }


def _daily(given: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[Decimal, Decimal, str]:
    """The base and the ceiling of a day, and how the base came about."""
    if given["is_fixed"]:
        fixed = Decimal(values["daily_fixed"])
        return fixed, Decimal(values["ceiling_fixed"]), won(fixed)
    revenue = Decimal(given["revenue"])
    days = (given["revenue_to"] - given["revenue_from"]).days + 1
    base, ceiling = (revenue * values[name] // (ONE_HUNDRED * days) for name in ("daily_pct", "ceiling_pct"))
    return base, ceiling, f"{won(revenue)} ÷ {days}일 × {percent_text(values['daily_pct'])}%"
