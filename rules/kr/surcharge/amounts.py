"""Money and percentages without loss: whole won and decimal text at the edges, exact ratios of integers inside.

A mean of three years has no finite decimal, so a Decimal would already have lost a fraction of a won
where truncation makes a hundred thousand of it. A Fraction of integers loses nothing; no float occurs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules.engine.faults import Fault
from rules.engine.kinds import MONEY as WHOLE_WON
from rules.engine.kinds import wrong_type
from rules.kr.won import MOST

FRACTION = re.compile(r"[-+]?(?:0|[1-9]\d{0,5})(?:\.\d{1,9})?")
NEGATIVE = re.compile(r"-\d+")
HUNDRED = 100


@dataclass(frozen=True)
class Won:
    """Whole won in a string, read as an exact amount."""

    def read(self, value: object, path: str, faults: list[Fault]) -> Fraction | None:
        if isinstance(value, str) and NEGATIVE.fullmatch(value):
            faults.append(Fault(path, "금액이 0원보다 적습니다.", "0원 이상으로 적으십시오."))
            return None
        if not isinstance(value, str) or not WHOLE_WON.fullmatch(value):
            return wrong_type(
                value, path, "0 이상인 원 단위 금액 문자열", faults, '"30000000"처럼 따옴표로 묶으십시오.'
            )
        if len(value) > len(str(MOST)) or int(value) > MOST:
            faults.append(
                Fault(
                    path,
                    f"금액이 {MOST:,}원을 넘습니다.",
                    f"0원 이상 {MOST:,}원 이하로 적으십시오.",
                )
            )
            return None
        return Fraction(int(value))

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^(?:0|[1-9][0-9]*)$"}


@dataclass(frozen=True)
class DecimalText:
    """A decimal number in a string; `signed` if it may be below zero."""

    signed: bool = False
    hint: str = '"1.8"처럼 따옴표로 묶으십시오.'

    def read(self, value: object, path: str, faults: list[Fault]) -> Fraction | None:
        if not isinstance(value, str) or not FRACTION.fullmatch(value):
            return wrong_type(value, path, "따옴표로 묶은 십진수", faults, self.hint)
        number = Fraction(Decimal(value))
        if number < 0 and not self.signed:
            faults.append(Fault(path, f"{value}은 0보다 작습니다.", "0 이상으로 적으십시오."))
            return None
        return number

    def schema(self) -> dict[str, Any]:
        sign = "[-+]?" if self.signed else r"\+?"
        return {"type": "string", "pattern": rf"^{sign}(?:0|[1-9]\d{{0,5}})(?:\.\d{{1,9}})?$"}


MONEY = Won()
PERCENT = DecimalText()
SIGNED_PERCENT = DecimalText(signed=True, hint='"-20"처럼 따옴표로 묶으십시오.')


@dataclass(frozen=True, slots=True)
class Span:
    """An amount that is a point, or lies anywhere from `low` to `high`."""

    low: Fraction
    high: Fraction

    @classmethod
    def point(cls, amount: Fraction | int) -> Span:
        return cls(Fraction(amount), Fraction(amount))

    @property
    def is_point(self) -> bool:
        return self.low == self.high

    def __add__(self, other: Span) -> Span:
        return Span(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Span) -> Span:
        """End from end: both spans come from the same choice of a rate."""
        return Span(self.low - other.low, self.high - other.high)

    def percent(self, percent: Fraction) -> Span:
        return Span(self.low * percent / HUNDRED, self.high * percent / HUNDRED)

    def at_most(self, most: Fraction) -> Span:
        return Span(min(self.low, most), min(self.high, most))


@dataclass(frozen=True, slots=True)
class Rounding:
    """How printed steps are rounded and what the last amount drops."""

    half_up: bool
    unit: int
    final: tuple[tuple[int, int], ...]  # from this amount on, drop below this unit

    def step(self, amount: Span) -> Span:
        if not self.half_up:
            return amount
        return Span(half_up(amount.low, self.unit), half_up(amount.high, self.unit))

    def truncated(self, amount: Span) -> Span:
        return Span(self._truncated(amount.low), self._truncated(amount.high))

    def _truncated(self, amount: Fraction) -> Fraction:
        for start, unit in self.final:
            if amount >= start:
                return floor_to(amount, unit)
        return amount


def rounding_of(values: dict[str, Any]) -> Rounding:
    """The rounding rule these values state."""
    stairs: Sequence[dict[str, Fraction]] = values["final"]
    final = sorted(((int(stair["from"]), int(stair["unit"])) for stair in stairs), reverse=True)
    return Rounding(values["step"] == "half_up", int(values["unit"]), tuple(final))


def half_up(amount: Fraction, unit: int) -> Fraction:
    """The nearest multiple of `unit`, a half away from zero."""
    size = abs(amount)
    multiple = (2 * size.numerator + size.denominator * unit) // (2 * size.denominator * unit)
    return Fraction(multiple * unit if amount >= 0 else -multiple * unit)


def floor_to(amount: Fraction, unit: int) -> Fraction:
    """The greatest multiple of `unit` that is not above an amount of zero or more."""
    return Fraction(amount.numerator // (amount.denominator * unit) * unit)


def whole(amount: Fraction) -> str:
    """Whole won as text; a fraction of a won is left out, towards zero."""
    return str(int(amount))


def exact(amount: Fraction) -> str:
    """The amount as a decimal, cut after six places where it goes on."""
    sign, size = ("-" if amount < 0 else ""), abs(amount)
    digits = str(size.numerator * 10**6 // size.denominator).rjust(7, "0")
    text = f"{digits[:-6]}.{digits[-6:]}".rstrip("0").rstrip(".")
    return sign + text


def grouped(amount: Fraction) -> str:
    """4,035,000,000: for reading. A part of a won follows its point."""
    wholes, _, part = exact(amount).partition(".")
    return f"{int(wholes):,}" + (f".{part}" if part else "")


def said(amount: Span) -> str:
    """One amount, or two with a tilde, for reading."""
    return grouped(amount.low) if amount.is_point else f"{grouped(amount.low)} ~ {grouped(amount.high)}"


def money(amount: Span) -> str | dict[str, str]:
    """Whole won as the contract gives them: a text, or low and high."""
    if amount.is_point:
        return whole(amount.low)
    return {"low": whole(amount.low), "high": whole(amount.high)}
