"""The write-only check-in behind a reminder's link: no sign-in, no name, nothing of before, one entry.

Whoever holds the link may write; nobody reads by it. What is shown depends on the link alone, never on who is signed
in with this browser.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import flask
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from journal.domain.checkins import NOTE_LENGTH, Via, default_day
from journal.domain.days import local_day
from journal.domain.errors import Refused, RefusedFields
from journal.domain.moods import LOW_MOOD
from journal.languages import gettext as _
from journal.messages import sentence
from journal.services.check_in_links import record_through_link, ways_to_wait
from journal.services.links import fingerprint
from journal.services.reminders import snooze
from journal.storage import checkins, deliveries
from journal.storage.base import new_public_id
from journal.storage.deliveries import LinkedDelivery
from journal.storage.patients import Patient
from journal.web import check_in_words as words
from journal.web import current, safety
from journal.web.forms import checkins as reading
from journal.web.forms.checkins import at_their_fields, in_summary
from journal.web.labels import MOOD_NOW, MOOD_THEN, QUESTIONS
from journal.wording import clock

ASKED = ("mood", "energy", "anxiety", "interest", "sleep_quality", "note")
"""All that this form asks; anything else that is sent to it is left unread."""
SHOWN_FOR = timedelta(minutes=10)
"""How long the browser that sent an entry is shown that entry."""
_JUST_SENT = "just_sent"
_HOUR = timedelta(hours=1)


def write(token: str) -> ResponseReturnValue:
    """The form, and where it is sent. Opening it spends nothing; saving spends the link."""
    linked = deliveries.delivery_by_link(current.db(), fingerprint(token))
    if linked is None:
        flask.abort(404)
    if linked.ends_at <= current.now():
        return flask.render_template("check_in_links/over.html", was_used=False), 410
    if flask.request.method == "POST":
        return _create(linked)
    if linked.spent:
        return flask.render_template("check_in_links/over.html", was_used=True), 410
    return _form(linked, MultiDict(), client_key=new_public_id())


def later(token: str) -> ResponseReturnValue:
    """Bring the message once more, in an hour or in two. The link stays good, also for then."""
    linked = deliveries.delivery_by_link(current.db(), fingerprint(token))
    if linked is None:
        flask.abort(404)
    now, hours = current.now(), flask.request.form.get("hours", "")
    if linked.ends_at <= now or linked.spent:
        return flask.render_template("check_in_links/over.html", was_used=linked.spent), 410
    by = next((by for by in ways_to_wait(current.db(), linked, now=now) if hours == str(by // _HOUR)), None)
    try:
        if by is None:
            raise Refused("snooze_too_late")
        with current.unit_of_work() as db:
            snooze(db, linked.delivery_id, until=now + by, now=now)
    except Refused as fault:
        return flask.render_template("check_in_links/later.html", refused=sentence(fault), back=token), 422
    zone = current.db().get_one(Patient, linked.patient_id).zone
    return flask.render_template("check_in_links/later.html", at=clock(now + by, zone))


def saved() -> str:
    """What this browser has just sent, and nothing else; for a few minutes."""
    sent = flask.session.get(_JUST_SENT)
    if not sent or datetime.fromisoformat(sent["at"]) + SHOWN_FOR <= current.now():
        flask.abort(404)
    kept = checkins.check_in_of(current.db(), sent["patient"], sent["check_in"])
    if kept is None:
        flask.abort(404)
    mood, patient = kept.body.mood, current.db().get_one(Patient, sent["patient"])
    return flask.render_template(
        "check_in_links/saved.html",
        mood=mood,
        word=words.mood_word(mood),
        day=kept.body.local_date,
        is_low=mood is not None and mood <= LOW_MOOD,
        call=safety.nearest_line(patient.region, current.now().date()),
    )


def _create(linked: LinkedDelivery) -> ResponseReturnValue:
    form, now = flask.request.form, current.now()
    patient = current.db().get_one(Patient, linked.patient_id)
    given = MultiDict({name: form[name] for name in ASKED if name in form})
    sent = reading.read_body(given, local_date=linked.local_date)
    written = reading.read_written(form, zone=patient.zone, now=now, new_key=new_public_id())
    written = replace(written, via=Via.LINK, day_chosen=True)
    try:
        if sent.problems:
            raise RefusedFields(list(sent.problems))
        with current.unit_of_work() as db:
            recorded = record_through_link(db, linked, body=sent.body, written=written, now=now)
    except RefusedFields as fault:
        return _form(linked, form, client_key=written.client_key, fault=fault), 422
    if recorded is None:
        return flask.render_template("check_in_links/over.html", was_used=True), 410
    flask.session[_JUST_SENT] = {
        "patient": linked.patient_id,
        "check_in": recorded.check_in_id,
        "at": now.isoformat(),
    }
    # To an address without the secret: it leaves the address bar and is in no later request.
    return flask.redirect(flask.url_for("check_in_links.saved"), 303)


def _form(
    linked: LinkedDelivery,
    values: MultiDict[str, str],
    *,
    client_key: str,
    fault: RefusedFields | None = None,
) -> str:
    patient = current.db().get_one(Patient, linked.patient_id)
    errors = at_their_fields(fault, values)
    return flask.render_template(
        "check_in_links/write.html",
        day=linked.local_date,
        values=values,
        to_fix=in_summary(errors),
        errors=errors,
        mood_question=_(MOOD_NOW if _goes_on(linked.local_date, patient.zone) else MOOD_THEN),
        asked={
            name: _(pair[local_day(current.now(), patient.zone) != linked.local_date])
            for name, pair in QUESTIONS.items()
        },
        options=words.options(sleep_tiles=(), activity_tiles=()),
        note_length=NOTE_LENGTH,
        client_key=client_key,
        waits=[str(by // _HOUR) for by in ways_to_wait(current.db(), linked, now=current.now())],
    )


def _goes_on(day: date, zone: str) -> bool:
    now = current.now()
    return day in (local_day(now, zone), default_day(now, zone))
