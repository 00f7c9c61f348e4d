"""A person's own list of activities: what can be tapped in a check-in, under which name, and who sees that name."""

from __future__ import annotations

from dataclasses import replace

import flask
from flask.typing import ResponseReturnValue

from journal.domain.consents import Scope
from journal.domain.errors import Refused
from journal.messages import sentence
from journal.services import activities as acts
from journal.storage.activities import Chip, chips_for
from journal.storage.patients import Patient
from journal.web import current
from journal.web.check_in_words import activity_name
from journal.web.forms.activities import ActivityForm
from journal.web.readers import readers_in_words


def mine() -> ResponseReturnValue:
    """Rename, add, hide, share."""
    patient = current.patient()
    form = ActivityForm()
    error = ""
    if form.validate_on_submit():
        try:
            with current.unit_of_work() as db:
                if form.chip.data:
                    acts.change_activity(
                        db,
                        patient,
                        chip_id=form.chip.data,
                        label=form.label.data or "",
                        shared=form.shared.data,
                        hidden=form.hidden.data,
                        now=current.now(),
                    )
                else:
                    acts.add_activity(db, patient, label=form.label.data or "", shared=form.shared.data)
            return flask.redirect(flask.url_for("activities.mine"), 303)
        except Refused as fault:
            error = sentence(fault)
    page = flask.render_template(
        "activities/mine.html",
        chips=own_chips(patient),
        readers=readers_in_words(patient, (Scope.SCORES,))[0],
        form=form,
        error=error,
    )
    return page, 422 if error else 200


def own_chips(patient: Patient) -> list[Chip]:
    """A person's activities, the presets in the language being spoken."""
    return [
        replace(chip, label=activity_name(chip.code, chip.label))
        for chip in chips_for(current.db(), patient.id)
    ]
