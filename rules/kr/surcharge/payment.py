"""The answer of the topic `payment`: late charge, deferral and instalments of a surcharge, by its regime."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

from rules.engine.declaration import Field, ListOf, Record
from rules.engine.faults import FactsError, Fault
from rules.engine.history import Entry
from rules.engine.kinds import Day, Text
from rules.engine.korean import day_text, listed
from rules.engine.law_files import digest_of
from rules.engine.periods import end_of_calendar_days, read_length
from rules.kr.surcharge.amounts import MONEY, exact, floor_to, grouped, whole
from rules.kr.surcharge.law import Article, articles
from rules.kr.surcharge.topic import law_files
from rules.kr.surcharge.wording import warning

DAYS_OF_YEAR = 365
MONTHS_OF_YEAR = 12
LATE = ("가산금", "late charge")
TOTAL = ("납부할 금액", "to be paid")


def assess_payment(document: object) -> dict[str, Any]:
    """What is to be paid and until when. Raises FactsError with every fault."""
    faults: list[Fault] = []
    facts = facts_record().read(document, "", faults) or {}
    entry = _rule(facts.get("regime"))
    if entry is not None:
        _refuse(facts, entry, faults)
    if faults or entry is None:
        raise FactsError(faults)
    charge, steps, warnings = _late_charge(facts, entry)
    due_on: date = facts.get("deferred_to") or facts["due_on"]
    return {
        "topic": "payment",
        "rules_digest": digest_of(law_files()),
        "regime": facts["regime"],
        "amount": whole(facts["amount"]),
        "due_on": due_on.isoformat(),
        "deferred_from": facts["due_on"].isoformat() if "deferred_to" in facts else None,
        "late_charge": None if charge is None else whole(charge),
        "total": None if charge is None else whole(facts["amount"] + charge),
        "steps": steps,
        "instalments": _instalments(facts),
        "warnings": [
            {
                "code": item.code,
                "message": item.message,
                "message_en": item.message_en,
                "unconfirmed": item.is_unconfirmed,
                "cite": list(entry.cite),
            }
            for item in warnings
        ],
        "cite": list(entry.cite),
        "confidence": entry.confidence,
        "why": f"과징금 {grouped(facts['amount'])}원의 납부기한은 {day_text(due_on)}입니다.",
        "why_en": f"The surcharge of {grouped(facts['amount'])} won is due on {due_on}.",
    }


@cache
def facts_record() -> Record:
    """The shape of the facts."""
    regimes = tuple(entry.version for article in articles().values() for entry in article.regimes)
    return Record(
        (
            Field("regime", Text(choices=tuple(filter(None, regimes))), "적용 규정", "regime", required=True),
            Field("amount", MONEY, "부과된 과징금(원)", "surcharge imposed", required=True),
            Field("due_on", Day(), "납부기한", "day it is due", required=True),
            Field("paid_on", Day(), "납부일", "day it is paid; absent if in time"),
            Field("applied_on", Day(), "연기·분할 신청일", "day of the application"),
            Field("deferred_to", Day(), "연기된 납부기한", "day it is deferred to"),
            Field("instalments", ListOf(Day()), "분할 납부일", "days of the instalments, in order"),
        )
    )


def schema() -> dict[str, Any]:
    """The JSON Schema of the facts."""
    return facts_record().schema()


def _rule(regime: str | None) -> Entry | None:
    """The rule of payment under this regime, by the day the regime itself began."""
    for article in articles().values():
        for entry in article.regimes:
            if regime is not None and entry.version == regime:
                return article.rule_on("payment", _days(article, entry))
    return None


def _days(article: Article, regime: Entry) -> dict[str, date]:
    first = article.regimes[0].start
    ended = regime.start if regime.selected_by == "ended_on" else first
    return {"ended_on": ended, "decided_on": regime.start}


def _refuse(facts: Mapping[str, Any], entry: Entry, faults: list[Fault]) -> None:
    values, cite = dict(entry.values or {}), listed(entry.cite)
    due, paid, applied = facts.get("due_on"), facts.get("paid_on"), facts.get("applied_on")
    if facts.get("amount") == 0:
        faults.append(Fault("amount", "과징금이 0원입니다.", "1원 이상으로 적으십시오."))
    if paid is not None and facts.get("instalments"):
        faults.append(
            Fault("paid_on", "분할 납부에는 납부일을 적지 않습니다.", "나눈 금액마다 따로 계산하십시오.")
        )
    if due is None:
        return
    least = values.get("apply_days_before")
    if applied is not None and least is not None and applied > due - timedelta(days=least):
        last = due - timedelta(days=least)
        faults.append(
            Fault(
                "applied_on",
                f"신청은 납부기한 {least}일 전까지 합니다({cite}).",
                f"허용 범위: {last} 이전",
            )
        )
    if "deferred_to" in facts:
        _refuse_deferral(facts["deferred_to"], due, values, cite, faults)
    _refuse_instalments(facts.get("instalments") or (), values, cite, faults)


def _refuse_deferral(to: date, due: date, values: Mapping[str, Any], cite: str, faults: list[Fault]) -> None:
    if "deferral_most" not in values:
        faults.append(
            Fault("deferred_to", f"납부기한을 연기하는 규정을 확인하지 못하였습니다({cite}).", "지우십시오.")
        )
        return
    last = end_of_calendar_days(start=due, length=read_length(values["deferral_most"])).day
    if not due < to <= last:
        message = f"연기된 납부기한 {to}이 한도를 벗어납니다({cite})."
        faults.append(Fault("deferred_to", message, f"허용 범위: {due + timedelta(days=1)}부터 {last}까지"))


def _refuse_instalments(
    days: tuple[date | None, ...], values: Mapping[str, Any], cite: str, faults: list[Fault]
) -> None:
    most, gap = values.get("instalments_most"), values.get("instalment_gap")
    if not days or None in days:
        return
    if most is None:
        faults.append(Fault("instalments", f"분할 납부 규정을 확인하지 못하였습니다({cite}).", "지우십시오."))
        return
    if len(days) > most:
        faults.append(
            Fault(
                "instalments",
                f"분할 횟수 {len(days)}회가 한도를 넘습니다({cite}).",
                f"허용 범위: {most}회 이하",
            )
        )
    for place, (earlier, later) in enumerate(pairwise(days), start=1):
        assert earlier is not None and later is not None
        path = f"instalments[{place}]"
        if later <= earlier:
            faults.append(
                Fault(path, f"{later}이 앞의 납부일({earlier})보다 뒤가 아닙니다.", "날짜 순서로 적으십시오.")
            )
            continue
        last = end_of_calendar_days(start=earlier, length=read_length(gap)).day if gap else later
        if later > last:
            faults.append(Fault(path, f"납부 간격이 한도를 넘습니다({cite}).", f"허용 범위: {last} 이전"))


def _late_charge(
    facts: Mapping[str, Any], entry: Entry
) -> tuple[Fraction | None, list[dict[str, Any]], list[Any]]:
    """The charge for paying late, in whole won; None where no rate was found."""
    values = dict(entry.values or {})
    amount: Fraction = facts["amount"]
    due, paid = facts.get("deferred_to") or facts["due_on"], facts.get("paid_on")
    if paid is None or paid <= due:
        return Fraction(0), [], []
    if "late_percent_month" in values:
        charge, formula = _by_month(amount, due, paid, values)
    elif "late_percent_year" in values:
        charge, formula = _by_year(amount, due, paid, values)
    else:
        return None, [], [warning("late_rate", entry)]
    charge = floor_to(charge, 1)
    steps = [
        _step("late_charge", LATE, formula, charge, entry),
        _step("total", TOTAL, f"{grouped(amount)} + {grouped(charge)}", amount + charge, entry),
    ]
    return charge, steps, [warning("late_counting", entry, formula=formula)]


def _by_month(amount: Fraction, due: date, paid: date, values: Mapping[str, Any]) -> tuple[Fraction, str]:
    percent, most = values["late_percent_month"], values.get("late_months_most")
    passed = _full_months(due, paid)
    months = passed if most is None else min(passed, most)
    return amount * percent * months / 100, f"{grouped(amount)} × {exact(percent)}% × {months}"


def _by_year(amount: Fraction, due: date, paid: date, values: Mapping[str, Any]) -> tuple[Fraction, str]:
    """By days of a year of 365, until the last month that counts."""
    percent, most = values["late_percent_year"], values.get("late_months_most")
    if most is not None and _full_months(due, paid) >= most:
        years = Fraction(most, MONTHS_OF_YEAR)
        return (
            amount * percent * years / 100,
            f"{grouped(amount)} × {exact(percent)}% × {most}/{MONTHS_OF_YEAR}",
        )
    days = (paid - due).days
    years = Fraction(days, DAYS_OF_YEAR)
    if most is not None:
        years = min(years, Fraction(most, MONTHS_OF_YEAR))  # leap days do not carry it beyond the last month
    return amount * percent * years / 100, f"{grouped(amount)} × {exact(percent)}% × {days}/{DAYS_OF_YEAR}"


def _full_months(due: date, paid: date) -> int:
    months = (paid.year - due.year) * MONTHS_OF_YEAR + paid.month - due.month
    while months and end_of_calendar_days(start=due, length=read_length(f"P{months}M")).day > paid:
        months -= 1
    return months


def _instalments(facts: Mapping[str, Any]) -> list[dict[str, str]]:
    """Equal parts in whole won; what does not divide is paid first."""
    days = facts.get("instalments") or ()
    if not days:
        return []
    part, rest = divmod(int(facts["amount"]), len(days))
    return [
        {"on": day.isoformat(), "amount": str(part + (rest if place == 0 else 0))}
        for place, day in enumerate(days)
    ]


def _step(code: str, label: tuple[str, str], formula: str, amount: Fraction, entry: Entry) -> dict[str, Any]:
    return {
        "code": code,
        "label": label[0],
        "label_en": label[1],
        "formula": formula,
        "amount": whole(amount),
        "cite": list(entry.cite),
        "confidence": entry.confidence,
    }
