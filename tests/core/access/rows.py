"""Rows of the access log, written by its one pen at chosen moments."""

from __future__ import annotations

from datetime import datetime

from core.access.log import Visit, note_access
from core.access.models import AccessRow, Act, Result
from core.accounts.models import User


def written(
    person: User | None,
    at: datetime,
    *,
    act: Act = Act.READ,
    result: Result = Result.DONE,
    organization: int | None = None,
    subjects: tuple[int, ...] = (),
    address: str = "192.0.2.1",
    words: str = "",
) -> AccessRow:
    """One row of the log."""
    shown = {organization: [f"incidents.case:{one}" for one in subjects]}
    note_access(
        Visit(person, address),
        act=act,
        place="incidents:case-overview",
        result=result,
        at=at,
        shown=shown,
        words=words,
    )
    return AccessRow.objects.order_by("-pk")[0]
