"""What a person reads when something is not as asked: said once, kindly, with a way on. No details of the fault."""

from __future__ import annotations

import secrets

import flask
import sqlalchemy as sa
from werkzeug.exceptions import HTTPException

from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.logs import log, where
from journal.messages import sentence

PAGES = {
    400: ("That did not go through", "This page was open for a long time. Go back, reload it and try again."),
    404: ("Nothing here", "There is no page at this address, or it is not yours to open."),
    405: ("Nothing here", "There is no page at this address, or it is not yours to open."),
    413: ("That was too big", "Make it smaller and send it again. Nothing was changed."),
    429: ("One moment", "That was tried many times. Wait a few minutes, then try again."),
    500: ("Something went wrong on our side", "Nothing you wrote before was lost. Try again in a moment."),
    503: (
        "Not just now",
        "Tideline cannot save at the moment. Keep this page open and try again in a minute.",
    ),
}


def register(app: flask.Flask) -> None:
    """Answer every kind of refusal and fault."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotFound, lambda _fault: _page(404))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(RefusedFields, lambda fault: _refused(fault.problems[0]))
    app.register_error_handler(sa.exc.OperationalError, _storage)
    app.register_error_handler(Exception, _fault)


def _http(fault: HTTPException) -> flask.typing.ResponseReturnValue:
    code = fault.code or 500
    if code in {301, 302, 303, 307, 308}:
        return fault
    return _page(code if code in PAGES else 400 if code < 500 else 500, status=code)


def _refused(fault: Refused) -> flask.typing.ResponseReturnValue:
    return _page(400, status=422, text=sentence(fault))


def _storage(fault: sa.exc.OperationalError) -> flask.typing.ResponseReturnValue:
    # After a disk fault SQLite would go on acknowledging on the same connection: never use any of them again.
    flask.current_app.extensions["journal"].database.engine.dispose()
    log.error("storage fault", fault=type(fault.orig).__name__, where=where(fault))
    answer = flask.make_response(_page(503))
    answer.headers["Retry-After"] = "5"
    return answer


def _fault(fault: Exception) -> flask.typing.ResponseReturnValue:
    name = secrets.token_hex(4)
    log.error("fault", request=name, fault=type(fault).__name__, where=where(fault))
    return _page(500, text=f"{PAGES[500][1]} If you ask for help, say {name}.")


def _page(
    code: int, *, status: int | None = None, text: str | None = None
) -> flask.typing.ResponseReturnValue:
    title, usual = PAGES[code]
    page = flask.render_template("errors/page.html", title=title, text=text or usual)
    return page, status or code
