"""The form of the notes that a provider is written."""

from __future__ import annotations

from datetime import time

import pytest

from journal.domain.errors import RefusedFields
from journal.domain.reminders import ReminderRule, SlotTime
from journal.web.forms.notes_to_me import NotesForm, filled
from tests.conftest import Site

MONDAYS = (SlotTime("digest", time(7, 30), frozenset({1})),)
BOTH = ReminderRule(MONDAYS, "Europe/Berlin", before_visits=True)


def weekly_at(site: Site, **typed: str) -> time | None:
    with site.app.test_request_context(method="POST", data=typed):
        return NotesForm().weekly_at()


def test_the_time_counts_where_the_weekly_note_is_on(site: Site) -> None:
    assert weekly_at(site, weekly="1", at="07:30") == time(7, 30)
    assert weekly_at(site, at="07:30") is None
    with pytest.raises(RefusedFields):
        weekly_at(site, weekly="1", at="soon")


def test_the_form_shows_what_is_wanted() -> None:
    assert filled(BOTH, is_on=True) == {"weekly": True, "at": "07:30", "before_visits": True}
    digest_alone = ReminderRule(MONDAYS, "Europe/Berlin")
    assert filled(digest_alone, is_on=True) == {"weekly": True, "at": "07:30", "before_visits": False}


def test_what_was_stopped_by_its_mail_is_off() -> None:
    assert filled(BOTH, is_on=False) == {"weekly": False, "at": "07:30", "before_visits": False}


def test_nothing_is_on_where_nothing_was_ever_set() -> None:
    assert filled(None, is_on=False) == {"weekly": False, "at": "08:00", "before_visits": False}
