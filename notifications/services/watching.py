"""Looking after the access log: sealed, copied, read by the rules, and told of where nobody reviews it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from core.access.alerts import raise_alerts
from core.access.copying import copy_access_log
from core.access.overdue import tell_overdue_reviews
from core.access.sealing import seal_access_log

log = logging.getLogger(__name__)

ERRANDS: tuple[tuple[str, Callable[..., object]], ...] = (
    ("sealing the access log", seal_access_log),
    ("copying the access log", copy_access_log),
    ("reading the access log for alerts", raise_alerts),
    ("telling of overdue reviews", tell_overdue_reviews),
)


def watch_access_log(*, now: datetime) -> int:
    """Do what is due; how many errands failed. One that fails holds up no other."""
    faults = 0
    for what, errand in ERRANDS:
        try:
            errand(now=now)
        except Exception:
            log.exception("sweep: %s failed", what)
            faults += 1
    return faults
