"""What a provider is written: that there is something to read, and nothing more."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from journal.languages import gettext as _
from journal.services import digests
from journal.services.reminder_lines import NEWS_LINE
from journal.services.reminders import NOTES
from journal.storage import reminders
from journal.web import current
from journal.web.attempts import Attempt
from journal.web.forms.notes_to_me import NotesForm, filled


def mine() -> ResponseReturnValue:
    """The weekly note and the one before a visit: on or off, and at what hour."""
    account_id = current.account().account_id
    row = reminders.reminder_of(current.db(), account_id, kind=NOTES)
    rule = reminders.rule_if_readable(row) if row else None
    form = NotesForm(data=filled(rule, is_on=bool(row and row.channels)))
    attempt = Attempt()
    if form.validate_on_submit():
        with attempt.writing() as db:
            digests.set_notes(
                db,
                account_id,
                weekly_at=form.weekly_at(),
                before_visits=bool(form.before_visits.data),
                now=current.now(),
            )
        if attempt.succeeded:
            flask.flash("notes")
            return flask.redirect(flask.url_for("notes_to_me.mine"), 303)
    page = flask.render_template(
        "notes_to_me/mine.html",
        form=form,
        errors=attempt.errors,
        is_saved=not attempt.errors and bool(flask.get_flashed_messages()),
        email=current.account().email,
        line=_(NEWS_LINE),
        zone=digests.zone_of(current.db(), account_id),
    )
    return page, attempt.status
