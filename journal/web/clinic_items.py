"""What a clinic asks of one patient's check-in beyond the usual: switched on and off by whoever reads the answers."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField

from journal.domain.consents import Scope, Sight
from journal.services.clinic_items import turn_on
from journal.storage import clinic_items, clinics
from journal.storage.clinic_items import TurnedOn
from journal.web import current


class ItemsForm(FlaskForm):
    """Two switches. Off sends nothing."""

    detached = BooleanField()
    elevated = BooleanField()


def edit(patient_id: str) -> ResponseReturnValue:
    """The two items, for a provider to whom the numbers of check-ins are open."""
    with current.look_at(patient_id) as (look, patient, sight):
        _need_scores(sight)
        clinic_id = clinics.workplace_of(look, current.provider_id()).clinic_id
        on = clinic_items.items_of_clinic(look, patient.id, clinic_id)
    form = ItemsForm(detached=on.detached, elevated=on.elevated)
    if form.validate_on_submit():
        with current.unit_of_work() as db:
            person, sight = current.patient_or_404(db, patient_id)
            _need_scores(sight)
            turn_on(
                db,
                person,
                TurnedOn(detached=bool(form.detached.data), elevated=bool(form.elevated.data)),
                provider_id=current.provider_id(),
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        return flask.redirect(flask.url_for("patients.show", patient_id=patient_id), 303)
    return flask.render_template("clinic_items/edit.html", patient=patient, form=form)


def _need_scores(sight: Sight) -> None:
    if not sight.opens(Scope.SCORES):
        flask.abort(404)
