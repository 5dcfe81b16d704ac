"""What is wrong with a document, said so that a person can put it right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: where it stands (dotted path), what it is, and what to do about it."""

    path: str
    message: str
    hint: str = ""

    def as_dict(self) -> dict[str, str]:
        return {"path": self.path, "message": self.message, "hint": self.hint}


class FactsError(ValueError):
    """The facts cannot be assessed; `faults` holds every mistake found, in document order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("; ".join(f"{fault.path}: {fault.message}" for fault in self.faults))


class LawFileError(Exception):
    """A law file is not fit to be used; names the file and every mistake in it."""

    def __init__(self, file: str, faults: Sequence[Fault]) -> None:
        self.file = file
        self.faults: tuple[Fault, ...] = tuple(faults)
        listed = "; ".join(f"{fault.path or '(top)'}: {fault.message}" for fault in self.faults)
        super().__init__(f"{file}: {listed}")
