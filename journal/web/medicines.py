"""The list of medicines: the patient's pages and a provider's, and the forms behind them.

Both sides bring the list up to date; a provider only what a consent opens. Names of medicines stand in no address and
no title.
"""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from journal.domain.consents import Scope
from journal.domain.days import local_day
from journal.services import medications as acts
from journal.storage import clinics, medications
from journal.storage.medications import KeptMedication
from journal.web import current
from journal.web.attempts import Attempt
from journal.web.either_side import Here, asked, reading, writing
from journal.web.forms.medicines import DoseForm, MedicineForm, StopForm
from journal.web.forms.reading import VersionForm
from journal.web.medicine_lines import MedicineList, line_of, medicine_list
from journal.web.readers import names_of_readers


def mine() -> str:
    """The patient's list: what is taken now, and what was."""
    with reading(None) as here:
        shown = list_here(here)
    return flask.render_template(
        "medicines/mine.html", shown=shown, readers=names_of_readers(here.patient, Scope.SESSIONS)
    )


def new() -> ResponseReturnValue:
    """The patient puts a medicine on the list."""
    return _new(None)


def dose(medicine_id: str) -> ResponseReturnValue:
    """The patient says from when on a medicine has another dose."""
    return _dose(None, medicine_id)


def stop(medicine_id: str) -> ResponseReturnValue:
    """The patient writes down the last day with a medicine."""
    return _stop(None, medicine_id)


def edit(medicine_id: str) -> ResponseReturnValue:
    """The patient mends, or removes, what they wrote down themselves."""
    return _edit(None, medicine_id)


def of_patient(patient_id: str) -> str:
    """The list, for a provider to whom sessions are open."""
    with reading(patient_id) as here:
        shown = list_here(here)
    return flask.render_template("medicines/of_patient.html", shown=shown, patient=here.patient)


def new_for_patient(patient_id: str) -> ResponseReturnValue:
    """A provider puts a medicine on the list."""
    return _new(patient_id)


def dose_for_patient(patient_id: str, medicine_id: str) -> ResponseReturnValue:
    """A provider says from when on a medicine has another dose."""
    return _dose(patient_id, medicine_id)


def stop_for_patient(patient_id: str, medicine_id: str) -> ResponseReturnValue:
    """A provider writes down the last day with a medicine."""
    return _stop(patient_id, medicine_id)


def edit_for_patient(patient_id: str, medicine_id: str) -> ResponseReturnValue:
    """A provider mends, or removes, what their clinic wrote down."""
    return _edit(patient_id, medicine_id)


def list_here(here: Here) -> MedicineList:
    """What of the list may be read here, and what of it mended."""
    if here.writer.provider_id is None:
        found = medications.medications_of(here.db, here.patient.id)
        by = {one.by_provider_id for one in found if one.by_provider_id}
        names = clinics.names_of_providers(here.db, by)
    else:
        found = medications.medications_seen(here.db, here.patient.id, here.writer.sight)
        names = clinics.workplace_of(here.db, here.writer.provider_id).people
    own = {one.taken.public_id for one in found if acts.may_mend(one, writer=here.writer, people=names)}
    today = local_day(current.now(), here.patient.zone)
    return medicine_list(found, today=today, names=names, own=own)


def _new(patient_id: str | None) -> ResponseReturnValue:
    with reading(patient_id) as here:
        form = MedicineForm()
    attempt = Attempt()
    if form.validate_on_submit():
        with writing(attempt, patient_id) as there:
            acts.add_medicine(
                there.db, there.patient, form.medicine(), writer=there.writer, now=current.now()
            )
        if attempt.succeeded:
            return _to_list(patient_id)
    shown = _shown(here, form, attempt)
    page = (
        flask.render_template("medicines/new.html", **shown)
        if patient_id is None
        else flask.render_template("medicines/new_for_patient.html", **shown)
    )
    return page, attempt.status


def _dose(patient_id: str | None, medicine_id: str) -> ResponseReturnValue:
    with reading(patient_id) as here:
        before = acts.taken_now(here.db, here.patient, medicine_id, writer=here.writer, now=current.now())
        form = DoseForm(started_on=_today(here), version=str(before.version))
    attempt = Attempt()
    if form.validate_on_submit():
        with writing(attempt, patient_id) as there:
            words, first_day = form.said()
            acts.change_dose(
                there.db,
                there.patient,
                medicine_id,
                dose=words,
                first_day=first_day,
                seen_version=form.seen_version(),
                writer=there.writer,
                now=current.now(),
            )
        if attempt.succeeded:
            return _to_list(patient_id)
    shown = _shown(here, form, attempt, before)
    page = (
        flask.render_template("medicines/dose.html", **shown)
        if patient_id is None
        else flask.render_template("medicines/dose_for_patient.html", **shown)
    )
    return page, attempt.status


def _stop(patient_id: str | None, medicine_id: str) -> ResponseReturnValue:
    with reading(patient_id) as here:
        before = acts.taken_now(here.db, here.patient, medicine_id, writer=here.writer, now=current.now())
        form = StopForm(ended_on=_today(here), version=str(before.version))
    attempt = Attempt()
    if form.validate_on_submit():
        with writing(attempt, patient_id) as there:
            acts.stop_medicine(
                there.db,
                there.patient,
                medicine_id,
                last_day=form.last_day(),
                seen_version=form.seen_version(),
                writer=there.writer,
                now=current.now(),
            )
        if attempt.succeeded:
            return _to_list(patient_id)
    shown = _shown(here, form, attempt, before)
    page = (
        flask.render_template("medicines/stop.html", **shown)
        if patient_id is None
        else flask.render_template("medicines/stop_for_patient.html", **shown)
    )
    return page, attempt.status


def _edit(patient_id: str | None, medicine_id: str) -> ResponseReturnValue:
    with reading(patient_id) as here:
        before = acts.own_medicine(here.db, here.patient, medicine_id, writer=here.writer)
        taken = before.taken
        form = MedicineForm(
            name=taken.name,
            dose=taken.dose,
            note=taken.note,
            psychiatric=taken.psychiatric,
            started_on=taken.started_on.isoformat() if taken.started_on else "",
            ended_on=taken.ended_on.isoformat() if taken.ended_on else "",
            version=str(before.version),
        )
    attempt = Attempt()
    if form.validate_on_submit():
        with writing(attempt, patient_id) as there:
            if flask.request.form.get("remove"):
                acts.remove_medicine(
                    there.db, there.patient, medicine_id, writer=there.writer, now=current.now()
                )
            else:
                acts.mend_medicine(
                    there.db,
                    there.patient,
                    medicine_id,
                    form.medicine(),
                    seen_version=form.seen_version(),
                    writer=there.writer,
                    now=current.now(),
                )
        if attempt.succeeded:
            return _to_list(patient_id)
    shown = _shown(here, form, attempt, before)
    page = (
        flask.render_template("medicines/edit.html", **shown)
        if patient_id is None
        else flask.render_template("medicines/edit_for_patient.html", **shown)
    )
    return page, attempt.status


def _shown(
    here: Here, form: VersionForm, attempt: Attempt, before: KeptMedication | None = None
) -> dict[str, object]:
    """What the page of a form shows; what is written down now stands above it."""
    line = line_of(medications.as_seen(before, here.writer.sight)) if before else None
    version = before.version if before else None
    return {**asked(here, form, attempt, scope=Scope.SESSIONS, version=version), "line": line}


def _to_list(patient_id: str | None) -> ResponseReturnValue:
    if patient_id is None:
        return flask.redirect(flask.url_for("medicines.mine"), 303)
    return flask.redirect(flask.url_for("medicines.of_patient", patient_id=patient_id), 303)


def _today(here: Here) -> str:
    return local_day(current.now(), here.patient.zone).isoformat()
