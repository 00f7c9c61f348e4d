"""When the patient is asked how they are, what became of it so far, and one to try out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

import flask
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from journal.domain.days import local_day
from journal.domain.errors import Refused
from journal.domain.reminder_decisions import TRIAL, why
from journal.domain.reminder_limits import LONGEST_PAUSE
from journal.domain.reminders import Due, ReminderRule
from journal.languages import gettext as _
from journal.messages import sentence
from journal.services import patients as journals
from journal.services import reminders as acts
from journal.services.push import known_key
from journal.services.reminder_lines import LINES
from journal.services.reminders import CHECK_IN, EMAIL, PUSH, SMS
from journal.services.throttles import may_try
from journal.storage import deliveries, patients, push, reminders, sms
from journal.storage.deliveries import DeliveryLine, DeliveryState
from journal.web import current, zones
from journal.web.attempts import Attempt
from journal.web.forms.reminders import OWN_TIMES, ReminderForm, Shown, filled, suggested
from journal.web.labels import WHY_NEXT, outcome_words, way_words
from journal.web.push import of_this_browser
from journal.wording import clock, long_day, on_a_phone, week_begins, weekday_letters, weekdays

SHOWN = 14
"""Lines of the log on the page."""
LOGGED = timedelta(days=62)
"""How far back the page of all that was sent goes."""
LOGGED_MOST = 1000
TRIALS_MOST = ("5 per hour",)
"""Messages that an account may ask for to try a way out: each costs somebody's attention, and some cost money."""
TRIAL_TAKES = timedelta(minutes=1)
"""For how long the page of a trial looks again by itself."""
LOOK_AGAIN = 3
"""Seconds between two looks."""
_TRIED = "tried"


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the log, in words: what became of a message, and when and by which way it was to come."""

    outcome: str
    detail: str


@dataclass(frozen=True, slots=True)
class Ways:
    """By what a patient can be reached besides email.

    ``number``: the last digits of their own number, None where there is none that takes messages. ``said_stop``: STOP
    came from it. ``other_browsers``: public ids of the browsers besides this one that take notifications.
    """

    has_gateway: bool
    number: str | None
    said_stop: bool
    here: bool
    other_browsers: tuple[str, ...]

    @property
    def shown(self) -> Shown:
        """The same, as the form needs to know it."""
        return Shown(sms=self.number is not None, here=self.here, elsewhere=bool(self.other_browsers))


def mine() -> ResponseReturnValue:
    """Times, days, ways, quiet hours, a pause; beneath them what was sent and what was not."""
    patient, account_id = current.patient(), current.account().account_id
    today = local_day(current.now(), patient.zone)
    row = reminders.reminder_of(current.db(), account_id, kind=CHECK_IN)
    rule = reminders.rule_if_readable(row) if row else None
    channels = [str(channel) for channel in row.channels] if row else []
    form = ReminderForm(data=filled(rule, channels, today=today) if rule else suggested(patient.zone))
    ways, attempt = _ways(current.db(), account_id), Attempt()
    if form.validate_on_submit():
        with attempt.trying():
            _save(form, account_id, ways)
        if attempt.succeeded:
            flask.flash("reminders")
            return flask.redirect(flask.url_for("reminders.mine"), 303)
    db, zone = current.db(), patient.zone
    coming = acts.next_due(db, account_id, now=current.now())
    lines = deliveries.deliveries_of(db, account_id, limit=SHOWN + 1)
    own_key = known_key(db)
    page = flask.render_template(
        "reminders/mine.html",
        form=form,
        errors=attempt.errors,
        is_saved=not attempt.errors and bool(flask.get_flashed_messages()),
        news=_news(coming, zone, rule, [one for one in channels if one != SMS or ways.number]),
        zones=zones.choices_with(form.zone.data or ""),
        days=_days(patient.region),
        own_times_open=form.has_own_times or any(name in attempt.errors for name in OWN_TIMES),
        email=current.account().email,
        ways=ways,
        push_key=own_key.public if own_key else None,
        may_try=rule is not None,
        first_day_after=today + timedelta(days=1),
        longest_pause=today + LONGEST_PAUSE,
        preview=_preview(form.first.data or form.second.data or ""),
        line=_(LINES[0]),
        log=_by_day(lines[:SHOWN], zone),
        has_earlier=len(lines) > SHOWN,
    )
    return page, attempt.status


def sent() -> str:
    """Two months of what was sent and what was not, day by day."""
    zone = current.patient().zone
    lines = deliveries.deliveries_of(
        current.db(), current.account().account_id, limit=LOGGED_MOST, since=current.now() - LOGGED
    )
    return flask.render_template("reminders/sent.html", log=_by_day(lines, zone))


def attempt() -> ResponseReturnValue:
    """Send one now by one way, and go to where its outcome will be read."""
    person, channel = current.account(), flask.request.form.get("channel", "")
    if channel not in _ways_to_try(_ways(current.db(), person.account_id)):
        flask.abort(404)
    if not may_try(current.journal().database, "trial", person.account_public_id, most=TRIALS_MOST):
        return flask.render_template(
            "reminders/tried.html", refused=sentence(Refused("trial_too_often"))
        ), 429
    try:
        with current.unit_of_work() as db:
            slot = acts.try_channel(db, person.account_id, channel, now=current.now())
    except Refused as fault:
        return flask.render_template("reminders/tried.html", refused=sentence(fault)), 422
    trial_id = slot.removeprefix(TRIAL)
    flask.session[_TRIED] = {"trial": trial_id, "at": current.now().isoformat()}
    return flask.redirect(flask.url_for("reminders.tried", trial_id=trial_id), 303)


def tried(trial_id: str) -> str:
    """What came back of a trial; until then a page that looks again by itself, for a minute."""
    lines = deliveries.deliveries_of(
        current.db(), current.account().account_id, limit=1, slot=TRIAL + trial_id
    )
    asked = flask.session.get(_TRIED) or {}
    is_asked = asked.get("trial") == trial_id
    if not lines and not is_asked:
        flask.abort(404)
    waits = not lines or lines[0].state in {DeliveryState.CLAIMED, DeliveryState.SENDING}
    is_new = is_asked and current.now() < datetime.fromisoformat(asked["at"]) + TRIAL_TAKES
    return flask.render_template(
        "reminders/tried.html",
        outcome=outcome_words(lines[0].state, lines[0].reason) if lines else None,
        way=way_words(lines[0].channel) if lines else None,
        is_sent=bool(lines) and lines[0].state is DeliveryState.SENT,
        waits=waits,
        look_again=LOOK_AGAIN if waits and is_new else None,
    )


def _save(form: ReminderForm, account_id: int, ways: Ways) -> None:
    """Keep what the form says; refuses what cannot be."""
    now = current.now()
    asked = form.rule(today=local_day(now, form.known_zone(current.patient().zone)), shown=ways.shown)
    with current.unit_of_work() as db:
        here = patients.patient_of_account(db, account_id)
        if here is None:
            flask.abort(404)
        channels = form.channels(ways.shown)
        row = reminders.reminder_of(db, account_id, kind=CHECK_IN)
        if ways.said_stop and row is not None and SMS in row.channels:
            channels.append(SMS)  # not on the page until START, which brings messages back
        journals.change_zone(db, here, asked.zone, now=now)
        refuses_push = bool(ways.other_browsers) and not form.push.data
        acts.set_reminder(db, account_id, rule=asked, channels=channels, now=now, refuses_push=refuses_push)
        if refuses_push:
            push.forget(db, ways.other_browsers)


def _ways(db: Session, account_id: int) -> Ways:
    has_gateway = current.journal().texts is not None
    known = sms.number_of(db, account_id) if has_gateway else None
    browsers = [one.public_id for one in push.subscriptions_of(db, account_id)]
    of_here = of_this_browser()
    return Ways(
        has_gateway=has_gateway,
        number=known.ending if known is not None and known.takes_messages else None,
        said_stop=known is not None and known.stopped_at is not None,
        here=any(one in of_here for one in browsers),
        other_browsers=tuple(one for one in browsers if one not in of_here),
    )


def _ways_to_try(ways: Ways) -> set[str]:
    can_push = ways.here or bool(ways.other_browsers)
    return {EMAIL} | ({PUSH} if can_push else set()) | ({SMS} if ways.number else set())


def _news(coming: Due | None, zone: str, rule: ReminderRule | None, channels: list[str]) -> str:
    """When the next one comes, and what for; or why none will."""
    if rule is not None and rule.stopped:
        return _("Reminders are off.")
    if rule is not None and not channels:
        return _("No way to reach you is switched on, so nothing comes.")
    if coming is None:
        return ""
    when = _(
        "Next one: %(day)s at %(time)s.", day=long_day(coming.local_date), time=clock(coming.due_at, zone)
    )
    return f"{when} {_(WHY_NEXT[why(coming.slot)])}"


def _by_day(lines: Iterable[DeliveryLine], zone: str) -> list[tuple[date, list[Logged]]]:
    """The log, the newest day first, each day's messages the newest first."""
    return [
        (day, [_logged(line, zone) for line in of_day])
        for day, of_day in groupby(lines, key=lambda line: line.local_date)
    ]


def _logged(line: DeliveryLine, zone: str) -> Logged:
    at = _("%(time)s, %(way)s", time=clock(line.due_at, zone), way=way_words(line.channel))
    if line.slot.startswith(TRIAL):
        at = _("%(time)s, %(way)s, tried out", time=clock(line.due_at, zone), way=way_words(line.channel))
    return Logged(outcome_words(line.state, line.reason), at)


def _days(region: str) -> list[tuple[str, str, str]]:
    """The days of the week as tiles show them, in the order in which the person's calendar has them."""
    days = [
        (str(number), letter, name)
        for number, (letter, (_short, name)) in enumerate(zip(weekday_letters(), weekdays(), strict=True), 1)
    ]
    begin = week_begins(region)
    return days[begin:] + days[:begin]


def _preview(typed: str) -> tuple[str, str]:
    """What the clock of a locked phone would show, and the same for machines."""
    try:
        wall = time.fromisoformat(typed)
    except ValueError:
        wall = time(20)
    return on_a_phone(wall), wall.isoformat("minutes")
