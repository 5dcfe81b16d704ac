"""A clamd on a local port that speaks its protocol: VERSION, and INSTREAM with a limit."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
VERSION = b"ClamAV 1.4.1/27461/Fri Nov 20 09:00:00 2026"


@dataclass
class Clamd:
    """Answers one caller after another until it is closed; `seen` is what it was given."""

    limit: int = 26_214_400
    seen: list[bytes] = field(default_factory=list)
    version: bytes = VERSION
    known: dict[bytes, bytes] = field(default_factory=lambda: {EICAR: b"Eicar-Test-Signature"})

    def __post_init__(self) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.door.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        self.thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                caller, _address = self.door.accept()
            except OSError:
                return
            with caller, caller.makefile("rwb") as talk:
                self._answer(talk)

    def _answer(self, talk) -> None:  # type: ignore[no-untyped-def]
        command = b""
        while not command.endswith(b"\0"):
            command += talk.read(1)
        if command == b"zVERSION\0":
            talk.write(self.version + b"\0")
        elif command == b"zINSTREAM\0":
            talk.write(self._verdict(talk) + b"\0")
        else:
            talk.write(b"UNKNOWN COMMAND\0")
        talk.flush()

    def _verdict(self, talk) -> bytes:  # type: ignore[no-untyped-def]
        content = b""
        while length := int.from_bytes(talk.read(4), "big"):
            if len(content) + length > self.limit:
                return b"INSTREAM size limit exceeded. ERROR"
            content += talk.read(length)
        self.seen.append(content)
        found = [name for sign, name in self.known.items() if sign in content]
        return b"stream: " + (found[0] + b" FOUND" if found else b"OK")
