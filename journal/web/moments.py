"""Key moments: the patient's pages and a provider's, and the form behind them."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from journal.domain.consents import Scope
from journal.domain.days import local_day
from journal.services import key_moments as acts
from journal.storage import clinics, key_moments
from journal.storage.key_moments import KeptMoment
from journal.web import current
from journal.web.attempts import Attempt
from journal.web.either_side import Here, asked, reading, writing
from journal.web.forms.moments import MomentForm
from journal.web.medicine_lines import MomentLine, moment_lines


def mine() -> str:
    """The patient's moments, and those that a provider wrote down for them."""
    with reading(None) as here:
        lines = lines_here(here)
    return flask.render_template("moments/mine.html", lines=lines)


def new() -> ResponseReturnValue:
    """The patient writes a moment down."""
    return _new(None)


def edit(moment_id: str) -> ResponseReturnValue:
    """The patient changes or removes a moment of their own."""
    return _edit(None, moment_id)


def of_patient(patient_id: str) -> str:
    """The moments that a provider may know of."""
    with reading(patient_id) as here:
        lines = lines_here(here)
    return flask.render_template("moments/of_patient.html", lines=lines, patient=here.patient)


def new_for_patient(patient_id: str) -> ResponseReturnValue:
    """A provider writes a moment down."""
    return _new(patient_id)


def edit_for_patient(patient_id: str, moment_id: str) -> ResponseReturnValue:
    """A provider changes or removes a moment that their clinic wrote down."""
    return _edit(patient_id, moment_id)


def lines_here(here: Here) -> list[MomentLine]:
    """The moments that may be read here, and which of them may be changed."""
    if here.writer.provider_id is None:
        found = key_moments.moments_of(here.db, here.patient.id)
        by = {one.by_provider_id for one in found if one.by_provider_id}
        names = clinics.names_of_providers(here.db, by)
    else:
        found = key_moments.moments_seen(here.db, here.patient.id, here.writer.sight)
        names = clinics.workplace_of(here.db, here.writer.provider_id).people
    own = {one.moment.public_id for one in found if acts.is_own(one, writer=here.writer, people=names)}
    return moment_lines(found, names=names, own=own)


def _new(patient_id: str | None) -> ResponseReturnValue:
    with reading(patient_id) as here:
        form = MomentForm(local_date=local_day(current.now(), here.patient.zone).isoformat())
    attempt = Attempt()
    if form.validate_on_submit():
        with writing(attempt, patient_id) as there:
            acts.add_moment(there.db, there.patient, form.moment(), writer=there.writer, now=current.now())
        if attempt.succeeded:
            return _to_list(patient_id)
    shown = _shown(here, form, attempt)
    page = (
        flask.render_template("moments/new.html", **shown)
        if patient_id is None
        else flask.render_template("moments/new_for_patient.html", **shown)
    )
    return page, attempt.status


def _edit(patient_id: str | None, moment_id: str) -> ResponseReturnValue:
    with reading(patient_id) as here:
        before = acts.own_moment(here.db, here.patient, moment_id, writer=here.writer)
        form = MomentForm(
            local_date=before.moment.local_date.isoformat(),
            label=before.moment.label,
            shared=before.moment.shared,
            version=str(before.version),
        )
    attempt = Attempt()
    if form.validate_on_submit():
        with writing(attempt, patient_id) as there:
            if flask.request.form.get("remove"):
                acts.remove_moment(there.db, there.patient, moment_id, writer=there.writer, now=current.now())
            else:
                acts.change_moment(
                    there.db,
                    there.patient,
                    moment_id,
                    form.moment(),
                    seen_version=form.seen_version(),
                    writer=there.writer,
                    now=current.now(),
                )
        if attempt.succeeded:
            return _to_list(patient_id)
    shown = _shown(here, form, attempt, before)
    page = (
        flask.render_template("moments/edit.html", **shown)
        if patient_id is None
        else flask.render_template("moments/edit_for_patient.html", **shown)
    )
    return page, attempt.status


def _shown(
    here: Here, form: MomentForm, attempt: Attempt, before: KeptMoment | None = None
) -> dict[str, object]:
    """What the page of the form shows; what is written down now stands above it."""
    version = before.version if before else None
    return {
        **asked(here, form, attempt, scope=Scope.NOTES, version=version),
        "before": before.moment if before else None,
    }


def _to_list(patient_id: str | None) -> ResponseReturnValue:
    if patient_id is None:
        return flask.redirect(flask.url_for("moments.mine"), 303)
    return flask.redirect(flask.url_for("moments.of_patient", patient_id=patient_id), 303)
