"""A patient's check-ins: today, the form, what is kept of it, and the calendar of everything before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

import flask
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from journal.domain.access_limits import JUST_SENT_IS_SHOWN
from journal.domain.aftercare import before_is_open
from journal.domain.care_words import mentions_hard_thoughts
from journal.domain.checkins import (
    ASKED_LATER,
    DAYS_BACK,
    NOTE_LENGTH,
    CheckIn,
    CheckInBody,
    KeptBody,
    Written,
    check,
    default_day,
    reckon,
)
from journal.domain.consents import WHOLE, Scope
from journal.domain.days import is_after_midnight, local_day
from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.domain.home_screen import is_offered
from journal.domain.moods import LOW_MOOD
from journal.domain.safety_flags import STAYS_AT_HAND
from journal.domain.treatments import Marker, TreatmentSession, markers, next_planned
from journal.domain.trends import AROUND_DAYS, DAY, days_of
from journal.languages import gettext as _
from journal.messages import sentence
from journal.services import activities as activity_acts
from journal.services import checkins as acts
from journal.services import long_term_checks
from journal.services.aftercare import tell_after, urgent_now
from journal.services.checkins import Outcome, Recorded
from journal.storage import (
    assessments,
    check_in_versions,
    checkins,
    help_panels,
    patients,
    summaries,
    support,
    transfers,
    treatments,
)
from journal.storage.activities import Chip, activity_labels, chips_for
from journal.storage.base import new_public_id
from journal.storage.patients import Patient
from journal.web import aftercare, calendars, charts, current, safety, unlocking
from journal.web import check_in_words as words
from journal.web.assessment_words import open_lines
from journal.web.chart_parts import Period
from journal.web.charts import Chart
from journal.web.forms import checkins as reading
from journal.web.forms.activities import ActivityForm
from journal.web.forms.aftercare import read_told
from journal.web.forms.checkins import at_their_fields, in_summary
from journal.web.labels import MOOD_NOW, MOOD_THEN, QUESTIONS, READERS
from journal.web.previews import coming_visit

_JUST_SENT = "just_checked_in"
QUIET_DAYS = 3
"""After this many dates without a check-in a person is welcomed back, and told that nothing has to be caught up."""


@dataclass(frozen=True, slots=True)
class Line:
    """One check-in as lists and pages show it."""

    kept: CheckIn
    word: str
    in_short: str
    filled_in: str


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A body that does not count any more, or never did, with its answers."""

    kept: KeptBody
    word: str
    answers: list[tuple[str, str]]


class OwnForm(NamedTuple):
    """What makes the form one person’s own: their activities (code, label) and items, and who could read it."""

    chips: list[tuple[str, str]]
    items_on: set[str]
    note_readers: list[str]
    score_readers: list[str]
    shares_notes: bool


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
        entries=_lines(reversed(checkins.check_ins_between(db, patient.id, date_now, date_now))),
        chart=_two_weeks(patient, date_now, markers(given)),
        planned=planned,
        planned_in=words.days_ahead(planned.local_date, date_now) if planned else "",
        planned_number=len(markers(given)) + 1,
        nights=_nights(patient),
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
    nights = _nights(patient)
    return _form(
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
        line=_line(kept),
        zone=kept.zone,
        answers=words.answers(kept.body, labels),
        others=_others(patient, check_in_id, labels),
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
        "line": _line(kept),
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
        return _edit_form(patient, kept, reading.fields_of(kept.body), seen_version=kept.version)
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
        return _edit_form(patient, kept, form, seen_version=seen_version, fault=fault), 422
    return _answer(patient, recorded)


def delete(check_in_id: str) -> ResponseReturnValue:
    """Ask once, then remove it with every version of it."""
    patient = current.patient()
    if flask.request.method == "GET":
        kept = _own(patient, check_in_id)
        return flask.render_template("checkins/delete.html", line=_line(kept), zone=kept.zone)
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
        lines=_lines(reversed(found)),
        imported=[
            (one.local_date, words.imported(one))
            for one in reversed(transfers.imported_days(db, patient.id, month, last))
        ],
        was_deleted="deleted" in flask.request.args,
    )


def activities() -> ResponseReturnValue:
    """The person's own list of activities: rename, add, hide, share."""
    patient = current.patient()
    form = ActivityForm()
    error = ""
    if form.validate_on_submit():
        try:
            with current.unit_of_work() as db:
                if form.chip.data:
                    activity_acts.change_activity(
                        db,
                        patient,
                        chip_id=form.chip.data,
                        label=form.label.data or "",
                        shared=form.shared.data,
                        hidden=form.hidden.data,
                        now=current.now(),
                    )
                else:
                    activity_acts.add_activity(
                        db, patient, label=form.label.data or "", shared=form.shared.data
                    )
            return flask.redirect(flask.url_for("checkins.activities"), 303)
        except Refused as fault:
            error = sentence(fault)
    page = flask.render_template(
        "checkins/activities.html",
        chips=_chips(patient),
        readers=_readers(patient, Scope.SCORES)[0],
        form=form,
        error=error,
    )
    return page, 422 if error else 200


def _today_while_locked() -> str:
    """The same for whoever holds the phone: no name, no picture, nothing of before but whether today is done."""
    db, patient, date_now = current.db(), current.patient(), current.today()
    return flask.render_template(
        "checkins/today_while_locked.html",
        today=date_now,
        is_done=summaries.summary(db, patient.id).last_check_in_on == date_now,
        nights=_nights(patient),
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
        page = _form(
            patient,
            form,
            day=reckon(sent.body, written, received_at=now, first_day=patient.first_day).local_date,
            is_named=written.day_chosen,
            fault=fault,
            client_key=written.client_key,
        )
        return page, 422
    return _answer(patient, recorded, is_urgent=is_urgent)


def refuse_all_at_once(
    patient: Patient, sent: reading.Sent, written: Written | None, unread_day: list[Refused]
) -> None:
    """Refuse what could not be read together with what of the rest may not be recorded."""
    problems = [*unread_day, *sent.problems]
    try:
        if written is None or unread_day:
            check(sent.body, written_on=None)
        else:
            acts.check_fits(patient, sent.body, written, now=current.now())
    except RefusedFields as fault:
        problems += fault.problems
    raise RefusedFields(problems)


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
        line=_line(kept),
        zone=kept.zone,
        answers=words.answers(kept.body, labels),
        others=_others(patient, recorded.check_in_id, labels),
    )
    return page, 409


def _has_just_sent(check_in_id: str) -> bool:
    """Whether this browser sent the check-in, a few minutes ago at the most."""
    sent = flask.session.get(_JUST_SENT)
    if not sent or sent["check_in"] != check_in_id:
        return False
    return current.now() < datetime.fromisoformat(sent["at"]) + JUST_SENT_IS_SHOWN


def _form(
    patient: Patient,
    values: MultiDict[str, str],
    *,
    day: date,
    is_named: bool,
    client_key: str,
    fault: RefusedFields | None = None,
) -> str:
    date_now = current.today()
    nights = _nights(patient)
    errors = at_their_fields(fault, values)
    asked, after = _asked(patient, values, day=day, errors=errors), None
    if (
        not current.is_locked()
    ):  # there, nothing says that there was a session, or what a clinic wants to know
        after, items = aftercare.questions(current.db(), patient, day)
        asked["items_on"] = asked["items_on"] | items  # type: ignore[operator]
    return flask.render_template(
        "checkins/new.html",
        **asked,
        after=after,
        is_named=is_named,
        nights=nights,
        is_picking="pick" in flask.request.args or "day" in errors or "local_date" in errors,
        earliest=date_now - timedelta(days=DAYS_BACK),
        today=date_now,
        # The night before last belongs to the day that has just begun.
        asks_sleep=not (nights and day != date_now),
        client_key=client_key,
    )


def _edit_form(
    patient: Patient,
    kept: CheckIn,
    values: MultiDict[str, str],
    *,
    seen_version: int,
    fault: RefusedFields | None = None,
) -> str:
    errors = at_their_fields(fault, values)
    return flask.render_template(
        "checkins/edit.html",
        **_asked(patient, values, day=kept.body.local_date, errors=errors, kept=kept.body),
        check_in_id=kept.public_id,
        seen_version=seen_version,
        asks_sleep=True,
    )


def _asked(
    patient: Patient,
    values: MultiDict[str, str],
    *,
    day: date,
    errors: dict[str, str],
    kept: CheckInBody | None = None,
) -> dict[str, object]:
    """What both forms need: the questions worded for their day, the answers so far, who could read them."""
    now = current.now()
    is_now = day in (local_day(now, patient.zone), default_day(now, patient.zone))
    then = day != local_day(now, patient.zone)
    return {
        "day": day,
        "values": values,
        "errors": errors,
        "to_fix": in_summary(errors),
        "mood_question": _(MOOD_NOW if is_now else MOOD_THEN),
        "asked": {name: _(pair[then]) for name, pair in QUESTIONS.items()},
        "options": words.options(
            sleep_tiles=reading.sleep_tiles(values), activity_tiles=reading.ACTIVITY_TILES
        ),
        "note_length": NOTE_LENGTH,
        "is_locked": current.is_locked(),
        **own_form(patient, kept)._asdict(),
    }


def own_form(patient: Patient, kept: CheckInBody | None = None) -> OwnForm:
    """The form as this person has it. What ``kept``, the check-in they are changing, has an answer to is asked too.

    Locked, it says nobody's name and none of the person's own words: an activity that they named is left out.
    """
    used = set(kept.activity_type) if kept else set()
    is_locked = current.is_locked()
    chips = [chip for chip in _chips(patient) if not chip.hidden or chip.code in used]
    note_readers, score_readers = _readers(patient, Scope.NOTES, Scope.SCORES)
    if is_locked:
        chips = [chip for chip in chips if not chip.typed]
        note_readers = [_("those who can read my notes")] if note_readers else []
        score_readers = [_("those who can see my days")] if score_readers else []
    return OwnForm(
        chips=[(chip.code, chip.label) for chip in chips],
        items_on=_turned_on(patient.preferences.get("items_on"), kept),
        note_readers=note_readers,
        score_readers=score_readers,
        shares_notes=bool(patient.preferences.get("share_notes")),
    )


def _chips(patient: Patient) -> list[Chip]:
    """A person's activities, the presets in the language being spoken."""
    return [
        replace(chip, label=words.activity_name(chip.code, chip.label))
        for chip in chips_for(current.db(), patient.id)
    ]


def _turned_on(on: object, kept: CheckInBody | None) -> set[str]:
    """The items a person turned on, and those that the check-in they are changing has an answer to."""
    chosen = {str(name) for name in on} if isinstance(on, list) else set()
    names = (*reading.ONLY_IF_ON, *ASKED_LATER)
    answered = {name for name in names if kept and getattr(kept, name) is not None}
    return chosen & set(reading.ONLY_IF_ON) | answered


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


def _nights(patient: Patient) -> tuple[date, date] | None:
    """Yesterday and today while it is not clear which of them the person means."""
    now = current.now()
    if not is_after_midnight(now, patient.zone):
        return None
    date_now = local_day(now, patient.zone)
    return date_now - DAY, date_now


def _own(patient: Patient, check_in_id: str) -> CheckIn:
    kept = checkins.check_in_of(current.db(), patient.id, check_in_id)
    if kept is None:
        raise NotFound
    return kept


def _lines(found: Iterable[CheckIn]) -> list[Line]:
    return [_line(kept) for kept in found]


def _line(kept: CheckIn) -> Line:
    return Line(
        kept=kept,
        word=words.mood_word(kept.body.mood),
        in_short=words.in_short(kept.body),
        filled_in=words.filled_in(kept.provenance),
    )


def _others(patient: Patient, check_in_id: str, labels: dict[str, str]) -> list[KeptLine]:
    return [
        KeptLine(kept=one, word=words.mood_word(one.body.mood), answers=words.answers(one.body, labels))
        for one in check_in_versions.versions_of(current.db(), patient.id, check_in_id)
    ]


def _readers(patient: Patient, *scopes: Scope) -> list[list[str]]:
    """For each scope those who can read now what is shared from it: “Lena Fischer, my therapist”."""
    readers = patients.readers_of(current.db(), patient.id, now=current.now())
    return [
        [_(READERS[one.kind], name=one.name) for one in readers if one.sight.opens(scope)] for scope in scopes
    ]


def _two_weeks(patient: Patient, last: date, given: list[Marker]) -> Chart | None:
    first = last - timedelta(days=13)
    first_read = first - timedelta(days=AROUND_DAYS)
    readings = checkins.readings_for(current.db(), patient.id, first=first_read, last=last, sight=WHOLE)
    return charts.two_weeks(days_of(readings), Period(first, last, patient.first_day), treatments=given)
