"""What is to be paid and when it changes: less within the time for comments, more in default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from rules.engine.conditions import Words
from rules.engine.history import Entry
from rules.engine.percent import percent_text, share
from rules.engine.periods import end_of_calendar_days, read_length
from rules.kr.fines.wording import FRACTION
from rules.kr.won import won
from rules.kr.working import Caution, Line

ONE_WON = Decimal(1)


@dataclass(frozen=True)
class Payment:
    """What is payable on the day, how that came about, and full months in default."""

    state: str
    payable: Decimal
    months: int
    lines: tuple[Line, ...] = ()
    cautions: tuple[Caution, ...] = ()


def early_line(total: Decimal, rule: Entry) -> Line:
    """The total if it is paid within the time for comments. Source: 질서위반행위규제법 제18조."""
    pct = (rule.values or {})["pct"]
    amount = total - share(total, pct)
    text = f"{won(total)} − {won(total)} × {percent_text(pct)}%"
    return Line("early_payment", Words("자진납부 시 과태료", "if paid early"), text, amount, rule.cite)


def payment_of(total: Decimal, given: Mapping[str, Any], early: Entry, additions: Entry) -> Payment:
    """What is payable on `paid_on`. The last day of a time limit is still in time."""
    paid_on: date = given["paid_on"]
    until, pay_by = given.get("opinion_until"), given.get("pay_by")
    if until and paid_on <= until:
        line = early_line(total, early)
        return Payment("early", line.amount, 0, (line,))
    if pay_by is None or paid_on <= pay_by:
        return Payment("in_time", total, 0)
    return default_payment(
        total, full_months(pay_by, paid_on, (additions.values or {})["most_months"]), additions
    )


def default_payment(unpaid: Decimal, months: int, rule: Entry) -> Payment:
    """The unpaid fine with 가산금 once and 중가산금 for each full month. Source: 질서위반행위규제법 제24조."""
    values = rule.values or {}
    counted = min(months, values["most_months"])
    first, monthly = values["first_pct"], values["monthly_pct"]
    once_exact, monthly_exact = share(unpaid, first), share(unpaid, monthly) * counted
    once, each = _whole(once_exact), _whole(monthly_exact)
    lines = (
        Line(
            "default_addition",
            Words("가산금", "addition"),
            f"{won(unpaid)} × {percent_text(first)}%",
            once,
            rule.cite,
        ),
        Line(
            "monthly_addition",
            Words("중가산금", "monthly additions"),
            f"{won(unpaid)} × {percent_text(monthly)}% × {counted}개월",
            each,
            rule.cite,
        ),
        Line(
            "payable",
            Words("낼 금액", "payable"),
            f"{won(unpaid)} + {won(once)} + {won(each)}",
            unpaid + once + each,
            rule.cite,
        ),
    )
    is_cut = (once, each) != (once_exact, monthly_exact)
    cautions = (Caution("fraction_dropped", FRACTION, rule.cite, "uncertain"),) if is_cut else ()
    return Payment("in_default", unpaid + once + each, counted, lines, cautions)


def full_months(pay_by: date, on: date, most: int) -> int:
    """Full months of default that have passed before `on`, `most` at the most; the day after `pay_by` is the first."""
    for months in range(1, most + 1):
        if on <= end_of_calendar_days(start=pay_by, length=read_length(f"P{months}M")).day:
            return months - 1
    return most


def _whole(amount: Decimal) -> Decimal:
    return amount.quantize(ONE_WON, rounding=ROUND_FLOOR)
