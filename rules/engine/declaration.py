"""One declaration of a document's shape; it both checks the document and writes its JSON Schema.

Null means unknown, like absence. Every fault is noted, none stops the reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rules.engine.faults import Fault
from rules.engine.kinds import Kind, nearest, wrong_type
from rules.engine.korean import with_particle


@dataclass(frozen=True)
class ListOf:
    item: Kind
    unique_key: str | None = None

    def read(self, value: object, path: str, faults: list[Fault]) -> tuple[Any, ...] | None:
        if isinstance(value, str) or not isinstance(value, Sequence):
            return wrong_type(value, path, "목록", faults)
        items = tuple(self.item.read(item, f"{path}[{place}]", faults) for place, item in enumerate(value))
        self._refuse_repeats(items, path, faults)
        return items

    def _refuse_repeats(self, items: tuple[Any, ...], path: str, faults: list[Fault]) -> None:
        seen: set[object] = set()
        for place, item in enumerate(items):
            key = _key_of(item, self.unique_key) if self.unique_key else None
            if key is not None and key in seen:
                faults.append(Fault(f"{path}[{place}].{self.unique_key}", f"‘{key}’이 두 번 나옵니다."))
            seen.add(key)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.item.schema()}


def _key_of(item: object, key: str) -> object:
    return item.get(key) if isinstance(item, dict) else getattr(item, key, None)


@dataclass(frozen=True)
class Field:
    """A named value of a record. `absent_as` stands in for a value not given; None leaves it unknown."""

    name: str
    kind: Kind
    label: str = ""
    label_en: str = ""
    required: bool = False
    absent_as: object = None


@dataclass(frozen=True)
class Record:
    """A mapping with these keys and no others."""

    fields: tuple[Field, ...]
    by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False)
    place: Mapping[str, int] = field(init=False, repr=False, compare=False)
    always: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {entry.name: entry for entry in self.fields})
        object.__setattr__(self, "place", {entry.name: at for at, entry in enumerate(self.fields)})
        always = tuple(entry.name for entry in self.fields if entry.required or entry.absent_as is not None)
        object.__setattr__(self, "always", always)

    def read(self, value: object, path: str, faults: list[Fault]) -> dict[str, Any] | None:
        """Only the keys that were given, plus those with a stand-in; None if not a mapping."""
        if not isinstance(value, Mapping):
            return wrong_type(value, path, "이름과 값의 묶음", faults)
        wanted = set(self.always)
        for key in value:
            if key in self.by_name:
                wanted.add(key)
            else:
                message = f"모르는 이름입니다: {key}"
                faults.append(Fault(inside(path, key), message, nearest(str(key), tuple(self.by_name))))
        result = {}
        for name in sorted(wanted, key=self.place.__getitem__):
            read = self._entry(self.by_name[name], value, path, faults)
            if read is not None:
                result[name] = read
        return result

    def _entry(self, entry: Field, value: Mapping[Any, Any], path: str, faults: list[Fault]) -> object:
        given = value.get(entry.name)
        if given is not None:
            return entry.kind.read(given, inside(path, entry.name), faults)
        if entry.required:
            name = entry.label or entry.name
            message = f"{with_particle(name, '이/가')} 없습니다."
            faults.append(Fault(inside(path, entry.name), message, f"{entry.name}: 줄을 더하십시오."))
        return entry.absent_as

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {entry.name: _described(entry) for entry in self.fields},
            "required": [entry.name for entry in self.fields if entry.required],
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class MapOf:
    """A mapping with free keys and one kind of value."""

    item: Kind

    def read(self, value: object, path: str, faults: list[Fault]) -> dict[str, Any] | None:
        if not isinstance(value, Mapping):
            return wrong_type(value, path, "이름과 값의 묶음", faults)
        return {str(key): self.item.read(item, inside(path, key), faults) for key, item in value.items()}

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self.item.schema()}


def _described(entry: Field) -> dict[str, Any]:
    schema = entry.kind.schema()
    if not entry.required:
        schema = {"anyOf": [schema, {"type": "null"}]}
    words = {"title": entry.label, "description": entry.label_en}
    return {**{key: text for key, text in words.items() if text}, **schema}


def inside(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)
