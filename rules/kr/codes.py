"""What the codes of an answer mean: recipients, exceptions, grounds for delay."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from rules.engine.declaration import Field, MapOf, Record
from rules.engine.kinds import Text
from rules.engine.law_files import HEAD, HERE, read_law_file

LABELS = Record((Field("label", Text(), required=True), Field("label_en", Text(), required=True)))
KINDS = ("recipients", "exceptions", "delay_grounds")
CODES = Record((*HEAD, *(Field(kind, MapOf(LABELS), required=True) for kind in KINDS)))


@cache
def codes() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Kind → code → its labels in Korean and English."""
    read: dict[str, Any] = read_law_file(HERE / "kr" / "codes.yaml", CODES)
    return {kind: read[kind] for kind in KINDS}


def label_of(kind: str, code: str) -> str:
    return codes()[kind][code]["label"]
