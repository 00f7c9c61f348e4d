"""The form of the reminders as text and as a rule."""

from __future__ import annotations

from datetime import time

import pytest

from journal.domain.errors import Refused, RefusedFields
from journal.domain.reminders import EVERY_DAY, ReminderRule, SlotTime
from journal.web.forms.reminders import ReminderForm, filled, suggested
from tests.conftest import Site

FORM = {"first": "07:15", "second": "20:30", "days": ["1", "7"], "zone": "Europe/Berlin", "email": "1"}
DAYS = frozenset({1, 7})
RULE = ReminderRule(
    times=(SlotTime("checkin:1", time(7, 15), DAYS), SlotTime("checkin:2", time(20, 30), DAYS)),
    zone="Europe/Berlin",
)


def read(site: Site, **changes: object) -> ReminderRule:
    with site.app.test_request_context(method="POST", data=FORM | changes):
        return ReminderForm().rule()


def test_text_becomes_a_rule(site: Site) -> None:
    assert read(site) == RULE


def test_a_rule_becomes_the_form_that_would_send_it() -> None:
    assert filled(RULE, ["email"]) == {
        "first": "07:15",
        "second": "20:30",
        "days": ["1", "7"],
        "zone": "Europe/Berlin",
        "email": True,
        "stopped": False,
    }


def test_each_time_keeps_its_slot_when_the_other_is_taken_away(site: Site) -> None:
    assert [chosen.slot for chosen in read(site, first="").times] == ["checkin:2"]


def test_a_stopped_rule_needs_neither_time_nor_way(site: Site) -> None:
    assert read(site, first="", second="", email="", stopped="1").stopped


def test_a_browser_that_sends_seconds_is_understood(site: Site) -> None:
    assert read(site, first="07:15:00") == RULE


def test_two_unreadable_times_are_named_together(site: Site) -> None:
    with pytest.raises(RefusedFields) as refused:
        read(site, first="early", second="late")
    assert [problem.field for problem in refused.value.problems] == ["first", "second"]


def test_a_way_that_is_switched_off_is_refused_unless_stopped(site: Site) -> None:
    without_email = {name: typed for name, typed in FORM.items() if name != "email"}
    with site.app.test_request_context(method="POST", data=without_email), pytest.raises(Refused) as refused:
        ReminderForm().rule()
    assert refused.value.code == "reminder_channel_missing"


def test_the_suggestion_is_the_evening_of_every_day() -> None:
    assert suggested("Asia/Tokyo") == {
        "first": "20:00",
        "days": [str(day) for day in sorted(EVERY_DAY)],
        "zone": "Asia/Tokyo",
        "email": True,
    }
