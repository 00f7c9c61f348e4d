"""One recorded session: its page for the patient and for a clinician, taking it away, and two records of one date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import flask
from sqlalchemy.orm import Session

from journal.domain.aftercare import before_is_open
from journal.domain.clinical_limits import REFLECTION_DAYS
from journal.domain.consents import WHOLE, Scope, Sight
from journal.domain.treatments import GIVEN, Status
from journal.languages import pgettext
from journal.services import treatments as acts
from journal.services import twice_recorded
from journal.services.treatment_records import NOTHING
from journal.storage import clinics, side_effects, treatment_records, treatments
from journal.storage.patients import Patient
from journal.web import current
from journal.web.treatment_lines import TreatmentLine, lines_of, own_lines
from journal.web.treatment_record_lines import RecordLines, record_lines


@dataclass(frozen=True, slots=True)
class Recorded:
    """A session as lists show it, and everything else that its reader may see of it, on the clock of ``zone``."""

    line: TreatmentLine
    lines: RecordLines
    zone: str


def show(treatment_id: str) -> str:
    """One session, to the patient."""
    one, today = _own(current.db(), current.patient(), treatment_id), current.today()
    treatment = one.line.treatment
    return flask.render_template(
        "treatment_records/show.html",
        one=one,
        can_get_ready=before_is_open(treatment, today),
        can_look_back=treatment.status in GIVEN
        and today <= treatment.local_date + timedelta(days=int(REFLECTION_DAYS.value)),
        is_unsaid=treatment.status is Status.PLANNED and treatment.local_date < today,
    )


def delete(treatment_id: str) -> flask.typing.ResponseReturnValue:
    """The patient takes away a session of their own."""
    patient = current.patient()
    acts.own_treatment(current.db(), patient, treatment_id, by_provider_id=None)
    if flask.request.method == "POST":
        with current.unit_of_work() as db:
            acts.remove_treatment(
                db,
                patient,
                treatment_id,
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        return flask.redirect(flask.url_for("treatments.mine"), 303)
    return flask.render_template(
        "treatment_records/delete.html", one=_own(current.db(), patient, treatment_id)
    )


def beside(treatment_id: str) -> flask.typing.ResponseReturnValue:
    """The patient's record and the clinic's of one date beside each other; a form puts them together."""
    patient = current.patient()
    acts.own_treatment(current.db(), patient, treatment_id, by_provider_id=None)
    other = twice_recorded.other_record(current.db(), patient, treatment_id)
    if other is None:
        flask.abort(404)
    if flask.request.method == "POST":
        with current.unit_of_work() as db:
            twice_recorded.put_together(
                db,
                patient,
                treatment_id,
                into=other.public_id,
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        return flask.redirect(flask.url_for("treatment_records.show", treatment_id=other.public_id), 303)
    both = [_own(current.db(), patient, treatment_id), _own(current.db(), patient, other.public_id)]
    return flask.render_template("treatment_records/beside.html", both=both)


def show_for_patient(patient_id: str, treatment_id: str) -> str:
    """One session, to a provider to whom sessions are open."""
    with current.look_at(patient_id) as (look, patient, sight):
        one = _seen(look, patient, treatment_id, sight)
    return flask.render_template("treatment_records/show_for_patient.html", patient=patient, one=one)


def delete_for_patient(patient_id: str, treatment_id: str) -> flask.typing.ResponseReturnValue:
    """A provider takes away a session that their clinic recorded."""
    with current.look_at(patient_id) as (look, patient, sight):
        one = _seen(look, patient, treatment_id, sight)
        if not one.line.may_edit:
            flask.abort(404)
    if flask.request.method == "POST":
        with current.unit_of_work() as db:
            person, sight = current.patient_or_404(db, patient_id)
            if not sight.opens(Scope.SESSIONS):
                flask.abort(404)
            acts.remove_treatment(
                db,
                person,
                treatment_id,
                actor_account_id=current.account().account_id,
                now=current.now(),
                by_provider_id=current.provider_id(),
                sight=sight,
            )
        return flask.redirect(flask.url_for("patients.show", patient_id=patient_id), 303)
    return flask.render_template("treatment_records/delete_for_patient.html", patient=patient, one=one)


def beside_for_patient(patient_id: str, treatment_id: str) -> str:
    """The clinic's record and the patient's of one date beside each other, as far as the provider may see them."""
    with current.look_at(patient_id) as (look, patient, sight):
        first = _seen(look, patient, treatment_id, sight)
        other = twice_recorded.other_record(look, patient, treatment_id, sight=sight)
        if other is None:
            flask.abort(404)
        both = [first, _seen(look, patient, other.public_id, sight)]
    return flask.render_template("treatment_records/beside_for_patient.html", patient=patient, both=both)


def _own(db: Session, patient: Patient, treatment_id: str) -> Recorded:
    found = treatments.treatments_of(db, patient.id)
    return _recorded(
        db,
        patient,
        _line(own_lines(db, patient, found), treatment_id),
        sight=WHOLE,
        zone=patient.zone,
        patient_name=pgettext("recorded by", "you"),
    )


def _seen(db: Session, patient: Patient, treatment_id: str, sight: Sight) -> Recorded:
    """What the signed-in provider may see of a session; 404 for everything else."""
    workplace = clinics.workplace_of(db, current.provider_id())
    found = treatments.treatments_seen(db, patient.id, sight)
    return _recorded(
        db,
        patient,
        _line(lines_of(found, names=workplace.people, may_edit=workplace.people.keys()), treatment_id),
        sight=sight,
        zone=workplace.zone,
        patient_name=patient.display_name,
    )


def _line(lines: Sequence[TreatmentLine], treatment_id: str) -> TreatmentLine:
    line = next((one for one in lines if one.treatment.public_id == treatment_id), None)
    if line is None:
        flask.abort(404)
    return line


def _recorded(
    db: Session, patient: Patient, line: TreatmentLine, *, sight: Sight, zone: str, patient_name: str
) -> Recorded:
    treatment_id = line.treatment.public_id
    record = treatment_records.record_seen(db, patient.id, treatment_id, sight) or NOTHING
    effects = side_effects.side_effects_seen(db, patient.id, sight, treatment=treatment_id)
    return Recorded(
        line,
        record_lines(
            line.treatment,
            record,
            effects,
            zone=zone,
            home=patient.zone,
            patient_name=patient_name,
            clinic_name=pgettext("recorded by", "the clinic"),
        ),
        zone,
    )
