"""Signed-in devices: begun at the door, ended by silence, by time, by their owner or with a right."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from core.access.catalogue import Code
from core.access.models import PersonSession, SessionEnd
from core.access.networks import network_of
from core.access.queries import value_of
from core.accounts.models import User
from core.audit.services import record

MARK = "access_mark"
FACTOR = "sign_on_factor"  # the person whose provider of single sign-on asked for a second factor
SIGNED_IN_AT = "access_signed_in_at"
NOTED_EVERY = timedelta(seconds=20)
BROWSERS = (
    ("Edg/", "Edge"),
    ("Whale/", "Whale"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_label(agent: str) -> str:
    """`Chrome · Windows`, as far as the browser says; its full line is not kept."""
    named = [next((word for sign, word in signs if sign in agent), "") for signs in (BROWSERS, SYSTEMS)]
    return " · ".join(word for word in named if word)


def begin_session(
    *, user: User, store: SessionBase, address: str | None, agent: str, now: datetime
) -> PersonSession:
    """A sign-in becomes a session; the longest silent ones over the limit end."""
    row = PersonSession.objects.create(
        user=user,
        mark=secrets.token_hex(16),
        began_at=now,
        active_at=now,
        address=address,
        device=device_label(agent),
    )
    store[MARK] = row.mark
    store[SIGNED_IN_AT] = now.isoformat()
    limit = value_of(Code.SESSION_LIMIT)
    kept = PersonSession.objects.open().filter(user=user).order_by("-active_at", "-pk")[:limit]
    over = (
        PersonSession.objects.open().filter(user=user).exclude(pk__in=list(kept.values_list("pk", flat=True)))
    )
    over.update(ended_at=now, ended_how=SessionEnd.LIMIT)
    return row


def why_over(row: PersonSession, *, values: Mapping[Code, int], now: datetime) -> SessionEnd | None:
    """Why the session no longer counts; None while it does. At the very end it is over."""
    if row.ended_at is not None:
        return SessionEnd(row.ended_how or SessionEnd.REMOTE)
    if now - row.active_at >= timedelta(minutes=values[Code.IDLE_MINUTES]):
        return SessionEnd.IDLE
    if now - row.began_at >= timedelta(hours=values[Code.SESSION_HOURS]):
        return SessionEnd.TOO_LONG
    return None


def time_left(row: PersonSession, *, values: Mapping[Code, int], now: datetime) -> tuple[timedelta, bool]:
    """How long until it ends by itself, and whether using it makes that later."""
    idle = row.active_at + timedelta(minutes=values[Code.IDLE_MINUTES]) - now
    longest = row.began_at + timedelta(hours=values[Code.SESSION_HOURS]) - now
    return min(idle, longest), idle < longest


def note_use(row: PersonSession, *, now: datetime) -> None:
    """Keep when a session was last used, to some seconds: a mark for the idle end, no history."""
    if now - row.active_at >= NOTED_EVERY:
        PersonSession.objects.open().filter(pk=row.pk).update(active_at=now)
        row.active_at = now


def is_used_elsewhere(user: User, address: str | None, *, now: datetime) -> bool:
    """Whether an open session of `user` that is still in use came from another network than `address`."""
    if address is None:
        return False
    silent_since = now - timedelta(minutes=value_of(Code.IDLE_MINUTES))
    rows = PersonSession.objects.open().filter(user=user, active_at__gt=silent_since).exclude(address=None)
    here = network_of(address)
    return any(network_of(str(one)) != here for one in rows.values_list("address", flat=True))


def end_session(*, mark: str, how: SessionEnd, now: datetime) -> None:
    PersonSession.objects.open().filter(mark=mark).update(ended_at=now, ended_how=how)


@transaction.atomic
def sign_out_device(row: PersonSession, *, now: datetime) -> None:
    """End a session from another device of the same person, who is in history as having done so."""
    end_session(mark=row.mark, how=SessionEnd.REMOTE, now=now)
    data = {"session": row.pk}
    record("person.session-ended", subject=row.user, actor=row.user, at=now, data=data)


def end_sessions_of(*, user_id: int, how: SessionEnd, now: datetime, but_mark: str = "") -> int:
    """End every open session of a person but the one with `but_mark`; how many that were."""
    rows = PersonSession.objects.open().filter(user_id=user_id).exclude(mark=but_mark)
    return rows.update(ended_at=now, ended_how=how)
