"""The network between a browser and a live site, with faults that tests switch on: cut, slow, replies that are lost.

It stands around the application, in the same process: a request that is cut never reaches it, and one whose reply is
lost has done all its work.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Predicate = Callable[[str, str], bool]


def never(_method: str, _path: str) -> bool:
    return False


def sending(method: str, path: str) -> bool:
    """A check-in on its way to the server's JSON side."""
    return method == "POST" and path == "/api/check-ins"


@dataclass
class Network:
    """A WSGI application around another. The predicates are asked for each request with its method and path.

    ``cut``: the connection breaks before the request arrives. ``loses``: it breaks when the answer is ready.
    ``delays_s``: how long an answer takes. ``answers``: what is said instead of the application, or None.
    """

    application: Callable[..., Iterable[bytes]]
    cut: Predicate = never
    loses: Predicate = never
    delays_s: Callable[[str, str], float] = lambda _method, _path: 0
    answers: Callable[[str, str], tuple[str, str, bytes] | None] = lambda _method, _path: None
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.asked.append((method, path))
        if self.cut(method, path):
            return self._break(environ)
        if (instead := self.answers(method, path)) is not None:
            status, content_type, content = instead
            start_response(status, [("Content-Type", content_type), ("Retry-After", "1")])
            return [content]
        if self.loses(method, path):
            list(self.application(environ, lambda *_head: None))
            return self._break(environ)
        time.sleep(self.delays_s(method, path))
        return self.application(environ, start_response)

    def heal(self) -> None:
        """No fault any more."""
        self.cut = self.loses = never
        self.delays_s = lambda _method, _path: 0
        self.answers = lambda _method, _path: None

    @staticmethod
    def _break(environ: dict[str, Any]) -> Iterable[bytes]:
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return []
