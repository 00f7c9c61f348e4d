"""Treatment sessions: the patient's own list, and the forms of both sides."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import flask
from sqlalchemy.orm import Session

from journal.domain.consents import Scope, Sight
from journal.domain.days import local_day
from journal.domain.errors import Refused, RefusedFields
from journal.domain.treatments import (
    Route,
    Status,
    TreatmentSession,
    markers,
    next_planned,
    recorded_twice,
)
from journal.languages import gettext as _
from journal.messages import by_field
from journal.services import treatments as acts
from journal.storage import appointments, clinics, courses, patients, treatments
from journal.storage.appointments import AppointmentKind, AppointmentStatus, Visit
from journal.storage.patients import Patient
from journal.web import current
from journal.web.forms.treatments import TreatmentForm
from journal.web.labels import STATUSES, kind_words, route_words, status_words, visit_chip
from journal.web.treatment_lines import lines_of


def mine() -> str:
    """Planned and past sessions, and the appointments beside them."""
    db, patient, today = current.db(), current.patient(), current.today()
    found = treatments.treatments_of(db, patient.id)
    names = clinics.names_of_providers(db, {one.by_provider_id for one in found if one.by_provider_id})
    lines = lines_of(found, names=names, may_edit=[None])
    planned = next_planned(found, today)
    visits = appointments.appointments_of(db, patient.id)
    return flask.render_template(
        "treatments/mine.html",
        zone=patient.zone,
        today=today,
        planned=planned,
        planned_number=len(markers(found)) + 1,
        ahead=[line for line in reversed(lines) if _is_ahead(line.treatment, today)],
        past=[line for line in lines if not _is_ahead(line.treatment, today)],
        twice=sorted(recorded_twice(found), reverse=True),
        visits=[visit for visit in reversed(visits) if _still_comes(visit, today, patient.zone)],
        visits_before=[visit for visit in visits if not _still_comes(visit, today, patient.zone)],
        kinds={kind: kind_words(kind) for kind in AppointmentKind},
        visit_chips={status: visit_chip(status) for status in AppointmentStatus},
    )


def new() -> flask.typing.ResponseReturnValue:
    """The patient writes down a session."""
    patient = current.patient()
    form = TreatmentForm(local_date=current.today().isoformat(), status=Status.COMPLETED.value)
    errors: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            body = form.body()
            with current.unit_of_work() as db:
                acts.record_treatment(
                    db,
                    patient,
                    body=body,
                    zone=patient.zone,
                    actor_account_id=current.account().account_id,
                    now=current.now(),
                )
            return flask.redirect(flask.url_for("treatments.mine"), 303)
        except (Refused, RefusedFields) as fault:
            errors = by_field(fault)
    page = flask.render_template(
        "treatments/new.html", readers=_note_readers(patient), **_asked(form, errors)
    )
    return page, _status(errors)


def edit(treatment_id: str) -> flask.typing.ResponseReturnValue:
    """The patient changes a session of their own."""
    patient = current.patient()
    before = acts.own_treatment(current.db(), patient, treatment_id, by_provider_id=None)
    form = _filled(before, zone=patient.zone)
    errors: dict[str, str] = {}
    faster: TreatmentSession | None = None
    if form.validate_on_submit():
        try:
            body = form.body()
            with current.unit_of_work() as db:
                acts.change_treatment(
                    db,
                    patient,
                    treatment_id,
                    body=body,
                    seen_version=form.seen_version(),
                    zone=patient.zone,
                    actor_account_id=current.account().account_id,
                    now=current.now(),
                )
            return flask.redirect(flask.url_for("treatments.mine"), 303)
        except RefusedFields as fault:
            errors = by_field(fault)
        except Refused as fault:
            errors = by_field(fault)
            if fault.code == acts.CHANGED_MEANWHILE:
                # What is there now is shown; the next press is a decision.
                faster, form.version.data = before, str(before.version)
    page = flask.render_template(
        "treatments/edit.html",
        readers=_note_readers(patient),
        treatment=before,
        **_asked(form, errors),
        **_now_there(faster),
    )
    return page, _status(errors)


def new_for_patient(patient_id: str) -> flask.typing.ResponseReturnValue:
    """A provider to whom sessions are open writes one down for the clinic."""
    with current.look_at(patient_id) as (look, patient, sight):
        _need_sessions(sight)
        zone = clinics.workplace_of(look, current.provider_id()).zone
        course = courses.present_course(look, patient.id)
    form = TreatmentForm(
        local_date=local_day(current.now(), zone).isoformat(),
        status=Status.COMPLETED.value,
        route=course.default_route.value if course and course.default_route else "",
    )
    errors: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            body = form.body()
            with current.unit_of_work() as db:
                person, sight = _treated(db, patient_id)
                acts.record_treatment(
                    db,
                    person,
                    body=body,
                    zone=zone,
                    actor_account_id=current.account().account_id,
                    now=current.now(),
                    by_provider_id=current.provider_id(),
                    sight=sight,
                )
            return flask.redirect(flask.url_for("patients.show", patient_id=patient_id), 303)
        except (Refused, RefusedFields) as fault:
            errors = by_field(fault)
            current.write_down_look(patient_id)
    page = flask.render_template("treatments/new_for_patient.html", patient=patient, **_asked(form, errors))
    return page, _status(errors)


def edit_for_patient(patient_id: str, treatment_id: str) -> flask.typing.ResponseReturnValue:
    """A provider changes a session that their clinic recorded."""
    with current.look_at(patient_id) as (look, patient, sight):
        _need_sessions(sight)
        zone = clinics.workplace_of(look, current.provider_id()).zone
        before = acts.own_treatment(
            look, patient, treatment_id, by_provider_id=current.provider_id(), sight=sight
        )
    form = _filled(before, zone=zone)
    errors: dict[str, str] = {}
    faster: TreatmentSession | None = None
    if form.validate_on_submit():
        try:
            body = form.body()
            with current.unit_of_work() as db:
                person, sight = _treated(db, patient_id)
                acts.change_treatment(
                    db,
                    person,
                    treatment_id,
                    body=body,
                    seen_version=form.seen_version(),
                    zone=zone,
                    actor_account_id=current.account().account_id,
                    now=current.now(),
                    by_provider_id=current.provider_id(),
                    sight=sight,
                )
            return flask.redirect(flask.url_for("patients.show", patient_id=patient_id), 303)
        except RefusedFields as fault:
            errors = by_field(fault)
        except Refused as fault:
            errors = by_field(fault)
            if fault.code == acts.CHANGED_MEANWHILE:
                # What is there now is shown; the next press is a decision.
                faster, form.version.data = before, str(before.version)
        if errors:
            current.write_down_look(patient_id)
    page = flask.render_template(
        "treatments/edit_for_patient.html",
        patient=patient,
        **_asked(form, errors),
        **_now_there(faster),
    )
    return page, _status(errors)


def _treated(db: Session, patient_id: str) -> tuple[Patient, Sight]:
    """The patient, for a provider to whom sessions are open; 404 for everybody else."""
    patient, sight = current.patient_or_404(db, patient_id)
    _need_sessions(sight)
    return patient, sight


def _need_sessions(sight: Sight) -> None:
    if not sight.opens(Scope.SESSIONS):
        flask.abort(404)


def _filled(treatment: TreatmentSession, *, zone: str) -> TreatmentForm:
    """The form as the record stands, its day and time on the writer's own clock."""
    day: date = treatment.local_date
    at = ""
    if treatment.started_at is not None:
        local: datetime = treatment.started_at.astimezone(ZoneInfo(zone))
        day, at = local.date(), local.strftime("%H:%M")
    return TreatmentForm(
        local_date=day.isoformat(),
        at=at,
        status=treatment.status.value,
        route=treatment.route.value if treatment.route else "",
        note=treatment.note,
        note_shared=treatment.note_shared,
        version=str(treatment.version),
    )


def _note_readers(patient: Patient) -> list[str]:
    """The names of those who could read a shared session note."""
    readers = patients.readers_of(current.db(), patient.id, now=current.now())
    return [one.name for one in readers if one.sight.opens(Scope.SESSIONS, Scope.NOTES)]


def _asked(form: TreatmentForm, errors: dict[str, str]) -> dict[str, object]:
    """What every page with this form shows."""
    return {
        "form": form,
        "errors": errors,
        "statuses": [(status.value, status_words(status)) for status in STATUSES],
        "routes": [
            ("", _("Not sure, or rather not say")),
            *((route.value, route_words(route)) for route in Route),
        ],
    }


def _now_there(faster: TreatmentSession | None) -> dict[str, object]:
    """What the record says now, where somebody changed it while this form was open."""
    if faster is None:
        return {"faster": None}
    said = (status_words(faster.status), route_words(faster.route))
    return {
        "faster": faster,
        "faster_says": ", ".join(part for part in said if part),
    }


def _status(errors: dict[str, str]) -> int:
    return 422 if errors else 200


def _is_ahead(treatment: TreatmentSession, today: date) -> bool:
    return treatment.status is Status.PLANNED and treatment.local_date >= today


def _still_comes(visit: Visit, today: date, zone: str) -> bool:
    return visit.status is AppointmentStatus.PLANNED and local_day(visit.starts_at, zone) >= today
