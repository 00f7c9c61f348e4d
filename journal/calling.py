"""The one way out for HTTP: every call to a push service or a gateway for text messages is made here.

An address may have been chosen by a stranger (a browser says where its push service is). So a name is looked up once,
what it points to must be allowed, and the connection goes to that very address; nothing is followed, nothing is tried
again, and neither time nor memory has to trust the other side. What to say and what an answer means is not here.
"""

from __future__ import annotations

import http.client
import io
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

CONNECT_S = 3.0
"""Seconds for reaching one address, its TLS included."""

TOTAL_S = 10.0
"""Seconds for a whole call, from looking up the name to the last byte of the answer."""

MOST_BYTES = 64 * 1024
"""Bytes of an answer, its head included; push services and gateways need a few hundred."""

TRIED = 4
"""Addresses of one name that are tried in turn, as where a machine has no way to the IPv6 one."""

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[tuple[Address, int]]]
"""From a host and a port to where that is. Raises OSError where there is no such name."""

_PLAIN_URL = re.compile(
    r"[!-\[\]-~]+"
)  # what urlsplit would quietly drop or turn is refused: spaces, tabs, \
_NAME = re.compile(r"[a-z0-9._-]{1,253}|[0-9a-f:.]{2,45}")
_UNICAST = IPv6Network("2000::/3")
_TO_IPV4 = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))  # mapped, and by NAT64
_OVER_IPV4 = (
    IPv6Network("2002::/16"),
    IPv6Network("2001::/32"),
)  # 6to4 and Teredo: tunnels to any IPv4 address


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status. Names of ``headers`` are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NotReached(Exception):
    """Nothing was handed over: no such name, an address that is not allowed, refused, no trust, no time."""


class NoAnswer(Exception):
    """All of it was handed over, and then came silence, half an answer, or one too large to be meant."""


class Caller:
    """Makes calls. Safe to share between threads; knows nothing from the environment but ``SSL_CERT_FILE``.

    ``may_reach`` says which addresses are allowed; by default those of the public internet. ``http://`` is for a
    gateway in one's own network: only to an address that ``may_reach`` allows *and* that is not public. ``resolve``
    looks names up; ``ca_file`` names the only authorities to trust instead of the system's.
    """

    def __init__(
        self,
        *,
        may_reach: Callable[[Address], bool] | None = None,
        connect_s: float = CONNECT_S,
        total_s: float = TOTAL_S,
        most_bytes: int = MOST_BYTES,
        resolve: Resolve | None = None,
        ca_file: Path | None = None,
    ) -> None:
        self._may_reach = may_reach or is_public
        self._connect_s, self._total_s, self._most_bytes = connect_s, total_s, most_bytes
        self._resolve = resolve or look_up
        self._trust = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        self._trust.set_alpn_protocols(["http/1.1"])

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Hand ``body`` over and wait for the answer. Raises NotReached or NoAnswer; their text has no part of ``url``.

        A redirect is an answer like any other, never followed.
        """
        deadline = time.monotonic() + self._total_s
        parts = _taken_apart(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        places = self._places(host, port, deadline, is_plain=parts.scheme == "http")
        wire = self._connect(places, deadline, host=None if parts.scheme == "http" else host)
        try:
            _hand_over(wire, parts, body=body, headers=headers)
            return _answer(wire, self._most_bytes)
        finally:
            wire.close()

    def _places(
        self, host: str, port: int, deadline: float, *, is_plain: bool
    ) -> Sequence[tuple[Address, int]]:
        try:
            places = _in_time(lambda: self._resolve(host, port), deadline)
        except (OSError, UnicodeError, ValueError) as fault:
            raise NotReached(f"name: {type(fault).__name__}") from None
        # A name that leads to one forbidden place is not to be trusted with the others.
        if not places or not all(self._may_reach(address) for address, _port in places):
            raise NotReached("address not allowed")
        if is_plain and any(is_public(address) for address, _port in places):
            raise NotReached("http to a public address")
        return places[:TRIED]

    def _connect(self, places: Sequence[tuple[Address, int]], deadline: float, *, host: str | None) -> _Wire:
        """A connection to the first of ``places`` that takes one, with TLS for ``host`` unless that is None."""
        reason = ""
        for address, port in places:
            until = min(deadline, time.monotonic() + self._connect_s)
            try:
                bare = socket.create_connection((str(address), port), timeout=_left(until))
            except OSError as fault:
                reason = type(fault).__name__
                continue
            try:
                bare.settimeout(_left(until))
                secured = bare if host is None else self._trust.wrap_socket(bare, server_hostname=host)
            except (OSError, ValueError) as fault:
                bare.close()
                reason = type(fault).__name__
                continue
            return _Wire(secured, deadline, self._most_bytes)
        raise NotReached(f"connection: {reason}")


def is_public(address: Address) -> bool:
    """Whether an address is one machine on the public internet: not this one, this network's, or a cloud's inside."""
    if isinstance(address, IPv6Address):
        if any(address in network for network in _TO_IPV4):
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in _UNICAST or any(address in network for network in _OVER_IPV4):
            return False
    return address.is_global and not address.is_multicast


def look_up(host: str, port: int) -> list[tuple[Address, int]]:
    """Where a host is, as the system knows it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(ip_address(place[0]), int(place[1])) for *_kind, place in found]


class _Wire:
    """A connection that knows when the call must end, and how many bytes may still be read."""

    def __init__(self, sock: socket.socket, deadline: float, most_bytes: int) -> None:
        self._sock, self._deadline, self._bytes_left = sock, deadline, most_bytes

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._sock.settimeout(_left(self._deadline))
            rest = rest[self._sock.send(rest) :]

    def read_into(self, buffer: memoryview) -> int:
        if not self._bytes_left:
            raise NoAnswer("too large")
        self._sock.settimeout(_left(self._deadline))
        count = self._sock.recv_into(buffer[: self._bytes_left])
        self._bytes_left -= count
        return count

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self))

    def close(self) -> None:
        self._sock.close()


class _Incoming(io.RawIOBase):
    """What comes in over a wire, as the standard library's HTTP wants to read it."""

    def __init__(self, wire: _Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._wire.read_into(memoryview(buffer))


def _taken_apart(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise NotReached("not an address") from None
    if (
        not _PLAIN_URL.fullmatch(url)
        or parts.scheme not in {"https", "http"}
        or not _NAME.fullmatch(parts.hostname or "")
        or "@" in parts.netloc
        or parts.port == 0
    ):
        raise NotReached("not an address")
    return parts


def _hand_over(wire: _Wire, parts: SplitResult, *, body: bytes, headers: Mapping[str, str]) -> None:
    """Until the last byte has left, nobody can have taken the message: an unfinished one is none."""
    talk = http.client.HTTPConnection(parts.netloc)
    talk.sock = wire
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        talk.request(
            "POST", target, body=body, headers={**headers, "Host": parts.netloc, "Connection": "close"}
        )
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise NotReached(f"sending: {type(fault).__name__}") from None


def _answer(wire: _Wire, most_bytes: int) -> Answer:
    response = http.client.HTTPResponse(wire, method="POST")  # type: ignore[arg-type]
    try:
        response.begin()
        # With a bound, or the length that it claims would be set aside in memory; a bounded read says nothing of gaps.
        body = response.read(most_bytes)
        if response.length or len(body) >= most_bytes:
            raise NoAnswer("cut off")
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise NoAnswer(type(fault).__name__) from None
    finally:
        response.close()
    return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, body)


def _in_time(
    work: Callable[[], Sequence[tuple[Address, int]]], deadline: float
) -> Sequence[tuple[Address, int]]:
    """What ``work`` gives, or TimeoutError: a system that looks up a name cannot be told how long it may take."""
    came: list[Sequence[tuple[Address, int]]] = []
    faults: list[Exception] = []

    def run() -> None:
        try:
            came.append(work())
        except Exception as fault:
            faults.append(fault)

    thread = threading.Thread(target=run, name="look-up", daemon=True)
    thread.start()
    thread.join(_left(deadline))
    if faults:
        raise faults[0]
    if not came:
        raise TimeoutError
    return came[0]


def _left(deadline: float) -> float:
    """Seconds until ``deadline``. TimeoutError when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
