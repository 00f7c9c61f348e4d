"""Appointments: the forms of both sides. Times are on the wall of whoever writes."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import flask

from journal.domain.appointments import starts_at
from journal.domain.days import local_day
from journal.domain.errors import Refused
from journal.languages import gettext
from journal.services import appointments as acts
from journal.storage import clinics, patients
from journal.storage.appointments import AppointmentStatus, Visit
from journal.storage.patients import Reader
from journal.web import current
from journal.web.attempts import Attempt
from journal.web.forms.appointments import NOBODY, AppointmentForm
from journal.web.labels import KINDS, kind_words


def new() -> flask.typing.ResponseReturnValue:
    """The patient writes down a visit, with somebody they share with or with nobody on Tideline."""
    patient = current.patient()
    readers = _readers()
    form = AppointmentForm(with_whom=_usual(readers))
    attempt = Attempt()
    if form.validate_on_submit():
        with attempt.writing() as db:
            said = form.said()
            acts.make_appointment(
                db,
                patient,
                starts_at=starts_at(said.day, said.at, zone=patient.zone, now=current.now()),
                kind=said.kind,
                actor_account_id=current.account().account_id,
                now=current.now(),
                provider_id=_named(readers, said.with_whom),
            )
        if attempt.succeeded:
            return flask.redirect(flask.url_for("treatments.mine"), 303)
    page = flask.render_template("appointments/new.html", people=_people(readers), **_asked(form, attempt))
    return page, attempt.status


def edit(appointment_id: str) -> flask.typing.ResponseReturnValue:
    """The patient moves or cancels a visit that they wrote down."""
    patient = current.patient()
    readers = _readers()
    before = acts.own_of_patient(current.db(), patient, appointment_id)
    known = {reader.provider_id: reader.public_id for reader in readers}
    form = _filled(before, zone=patient.zone, with_whom=known.get(before.provider_id or 0, NOBODY))
    attempt = Attempt()
    if form.validate_on_submit():
        if flask.request.form.get("cancel"):
            with current.unit_of_work() as db:
                visit = acts.own_of_patient(db, patient, appointment_id)
                acts.cancel(db, visit, actor_account_id=current.account().account_id, now=current.now())
            return flask.redirect(flask.url_for("treatments.mine"), 303)
        with attempt.writing() as db:
            said = form.said()
            acts.change_by_patient(
                db,
                patient,
                appointment_id,
                starts_at=starts_at(said.day, said.at, zone=patient.zone, now=current.now()),
                kind=said.kind,
                provider_id=_named(readers, said.with_whom),
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        if attempt.succeeded:
            return flask.redirect(flask.url_for("treatments.mine"), 303)
    page = flask.render_template(
        "appointments/edit.html",
        people=_people(readers),
        may_cancel=_may_cancel(before),
        **_asked(form, attempt),
    )
    return page, attempt.status


def new_for_patient(patient_id: str) -> flask.typing.ResponseReturnValue:
    """A provider makes an appointment with somebody who shares with them."""
    with current.look_at(patient_id) as (look, patient, _):
        workplace = clinics.workplace_of(look, current.provider_id())
    form = AppointmentForm(day=local_day(current.now(), workplace.zone).isoformat())
    attempt = Attempt()
    if form.validate_on_submit():
        with attempt.writing_about(patient_id) as (db, person, _):
            said = form.said(asks_whom=False)
            acts.make_appointment(
                db,
                person,
                starts_at=starts_at(said.day, said.at, zone=workplace.zone, now=current.now()),
                kind=said.kind,
                actor_account_id=current.account().account_id,
                now=current.now(),
                provider_id=current.provider_id(),
                clinic_id=workplace.clinic_id,
            )
        if attempt.succeeded:
            return flask.redirect(flask.url_for("patients.show", patient_id=patient_id), 303)
    page = flask.render_template(
        "appointments/new_for_patient.html", patient=patient, **_asked(form, attempt)
    )
    return page, attempt.status


def edit_for_patient(patient_id: str, appointment_id: str) -> flask.typing.ResponseReturnValue:
    """A provider moves or cancels a visit with themselves."""
    me = current.provider_id()
    with current.look_at(patient_id) as (look, patient, _):
        zone = clinics.workplace_of(look, me).zone
        before = acts.own_of_provider(look, patient, appointment_id, provider_id=me)
    form = _filled(before, zone=zone)
    attempt = Attempt()
    there = flask.url_for("patients.show", patient_id=patient_id)
    if form.validate_on_submit():
        if flask.request.form.get("cancel"):
            with current.unit_of_work() as db:
                person, _ = current.patient_or_404(db, patient_id)
                visit = acts.own_of_provider(db, person, appointment_id, provider_id=me)
                acts.cancel(db, visit, actor_account_id=current.account().account_id, now=current.now())
            return flask.redirect(there, 303)
        with attempt.writing_about(patient_id) as (db, person, _):
            said = form.said(asks_whom=False)
            acts.change_by_provider(
                db,
                person,
                appointment_id,
                starts_at=starts_at(said.day, said.at, zone=zone, now=current.now()),
                kind=said.kind,
                provider_id=me,
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        if attempt.succeeded:
            return flask.redirect(there, 303)
    page = flask.render_template(
        "appointments/edit_for_patient.html",
        patient=patient,
        may_cancel=_may_cancel(before),
        **_asked(form, attempt),
    )
    return page, attempt.status


def _readers() -> list[Reader]:
    return patients.readers_of(current.db(), current.patient().id, now=current.now())


def _usual(readers: list[Reader]) -> str:
    """What needs no asking: nobody to name, or one."""
    if len(readers) > 1:
        return ""
    return readers[0].public_id if readers else NOBODY


def _named(readers: list[Reader], public_id: str) -> int | None:
    """The provider that was chosen; None for nobody on Tideline."""
    if public_id == NOBODY:
        return None
    for reader in readers:
        if reader.public_id == public_id:
            return reader.provider_id
    raise Refused("provider_not_sharing", field="with_whom")


def _people(readers: list[Reader]) -> list[tuple[str, str]]:
    return [
        *((reader.public_id, reader.name) for reader in readers),
        (NOBODY, gettext("Somebody who is not on Tideline")),
    ]


def _may_cancel(visit: Visit) -> bool:
    return visit.status is AppointmentStatus.PLANNED


def _filled(visit: Visit, *, zone: str, with_whom: str = "") -> AppointmentForm:
    local = visit.starts_at.astimezone(ZoneInfo(zone))
    return AppointmentForm(
        day=local.date().isoformat(),
        at=local.strftime("%H:%M"),
        kind=visit.kind.value,
        with_whom=with_whom,
    )


def _asked(form: AppointmentForm, attempt: Attempt) -> dict[str, object]:
    """What every page with this form shows."""
    return {
        "form": form,
        "errors": attempt.errors,
        "kinds": [(kind.value, kind_words(kind)) for kind in KINDS],
    }
