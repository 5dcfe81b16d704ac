"""Won as Korean decisions write it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rules.engine.faults import Fault
from rules.engine.kinds import Money

MAN = 10_000
EOK = 100_000_000
MOST = (
    10_000_000_000_000_000  # 1경, several times the yearly product of the country: more is a slip of the hand
)


@dataclass(frozen=True)
class MoneyOfCase:
    """Whole won in a string, no more than any case could be about."""

    def read(self, value: object, path: str, faults: list[Fault]) -> str | None:
        read = Money().read(value, path, faults)
        if read is None or (len(read) <= len(str(MOST)) and int(read) <= MOST):
            return read
        faults.append(Fault(path, "금액이 너무 큽니다.", f"0원 이상 {MOST:,}원 이하로 적으십시오."))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^(?:0|[1-9][0-9]{0,16})$"}


def won(amount: Decimal) -> str:
    """4,200,000원."""
    return f"{amount:,f}원" if amount == amount.to_integral_value() else f"{amount.normalize():,f}원"


def man_won(amount: Decimal) -> str:
    """420만 원, 1억 2,000만 원; 4,205,000원 where a part of 만 is left over."""
    whole = int(amount)
    if whole % MAN or whole == 0:
        return won(amount)
    eok, rest = divmod(whole, EOK)
    parts = ([f"{eok:,}억"] if eok else []) + ([f"{rest // MAN:,}만"] if rest else [])
    return f"{' '.join(parts)} 원"


def plain(amount: Decimal) -> str:
    """The string of whole won that answers carry. Raises ValueError for a fraction of a won."""
    if amount != amount.to_integral_value():
        raise ValueError(f"{amount} is no whole won")
    return str(int(amount))
