"""Golden cases: worked examples a lawyer can check, read from YAML at the same path as the law.

A case says what follows from facts (`given`, `expect`), or restates the `terms` of versions so
that they can be read beside the statute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from rules.duties.law import duty_files
from rules.engine.law_files import law_file_paths
from rules.engine.source import read_document

HERE = Path(__file__).parent
KEYS = ({"name", "given", "expect", "because"}, {"name", "terms", "because"})


@dataclass(frozen=True)
class Case:
    file: str
    name: str
    given: dict[str, Any] = field(default_factory=dict)
    expect: dict[str, Any] = field(default_factory=dict)
    terms: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.file}: {self.name}"


@cache
def cases_in(*files: str) -> tuple[Case, ...]:
    """Every case of these files; an error for a key that is missing or unknown, or a name used twice."""
    found = tuple(_case(file, item) for file in files for item in _read(file))
    names = [str(case) for case in found]
    assert len(names) == len(set(names)), "a case's name is used twice"
    return found


def duty_cases() -> tuple[Case, ...]:
    """The cases of every law file with duties that has a case file."""
    return cases_in(*(name for name in duty_files() if (HERE / name).exists()))


def case_files() -> list[str]:
    return sorted(path.relative_to(HERE).as_posix() for path in HERE.rglob("*.yaml"))


def without_law() -> list[str]:
    """Case files that stand beside no law file, are not named for a topic, and have no tests of their own."""
    known = set(law_file_paths())
    return [
        name
        for name in case_files()
        if name not in known and not _is_named_for_a_topic(name) and not _is_tested_there(name)
    ]


def _is_tested_there(name: str) -> bool:
    folder = (HERE / name).parent
    return folder != HERE and any(folder.glob("test_*.py"))


def _is_named_for_a_topic(name: str) -> bool:
    from rules.topics import TOPICS

    return Path(name).stem in TOPICS


def _read(file: str) -> list[dict[str, Any]]:
    content, faults = read_document((HERE / file).read_text(encoding="utf-8"))
    assert not faults, (file, faults)
    assert isinstance(content, list), file
    return content


def _case(file: str, item: dict[str, Any]) -> Case:
    assert set(item) in KEYS, f"{file}: {item.get('name')}: {sorted(item)}"
    return Case(file, **{key: value for key, value in item.items() if key != "because"})


def same(key: str, answered: object, expected: object) -> bool:
    """Whether an answer is what a case expects; instants are compared as instants."""
    if key.endswith("_at") and isinstance(answered, str) and isinstance(expected, str):
        return datetime.fromisoformat(answered) == datetime.fromisoformat(expected)
    return answered == expected
