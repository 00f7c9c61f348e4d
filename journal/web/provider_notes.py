"""What providers write about a patient: the list with its form, one note to change, and that one looked again.

Only for whom the patient lets read; every look is written down. The patient has no page of this. The card on the page
before a visit sends its form here, and its writer goes on there.
"""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from journal.services import provider_notes as acts
from journal.web import current
from journal.web.attempts import Attempt
from journal.web.forms.provider_notes import NoteForm
from journal.web.provider_note_lines import read_follow_up

FOLLOW_UP = "follow-up"
"""Where the card of the notes stands on the page before a visit."""


def of_patient(patient_id: str) -> ResponseReturnValue:
    """All notes that may be read here, and a new one."""
    form, attempt = NoteForm(), Attempt()
    with current.look_at(patient_id) as (look, patient, _):
        shown = read_follow_up(look, patient, provider_id=current.provider_id(), now=current.now())
    if form.validate_on_submit():
        with attempt.writing_about(patient_id) as (db, person, _):
            acts.write_note(
                db,
                person,
                form.said(),
                provider_id=current.provider_id(),
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        if attempt.succeeded:
            return _go_on(patient_id, form)
    page = flask.render_template(
        "provider_notes/of_patient.html", shown=shown, form=form, errors=attempt.errors
    )
    return page, attempt.status


def edit(patient_id: str, note_id: str) -> ResponseReturnValue:
    """A note's author changes it, gives it another date, or removes it."""
    me, now = current.provider_id(), current.now()
    with current.look_at(patient_id) as (look, patient, _):
        before = acts.own_note(look, patient, note_id, provider_id=me, now=now)
        shown = read_follow_up(look, patient, provider_id=me, now=now)
    form = NoteForm(
        text=before.text,
        look_again_on=before.look_again_on.isoformat() if before.look_again_on else "",
        for_colleagues=before.for_colleagues,
        version=str(before.version),
    )
    attempt = Attempt()
    if form.validate_on_submit():
        with attempt.writing_about(patient_id) as (db, person, _):
            who = current.account().account_id
            if flask.request.form.get("remove"):
                acts.remove_note(db, person, note_id, provider_id=me, actor_account_id=who, now=now)
            else:
                acts.change_note(
                    db,
                    person,
                    note_id,
                    form.said(),
                    seen_version=form.seen_version(),
                    provider_id=me,
                    actor_account_id=who,
                    now=now,
                )
        if attempt.succeeded:
            return _go_on(patient_id, form)
    if attempt.was_faster:
        form.version.data = str(before.version)
    page = flask.render_template(
        "provider_notes/edit.html",
        shown=shown,
        before=before,
        form=form,
        errors=attempt.errors,
        was_faster=attempt.was_faster,
    )
    return page, attempt.status


def look_again(patient_id: str, note_id: str) -> ResponseReturnValue:
    """Whoever reads a note that is due says that they looked."""
    with current.look_at(patient_id):
        form = NoteForm()
    if not form.validate_on_submit():
        flask.abort(400)
    with current.unit_of_work() as db:
        person, _ = current.patient_or_404(db, patient_id)
        acts.set_done(
            db,
            person,
            note_id,
            provider_id=current.provider_id(),
            actor_account_id=current.account().account_id,
            now=current.now(),
        )
    return _go_on(patient_id, form)


def _go_on(patient_id: str, form: NoteForm) -> ResponseReturnValue:
    if form.stood_on_brief():
        return flask.redirect(flask.url_for("patients.show", patient_id=patient_id, _anchor=FOLLOW_UP), 303)
    return flask.redirect(flask.url_for("provider_notes.of_patient", patient_id=patient_id), 303)
