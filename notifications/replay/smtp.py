"""A mail server of our own on loopback, so that a replayed case sends its reminders for real."""

from __future__ import annotations

from asyncio import Server
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from django.test.utils import override_settings


@dataclass
class Mailbox:
    """Every message the server accepted, and where each is written as an `.eml` file."""

    folder: Path
    received: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        number = len(self.received)
        (self.folder / f"{number:04d}.eml").write_bytes(envelope.content)
        return f"250 OK message {number}"


class _AnyFreePort(Controller):
    """Binds to port 0 and learns the port it got before the start is checked."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def local_mail_server(folder: Path) -> Iterator[Mailbox]:
    """Send mail to a server on a free loopback port while the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    mailbox = Mailbox(folder)
    controller = _AnyFreePort(mailbox, hostname="127.0.0.1", port=0)
    controller.start()
    mailers = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": controller.port, "timeout": 20},
        }
    }
    try:
        with override_settings(MAILERS=mailers):
            yield mailbox
    finally:
        controller.stop()
