"""A provider's inbox of flags, and putting one's name under having looked at one.

Read and written down in one transaction, through a live consent that opens ``assessments``. Of flags that only a
colleague can see, the clinic learns how many wait and since when, so that nobody's absence goes unnoticed.
"""

from __future__ import annotations

from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from journal.domain.consents import Scope
from journal.domain.safety_flags import NOTE_LENGTH, ONE_WEEKDAY, weekday_time
from journal.services import flag_reviews as rota
from journal.services import safety as acts
from journal.storage import audit, clinics, flag_reviews, safety_flags
from journal.storage.audit import Act
from journal.web import current
from journal.web.attempts import Attempt
from journal.web.flag_lines import line_of, waited_words
from journal.web.forms.safety_flags import LookForm


@dataclass(frozen=True, slots=True)
class ElsewhereLine:
    """What waits for a colleague: how much, for how long, and whether that is more than one weekday."""

    name: str
    flags: int
    waited: str
    is_late: bool


def inbox() -> str:
    """Every flag this provider may see, acute ones first, then by age; and what waits for colleagues."""
    me, now = current.provider_id(), current.now()
    with current.unit_of_work() as db:
        audit.record(
            db, Act.VIEWED_FLAGS, now=now, actor_account_id=current.account().account_id, provider_id=me
        )
        workplace = clinics.workplace_of(db, me)
        seen = safety_flags.flags_seen(db, me, now=now)
        looked = [
            look.provider_id for one in seen for look in (one.flag.acknowledged, one.flag.second) if look
        ]
        names = clinics.names_of_providers(db, looked)
        lines = [line_of(one, reader_id=me, names=names, zone=workplace.zone, now=now) for one in seen]
        waiting = safety_flags.waiting_with_colleagues(db, me, now=now)
        review = flag_reviews.review_of(db, workplace.clinic_id)
    on_duty = None if review is None else rota.whose_day(review, zone=workplace.zone, now=now)
    elsewhere = [(one, weekday_time(one.since, now, zone=workplace.zone)) for one in waiting]
    return flask.render_template(
        "safety_flags/inbox.html",
        waiting=[line for line in lines if line.is_open],
        second=[line for line in lines if line.wants_second],
        looked=[line for line in lines if not line.is_open and not line.wants_second],
        elsewhere=[
            ElsewhereLine(one.name, one.flags, waited_words(waited), waited > ONE_WEEKDAY)
            for one, waited in elsewhere
        ],
        review=review,
        on_duty=workplace.people.get(on_duty) if on_duty is not None else None,
        zone=workplace.zone,
    )


def show(patient_id: str, flag_id: str) -> ResponseReturnValue:
    """One flag: what was answered, how long it has waited, and the line that lowers it."""
    me, now = current.provider_id(), current.now()
    form, attempt = LookForm(), Attempt()
    with current.look_at(patient_id) as (look, patient, sight):
        seen = safety_flags.flag_seen(look, me, flag_id, now=now) if sight.opens(Scope.ASSESSMENTS) else None
        if seen is None or seen.flag.patient_id != patient.id:
            flask.abort(404)
        zone = clinics.workplace_of(look, me).zone
        may_lower = acts.may_lower(look, me, seen.flag, now=now)
    if form.validate_on_submit():
        with attempt.writing_about(patient_id) as (db, _person, _seen):
            note, who = form.note.data or "", current.account().account_id
            if seen.flag.is_open:
                read = form.read.data or ""
                acts.acknowledge(db, me, flag_id, read=read, note=note, actor_account_id=who, now=now)
            else:
                acts.look_second(db, me, flag_id, note=note, zone=zone, actor_account_id=who, now=now)
        if attempt.succeeded:
            return flask.redirect(flask.url_for("safety_flags.inbox"), 303)
        seen = safety_flags.flag_seen(current.db(), me, flag_id, now=now) or seen
    looked = [one.provider_id for one in (seen.flag.acknowledged, seen.flag.second) if one]
    page = flask.render_template(
        "safety_flags/show.html",
        line=line_of(
            seen,
            reader_id=me,
            names=clinics.names_of_providers(current.db(), looked),
            zone=zone,
            now=now,
        ),
        read=seen.flag.concern.mark,
        form=form,
        may_lower=may_lower,
        errors=attempt.errors,
        note_length=NOTE_LENGTH,
    )
    return page, attempt.status


def how_many() -> int:
    """How many flags wait for the provider who is signed in; 0 for anybody else. For the bar of every page."""
    person = current.reader()
    if person is None or person.provider_id is None:
        return 0
    return safety_flags.count_open(current.db(), person.provider_id, now=current.now())
