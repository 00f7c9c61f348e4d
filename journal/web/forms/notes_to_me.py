"""The form of the notes that a provider is written."""

from __future__ import annotations

from datetime import time

from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField

from journal.domain.errors import Refused, RefusedFields
from journal.domain.reminder_limits import DIGEST_AT
from journal.domain.reminders import DIGEST, ReminderRule
from journal.web.forms.reading import read_time


class NotesForm(FlaskForm):
    """Two switches, and the time of the weekly note."""

    weekly = BooleanField()
    at = StringField()
    before_visits = BooleanField()

    def weekly_at(self) -> time | None:
        """When the weekly note is to come, None for never. Refuses a time that cannot be read, or is missing."""
        problems: list[Refused] = []
        at = read_time(self.at, problems, needed=True) if self.weekly.data else None
        if problems:
            raise RefusedFields(problems)
        return at


def filled(rule: ReminderRule | None, *, is_on: bool) -> dict[str, object]:
    """The form as a rule stands; ``is_on``: whether anything is sent at all."""
    at = next((one.wall for one in rule.times if one.slot == DIGEST), None) if rule else None
    runs = is_on and rule is not None and not rule.stopped
    return {
        "weekly": runs and at is not None,
        "at": (at or DIGEST_AT).strftime("%H:%M"),
        "before_visits": runs and rule is not None and rule.before_visits,
    }
