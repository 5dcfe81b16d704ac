"""Golden cases: worked examples a lawyer can check, read from YAML beside the path of the law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rules.engine.source import read_document

HERE = Path(__file__).parent
KEYS = {"name", "given", "expect", "because"}


@dataclass(frozen=True)
class Case:
    file: str
    name: str
    given: dict[str, Any]
    expect: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.file}: {self.name}"


def cases_in(*files: str) -> list[Case]:
    """Every case of these files; an error for a key that is missing or unknown, or a name used twice."""
    found = [_case(file, item) for file in files for item in _read(file)]
    names = [str(case) for case in found]
    assert len(names) == len(set(names)), "a case's name is used twice"
    return found


def _read(file: str) -> list[dict[str, Any]]:
    content, faults = read_document((HERE / file).read_text(encoding="utf-8"))
    assert not faults, faults
    assert isinstance(content, list)
    return content


def _case(file: str, item: dict[str, Any]) -> Case:
    assert set(item) == KEYS, f"{file}: {item.get('name')}: {set(item) ^ KEYS}"
    return Case(file, item["name"], item["given"], item["expect"])


def same(key: str, answered: object, expected: object) -> bool:
    """Whether an answer is what a case expects; instants are compared as instants."""
    if key.endswith("_at") and isinstance(answered, str) and isinstance(expected, str):
        return datetime.fromisoformat(answered) == datetime.fromisoformat(expected)
    return answered == expected
