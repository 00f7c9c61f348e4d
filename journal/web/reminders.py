"""When the patient is asked how they are, and what became of it so far."""

from __future__ import annotations

from datetime import time

import flask
from flask.typing import ResponseReturnValue

from journal.domain.errors import Refused, RefusedFields
from journal.languages import gettext as _
from journal.messages import by_field
from journal.services import patients as journals
from journal.services import reminders as acts
from journal.services.reminders import CHECK_IN, LINES
from journal.storage import patients, reminders
from journal.web import current, zones
from journal.web.forms.reminders import ReminderForm, filled, suggested
from journal.web.labels import DELIVERIES
from journal.wording import on_a_phone, week_begins, weekday_letters, weekdays

SHOWN = 14
"""Lines of the log on the page."""


def mine() -> ResponseReturnValue:
    """Two times, days, zone, the way; beneath them what was sent and what was not."""
    patient, account_id = current.patient(), current.account().account_id
    row = reminders.reminder_of(current.db(), account_id, kind=CHECK_IN)
    rule = reminders.rule_if_readable(row) if row else None
    channels = [str(channel) for channel in row.channels] if row else []
    form = ReminderForm(data=filled(rule, channels) if rule else suggested(patient.zone))
    errors: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            asked = form.rule()
            with current.unit_of_work() as db:
                here = patients.patient_of_account(db, account_id)
                if here is None:
                    flask.abort(404)
                journals.change_zone(db, here, asked.zone, now=current.now())
                acts.set_reminder(db, account_id, rule=asked, channels=form.channels(), now=current.now())
            flask.flash("reminders")
            return flask.redirect(flask.url_for("reminders.mine"), 303)
        except (Refused, RefusedFields) as fault:
            errors = by_field(fault)
    db = current.db()
    page = flask.render_template(
        "reminders/mine.html",
        form=form,
        errors=errors,
        is_saved=not errors and bool(flask.get_flashed_messages()),
        is_stopped=rule is not None and rule.stopped,
        coming=acts.next_reminder(db, account_id, now=current.now()),
        zone=patient.zone,
        zones=zones.choices_with(form.zone.data or ""),
        days=_days(patient.region),
        email=current.account().email,
        preview=_preview(form.first.data or form.second.data or ""),
        line=_(LINES[0]),
        log=[
            (line, _(DELIVERIES[line.state, line.reason]))
            for line in reminders.deliveries_of(db, account_id, limit=SHOWN)
        ],
    )
    return page, 422 if errors else 200


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
