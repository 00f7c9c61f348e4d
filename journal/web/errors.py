"""What a person reads when something is not as asked: said once, kindly, with a way on. No details of the fault."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence

import flask
import sqlalchemy as sa
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotFound as PageNotFound

from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.logs import log, where
from journal.messages import sentence
from journal.storage.accounts import Role
from journal.web import current, json_errors, kept_forms, signing_in

_NOTHING = (
    translatable("Nothing here"),
    translatable("There is no page at this address, or it is not yours to open."),
)
PAGES = {
    400: (
        translatable("That did not go through"),
        translatable("This page was open for a long time. Go back, reload it and try again."),
    ),
    404: _NOTHING,
    405: _NOTHING,
    413: (
        translatable("That was too big"),
        translatable("Make it smaller and send it again. Nothing was changed."),
    ),
    429: (
        translatable("One moment"),
        translatable("That was tried many times. Wait a few minutes, then try again."),
    ),
    500: (
        translatable("Something went wrong on our side"),
        translatable("Nothing you wrote before was lost. Try again in a moment."),
    ),
    503: (
        translatable("Not just now"),
        translatable("Tideline can’t do this at the moment. Go back, and try again in a minute."),
    ),
}
STILL_HERE = translatable(
    "Tideline can’t save at the moment. What you sent is still on this page: try again in a minute."
)
HOMES = {
    Role.PATIENT: translatable("Go to Today"),
    Role.PROVIDER: translatable("Go to your caseload"),
    Role.ADMIN: translatable("Go to the people here"),
}

_START = (translatable("Go to the start"), "accounts.home")
_QUESTIONS = (translatable("Back to the questions"), "kiosk.fill")
_OUR_MISTAKES = (
    sa.exc.IntegrityError,
    sa.exc.DataError,
    sa.exc.ProgrammingError,
    sa.exc.InternalError,
    sa.exc.NotSupportedError,
)


def register(app: flask.Flask) -> None:
    """Answer every kind of refusal and fault."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotFound, lambda _fault: _http(PageNotFound()))
    app.register_error_handler(Refused, lambda fault: _refused([fault]))
    app.register_error_handler(RefusedFields, lambda fault: _refused(fault.problems))
    for kind in (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.DatabaseError, sa.exc.TimeoutError):
        app.register_error_handler(kind, _storage)
    app.register_error_handler(Exception, _fault)


def _http(fault: HTTPException) -> flask.typing.ResponseReturnValue:
    if json_errors.are_asked_for():
        return json_errors.of_http(fault)
    code = fault.code or 500
    if code in {301, 302, 303, 307, 308}:
        return fault
    return _page(code if code in PAGES else 400 if code < 500 else 500, status=code)


def _refused(problems: Sequence[Refused]) -> flask.typing.ResponseReturnValue:
    if json_errors.are_asked_for():
        return json_errors.refusal(422, "refused", problems)
    return _page(400, status=422, text=sentence(problems[0]))


def _storage(fault: sa.exc.SQLAlchemyError) -> flask.typing.ResponseReturnValue:
    if isinstance(fault, _OUR_MISTAKES):
        return _fault(fault)
    # After a disk fault SQLite would go on acknowledging on the same connection: never use any of them again.
    with contextlib.suppress(sa.exc.SQLAlchemyError):
        current.close_look()
    current.journal().database.close()
    log.error("storage fault", fault=type(fault).__name__, where=where(fault))
    if json_errors.are_asked_for():
        return json_errors.refusal(503, "unavailable")
    # Its own proof of origin stays with it, so that a form of another site is refused again.
    kept = kept_forms.sent()
    answer = flask.make_response(_page(503, text=_(STILL_HERE) if kept else None, kept=kept))
    answer.headers["Retry-After"] = "5"
    return answer


def _fault(fault: Exception) -> flask.typing.ResponseReturnValue:
    name = secrets.token_hex(4)
    log.error("fault", request=name, fault=type(fault).__name__, where=where(fault))
    if json_errors.are_asked_for():
        return json_errors.refusal(500, "fault")
    return _page(500, text=f"{_(PAGES[500][1])} {_('If you ask for help, say %(name)s.', name=name)}")


def _page(
    code: int,
    *,
    status: int | None = None,
    text: str | None = None,
    kept: Sequence[tuple[str, str]] = (),
) -> flask.typing.ResponseReturnValue:
    title, usual = PAGES[code]
    words, home = _way_home() if code < 500 else _START
    page = flask.render_template(
        "errors/page.html",
        title=_(title),
        text=text or _(usual),
        kept=kept,
        home=flask.url_for(home),
        home_words=_(words),
    )
    return page, status or code


def _way_home() -> tuple[str, str]:
    """Where somebody begins, in words and as an endpoint; the start where nobody can say who it is."""
    try:
        if current.handed_over() is not None:
            return _QUESTIONS
        person = current.someone()
    except sa.exc.SQLAlchemyError:
        return _START
    return _START if person is None else (HOMES[person.role], signing_in.HOMES[person.role])
