"""Asking a malware scanner about a file: clamd over a socket, or any program that reads from its standard input.

`BREACHDESK_SCANNER` is `unix:/run/clamav/clamd.ctl`, `tcp://127.0.0.1:3310` or `command:/usr/bin/scan --stdin`.
The scanner is sent the file as it came, in the clear, so it has to be on this machine.
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import threading
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from incidents.models import EvidenceScan

PATIENCE_SECONDS = 60.0
LONGEST_ANSWER = 4096
LOOPBACK = ("127.0.0.1", "::1", "localhost")
Verdict = EvidenceScan.Verdict


@dataclass(frozen=True, slots=True)
class Answer:
    """What the scanner said."""

    verdict: EvidenceScan.Verdict
    finding: str = ""
    engine: str = ""


def is_configured() -> bool:
    return bool(settings.SCANNER)


def ask(pieces: Iterable[bytes]) -> Answer:
    """The verdict on what `pieces` make together. A scanner that cannot be reached is an ERROR and no exception."""
    how, _colon, rest = settings.SCANNER.partition(":")
    try:
        if how == "command":
            return _ask_program(shlex.split(rest), pieces)
        engine = _told(how, rest, [b"zVERSION\0"])
        return _read(_told(how, rest, _stream(pieces)), engine)
    except (OSError, subprocess.SubprocessError) as fault:
        return Answer(Verdict.ERROR, type(fault).__name__)


def current_engine() -> str:
    """What the scanner calls itself and its signatures; a program has no such word but its path. OSError if it is gone."""
    how, _colon, rest = settings.SCANNER.partition(":")
    if how == "command":
        return shlex.split(rest)[0][:120]
    return _told(how, rest, [b"zVERSION\0"])[:120]


def _connected(how: str, rest: str) -> socket.socket:
    if how == "unix":
        door = socket.socket(socket.AF_UNIX)
        door.settimeout(PATIENCE_SECONDS)
        door.connect(rest)
        return door
    place = urlsplit(f"{how}:{rest}")
    if how != "tcp" or place.hostname not in LOOPBACK or place.port is None:
        raise ImproperlyConfigured(
            "BREACHDESK_SCANNER: unix:/path, tcp://127.0.0.1:3310 or command:… (on this machine alone)"
        )
    return socket.create_connection((place.hostname, place.port), PATIENCE_SECONDS)


def _told(how: str, rest: str, said: Iterable[bytes]) -> str:
    """What clamd answers to `said`, up to its zero byte."""
    with closing(_connected(how, rest)) as door:
        try:
            for piece in said:
                door.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has heard enough, and says why
        answer = b""
        while b"\0" not in answer and len(answer) < LONGEST_ANSWER:
            more = door.recv(LONGEST_ANSWER)
            if not more:
                break
            answer += more
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _stream(pieces: Iterable[bytes]) -> Iterable[bytes]:
    yield b"zINSTREAM\0"
    for piece in pieces:
        yield len(piece).to_bytes(4, "big") + piece
    yield (0).to_bytes(4, "big")


def _read(answer: str, engine: str) -> Answer:
    said = answer.removeprefix("stream: ")
    engine = engine[:120]
    if said == "OK":
        return Answer(Verdict.CLEAN, engine=engine)
    if said.endswith(" FOUND"):
        return Answer(Verdict.FLAGGED, said.removesuffix(" FOUND")[:200], engine)
    if "size limit exceeded" in said:
        return Answer(Verdict.NOT_SCANNED, said[:200], engine)
    return Answer(Verdict.ERROR, said[:200] or "no answer", engine)


def _ask_program(command: list[str], pieces: Iterable[bytes]) -> Answer:
    """0 clean, 1 flagged, anything else a fault, as `clamscan` and its like have it.

    One that takes longer than our patience, reading or thinking, is ended with whatever it began.
    """
    with subprocess.Popen(  # noqa: S603 - the operator's own setting
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as running:
        assert running.stdin is not None
        patience = threading.Timer(PATIENCE_SECONDS, os.killpg, (running.pid, signal.SIGKILL))
        patience.start()
        try:
            for piece in pieces:
                running.stdin.write(piece)
        except BrokenPipeError:
            pass  # it has read enough
        try:
            said, _errors = running.communicate()
        finally:
            patience.cancel()
    if running.returncode < 0:
        name = signal.Signals(-running.returncode).name
        return Answer(Verdict.ERROR, f"ended by {name}", command[0][:120])
    verdict = {0: Verdict.CLEAN, 1: Verdict.FLAGGED}.get(running.returncode, Verdict.ERROR)
    lines = said.decode("utf-8", "replace").strip().splitlines()
    finding = "" if verdict is Verdict.CLEAN or not lines else lines[0][:200]
    return Answer(verdict, finding, command[0][:120])
