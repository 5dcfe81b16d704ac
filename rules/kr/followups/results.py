"""What a follow-up comes to: its period, its end, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from rules.engine.history import Entry
from rules.kr.followups.events import Event
from rules.kr.followups.law import Family
from rules.kr.followups.reckoning import Ending
from rules.kr.followups.wording import Step, Warned, Words


@dataclass(frozen=True)
class Limit:
    """A shortest or longest time the law allows a letter to set, and where it ends from this start."""

    side: str
    rule: Mapping[str, Any]
    end: Ending


@dataclass(frozen=True)
class Followup:
    """One period of one event. Without `end` a person must first say what is `missing`."""

    family: Family
    entry: Entry
    event: Event
    start: datetime | date
    counting: str
    length: str | None = None
    end: Ending | None = None
    part: date | None = None
    earliest_day: date | None = None
    extension: tuple[str, Ending] | None = None
    safe_day: date | None = None
    limits: tuple[Limit, ...] = ()
    warnings: tuple[Warned, ...] = ()
    missing: tuple[str, ...] = ()
    questions: tuple[Words, ...] = ()
    steps: tuple[Step, ...] = ()
    confidence: str = "statute"
    binds: bool | None = None
    beside: tuple[str, ...] = ()

    @property
    def values(self) -> Mapping[str, Any]:
        return self.entry.values or {}


@dataclass(frozen=True)
class NotInForce:
    """A follow-up whose law had not begun, or was repealed, on the day that selects it."""

    family: Family
    event: Event
    day: date
    first_day: date | None


@dataclass
class Anchor:
    """Where a period starts, and what had to be supposed for it."""

    start: datetime | date
    is_supposed: bool = False
    missing: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
