"""What is hashed, and how: canonical JSON, SHA-256, each event over the one before."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Model

from core.audit.models import Event

PLAIN = frozenset({str, int, bool, type(None)})  # most of what history holds, looked at no further


def canonical(value: Any) -> str:
    """`value` as the one JSON text it can have: sorted keys, no spaces, UTF-8. TypeError on floats."""
    _refuse_floats(value, path="data")
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _refuse_floats(value: Any, *, path: str) -> None:
    if isinstance(value, float):
        raise TypeError(f"{path} is a float; history keeps whole numbers and strings")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{path} has a key that is not a string: {key!r}")
            if type(item) not in PLAIN:
                _refuse_floats(item, path=f"{path}.{key}")
    if isinstance(value, list | tuple):
        for index, item in enumerate(value):
            if type(item) not in PLAIN:
                _refuse_floats(item, path=f"{path}[{index}]")


def instant(moment: datetime) -> str:
    """An aware instant as UTC with microseconds, the same text before and after a database."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON of `value`, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def digest_of_row(row: Model, names: Iterable[str]) -> str:
    """The digest of these columns of `row`, as the database gave it."""
    return digest({name: plain(getattr(row, name)) for name in names})


def plain(value: Any) -> Any:
    """A column's value as canonical JSON can say it."""
    if isinstance(value, datetime):
        return instant(value)
    return value.isoformat() if isinstance(value, date) else value


def digest_of_words(text: str, *, salt: str) -> str:
    """What history keeps of words a person wrote: nobody can guess them from it once the salt is gone."""
    return digest([salt, text])


def new_salt() -> str:
    """What stands beside words in their row, and goes with them."""
    return secrets.token_hex(16)


def salted(salt: str | None, *said: Any) -> list[Any]:
    """What history keeps a digest of: `said` behind its salt. Rows from before there were salts have none."""
    return [salt, *said] if salt else [*said]


def body_of(event: Event) -> dict[str, Any]:
    """What the hash of `event` is over: every column but its own row id and hash."""
    return {
        "chain": event.chain_id,
        "sequence": event.sequence,
        "action": event.action,
        "subject": event.subject,
        "actor": event.actor_id,
        "recorded_at": instant(event.recorded_at),
        "happened_at": instant(event.happened_at),
        "reason": event.words_digest,
        "data": event.data,
        "previous": event.previous_hash,
    }


def hash_of(event: Event) -> str:
    """The hash `event` must have."""
    return digest(body_of(event))
