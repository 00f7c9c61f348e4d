"""The network between a browser and a live site, with faults that tests switch on: cut, slow, replies that are lost.

It stands around the application, in the same process: a request that is cut never reaches it, and one whose reply is
lost has done all its work.
"""

from __future__ import annotations

import io
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Predicate = Callable[[str, str], bool]
Answer = tuple[str, str, bytes]


def never(_method: str, _path: str) -> bool:
    return False


def sending(method: str, path: str) -> bool:
    """A check-in on its way to the server's JSON side."""
    return method == "POST" and path == "/api/check-ins"


class Fault(StrEnum):
    """What happens to one check-in on its way."""

    NONE = "none"
    CUT = "cut"  # the connection breaks before it arrives
    LOST = "lost"  # it arrives, the reply does not
    HELD = "held"  # the phone hears nothing, and it arrives some time later
    DOUBLED = "doubled"  # it arrives twice
    BUSY = "busy"  # 503
    FAULTY = "faulty"  # 500
    HOTEL = "hotel"  # a page that says 200 and is not ours


ANSWERS: dict[Fault, Answer] = {
    Fault.BUSY: ("503 Service Unavailable", "application/json", b'{"code": "unavailable"}'),
    Fault.FAULTY: ("500 Internal Server Error", "application/json", b'{"code": "fault"}'),
    Fault.HOTEL: ("200 OK", "text/html", b"<p>Welcome to the hotel. Please accept our terms."),
}


@dataclass
class Network:
    """A WSGI application around another. The predicates are asked for each request with its method and path.

    ``cut`` and ``loses`` are as the faults of these names, ``delays_s`` is how long an answer takes, and ``answers``
    what is said instead of the application, or None. ``plan`` is what happens to the next check-ins that are sent,
    one after the other; ``held`` are those that have not arrived yet.
    """

    application: Callable[..., Iterable[bytes]]
    cut: Predicate = never
    loses: Predicate = never
    delays_s: Callable[[str, str], float] = lambda _method, _path: 0
    answers: Callable[[str, str], Answer | None] = lambda _method, _path: None
    plan: deque[Fault] = field(default_factory=deque)
    held: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.asked.append((method, path))
        fault = self.plan.popleft() if self.plan and sending(method, path) else Fault.NONE
        if fault is Fault.CUT or self.cut(method, path):
            return self._break(environ)
        if instead := ANSWERS.get(fault) or self.answers(method, path):
            status, content_type, content = instead
            start_response(status, [("Content-Type", content_type), ("Retry-After", "1")])
            return [content]
        if fault in {Fault.HELD, Fault.DOUBLED}:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        if fault is Fault.HELD:
            self.held.append(environ)
            return self._break(environ)
        if fault is Fault.DOUBLED:
            self._arrive(environ)
            environ["wsgi.input"].seek(0)
        if fault is Fault.LOST or self.loses(method, path):
            self._arrive(environ)
            return self._break(environ)
        time.sleep(self.delays_s(method, path))
        return self.application(environ, start_response)

    def deliver(self, place: int) -> None:
        """Let one that was held arrive now; nobody hears the reply."""
        self._arrive(self.held.pop(place))

    def heal(self) -> None:
        """No fault any more."""
        self.cut = self.loses = never
        self.delays_s = lambda _method, _path: 0
        self.answers = lambda _method, _path: None
        self.plan.clear()

    def _arrive(self, environ: dict[str, Any]) -> None:
        reply = self.application(environ, lambda *_head: None)
        list(reply)
        if callable(close := getattr(reply, "close", None)):
            close()

    @staticmethod
    def _break(environ: dict[str, Any]) -> Iterable[bytes]:
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return []
