"""The page before a visit as its patient sees it beforehand: the reader's own page, what to bring, what to leave out.

What is shown is the brief of ``journal.web.brief.page`` with the sight of that one reader, drawn by the same template
as theirs. What belongs to the reader alone is no part of it: their notes, and the answers they are asked to look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import flask
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from journal.domain.consents import Consent, Sight
from journal.domain.days import local_day
from journal.domain.errors import Refused
from journal.messages import by_field
from journal.services import topics as acts
from journal.storage import appointments, consents, patients
from journal.storage.consents import Circle
from journal.storage.patients import Patient
from journal.web import current
from journal.web.brief.figure_pages import FIGURES, figure_page
from journal.web.brief.page import brief_of
from journal.web.brief.rows import BriefRows, read_brief_rows

AHEAD = timedelta(hours=24)
"""How long before a visit Today says that it comes."""


@dataclass(frozen=True, slots=True)
class ComingVisit:
    """Whom the patient sees soon, whether that is today, and which page is theirs."""

    name: str
    is_today: bool
    consent_id: str


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads, under which consent, and what they see."""

    circle: Circle
    consent: Consent

    @property
    def sight(self) -> Sight:
        return Sight(scopes=self.consent.scopes, visible_from=self.consent.visible_from)


def show(consent_id: str) -> ResponseReturnValue:
    """See what one reader sees; leave lines out of it, and bring topics of one's own."""
    patient = current.patient()
    reader = _reader(current.db(), patient, consent_id)
    if reader is None:
        return flask.redirect(flask.url_for("consents.sharing"), 303)
    if flask.request.method == "POST":
        try:
            part = _change(patient, reader)
        except Refused as fault:
            return _page(patient, reader, errors=by_field(fault)), 422
        return flask.redirect(
            flask.url_for("previews.show", consent_id=reader.consent.public_id, _anchor=part), 303
        )
    return _page(patient, reader)


def figure(consent_id: str, figure: str) -> ResponseReturnValue:
    """How one figure of that page was computed; 404 for one that there is not, or that the reader does not see."""
    db, patient = current.db(), current.patient()
    reader = _reader(db, patient, consent_id)
    if reader is None:
        return flask.redirect(flask.url_for("consents.sharing"), 303)
    page = figure_page(figure, _rows(db, patient, reader), asked=_asked())
    if page is None:
        flask.abort(404)
    return flask.render_template(
        "previews/figure.html",
        page=page,
        name=reader.circle.name,
        back=flask.url_for("previews.show", consent_id=consent_id, range=_asked() or None),
    )


def coming_visit(db: Session, patient: Patient, *, now: datetime) -> ComingVisit | None:
    """The next visit within a day with somebody who may read along; None without one."""
    soon = appointments.planned_between(db, patient.id, now, now + AHEAD)
    if not soon:
        return None
    readers = {one.provider_id: one for one in patients.readers_of(db, patient.id, now=now)}
    for visit in soon:
        reader = readers.get(visit.provider_id or 0)
        given = reader and consents.live_consent(db, patient_id=patient.id, provider_id=reader.provider_id)
        if reader and given:
            is_today = local_day(visit.starts_at, patient.zone) == local_day(now, patient.zone)
            return ComingVisit(reader.name, is_today, given.public_id)
    return None


def _reader(db: Session, patient: Patient, consent_id: str) -> _Reader | None:
    """Whom the page is about, by any consent ever given to them; None where they may not read now. Else 404."""
    circle = consents.circle_of(db, patient.id, consent_id)
    if circle is None:
        flask.abort(404)
    live = consents.live_consent(db, patient_id=patient.id, provider_id=circle.provider_id)
    return _Reader(circle, live) if live is not None and live.is_live(current.now()) else None


def _change(patient: Patient, reader: _Reader) -> str:
    """Do what was pressed; the part of the page that it is about."""
    said, provider_id, now = flask.request.form, reader.circle.provider_id, current.now()
    with current.unit_of_work() as db:
        if "hide" in said:
            # Only what stands there: a line that the patient does not see is not theirs to leave out.
            shown = brief_of(_rows(db, patient, reader), asked=_asked(), is_preview=True)
            if said["hide"] in {line.key for line in shown.talk.lines}:
                acts.hide_line(db, patient, provider_id, said["hide"], now=now)
            return "talk"
        if "show" in said:
            acts.show_line(db, patient, provider_id, said["show"])
            return "talk"
        if "remove" in said:
            acts.remove_topic(db, patient, provider_id, said["remove"], now=now)
        else:
            acts.add_topic(db, patient, provider_id, said.get("topic", ""), now=now)
    return "bring"


def _rows(db: Session, patient: Patient, reader: _Reader) -> BriefRows:
    return read_brief_rows(
        db, patient, reader.sight, provider_id=reader.circle.provider_id, now=current.now()
    )


def _asked() -> str:
    """The period that is looked at."""
    return flask.request.args.get("range", "")


def _page(patient: Patient, reader: _Reader, *, errors: dict[str, str] | None = None) -> str:
    db = current.db()
    rows = _rows(db, patient, reader)
    shown = brief_of(rows, asked=_asked(), is_preview=True)
    before = acts.brought_before(db, patient, reader.circle.provider_id, prepared=rows.prepared)
    return flask.render_template(
        "previews/show.html",
        shown=shown,
        links={
            name: flask.url_for(
                "previews.figure",
                consent_id=reader.consent.public_id,
                figure=name,
                range=shown.period.choice,
            )
            for name in FIGURES
        },
        name=reader.circle.name,
        prepared=rows.prepared,
        before=[(kept.topic, local_day(kept.topic.written_at, patient.zone)) for kept in before],
        typed=flask.request.form.get("topic", "") if errors else "",
        errors=errors or {},
    )
