"""Treatment sessions: the patient's own list, and the forms of both sides."""

from __future__ import annotations

from datetime import date

import flask

from journal.domain.consents import Scope, Sight
from journal.domain.days import local_day
from journal.domain.treatment_records import TreatmentRecord
from journal.domain.treatments import (
    Source,
    Status,
    TreatmentSession,
    markers,
    next_planned,
    recorded_twice,
)
from journal.services import treatments as acts
from journal.services.treatment_records import NOTHING
from journal.storage import (
    appointments,
    clinics,
    courses,
    side_effects,
    treatment_records,
    treatments,
)
from journal.storage.appointments import AppointmentKind, AppointmentStatus, Visit
from journal.web import current
from journal.web.attempts import Attempt
from journal.web.course_desks import desk_of
from journal.web.either_side import reading
from journal.web.forms.treatment_records import RecordForm, Writing, filled
from journal.web.forms.treatments import TreatmentForm
from journal.web.labels import kind_words, visit_chip
from journal.web.readers import names_of_readers
from journal.web.treatment_forms import SessionAttempt, asked, choices, now_there
from journal.web.treatment_lines import days_since_words, own_lines


def mine() -> str:
    """Planned and past sessions, and the appointments beside them."""
    db, patient, today = current.db(), current.patient(), current.today()
    found = treatments.treatments_of(db, patient.id)
    lines = own_lines(db, patient, found)
    planned = next_planned(found, today)
    visits = appointments.appointments_of(db, patient.id)
    with reading(None) as here:
        desk = desk_of(here, None)
    return flask.render_template(
        "treatments/mine.html",
        course=desk.page,
        keepers=desk.keepers,
        zone=patient.zone,
        today=today,
        planned=planned,
        planned_number=len(markers(found)) + 1,
        ahead=[line for line in reversed(lines) if _is_ahead(line.treatment, today)],
        past=[line for line in lines if not _is_ahead(line.treatment, today)],
        days_since=days_since_words(found, today),
        twice=_twice(found),
        visits=[visit for visit in reversed(visits) if _still_comes(visit, today, patient.zone)],
        visits_before=[visit for visit in visits if not _still_comes(visit, today, patient.zone)],
        kinds={kind: kind_words(kind) for kind in AppointmentKind},
        visit_chips={status: visit_chip(status) for status in AppointmentStatus},
    )


def new() -> flask.typing.ResponseReturnValue:
    """The patient writes down a session."""
    patient = current.patient()
    form = TreatmentForm(local_date=current.today().isoformat(), status=Status.COMPLETED.value)
    attempt = SessionAttempt()
    if form.validate_on_submit():
        with attempt.writing() as db:
            body, said = form.read(NOTHING, zone=patient.zone)
            acts.record_treatment(
                db,
                patient,
                body=body,
                said=said,
                zone=patient.zone,
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        if attempt.succeeded:
            return flask.redirect(flask.url_for("treatments.mine"), 303)
    page = flask.render_template(
        "treatments/new.html",
        readers=names_of_readers(patient, Scope.SESSIONS, Scope.NOTES),
        **asked(form, attempt),
    )
    return page, attempt.status


def edit(treatment_id: str) -> flask.typing.ResponseReturnValue:
    """The patient changes a session of their own."""
    patient = current.patient()
    before = acts.own_treatment(current.db(), patient, treatment_id, by_provider_id=None)
    record = treatment_records.record_of(current.db(), patient.id, treatment_id) or NOTHING
    form = TreatmentForm(**filled(before, record, zone=patient.zone))
    attempt = SessionAttempt()
    if form.validate_on_submit():
        with attempt.writing() as db:
            body, said = form.read(record, zone=patient.zone)
            acts.change_treatment(
                db,
                patient,
                treatment_id,
                body=body,
                said=said,
                seen_version=form.seen_version(),
                zone=patient.zone,
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        if attempt.succeeded:
            return flask.redirect(flask.url_for("treatments.mine"), 303)
    page = flask.render_template(
        "treatments/edit.html",
        readers=names_of_readers(patient, Scope.SESSIONS, Scope.NOTES),
        treatment=before,
        **asked(form, attempt),
        **_faster(attempt, form, before),
    )
    return page, attempt.status


def new_for_patient(patient_id: str) -> flask.typing.ResponseReturnValue:
    """A provider to whom sessions are open writes one down for the clinic."""
    with current.look_at(patient_id) as (look, patient, sight):
        _need_sessions(sight)
        zone = clinics.workplace_of(look, current.provider_id()).zone
        course = courses.present_course(look, patient.id)
    form = RecordForm(
        local_date=local_day(current.now(), zone).isoformat(),
        status=Status.COMPLETED.value,
        route=course.default_route.value if course and course.default_route else "",
    )
    _give_rows(form, NOTHING, Writing(home=patient.zone, now=current.now()))
    attempt = SessionAttempt()
    if _is_to_be_kept(form, patient_id):
        with attempt.writing_about(patient_id) as (db, person, sight):
            _need_sessions(sight)
            body, said = form.read(NOTHING, zone=zone)
            acts.record_treatment(
                db,
                person,
                body=body,
                said=said,
                zone=zone,
                actor_account_id=current.account().account_id,
                now=current.now(),
                by_provider_id=current.provider_id(),
                sight=sight,
            )
        if attempt.succeeded:
            return flask.redirect(flask.url_for("patients.show", patient_id=patient_id), 303)
    page = flask.render_template(
        "treatments/new_for_patient.html", patient=patient, choices=choices(), **asked(form, attempt)
    )
    return page, attempt.status


def edit_for_patient(patient_id: str, treatment_id: str) -> flask.typing.ResponseReturnValue:
    """A provider changes a session that their clinic recorded."""
    with current.look_at(patient_id) as (look, patient, sight):
        _need_sessions(sight)
        zone = clinics.workplace_of(look, current.provider_id()).zone
        before = acts.own_treatment(
            look, patient, treatment_id, by_provider_id=current.provider_id(), sight=sight
        )
        record = treatment_records.record_seen(look, patient.id, treatment_id, sight) or NOTHING
        effects = [
            one
            for one in side_effects.side_effects_seen(look, patient.id, sight, treatment=treatment_id)
            if one.source is Source.CLINICIAN
        ]
    form = RecordForm(**filled(before, record, zone=zone))
    _give_rows(form, record, Writing(home=patient.zone, now=current.now(), effects=effects))
    attempt = SessionAttempt()
    if _is_to_be_kept(form, patient_id):
        with attempt.writing_about(patient_id) as (db, person, sight):
            _need_sessions(sight)
            body, said = form.read(record, zone=zone)
            acts.change_treatment(
                db,
                person,
                treatment_id,
                body=body,
                said=said,
                seen_version=form.seen_version(),
                zone=zone,
                actor_account_id=current.account().account_id,
                now=current.now(),
                by_provider_id=current.provider_id(),
                sight=sight,
            )
        if attempt.succeeded:
            return flask.redirect(flask.url_for("patients.show", patient_id=patient_id), 303)
    page = flask.render_template(
        "treatments/edit_for_patient.html",
        patient=patient,
        treatment=before,
        choices=choices(),
        **asked(form, attempt),
        **_faster(attempt, form, before),
    )
    return page, attempt.status


def _give_rows(form: RecordForm, record: TreatmentRecord, writing: Writing) -> None:
    if flask.request.method == "POST":
        form.take_rows(flask.request.form, writing)
    else:
        form.offer_rows(record, writing)


def _is_to_be_kept(form: RecordForm, patient_id: str) -> bool:
    """Whether a clinician's form was sent to be kept. One that asks for another row is only shown again."""
    if not form.validate_on_submit():
        return False
    if form.more.data:
        current.write_down_look(patient_id)
        return False
    return True


def _faster(attempt: Attempt, form: TreatmentForm, before: TreatmentSession) -> dict[str, object]:
    """What is there now is shown, where somebody was faster; the next press is a decision."""
    if not attempt.was_faster:
        return now_there(None)
    form.version.data = str(before.version)
    return now_there(before)


def _need_sessions(sight: Sight) -> None:
    if not sight.opens(Scope.SESSIONS):
        flask.abort(404)


def _twice(found: list[TreatmentSession]) -> list[tuple[date, str]]:
    """The dates that both sides have a record of, the latest first, with the patient's own record."""
    return [
        (
            day,
            next(one.public_id for one in found if one.local_date == day and one.source is Source.PATIENT),
        )
        for day in sorted(recorded_twice(found), reverse=True)
    ]


def _is_ahead(treatment: TreatmentSession, today: date) -> bool:
    return treatment.status is Status.PLANNED and treatment.local_date >= today


def _still_comes(visit: Visit, today: date, zone: str) -> bool:
    return visit.status is AppointmentStatus.PLANNED and local_day(visit.starts_at, zone) >= today
