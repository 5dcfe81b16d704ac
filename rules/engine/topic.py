"""What a topic of law is to the outside: its facts, an example, and a function that answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Topic:
    name: str
    summary: str
    summary_en: str
    schema: Callable[[], dict[str, Any]]
    example: str
    assess: Callable[[object], dict[str, Any]]
    law_files: Callable[[], tuple[str, ...]]
    explain: Callable[[object], dict[str, Any]] | None = None  # the answer with why it is so
