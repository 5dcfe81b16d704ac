"""The working of a surcharge as it grows: steps in the order of calculation, warnings, and how sure the law is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rules.engine.history import Entry
from rules.kr.surcharge.amounts import Rounding, Span
from rules.kr.working import least_sure


@dataclass(frozen=True, slots=True)
class Step:
    code: str
    label: str
    label_en: str
    formula: str
    amount: Span
    cite: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class Warned:
    """What the software may not decide, or could not confirm."""

    code: str
    message: str
    message_en: str
    cite: tuple[str, ...] = ()
    is_unconfirmed: bool = False


@dataclass
class Working:
    rounding: Rounding
    steps: list[Step] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    used: list[Entry] = field(default_factory=list)

    def step(
        self, code: str, label: tuple[str, str], formula: str, amount: Span, entry: Entry, *more: Entry
    ) -> Span:
        """Note a step and the law it stands on; the amount comes back as it was noted."""
        entries = (entry, *more)
        self.used += entries
        cite = tuple(dict.fromkeys(article for used in entries for article in used.cite))
        self.steps.append(Step(code, *label, formula, amount, cite, weakest(entries)))
        return amount

    def printed(
        self, code: str, label: tuple[str, str], formula: str, amount: Span, entry: Entry, *more: Entry
    ) -> Span:
        """The same, rounded as this regime rounds a printed step."""
        return self.step(code, label, formula, self.rounding.step(amount), entry, *more)

    def warn(self, warned: Warned) -> None:
        if warned.code not in {item.code for item in self.warnings}:
            self.warnings.append(warned)

    @property
    def confidence(self) -> str:
        return weakest(self.used)

    @property
    def cite(self) -> list[str]:
        return list(dict.fromkeys(article for entry in self.used for article in entry.cite))


def weakest(entries: Sequence[Entry]) -> str:
    """The least sure mark of confidence among these entries."""
    return least_sure(entry.confidence for entry in entries)
