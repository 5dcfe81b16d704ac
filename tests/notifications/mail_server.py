"""Mail servers on loopback for the tests: one that works, and ones that fail in the ways servers fail."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from django.test.utils import override_settings


def mailers_at(port: int, timeout: float = 5) -> dict[str, Any]:
    backend = "django.core.mail.backends.smtp.EmailBackend"
    options = {"host": "127.0.0.1", "port": port, "timeout": timeout}
    return {"default": {"BACKEND": backend, "OPTIONS": options}}


@contextmanager
def sending_to(port: int) -> Iterator[None]:
    with override_settings(MAILERS=mailers_at(port)):
        yield


def closed_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


@dataclass
class Mailbox:
    """What a working server took. `refusal` makes it refuse every recipient with that reply."""

    refusal: str = ""
    received: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.refusal:
            return self.refusal.format(address=address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        return f"250 2.0.0 taken as {len(self.received)}"


@contextmanager
def mail_server(refusal: str = "") -> Iterator[tuple[Mailbox, int]]:
    """A real SMTP server; gives its mailbox and port."""
    mailbox = Mailbox(refusal)
    port = closed_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox, port
    finally:
        controller.stop()


class StubbornServer:
    """A server that speaks SMTP by hand and stops speaking at a chosen moment.

    `stops_at` "greeting": it accepts the connection and says nothing. "answer": it takes the
    whole message and never says so. `reached` is set at that moment, and there it stays until
    the other side or the test hangs up.
    """

    def __init__(self, stops_at: str) -> None:
        self.stops_at = stops_at
        self.reached = threading.Event()
        self.taken: list[bytes] = []
        self._over = threading.Event()
        self._door = socket.create_server(("127.0.0.1", 0))
        self._door.settimeout(0.1)
        self.port: int = self._door.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> StubbornServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(10)
        self._door.close()

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                line, _ = self._door.accept()
            except TimeoutError:
                continue
            with line, suppress(OSError):
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        line.settimeout(10)
        if self.stops_at == "greeting":
            self._stay(line)
            return
        line.sendall(b"220 stubborn\r\n")
        with line.makefile("rb") as words:
            for word in words:
                verb = word[:4].upper().strip()
                if verb == b"DATA":
                    line.sendall(b"354 go on\r\n")
                    self.taken.append(b"".join(iter(words.readline, b".\r\n")))
                    self._stay(line)
                    return
                line.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 OK\r\n")

    def _stay(self, line: socket.socket) -> None:
        self.reached.set()
        line.settimeout(0.1)
        while not self._over.is_set():
            with suppress(TimeoutError):
                if not line.recv(1):
                    return


class HangUpServer(StubbornServer):
    """Takes the whole message and breaks the line instead of answering."""

    def __init__(self) -> None:
        super().__init__("answer")

    def _stay(self, line: socket.socket) -> None:
        self.reached.set()
