"""How one change between two instants is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was otherwise before. `before` is empty for what is new."""

    what: str
    word: str  # what happened to it
    before: str
    after: str
    reason: str = ""
    url: str = ""
