"""Calling a WSGI application with no server and no network between."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import flask
from werkzeug.test import EnvironBuilder

ADDRESS = "https://journal.example.org"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: str
    headers: dict[str, str]
    body: bytes


def environ_of(path: str, *, method: str = "GET", headers: Mapping[str, str]) -> dict[str, Any]:
    """What a server would hand over for a request from a page of our own, apart from its body."""
    own = {"Referer": f"{ADDRESS}/today", "Sec-Fetch-Site": "same-origin"}
    builder = EnvironBuilder(path=path, method=method, base_url=ADDRESS, headers={**headers, **own})
    return builder.get_environ()


def call(app: flask.Flask, environ: Mapping[str, Any], body: bytes = b"") -> Answer:
    """One request."""
    heard: list[tuple[str, list[tuple[str, str]]]] = []
    output = app(
        {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))},
        lambda status, headers, _fault=None: heard.append((status, headers)),
    )
    content = b"".join(output)
    output.close()
    status, headers = heard[0]
    return Answer(status, dict(headers), content)


def getter(app: flask.Flask, path: str, *, cookie: str = "") -> Callable[[], bytes]:
    """Gets a page at each call."""
    environ = environ_of(path, headers={"Cookie": cookie})

    def get() -> bytes:
        answer = call(app, environ)
        if answer.status != "200 OK":
            raise AssertionError(f"{path} was answered {answer.status}")
        return answer.body

    return get
