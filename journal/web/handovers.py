"""Handing a device over for one questionnaire: the provider's side. What the device then shows is ``kiosk``."""

from __future__ import annotations

import flask
import flask_login
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from journal.domain.access_limits import KIOSK_OPEN_FOR
from journal.domain.consents import Scope, Sight
from journal.domain.errors import NotFound
from journal.domain.instrument_files import instrument
from journal.domain.kiosk import Ending, Stage
from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.services import accounts as people
from journal.services import kiosk as acts
from journal.storage import clinics, kiosk
from journal.storage.patients import Patient
from journal.web import current
from journal.web import kiosk as handed
from journal.web.attempts import Attempt
from journal.web.forms.accounts import LinkForm
from journal.web.qr import qr_code

_SECRET = "handover"  # noqa: S105 - where the code waits for the page that shows it, once
_HERE = "here"
ENDINGS = {
    Ending.SAVED: translatable("The answers are saved. Nothing of them is left on the device."),
    Ending.NOTHING: translatable("It was closed, and nothing was saved."),
    Ending.CODES: translatable("It was closed because the code was typed wrong too often."),
    Ending.RAN_OUT: translatable("Its time has run out, and nothing was saved."),
}


def new(patient_id: str) -> ResponseReturnValue:
    """Which questionnaire, and on which device: one that gets a code, or this very one."""
    with current.look_at(patient_id) as (look, patient, sight):
        _need_assessments(sight)
        codes = acts.offered(look, patient, now=current.now())
    form, attempt = LinkForm(), Attempt()
    chosen = flask.request.values.get("instrument", "")
    if form.validate_on_submit():
        with attempt.trying():
            is_here = flask.request.form.get("on") == _HERE
            answer = (_hand_over_here if is_here else _hand_over)(patient_id, chosen)
        if attempt.succeeded:
            return answer
        current.write_down_look(patient_id)
    page = flask.render_template(
        "handovers/new.html",
        patient=patient,
        questionnaires=[(code, instrument(code).name) for code in codes],
        chosen=chosen if chosen in codes else None,
        minutes=int(KIOSK_OPEN_FOR.total_seconds()) // 60,
        errors=attempt.errors,
    )
    return page, attempt.status


def show(patient_id: str, handover_id: str) -> ResponseReturnValue:
    """One handing over: its code, shown once, and then how far it has come. Sent, it is taken back."""
    with current.look_at(patient_id) as (look, patient, sight):
        _need_assessments(sight)
        found = kiosk.handover_of(
            look, patient_id=patient.id, provider_id=current.provider_id(), public_id=handover_id
        )
        if found is None:
            raise NotFound
        zone = clinics.workplace_of(look, current.provider_id()).zone
    if LinkForm().validate_on_submit():
        with current.unit_of_work() as db:
            acts.end(db, found, now=current.now())
        return flask.redirect(flask.request.path, 303)
    place, code = flask.session.pop(_SECRET, None) or ("", "")
    stage, ending = found.stage(current.now()), found.ending(current.now())
    path = flask.url_for("kiosk.open_here", place=place) if place else ""
    address = f"{current.journal().config.base_url}{path}"
    return flask.render_template(
        "handovers/show.html",
        patient=patient,
        found=found,
        name=instrument(found.instrument).name,
        stage=stage,
        ending=_(ENDINGS[ending]) if ending else "",
        code=code if stage is Stage.WAITING else "",
        address=address,
        drawing=qr_code(address) if path else None,
        zone=zone,
    )


def _hand_over(patient_id: str, code: str) -> ResponseReturnValue:
    with current.unit_of_work() as db:
        made = acts.hand_over(
            db,
            _assessed(db, patient_id),
            instrument=code,
            provider_id=current.provider_id(),
            actor_account_id=current.account().account_id,
            now=current.now(),
        )
    flask.session[_SECRET] = (made.place, made.code)
    return flask.redirect(
        flask.url_for("handovers.show", patient_id=patient_id, handover_id=made.public_id), 303
    )


def _hand_over_here(patient_id: str, code: str) -> ResponseReturnValue:
    """Sign the provider out of this browser first, both or neither; then it is the questionnaire's."""
    account_id, token = current.account().account_id, current.token() or ""
    with current.unit_of_work() as db:
        opened = acts.hand_over_here(
            db,
            _assessed(db, patient_id),
            instrument=code,
            provider_id=current.provider_id(),
            actor_account_id=account_id,
            now=current.now(),
        )
        people.sign_out(db, token, account_id=account_id, now=current.now())
    flask_login.logout_user()
    answer = flask.make_response(handed.open_in_this_browser(opened))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _assessed(db: Session, patient_id: str) -> Patient:
    patient, sight = current.patient_or_404(db, patient_id)
    _need_assessments(sight)
    return patient


def _need_assessments(sight: Sight) -> None:
    if not sight.opens(Scope.ASSESSMENTS):
        flask.abort(404)
