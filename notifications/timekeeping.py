"""Asking somebody else what time it is: an NTP server, or the Date of a web server."""

from __future__ import annotations

import http.client
import socket
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

NTP_EPOCH = 2_208_988_800  # seconds from 1900 to 1970
PATIENCE_SECONDS = 5.0
ASK, ASK_LENGTH = b"\x23", 48  # version 4, client
SERVER_MODE = 4


class NoAnswer(Exception):
    """Nobody said what time it is, or not in words we know."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What to add to this clock, and by how much that may be wrong; both in milliseconds."""

    offset: int
    doubt: int


def compare(source: str) -> Comparison:
    """`ntp://host[:port]`, or `https://host/`. NoAnswer for anything that is no answer."""
    place = urlsplit(source)
    if place.hostname is None or place.scheme not in ("ntp", "https", "http"):
        raise NoAnswer("BREACHDESK_TIME_SOURCE")
    try:
        if place.scheme == "ntp":
            return _by_ntp(place.hostname, place.port or 123)
        return _by_date(place.scheme, place.hostname, place.port, place.path or "/")
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise NoAnswer(type(fault).__name__) from fault


def _by_ntp(host: str, port: int) -> Comparison:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.settimeout(PATIENCE_SECONDS)
        door.connect((host, port))
        sent = time.time()
        mark = int(sent * 2**32).to_bytes(16, "big")[-8:]
        door.send(ASK + bytes(39) + mark)
        answer = door.recv(512)
        received = time.time()
    if len(answer) < ASK_LENGTH or answer[0] & 7 != SERVER_MODE or not answer[1] or answer[24:32] != mark:
        raise NoAnswer("NTP")
    came, left = _stamp(answer[32:40]), _stamp(answer[40:48])
    offset = ((came - sent) + (left - received)) / 2
    return Comparison(round(offset * 1000), round((received - sent) / 2 * 1000))


def _stamp(eight: bytes) -> float:
    return int.from_bytes(eight, "big") / 2**32 - NTP_EPOCH


def _by_date(scheme: str, host: str, port: int | None, path: str) -> Comparison:
    """A Date has whole seconds: half of one is added, and half of one may be wrong."""
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    caller = kind(host, port, timeout=PATIENCE_SECONDS)
    try:
        sent = time.time()
        caller.request("HEAD", path)
        said = caller.getresponse().getheader("Date")
        received = time.time()
    finally:
        caller.close()
    if not said:
        raise NoAnswer("Date")
    offset = parsedate_to_datetime(said).timestamp() + 0.5 - (sent + received) / 2
    return Comparison(round(offset * 1000), 500 + round((received - sent) / 2 * 1000))
