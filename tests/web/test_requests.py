"""How large a request may be, and where its files lie meanwhile."""

from __future__ import annotations

import io

import flask
from werkzeug.test import EnvironBuilder

from journal.web.requests import Request
from tests.conftest import Site


def sending(site: Site, path: str, size: int) -> tuple[Request, int | None]:
    """A request whose form was read, and how large it might have been."""
    builder = EnvironBuilder(path, method="POST", data={"file": (io.BytesIO(b"x" * size), "a.csv")})
    context = site.app.request_context(builder.get_environ())
    with context:
        request = flask.request._get_current_object()  # type: ignore[attr-defined]
        assert isinstance(request, Request)
        assert request.files["file"].read() == b"x" * size
        return request, request.max_content_length


def test_a_large_file_never_lies_on_a_disk(site: Site) -> None:
    request, _most = sending(site, "/import", 2_000_000)
    assert isinstance(request.files["file"].stream, io.BytesIO)


def test_only_a_route_that_takes_files_takes_more_than_the_rest(site: Site) -> None:
    assert sending(site, "/import", 100)[1] == 10 * 1024 * 1024 + 64 * 1024
    assert sending(site, "/check-in", 100)[1] == 256 * 1024
