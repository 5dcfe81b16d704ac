"""The kinds of single value a document may hold: each checks a value and writes its JSON Schema.

A kind reads a plain value (from YAML, JSON or Python) into the value rules work with,
or notes a fault with its path and gives None.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, Protocol

from rules.engine.faults import Fault
from rules.engine.korean import SEOUL, listed, with_particle

INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(?P<zone>[Zz]|[-+]\d{2}:?\d{2})?"
)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MONEY = re.compile(r"0|[1-9][0-9]*")
INSTANT_PATTERN = r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[-+]\d{2}:?\d{2})$"
DAY_PATTERN = r"^\d{4}-\d{2}-\d{2}$"
INSTANT_HINT = "2026-10-01T20:00+09:00처럼 날짜, 시각, 시간대를 모두 적으십시오."


class Kind(Protocol):
    """What one value may be."""

    def read(self, value: object, path: str, faults: list[Fault]) -> Any:
        """The value to work with; None, with a fault noted, when it will not do."""

    def schema(self) -> dict[str, Any]:
        """The same, as JSON Schema 2020-12."""


@dataclass(frozen=True)
class Text:
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    hint: str = ""

    def read(self, value: object, path: str, faults: list[Fault]) -> str | None:
        if isinstance(value, date):
            value = value.isoformat()
        if not isinstance(value, str) or not value.strip():
            return wrong_type(value, path, "글", faults, self.hint)
        if self.choices and value not in self.choices:
            faults.append(Fault(path, f"‘{value}’은 쓸 수 있는 값이 아닙니다.", nearest(value, self.choices)))
            return None
        if self.pattern and not re.fullmatch(self.pattern, value):
            faults.append(Fault(path, f"‘{value}’의 꼴이 맞지 않습니다.", self.hint))
            return None
        return value

    def schema(self) -> dict[str, Any]:
        result: dict[str, Any] = {"type": "string", "minLength": 1}
        if self.choices:
            result = {"type": "string", "enum": list(self.choices)}
        if self.pattern:
            result["pattern"] = f"^(?:{self.pattern})$"
        return result


@dataclass(frozen=True)
class Flag:
    def read(self, value: object, path: str, faults: list[Fault]) -> bool | None:
        if isinstance(value, bool):
            return value
        return wrong_type(value, path, "true 또는 false", faults, "모르면 적지 마십시오.")

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Count:
    """A whole number, both ends included."""

    minimum: int = 0
    maximum: int = 10_000_000_000

    def read(self, value: object, path: str, faults: list[Fault]) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int):
            return wrong_type(value, path, "정수", faults, "1200처럼 쉼표와 소수점 없이 적으십시오.")
        if not self.minimum <= value <= self.maximum:
            message = f"{value:,}은 {self.minimum:,} 이상 {self.maximum:,} 이하가 아닙니다."
            faults.append(Fault(path, message, "수를 다시 확인하십시오."))
            return None
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}


@dataclass(frozen=True)
class Money:
    """Whole won in a string, so that nothing on the way makes a float of it."""

    def read(self, value: object, path: str, faults: list[Fault]) -> str | None:
        if isinstance(value, str) and MONEY.fullmatch(value):
            return value
        return wrong_type(value, path, "원 단위 금액 문자열", faults, '"30000000"처럼 따옴표로 묶으십시오.')

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^(?:0|[1-9][0-9]*)$"}


@dataclass(frozen=True)
class Day:
    earliest: date = date(1900, 1, 1)
    latest: date = date(2200, 12, 31)

    def read(self, value: object, path: str, faults: list[Fault]) -> date | None:
        if isinstance(value, date) and not isinstance(value, datetime):
            return self._within(value, path, faults)
        if not isinstance(value, str) or not DAY.fullmatch(value):
            return wrong_type(value, path, "날짜", faults, "2026-10-01처럼 적으십시오.")
        day = parsed(date, value, path, faults)
        return None if day is None else self._within(day, path, faults)

    def _within(self, day: date, path: str, faults: list[Fault]) -> date | None:
        return day if in_known_law(day, self.earliest, self.latest, path, faults) else None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": DAY_PATTERN}


@dataclass(frozen=True)
class Instant:
    """An aware instant, given back in Korean time; `earliest` and `latest` are days in Korea, included."""

    earliest: date = date(1900, 1, 1)
    latest: date = date(2200, 12, 31)

    def read(self, value: object, path: str, faults: list[Fault]) -> datetime | None:
        instant = self._instant(value, path, faults)
        if instant is None:
            return None
        try:
            local = instant.astimezone(SEOUL)
        except OverflowError:
            faults.append(Fault(path, f"{value}은 알려진 법의 범위 밖에 있습니다.", "연도를 확인하십시오."))
            return None
        return local if in_known_law(local.date(), self.earliest, self.latest, path, faults) else None

    def _instant(self, value: object, path: str, faults: list[Fault]) -> datetime | None:
        if isinstance(value, date) and not isinstance(value, datetime):
            value = value.isoformat()
        if isinstance(value, str):
            value = self._from_text(value, path, faults)
            if value is None:
                return None
        if not isinstance(value, datetime):
            return wrong_type(value, path, "시각", faults, INSTANT_HINT)
        if value.utcoffset() is None:
            faults.append(Fault(path, "시각에 시간대가 없습니다.", INSTANT_HINT))
            return None
        return value

    def _from_text(self, text: str, path: str, faults: list[Fault]) -> datetime | None:
        if DAY.fullmatch(text):
            faults.append(Fault(path, "날짜만 있고 시각이 없습니다.", INSTANT_HINT))
            return None
        if not INSTANT.fullmatch(text):
            return wrong_type(text, path, "시각", faults, INSTANT_HINT)
        return parsed(datetime, text.upper(), path, faults)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time", "pattern": INSTANT_PATTERN}


@dataclass(frozen=True)
class InstantOrDay:
    instant: Instant
    day: Day

    def read(self, value: object, path: str, faults: list[Fault]) -> datetime | date | None:
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        if is_day or (isinstance(value, str) and DAY.fullmatch(value)):
            return self.day.read(value, path, faults)
        return self.instant.read(value, path, faults)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.instant.schema(), self.day.schema()]}


@dataclass(frozen=True)
class SetOf:
    """A list without order, at least one long: an empty one says no more than absence."""

    choices: tuple[str, ...]

    def read(self, value: object, path: str, faults: list[Fault]) -> frozenset[str] | None:
        if isinstance(value, str) or not isinstance(value, Sequence | set | frozenset):
            return wrong_type(value, path, "목록", faults, f"[{self.choices[0]}]처럼 적으십시오.")
        if not value:
            faults.append(Fault(path, "목록이 비어 있습니다.", "모르면 이 줄을 적지 마십시오."))
            return None
        kind = Text(choices=self.choices)
        items = [kind.read(item, f"{path}[{place}]", faults) for place, item in enumerate(value)]
        return frozenset(item for item in items if item is not None)

    def schema(self) -> dict[str, Any]:
        items = {"type": "string", "enum": list(self.choices)}
        return {"type": "array", "items": items, "minItems": 1}


def wrong_type[T](value: object, path: str, wanted: str, faults: list[Fault], hint: str = "") -> T | None:
    """Note that `value` is not what was wanted. The value itself is not repeated: it may be personal data."""
    given = {bool: "true/false", int: "정수", float: "소수", str: "글", dict: "묶음", list: "목록"}
    name = given.get(type(value), "비어 있음" if value is None else type(value).__name__)
    faults.append(
        Fault(
            path,
            f"{with_particle(wanted, '이어야/여야')} 하는데 {with_particle(name, '이/가')} 왔습니다.",
            hint,
        )
    )
    return None


def in_known_law(day: date, earliest: date, latest: date, path: str, faults: list[Fault]) -> bool:
    if earliest <= day <= latest:
        return True
    span = f"{earliest.isoformat()}부터 {latest.isoformat()}까지"
    faults.append(
        Fault(path, f"{day.isoformat()}은 알려진 법의 범위 밖에 있습니다.", f"{span}의 날짜를 적으십시오.")
    )
    return False


def parsed[T: date](kind: type[T], text: str, path: str, faults: list[Fault]) -> T | None:
    try:
        return kind.fromisoformat(text)
    except ValueError:
        faults.append(Fault(path, f"{text}은 달력에 없는 날짜나 시각입니다.", "날짜와 시각을 확인하십시오."))
        return None


def nearest(word: str, known: tuple[str, ...]) -> str:
    """A hint that names what was probably meant."""
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"‘{close[0]}’을(를) 쓰려던 것입니까?"
    return f"쓸 수 있는 것: {listed(known)}"
