"""What a program reads under ``/api/`` when something is not as asked: a code, and each problem by its field.

When which of these is said is decided in ``errors``, for pages and programs alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import flask
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from journal.domain.errors import Refused
from journal.messages import sentence
from journal.web.routes import API

CODES = {
    400: "bad_request",
    401: "signed_out",
    403: "other_account",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "not_json",
    429: "too_many",
    500: "fault",
    503: "unavailable",
}
TRY_AGAIN_AFTER_S = {429: 60, 503: 5}


def are_asked_for() -> bool:
    """Whether the present request is a program's, which must never be answered with a page."""
    return flask.request.path.startswith(API) or flask.request.path == API.rstrip("/")


def of_http(fault: HTTPException) -> flask.Response:
    """The answer to a request that cannot be served as it is."""
    status = fault.code or 500
    if status not in CODES:
        status = 400 if status < 500 else 500
    answer = refusal(status, "csrf" if isinstance(fault, CSRFError) else CODES[status])
    if isinstance(fault, MethodNotAllowed):
        answer.allow.update(fault.valid_methods or ())
    return answer


def refusal(status: int, code: str, problems: Sequence[Refused] = ()) -> flask.Response:
    """An answer that says no, with its problems all at once where there are some."""
    said: dict[str, object] = {"code": code}
    if problems:
        said["problems"] = [
            {"field": problem.field or "", "code": problem.code, "sentence": sentence(problem)}
            for problem in problems
        ]
    answer = flask.jsonify(said)
    answer.status_code = status
    if status in TRY_AGAIN_AFTER_S:
        answer.headers["Retry-After"] = str(TRY_AGAIN_AFTER_S[status])
    return answer
