"""A real HTTPS server on loopback whose answers a test can choose, and the authority that its certificate is from."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from socket import SHUT_RDWR, create_server, socket

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from journal.calling import Address

Behaviour = Callable[[socket, threading.Event], None]
"""What is done with a connection once a request has come in; the event is set when the test is over."""


@dataclass(frozen=True)
class Asked:
    """One request as it came in; names of headers in small letters."""

    line: str
    headers: dict[str, str]
    body: bytes


class Authority:
    """A certificate authority in a folder. ``file`` is what a client has to trust."""

    def __init__(self, folder: Path) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
        self._folder = folder
        self.file = folder / "authority.pem"
        self.file.write_bytes(
            self._signed(self._name, self._key.public_key(), ca=True).public_bytes(serialization.Encoding.PEM)
        )

    def context(self, *names: str) -> ssl.SSLContext:
        """What a server needs to be one of ``names``."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ) + self._signed(subject, key.public_key(), names).public_bytes(serialization.Encoding.PEM)
        file = self._folder / f"{names[0]}.pem"
        file.write_bytes(pem)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePublicKey,
        names: Sequence[str] = (),
        *,
        ca: bool = False,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        build = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=2))
            .not_valid_after(now + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if names:
            alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            build = build.add_extension(alternatives, critical=False)
        return build.sign(self._key, hashes.SHA256())


class WebServer:
    """Answers 200 until told otherwise: ``next`` holds what it does with the requests to come.

    ``requests`` is what it was asked, ``connections`` how often anybody connected at all.
    """

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self.requests: list[Asked] = []
        self.next: deque[Behaviour] = deque()
        self.connections = 0
        self.deaf = False
        self._tls = tls
        self._over = threading.Event()
        self._listening = create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> WebServer:
        self._start(self._accept)
        return self

    def __exit__(self, *_fault: object) -> None:
        self._over.set()
        self._listening.shutdown(SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join()

    def resolve(self, _host: str, _port: int) -> list[tuple[Address, int]]:
        """Leads every name to this server."""
        return [(IPv4Address("127.0.0.1"), self.port)]

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                bare, _address = self._listening.accept()
                self.connections += 1
                self._start(lambda bare=bare: self._serve(bare))

    def _serve(self, bare: socket) -> None:
        with contextlib.suppress(OSError), bare:
            bare.settimeout(5)
            if self.deaf:
                self._over.wait()
                return
            with self._tls.wrap_socket(bare, server_side=True) if self._tls else bare as line:
                asked = _read(line)
                if not asked.line:
                    return
                self.requests.append(asked)
                (self.next.popleft() if self.next else says(200))(line, self._over)


def says(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    """A whole answer. ``retry_after="3"`` becomes ``retry-after: 3``."""
    lines = [f"HTTP/1.1 {status} Told", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return writes("\r\n".join([*lines, "", ""]).encode() + body)


def writes(answer: bytes) -> Behaviour:
    """Exactly these bytes, and the end of the connection."""
    return lambda line, _over: line.sendall(answer)


def hangs(line: socket, over: threading.Event) -> None:
    """Nothing, and the connection stays open."""
    over.wait()


def drips(line: socket, over: threading.Event) -> None:
    """An answer of a hundred thousand bytes, one at a time."""
    line.sendall(b"HTTP/1.1 200 Told\r\nContent-Length: 100000\r\n\r\n")
    while not over.wait(0.02):
        line.sendall(b".")


def floods(line: socket, over: threading.Event) -> None:
    """An answer of thirty megabytes."""
    line.sendall(b"HTTP/1.1 200 Told\r\nContent-Length: 30000000\r\n\r\n")
    for _piece in range(300):
        line.sendall(bytes(100_000))


def _read(line: socket) -> Asked:
    with line.makefile("rb") as stream:
        first = stream.readline().decode().strip()
        headers = {}
        while text := stream.readline().decode().strip():
            name, _, value = text.partition(":")
            headers[name.lower()] = value.strip()
        return Asked(first, headers, stream.read(int(headers.get("content-length", "0"))))
