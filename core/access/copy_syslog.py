"""The copy of the access log to a syslog server: RFC 5424 over TLS (RFC 5425), TCP with the same framing, or UDP.

The standard library's handler keeps what went wrong to itself, frames no TCP message and speaks no TLS;
its numbers of facility and severity are used, the rest is a socket.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from logging.handlers import SysLogHandler
from urllib.parse import urlsplit

from django.conf import settings

from core.audit.chain import instant

LOG_AUDIT = 13  # the facility RFC 5424 keeps for it; the standard library has no name for this one
PRIORITY = LOG_AUDIT << 3 | SysLogHandler.LOG_INFO
PORTS = {"tls": 6514, "tcp": 601, "udp": 514}
TIMEOUT = 10  # seconds

type Send = Callable[[bytes], None]


class NoSyslogAddress(ValueError):
    """BREACHDESK_ACCESS_LOG_SYSLOG is no address of a syslog server."""


def send_lines(lines: list[tuple[int, datetime, str]], now: datetime) -> None:
    """Send each line as one message; OSError while the server cannot be reached.

    Over TCP and TLS the lines count as taken once the server has closed its end behind the last of them;
    UDP tells nothing at all.
    """
    with _server() as send:
        for _number, at, line in lines:
            send(message(at, line))


def message(at: datetime, line: str) -> bytes:
    """One message of RFC 5424, its instant that of the row."""
    head = f"<{PRIORITY}>1 {instant(at)} {socket.gethostname() or '-'} breachdesk - access-log - "
    return head.encode("ascii", "replace") + line.encode()


def address_of(said: str) -> tuple[str, str, int]:
    """The way, host and port of `tls://log.example.org:6514`; without a way it is TLS. NoSyslogAddress."""
    parts = urlsplit(said if "://" in said else f"tls://{said}")
    try:
        port = parts.port or PORTS[parts.scheme]
    except (KeyError, ValueError):
        raise NoSyslogAddress(said) from None
    if not parts.hostname:
        raise NoSyslogAddress(said)
    return parts.scheme, parts.hostname, port


@contextmanager
def _server() -> Iterator[Send]:
    way, host, port = address_of(settings.ACCESS_LOG_SYSLOG)
    if way == "udp":
        family, kind, *_rest, place = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind) as plain:
            plain.connect(place)
            yield plain.sendall
        return
    with socket.create_connection((host, port), timeout=TIMEOUT) as plain:
        if way == "tcp":
            yield _counted(plain)
            _wait_for_the_end(plain)
            return
        context = ssl.create_default_context(cafile=settings.ACCESS_LOG_SYSLOG_CA or None)
        with context.wrap_socket(plain, server_hostname=host) as secret:
            yield _counted(secret)
            with suppress(ssl.SSLEOFError):  # a server that has read all and closes without a word of TLS
                _wait_for_the_end(secret.unwrap())


def _wait_for_the_end(stream: socket.socket) -> None:
    """Until the server has read all and closes too. Closing first may cut off what is still on its way."""
    with suppress(OSError):
        stream.shutdown(socket.SHUT_WR)
    while stream.recv(4096):
        pass


def _counted(stream: socket.socket) -> Send:
    """Each message behind its length (RFC 6587, RFC 5425): a line break in it ends nothing."""
    return lambda whole: stream.sendall(b"%d %s" % (len(whole), whole))
