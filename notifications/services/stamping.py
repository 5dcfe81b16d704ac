"""Asking a time-stamping authority for a stamp on the last day head. Never while a transaction is open."""

from __future__ import annotations

import logging
from datetime import datetime
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.conf import settings

from core.audit.models import DayStamp
from core.audit.stamping import NotStamped, claim_unstamped_head, keep_stamp, note_obstacle, request_for

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 10
LARGEST_ANSWER = 64 * 1024


def stamp_last_day(*, now: datetime) -> DayStamp | None:
    """The stamp of the last day head, if one was due and given; a later sweep asks again.

    Does nothing without BREACHDESK_TSA_URL.
    """
    authority = settings.TSA_URL
    head = claim_unstamped_head(now=now) if authority else None
    if head is None:
        return None
    asked = request_for(head)
    try:
        answer = _ask(authority, asked.as_bytes())
        return keep_stamp(head, asked=asked, answer=answer, authority=authority, now=now)
    except (NotStamped, URLError, OSError, ValueError) as obstacle:
        log.warning("the day head %s has no time stamp yet: %s", head.day, obstacle)
        note_obstacle(head, str(obstacle))
        return None


def _ask(authority: str, query: bytes) -> bytes:
    if urlsplit(authority).scheme not in ("http", "https"):
        raise ValueError("BREACHDESK_TSA_URL is no web address")
    asking = Request(  # noqa: S310  # the scheme was looked at
        authority, data=query, headers={"Content-Type": "application/timestamp-query"}
    )
    with urlopen(asking, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
        return bytes(answer.read(LARGEST_ANSWER))
