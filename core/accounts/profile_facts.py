"""What a profile says beside its columns: the app that knows the law says what may stand there.

This app may not read the law, so the one that does registers its check when it is ready.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Check = Callable[[dict[str, Any]], dict[str, Any]]
_checks: list[Check] = []


def register(check: Check) -> None:
    """`check` gives the facts as they are kept, or raises ValidationError."""
    _checks[:] = [check]


def checked(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as they are kept. ValidationError for one that cannot stand; LookupError when nobody checks."""
    if not facts:
        return {}
    if not _checks:
        raise LookupError("no app has said which facts of an organisation there are")
    return _checks[0](facts)
