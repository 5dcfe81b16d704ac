"""Law files: read strictly from this package, once, and known by the digest of their bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from rules.engine.declaration import Field, ListOf, Record, inside
from rules.engine.faults import Fault, LawFileError
from rules.engine.kinds import Day, Text
from rules.engine.source import read_document

HERE = Path(__file__).resolve().parent.parent
CONFIDENCES = ("statute", "guidance", "secondary", "inferred", "uncertain")

CHECKED = Record((Field("on", Day(), required=True), Field("by", Text(), required=True)))
HEAD = (
    Field("instrument", Text(), required=True),
    Field("checked", CHECKED, required=True),
    Field("not_modelled", ListOf(Text())),
)
CITED = (
    Field("cite", ListOf(Text()), required=True),
    Field(
        "source", Text(pattern=r"https?://\S+", hint="https://로 시작하는 주소를 적으십시오."), required=True
    ),
    Field("confidence", Text(choices=CONFIDENCES), required=True),
)


def read_law_file(path: Path, shape: Record, *, name: str | None = None) -> dict[str, Any]:
    """The checked content of a law file. Raises LawFileError with the file's name and every fault."""
    return checked(name or path.name, *_parsed(path, name or path.name), shape)


def _parsed(path: Path, name: str) -> tuple[object, list[Fault]]:
    try:
        return read_document(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise LawFileError(name, [Fault("", f"읽을 수 없습니다({error}).")]) from error


def checked(name: str, content: object, faults: list[Fault], shape: Record) -> dict[str, Any]:
    """Plain content as this shape reads it. Raises LawFileError with the name and every fault."""
    faults = [*faults, *_floats(content, "")]
    read = shape.read(content, "", faults)
    if faults or read is None:
        raise LawFileError(name, faults)
    return read


def _floats(content: object, path: str) -> list[Fault]:
    """No figure of the law is a float: a fraction is written as a quoted decimal."""
    if isinstance(content, float):
        return [Fault(path, "소수는 따옴표로 묶어야 합니다.")]
    if isinstance(content, dict):
        return [fault for key, item in content.items() for fault in _floats(item, inside(path, key))]
    if isinstance(content, list):
        return [fault for place, item in enumerate(content) for fault in _floats(item, f"{path}[{place}]")]
    return []


@cache
def law_file_paths() -> tuple[str, ...]:
    """Every law file of this edition, relative to the package, in one fixed order."""
    return tuple(sorted(path.relative_to(HERE).as_posix() for path in HERE.rglob("*.yaml")))


@cache
def digest_of(paths: tuple[str, ...]) -> str:
    """sha256 over the names and bytes of these law files, the same on every system."""
    total = hashlib.sha256()
    for path in sorted(paths):
        content = (HERE / path).read_bytes().replace(b"\r\n", b"\n")
        total.update(f"{path}\n{len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()


class LawFiles(Protocol):
    """The law files of one edition, by name."""

    names: tuple[str, ...]

    def plain(self, name: str) -> tuple[object, list[Fault]]:
        """The plain data of a file, and what is wrong with its form."""

    def has_key(self, name: str, key: str) -> bool:
        """Whether the file has `key` at its top."""


class PackagedFiles:
    """The law files that stand in this package."""

    def __init__(self) -> None:
        self.names = law_file_paths()
        self._keys_of: dict[str, frozenset[str]] = {}

    def plain(self, name: str) -> tuple[object, list[Fault]]:
        return _parsed(HERE / name, name)

    def has_key(self, name: str, key: str) -> bool:
        return key in self._keys(name)

    def _keys(self, name: str) -> frozenset[str]:
        # Cheaper than parsing a calendar only to learn that it holds no duties.
        if name not in self._keys_of:
            keys = re.findall(rb"^([a-z_]+):", (HERE / name).read_bytes(), re.MULTILINE)
            self._keys_of[name] = frozenset(key.decode() for key in keys)
        return self._keys_of[name]


def under(*folders: str) -> tuple[str, ...]:
    """The law files that stand in these folders or bear these names."""
    return tuple(path for path in law_file_paths() if any(_stands_in(path, folder) for folder in folders))


def _stands_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def faults_of_codes(used: Iterable[str], known: Iterable[str], path: str) -> list[Fault]:
    """One fault for each code that no law file explains."""
    unknown = sorted(set(used) - set(known))
    return [Fault(path, f"설명이 없는 부호입니다: {code}") for code in unknown]
