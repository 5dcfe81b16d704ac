"""Percentages as text, so that nothing on the way makes a float of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rules.engine.faults import Fault
from rules.engine.kinds import wrong_type

PERCENT = r"(?:0|[1-9]\d{0,2})(?:\.\d{1,2})?"
HINT = '"12.5"처럼 부호 없이, 소수 둘째 자리까지 따옴표로 묶어 적으십시오.'
ONE_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Percent:
    """0 to 100 with at most two decimals: so a share of a fine in whole hundreds of won is whole."""

    def read(self, value: object, path: str, faults: list[Fault]) -> Decimal | None:
        if not isinstance(value, str):
            return wrong_type(value, path, "백분율 글", faults, HINT)
        if not re.fullmatch(PERCENT, value):
            faults.append(Fault(path, f"‘{value[:20]}’은 쓸 수 있는 백분율이 아닙니다.", HINT))
            return None
        if Decimal(value) > ONE_HUNDRED:
            faults.append(Fault(path, f"{value}%는 0% 이상 100% 이하가 아닙니다.", HINT))
            return None
        return Decimal(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^(?:100(?:\.0{1,2})?|(?:0|[1-9]\d?)(?:\.\d{1,2})?)$"}


def share(amount: Decimal, percent: Decimal) -> Decimal:
    """`percent` of `amount`, exactly."""
    return amount * percent / ONE_HUNDRED


def percent_text(percent: Decimal) -> str:
    """12.5 and 50, never 5E+1."""
    text = f"{percent:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
