"""Terms of a duty that have to be worked out: the guidance's last day, the sanction at expiry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.engine.history import in_force
from rules.engine.korean import seoul_day
from rules.kr.duties.assessment import Owed
from rules.kr.duties.clock import Deadline, deadline, values_on


def guidance_deadline(owed: Owed) -> Deadline:
    guidance = owed.values.get("guidance")
    if guidance is None:
        return Deadline()
    return deadline(start=owed.start, limit=guidance["limit"], counting=guidance["counting"])


def sanction_at_expiry(owed: Owed) -> tuple[Mapping[str, Any] | None, bool]:
    own: Mapping[str, Any] | None = owed.values.get("sanction")
    if owed.family.sanction_by != "expiry" or owed.deadline.due_at is None:
        return own, False
    days = {key: seoul_day(owed.deadline.due_at) for key in owed.family.keys}
    entry = in_force(owed.family.entries, days)
    if entry is None or entry.values is None:
        return own, False
    then = values_on(entry, days)[0].get("sanction")
    return then, then != own
