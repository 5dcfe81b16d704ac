"""A syslog server on this machine: takes messages over UDP, TCP or TLS with counted frames, and keeps them."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from queue import Queue
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


class Kept:
    """What the server was sent."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.messages: Queue[str] = Queue()

    def take(self, count: int) -> list[str]:
        """The next messages; queue.Empty when they do not come within ten seconds."""
        return [self.messages.get(timeout=10) for _ in range(count)]


@contextmanager
def udp_server() -> Iterator[Kept]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        door.settimeout(0.2)
        kept, is_open = Kept(door.getsockname()[1]), [True]

        def serve() -> None:
            while is_open:
                try:
                    kept.messages.put(door.recv(65_536).decode())
                except TimeoutError:
                    continue

        yield from _served(kept, serve, is_open)


@contextmanager
def stream_server(certificate: Path | None = None) -> Iterator[Kept]:
    """TCP, or TLS with the certificate and key in one file."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.2)
        kept, is_open = Kept(door.getsockname()[1]), [True]

        def serve() -> None:
            while is_open:
                try:
                    stream, _where = door.accept()
                except TimeoutError:
                    continue
                stream.settimeout(10)
                try:
                    with context.wrap_socket(stream, server_side=True) if context else stream as plain:
                        _read_frames(plain, kept)
                except ssl.SSLError:
                    continue

        yield from _served(kept, serve, is_open)


def _served(kept: Kept, serve, is_open: list[bool]) -> Iterator[Kept]:  # type: ignore[no-untyped-def]
    thread = Thread(target=serve)
    thread.start()
    try:
        yield kept
    finally:
        is_open.clear()
        thread.join()


def _read_frames(stream: socket.socket, kept: Kept) -> None:
    with stream.makefile("rb") as file:
        while True:
            digits = b""
            while (one := file.read(1)) not in (b" ", b""):
                digits += one
            if not digits:
                return
            kept.messages.put(file.read(int(digits)).decode())


def make_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself, and its key, in one file."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, None)
    )
    path = folder / "server.pem"
    pem = made.public_bytes(Encoding.PEM)
    path.write_bytes(pem + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path
