"""A patient's check-ins: today, the form, what is kept of it, and the calendar of everything before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import flask
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from journal.domain.access_limits import JUST_SENT_IS_SHOWN
from journal.domain.aftercare import before_is_open
from journal.domain.care_words import mentions_hard_thoughts
from journal.domain.checkins import (
    DAYS_BACK,
    CheckIn,
    default_day,
    reckon,
)
from journal.domain.consents import WHOLE
from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.domain.home_screen import is_offered
from journal.domain.moods import LOW_MOOD
from journal.domain.safety_flags import STAYS_AT_HAND
from journal.domain.treatments import Marker, TreatmentSession, markers, next_planned
from journal.domain.trends import AROUND_DAYS, DAY, days_of
from journal.languages import gettext as _
from journal.services import checkins as acts
from journal.services import long_term_checks
from journal.services.aftercare import tell_after, urgent_now
from journal.services.checkins import Outcome, Recorded
from journal.storage import (
    assessments,
    checkins,
    help_panels,
    summaries,
    support,
    transfers,
    treatments,
)
from journal.storage.activities import activity_labels
from journal.storage.base import new_public_id
from journal.storage.patients import Patient
from journal.web import aftercare, calendars, current, safety, unlocking
from journal.web import check_in_words as words
from journal.web.assessment_words import open_lines
from journal.web.charts import days as charts
from journal.web.charts.days import Chart
from journal.web.charts.parts import Period
from journal.web.check_in_forms import edit_form, new_form, nights_of, refuse_all_at_once
from journal.web.check_in_lines import line_of, lines_of, others_of
from journal.web.forms import checkins as reading
from journal.web.forms.aftercare import read_told
from journal.web.labels import MOOD_NOW
from journal.web.previews import coming_visit

_JUST_SENT = "just_checked_in"
QUIET_DAYS = 3
"""After this many dates without a check-in a person is welcomed back, and told that nothing has to be caught up."""


def today() -> str:
    """How are you right now: the mood with Save in the first view, then what comes and what was."""
    if current.is_locked():
        return _today_while_locked()
    db, patient, now, date_now = current.db(), current.patient(), current.now(), current.today()
    last_on = summaries.summary(db, patient.id).last_check_in_on
    given = treatments.treatments_of(db, patient.id)
    planned = next_planned(given, date_now)
    return flask.render_template(
        "checkins/today.html",
        name=patient.display_name,
        zone=patient.zone,
        today=date_now,
        greeting=words.greeting(now, patient.zone, name=patient.display_name),
        is_first=last_on is None,
        is_back=last_on is not None and (date_now - last_on).days > QUIET_DAYS,
        entries=lines_of(reversed(checkins.check_ins_between(db, patient.id, date_now, date_now))),
        chart=_two_weeks(patient, date_now, markers(given)),
        planned=planned,
        planned_in=words.days_ahead(planned.local_date, date_now) if planned else "",
        planned_number=len(markers(given)) + 1,
        nights=nights_of(patient),
        question=_(MOOD_NOW),
        client_key=new_public_id(),
        asks_check_up=_asks_check_up(patient, given),
        questionnaires=open_lines(assessments.waiting_of(db, patient.id), date_now),
        sessions=aftercare.on_today(db, patient, given, today=date_now),
        help_left_open=help_panels.left_open(db, patient.id, since=now - STAYS_AT_HAND),
        can_get_ready=planned is not None and before_is_open(planned, date_now),
        visit=coming_visit(db, patient, now=now),
        offers_home_screen=is_offered(patient.preferences, has_checked_in_today=last_on == date_now),
    )


def _asks_check_up(patient: Patient, given: Sequence[TreatmentSession]) -> bool:
    """Whether the two-weekly questions wait to be answered."""
    due = long_term_checks.due_on(current.db(), patient, given, now=current.now())
    return due is not None and due <= current.today()


def new() -> ResponseReturnValue:
    """The whole form, for today or a day of the last thirty; and where it, and the short one, are sent."""
    if flask.request.method == "POST":
        return _create()
    patient, date_now = current.patient(), current.today()
    asked, problem = _asked_day(date_now)
    nights = nights_of(patient)
    return new_form(
        patient,
        MultiDict(),
        day=asked or default_day(current.now(), patient.zone),
        is_named=asked is not None or bool(nights),
        fault=None if problem is None else RefusedFields([problem]),
        client_key=new_public_id(),
    )


def show(check_in_id: str) -> str:
    """One check-in with everything kept of it."""
    db, patient = current.db(), current.patient()
    kept = _own(patient, check_in_id)
    labels = activity_labels(db, patient.id)
    return flask.render_template(
        "checkins/show.html",
        line=line_of(kept),
        zone=kept.zone,
        answers=words.answers(kept.body, labels),
        others=others_of(db, patient, check_in_id, labels),
    )


def saved(check_in_id: str) -> ResponseReturnValue:
    """What was stored. After a low number, people come before the picture; nobody else is told.

    A phone that is locked is shown what it has just sent itself, and no other entry.
    """
    is_locked = current.is_locked()
    if is_locked and not _has_just_sent(check_in_id):
        return unlocking.ask_first()
    patient, date_now = current.patient(), current.today()
    kept = _own(patient, check_in_id)
    mood = kept.body.mood
    shown = {
        "line": line_of(kept),
        "zone": kept.zone,
        "today": date_now,
        "is_low": mood is not None and mood <= LOW_MOOD,
        # Asked of the words as the page is drawn, and kept nowhere: it may be wrong either way.
        "says_hard_things": mentions_hard_thoughts(kept.body.note),
        "call": safety.nearest_line(patient.region, current.now().date()),
    }
    if is_locked:
        is_urgent = flask.session[_JUST_SENT].get("is_urgent", False)
        return flask.render_template(
            "checkins/saved_while_locked.html", **shown, chart=None, is_urgent=is_urgent
        )
    given = treatments.treatments_of(current.db(), patient.id)
    urgent = urgent_now(current.db(), patient, today=date_now) if given else []
    return flask.render_template(
        "checkins/saved.html",
        **shown,
        chart=_two_weeks(patient, date_now, markers(given)),
        urgent=aftercare.urgent_words(urgent),
        has_plan=(shown["is_low"] or shown["says_hard_things"])
        and support.has_plan(current.db(), patient.id),
    )


def remember_just_sent(check_in_id: str, *, is_urgent: bool = False) -> None:
    """This browser has just sent it: locked or not, it is shown its confirmation for a little while.

    ``is_urgent``: something in it should not wait, which is said there first.
    """
    flask.session[_JUST_SENT] = {
        "check_in": check_in_id,
        "at": current.now().isoformat(),
        "is_urgent": is_urgent,
    }


def edit(check_in_id: str) -> ResponseReturnValue:
    """Change a check-in; the earlier version stays with its writer."""
    patient = current.patient()
    kept = _own(patient, check_in_id)
    if flask.request.method == "GET":
        return edit_form(patient, kept, reading.fields_of(kept.body), seen_version=kept.version)
    form = flask.request.form
    sent = reading.read_body(form, local_date=kept.body.local_date)
    seen_version = reading.read_version(form)
    try:
        if sent.problems:
            refuse_all_at_once(patient, sent, None, [])
        with current.unit_of_work() as db:
            recorded = acts.amend_check_in(
                db,
                patient,
                check_in_id=check_in_id,
                seen_version=seen_version,
                body=sent.body,
                recorded_at=reading.read_moment(form.get("recorded_at", "")) or current.now(),
                sent_at=reading.read_moment(form.get("sent_at", "")),
                now=current.now(),
            )
    except RefusedFields as fault:
        return edit_form(patient, kept, form, seen_version=seen_version, fault=fault), 422
    return _answer(patient, recorded)


def delete(check_in_id: str) -> ResponseReturnValue:
    """Ask once, then remove it with every version of it."""
    patient = current.patient()
    if flask.request.method == "GET":
        kept = _own(patient, check_in_id)
        return flask.render_template("checkins/delete.html", line=line_of(kept), zone=kept.zone)
    with current.unit_of_work() as db:
        acts.delete_check_in(db, patient, check_in_id=check_in_id, now=current.now())
    return flask.redirect(flask.url_for("checkins.history", deleted=1), 303)


def history() -> str:
    """A month as a calendar, and its check-ins in full beneath."""
    db, patient, date_now = current.db(), current.patient(), current.today()
    month = calendars.read_month(flask.request.args.get("month", ""), today=date_now)
    last = calendars.last_day(month)
    found = checkins.check_ins_between(db, patient.id, month, last)
    summaries_of_days = days_of(checkins.readings_for(db, patient.id, first=month, last=last, sight=WHOLE))
    given = treatments.treatments_of(db, patient.id)
    earliest = min(
        checkins.first_logged_on(db, patient.id) or date_now,
        transfers.first_imported_day(db, patient.id) or date_now,
        patient.first_day - timedelta(days=DAYS_BACK),
    )
    return flask.render_template(
        "checkins/history.html",
        month=month,
        weekdays=calendars.weekdays(patient.region),
        weeks=calendars.weeks(
            month,
            {day.local_date: day for day in summaries_of_days},
            today=date_now,
            region=patient.region,
            treatments={
                one.local_date: _("session %(number)s", number=one.label[1:]) for one in markers(given)
            },
            entries=lambda day: f"#d-{day.isoformat()}",
            write=lambda day: flask.url_for("checkins.new", day=day.isoformat()),
        ),
        earlier=(month - DAY).replace(day=1) if month > earliest else None,
        later=last + DAY if last < date_now else None,
        is_now=month == date_now.replace(day=1),
        lines=lines_of(reversed(found)),
        imported=[
            (one.local_date, words.imported(one))
            for one in reversed(transfers.imported_days(db, patient.id, month, last))
        ],
        was_deleted="deleted" in flask.request.args,
    )


def _today_while_locked() -> str:
    """The same for whoever holds the phone: no name, no picture, nothing of before but whether today is done."""
    db, patient, date_now = current.db(), current.patient(), current.today()
    return flask.render_template(
        "checkins/today_while_locked.html",
        today=date_now,
        is_done=summaries.summary(db, patient.id).last_check_in_on == date_now,
        nights=nights_of(patient),
        question=_(MOOD_NOW),
        client_key=new_public_id(),
    )


def _create() -> ResponseReturnValue:
    patient, form, now = current.patient(), flask.request.form, current.now()
    written = reading.read_written(form, zone=patient.zone, now=now, new_key=new_public_id())
    unread_day: list[Refused] = []
    day = reading.read_day(form, written=written, problems=unread_day)
    after = read_told(form)
    sent = reading.read_body(form, local_date=day)
    sent = replace(sent, problems=(*sent.problems, *after.problems))
    try:
        if unread_day or sent.problems:
            refuse_all_at_once(patient, sent, written, unread_day)
        with current.unit_of_work() as db:
            recorded = acts.record_check_in(db, patient, body=sent.body, written=written, now=now)
            is_urgent = tell_after(
                db,
                patient,
                after.told,
                recorded,
                actor_account_id=current.account().account_id,
                now=now,
            )
    except RefusedFields as fault:
        page = new_form(
            patient,
            form,
            day=reckon(sent.body, written, received_at=now, first_day=patient.first_day).local_date,
            is_named=written.day_chosen,
            fault=fault,
            client_key=written.client_key,
        )
        return page, 422
    return _answer(patient, recorded, is_urgent=is_urgent)


def _answer(patient: Patient, recorded: Recorded, *, is_urgent: bool = False) -> ResponseReturnValue:
    if recorded.outcome is Outcome.DELETED:
        return flask.render_template("checkins/gone.html"), 410
    remember_just_sent(recorded.check_in_id, is_urgent=is_urgent)
    if recorded.outcome is Outcome.CONFLICT and current.is_locked():
        key = _own(patient, recorded.check_in_id).client_key
        return flask.render_template("checkins/conflict_while_locked.html", client_key=key), 409
    if recorded.outcome is not Outcome.CONFLICT:
        return flask.redirect(flask.url_for("checkins.saved", check_in_id=recorded.check_in_id), 303)
    db = current.db()
    labels = activity_labels(db, patient.id)
    kept = _own(patient, recorded.check_in_id)
    page = flask.render_template(
        "checkins/conflict.html",
        line=line_of(kept),
        zone=kept.zone,
        answers=words.answers(kept.body, labels),
        others=others_of(db, patient, recorded.check_in_id, labels),
    )
    return page, 409


def _has_just_sent(check_in_id: str) -> bool:
    """Whether this browser sent the check-in, a few minutes ago at the most."""
    sent = flask.session.get(_JUST_SENT)
    if not sent or sent["check_in"] != check_in_id:
        return False
    return current.now() < datetime.fromisoformat(sent["at"]) + JUST_SENT_IS_SHOWN


def _asked_day(date_now: date) -> tuple[date | None, Refused | None]:
    """The day that the address names, or why it cannot be."""
    named = flask.request.args.get("day", "")
    if not named:
        return None, None
    try:
        day = date.fromisoformat(named)
    except ValueError:
        return None, Refused("not_a_day", field="day")
    if day > date_now:
        return None, Refused("day_in_future", field="day")
    if day < date_now - timedelta(days=DAYS_BACK):
        return None, Refused("day_too_old", field="day", days=DAYS_BACK)
    return day, None


def _own(patient: Patient, check_in_id: str) -> CheckIn:
    kept = checkins.check_in_of(current.db(), patient.id, check_in_id)
    if kept is None:
        raise NotFound
    return kept


def _two_weeks(patient: Patient, last: date, given: list[Marker]) -> Chart | None:
    first = last - timedelta(days=13)
    first_read = first - timedelta(days=AROUND_DAYS)
    readings = checkins.readings_for(current.db(), patient.id, first=first_read, last=last, sight=WHOLE)
    return charts.two_weeks(days_of(readings), Period(first, last, patient.first_day), treatments=given)
