"""A patient's number for text messages: writing it down, proving it with a code, taking it away. By buttons alone."""

from __future__ import annotations

import secrets

import flask
from flask.typing import ResponseReturnValue

from journal.domain.errors import Refused
from journal.messages import sentence
from journal.services import sms_numbers as acts
from journal.services.sms import Texts
from journal.services.throttles import may_try
from journal.storage import sms
from journal.web import current
from journal.web.forms.accounts import CodeForm
from journal.web.forms.sms import NumberForm

_CODE, _CODE_TO = "text code", "text code to"


def number() -> ResponseReturnValue:
    """The number as it stands, and the one step that comes next. Each button says its way."""
    texts = current.journal().texts
    if flask.request.method == "GET":
        return _page()
    if texts is None:
        flask.abort(404)
    way = flask.request.form.get("way", "")
    try:
        if way == "remove":
            with current.unit_of_work() as db:
                acts.remove(db, current.account().account_id)
        elif way == "code":
            _prove()
            flask.flash("number")
        elif way == "again":
            _send_code(texts, _own_number())
        else:
            region = current.patient().region
            _send_code(texts, acts.read_number(NumberForm().number.data or "", region=region))
    except Refused as fault:
        return _page(error=sentence(fault)), 429 if fault.code == "sms_codes_too_many" else 422
    return flask.redirect(flask.url_for("sms.number"), 303)


def _send_code(texts: Texts, number: str) -> None:
    """Keep ``number`` and let a code be on its way. Refuses ``sms_codes_too_many``.

    A number that was sent its codes for today, or said STOP, is sent none, and the page is the same: whose number it is
    has not been shown, so nothing is told about it.
    """
    person, database = current.account(), current.journal().database
    if not may_try(database, _CODE, person.account_public_id, most=acts.CODES_MOST):
        raise Refused("sms_codes_too_many")
    fits = may_try(database, _CODE_TO, sms.fingerprint_of(current.db(), number), most=acts.CODES_MOST)
    with current.unit_of_work() as db:
        code = acts.ask_for_code(db, person.account_id, number=number, now=current.now())
    if code is not None and fits:
        texts.send_soon(number, acts.words_of(code), key=secrets.token_hex(16))


def _prove() -> None:
    """Refuses ``code_wrong``; the try is counted all the same."""
    code = CodeForm().digits()
    with current.unit_of_work() as db:
        is_right = acts.prove(db, current.account().account_id, code, now=current.now())
    if not is_right:
        raise Refused("code_wrong")


def _own_number() -> str:
    known = sms.number_of(current.db(), current.account().account_id)
    if known is None:
        flask.abort(404)
    return known.number


def _page(*, error: str | None = None) -> str:
    known = sms.number_of(current.db(), current.account().account_id)
    waits_for_code = known is not None and known.waits_for_code(current.now())
    typed = NumberForm().number.data or (known.number if known else "")
    return flask.render_template(
        "sms/number.html",
        is_offered=current.journal().texts is not None,
        known=known,
        waits_for_code=waits_for_code,
        typed=typed,
        # Each step has one field, and the code may just have come to its end.
        errors={"code" if waits_for_code else "number": error} if error else {},
        is_saved=bool(flask.get_flashed_messages()),
        number_length=acts.NUMBER_LENGTH,
    )
