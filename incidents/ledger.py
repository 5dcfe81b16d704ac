"""The file of what was destroyed and erased, beside the database: ids and instants, a line for each.

A restored older backup knows nothing of it and is put right by it.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from core.accounts.models import User
from core.audit.models import Event
from incidents.destroying import ledger_path

KIND = "kind"


class Line(StrEnum):
    CASE = "case"  # a line without a kind is one of these: the first edition had no other
    WORDS = "words"


FIELDS = {
    Line.CASE: (
        *("case", "organization", "ground", "needless_on"),
        *("asked_by", "asked_at", "decided_by", "decided_at"),
    ),
    Line.WORDS: ("chain", "sequence", "event", "erased_by", "erased_at"),
}


def write_line(said: dict[str, Any]) -> None:
    """Add a line. Call it inside the transaction of what it tells of: without the line that is not done (OSError)."""
    path = ledger_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as ledger:
        ledger.write(json.dumps(said) + "\n")
        ledger.flush()
        os.fsync(ledger.fileno())  # it has to outlive what the database is about to say


def write_erasure(*, event: Event, actor: User | None, now: datetime) -> None:
    """That the words beside `event` were erased. Its hash names it for ever; a number alone may be given twice."""
    said = {
        KIND: Line.WORDS,
        "chain": event.chain_id,
        "sequence": event.sequence,
        "event": event.hash,
        "erased_by": actor.pk if actor else None,
        "erased_at": now.isoformat(),
    }
    write_line(said)


def read_lines(ledger: Path) -> list[tuple[Line, dict[str, Any]]]:
    """Every line with its kind; ValueError names the first that cannot be read."""
    rows = []
    for number, text in enumerate(ledger.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            said = json.loads(text)
            kind = Line(said.get(KIND, Line.CASE)) if isinstance(said, dict) else Line.CASE
            if missing := [name for name in FIELDS[kind] if name not in said]:
                raise ValueError(", ".join(missing))
        except (ValueError, TypeError) as fault:
            raise ValueError(f"{ledger} {number}번째 줄을 읽을 수 없습니다: {fault}") from fault
        rows.append((kind, said))
    return rows
