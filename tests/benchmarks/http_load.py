"""Phones that post check-ins over HTTP as fast as they are answered: one thread, plain sockets, kept open."""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

NewForm = Callable[[], tuple[bytes, Mapping[str, str]]]
"""Gives the body and the headers of a check-in that was never sent before."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass
class Tally:
    """What came of one load."""

    seconds: float = 0
    waits_ms: list[float] = field(default_factory=list)
    refused: int = 0
    hung_up: int = 0

    @property
    def per_second(self) -> float:
        """Check-ins that were saved in a second."""
        return len(self.waits_ms) / self.seconds


class _Phone:
    """One connection. A server may close it between two requests; then it is opened again."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.connect()

    def connect(self) -> None:
        self.line = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, form: tuple[bytes, Mapping[str, str]]) -> None:
        body, headers = form
        lines = [f"{name}: {value}" for name, value in headers.items()]
        head = [
            "POST /check-in HTTP/1.1",
            "Host: journal.example.org",
            f"Content-Length: {len(body)}",
            *lines,
        ]
        self.heard = b""
        self.began = time.perf_counter()
        self.line.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body)

    def hear(self) -> bool:
        """Take in what has come; whether the answer is whole. ConnectionError when the server hung up."""
        got = self.line.recv(65_536)
        if not got:
            raise ConnectionResetError
        self.heard += got
        head, found, body = self.heard.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        return bool(found) and (length is None or len(body) >= int(length[1]))


def post_check_ins(port: int, new_form: NewForm, *, connections: int, seconds: float) -> Tally:
    """Let ``connections`` phones post for ``seconds``."""
    tally = Tally()
    waiting = selectors.DefaultSelector()
    for phone in [_Phone(port) for _ in range(connections)]:
        waiting.register(phone.line, selectors.EVENT_READ, phone)
        phone.send(new_form())
    began = time.perf_counter()
    while waiting.get_map():
        for key, _ in waiting.select():
            phone = key.data
            try:
                if not phone.hear():
                    continue
            except ConnectionError:
                tally.hung_up += 1
                waiting.unregister(phone.line)
                phone.line.close()
                phone.connect()
                waiting.register(phone.line, selectors.EVENT_READ, phone)
                phone.send(new_form())
                continue
            now = time.perf_counter()
            if phone.heard.startswith(b"HTTP/1.1 303"):
                tally.waits_ms.append((now - phone.began) * 1e3)
            else:
                tally.refused += 1
            if now - began < seconds:
                phone.send(new_form())
            else:
                waiting.unregister(phone.line)
                phone.line.close()
    tally.seconds = time.perf_counter() - began
    return tally
