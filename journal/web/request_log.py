"""One line in the log for each request: which page of the map, how it ended, how long it took. Nothing of anybody.

Addresses are logged as the map writes them, so that no id and no secret of a link gets into a log; who asked, from
where and with what is not logged at all.
"""

from __future__ import annotations

import time

import flask
from werkzeug.wrappers import Response

from journal.logs import log

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
_ROUTINE = frozenset({"health.livez", "static_files.show"})


def register(app: flask.Flask) -> None:
    """Write the line for every answer but those, while they go well, that say nothing about how the site is used."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    flask.g.began = time.perf_counter()


def _end(response: Response) -> Response:
    asked = flask.request
    if asked.endpoint in _ROUTINE and response.status_code < 400:
        return response
    began = flask.g.get("began")
    log.info(
        "request",
        route=asked.url_rule.rule if asked.url_rule else None,
        method=asked.method if asked.method in _METHODS else "other",
        status=response.status_code,
        ms=None if began is None else round((time.perf_counter() - began) * 1000),
    )
    return response
