"""The JSON side: what a phone asks for to be ready without a network, and where it sends what it kept.

The contract is ``openapi.json`` beside this file, kept by hand; ``docs/api.md`` says what it means. How a body is read
stands in ``forms.json_checkins``, how a refusal is answered in ``json_errors``.
"""

from __future__ import annotations

from importlib import resources

import flask
from flask_wtf.csrf import generate_csrf

from journal.domain.checkins import Via
from journal.languages import spoken
from journal.services import checkins as acts
from journal.services.aftercare import tell_after
from journal.services.checkins import Outcome, Recorded
from journal.storage import summaries
from journal.web import current
from journal.web.check_in_forms import own_form, refuse_all_at_once
from journal.web.checkins import remember_just_sent
from journal.web.forms import json_checkins as reading
from journal.web.json_errors import refusal

STATUSES = {Outcome.NEW: 201, Outcome.AGAIN: 200, Outcome.CONFLICT: 409, Outcome.DELETED: 410}
"""How each outcome of a sending is answered. After all four the phone forgets its own copy."""


def description() -> flask.Response:
    """The contract, word for word."""
    text = resources.files("journal.web").joinpath("openapi.json").read_text(encoding="utf-8")
    return flask.Response(text, mimetype="application/json")


def phone() -> flask.Response:
    """Who is signed in, and what the form needs to look like their own; nothing they ever answered."""
    patient = current.patient()
    own = own_form(patient)
    form = own._asdict() | {
        "chips": [{"code": code, "label": label} for code, label in own.chips],
        "items_on": sorted(own.items_on),
    }
    return flask.jsonify(
        account=current.account().account_public_id,
        csrf=generate_csrf(),
        language=spoken(),
        zone=patient.zone,
        checked_in_today=summaries.summary(current.db(), patient.id).last_check_in_on == current.today(),
        form=form,
    )


def check_ins() -> flask.Response:
    """Record what a phone kept, exactly once; says that it is stored only after the commit."""
    if flask.request.mimetype != "application/json":
        return refusal(415, "not_json")
    document = reading.parse(flask.request.get_data(cache=False))
    if document is None:
        return refusal(400, "bad_request")
    account = document.get("account")
    if isinstance(account, str) and account != current.account().account_public_id:
        return refusal(403, "other_account")
    patient, now = current.patient(), current.now()
    queued = reading.read(document, zone=patient.zone, now=now)
    if queued.misshapen:
        return refusal(400, "bad_request", queued.misshapen)
    if queued.unread_day or queued.sent.problems:
        refuse_all_at_once(patient, queued.sent, queued.written, list(queued.unread_day))
    with current.unit_of_work() as db:
        recorded = acts.record_check_in(db, patient, body=queued.sent.body, written=queued.written, now=now)
        is_urgent = tell_after(
            db, patient, queued.told, recorded, actor_account_id=current.account().account_id, now=now
        )
    if (
        queued.written.via is Via.WEB
    ):  # whoever pressed Save is looking; what waited arrives behind their back
        remember_just_sent(recorded.check_in_id, is_urgent=is_urgent)
    return _answer(queued.written.client_key, recorded)


def _answer(client_key: str, recorded: Recorded) -> flask.Response:
    answer = flask.jsonify(
        client_key=client_key,
        check_in=recorded.check_in_id,
        version=recorded.version,
        outcome=recorded.outcome,
    )
    answer.status_code = STATUSES[recorded.outcome]
    return answer
