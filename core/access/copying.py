"""Copying the sealed log off this machine: a folder that only grows, a syslog server. In order, at least once.

A mark says how far each place has come. It moves on after the place has taken the lines, so a crash in
between sends some of them again; each carries its number, by which a repetition is seen.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from core.access.chain import Linked, beginning, body_of, linked_after
from core.access.chain_models import AccessLink, CopyMark, CopyPlace
from core.access.copy_folder import append_lines
from core.access.copy_syslog import send_lines
from core.audit.chain import canonical

log = logging.getLogger(__name__)

BATCH = 500
BATCHES = 10  # in one pass
LEASE = timedelta(minutes=5)


class BrokenLog(Exception):
    """A row that has a number is gone: nothing after it is copied before somebody has looked."""


type Line = tuple[int, datetime, str]  # the number, the instant of the row, its canonical JSON
type Taker = Callable[[list[Line], datetime], None]


def takers() -> dict[CopyPlace, Taker]:
    """The places the settings name."""
    named: dict[CopyPlace, Taker] = {}
    if settings.ACCESS_LOG_COPY_DIR:
        named[CopyPlace.FOLDER] = append_lines
    if settings.ACCESS_LOG_SYSLOG:
        named[CopyPlace.SYSLOG] = send_lines
    return named


def copy_access_log(*, now: datetime) -> int:
    """Hand every place what it has not taken yet; how many lines that were. No transaction may be open."""
    return sum(_copy_to(place, taker, now=now) for place, taker in takers().items())


def _copy_to(place: CopyPlace, taker: Taker, *, now: datetime) -> int:
    mark, _is_new = CopyMark.objects.get_or_create(place=place)
    if not AccessLink.objects.filter(pk__gt=mark.number).exists():
        return 0
    free = CopyMark.objects.filter(Q(leased_until=None) | Q(leased_until__lte=now), pk=mark.pk)
    if not free.update(leased_until=now + LEASE):
        return 0  # another worker is at it
    mark.refresh_from_db()
    began, obstacle = mark.number, ""
    try:
        _hand_over(mark, taker, now=now)
    except (OSError, BrokenLog) as fault:  # an error of TLS is an OSError too
        obstacle = f"{type(fault).__name__}: {getattr(fault, 'strerror', '') or fault}"[:200]
        if mark.obstacle != obstacle:
            log.warning("the access log could not be copied to the %s: %s", place.value, obstacle)
    finally:
        CopyMark.objects.filter(pk=mark.pk).update(leased_until=None, obstacle=obstacle)
    return mark.number - began


def _hand_over(mark: CopyMark, taker: Taker, *, now: datetime) -> None:
    for _batch in range(BATCHES):
        links = list(linked_after(mark.number, most=BATCH))
        lines = list(_lines(links, previous=_hash_at(links[0].number - 1))) if links else []
        if lines:
            taker(lines, now)
            mark.number = lines[-1][0]
            CopyMark.objects.filter(pk=mark.pk).update(number=mark.number, copied_at=now)
        if len(lines) < len(links):
            raise BrokenLog(f"#{links[len(lines)].number}")
        if len(lines) < BATCH:
            return


def _lines(links: list[Linked], *, previous: str) -> Iterator[Line]:
    """Up to the first link whose row is gone: what is broken is not passed on as sound."""
    for link in links:
        if link.row is None or link.at is None:
            return
        body = body_of(link.row, number=link.number, previous=previous)
        yield link.number, link.at, canonical({**body, "hash": link.hash})
        previous = link.hash


def _hash_at(number: int) -> str:
    from_link = AccessLink.objects.filter(pk=number).values_list("hash", flat=True).first()
    return from_link or beginning().hash


def standing_of_copies() -> list[dict[str, Any]]:
    """How each named place stands: its mark, and how many sealed rows it still waits for."""
    last = AccessLink.objects.values_list("pk", flat=True).last() or 0
    marks = {mark.place: mark for mark in CopyMark.objects.all()}
    return [
        {
            "label": place.label,
            "mark": marks.get(place),
            "waiting": max(last - (marks[place].number if place in marks else 0), 0),
        }
        for place in takers()
    ]
