"""The form of the reminders as text and as a rule."""

from __future__ import annotations

from datetime import date, time

import pytest

from journal.domain.errors import RefusedFields
from journal.domain.reminders import EVERY_DAY, ReminderRule, SlotTime
from journal.web.forms.reminders import ReminderForm, Shown, filled, suggested
from tests.conftest import Site

FORM = {
    "first": "07:15",
    "second": "20:30",
    "days": ["1", "7"],
    "zone": "Europe/Berlin",
    "email": "1",
    "softer": "1",
}
DAYS = frozenset({1, 7})
RULE = ReminderRule(
    times=(SlotTime("checkin:1", time(7, 15), DAYS), SlotTime("checkin:2", time(20, 30), DAYS)),
    zone="Europe/Berlin",
)


TODAY = date(2026, 3, 30)


def read(site: Site, **changes: object) -> ReminderRule:
    with site.app.test_request_context(method="POST", data=FORM | changes):
        return ReminderForm().rule(today=TODAY)


def test_text_becomes_a_rule(site: Site) -> None:
    assert read(site) == RULE


def test_a_rule_becomes_the_form_that_would_send_it() -> None:
    assert filled(RULE, ["email"], today=TODAY) == {
        "first": "07:15",
        "second": "20:30",
        "days": ["1", "7"],
        "zone": "Europe/Berlin",
        "both_times": False,
        "follow_up": False,
        "email": True,
        "push": False,
        "sms": False,
        "quiet_from": "",
        "quiet_until": "",
        "softer": True,
        "pause": "",
        "pause_until": "",
    }


def at(slot: str, wall: str, *days: int) -> SlotTime:
    return SlotTime(slot, time.fromisoformat(wall), frozenset(days))


FIRST, SECOND = "checkin:1", "checkin:2"


@pytest.mark.parametrize(
    "times",
    [
        (at(FIRST, "10:00", 6, 7), at(FIRST, "20:00", 1, 2, 3, 4, 5)),
        (at(FIRST, "20:00", 1, 2, 3, 4, 5, 6, 7), at(SECOND, "21:00", 2, 4)),
        (at(FIRST, "09:00", 1, 2, 3), at(SECOND, "21:00", 4, 5, 6, 7)),
        (at(SECOND, "09:00", 1), at(SECOND, "10:00", 2), at(SECOND, "11:00", 3)),
        (at(FIRST, "09:00", 1), at(FIRST, "12:00", 2, 3, 4), at(SECOND, "12:00", 1), at(SECOND, "18:00", 4)),
    ],
)
def test_times_come_back_from_the_form_as_they_were(site: Site, times: tuple[SlotTime, ...]) -> None:
    rule = ReminderRule(times, "Europe/Berlin", softer=False)
    typed = {name: given for name, given in filled(rule, ["email"], today=TODAY).items() if given}
    with site.app.test_request_context(method="POST", data=typed):
        assert ReminderForm().rule(today=TODAY) == rule


def test_a_days_own_time_needs_no_tick(site: Site) -> None:
    rule = read(site, **{"second": "", "days": ["1"], "first-3": "09:00"})
    assert rule.times == (at(FIRST, "07:15", 1), at(FIRST, "09:00", 3))


def test_a_pause_counts_from_today_where_the_person_is(site: Site) -> None:
    assert read(site, pause="3").paused_until == date(2026, 4, 2)
    assert read(site, pause="7").paused_until == date(2026, 4, 6)
    assert read(site, pause="date", pause_until="2027-03-31").paused_until == date(2027, 3, 31)


def test_a_date_counts_only_where_it_was_chosen_so(site: Site) -> None:
    assert read(site, pause="", pause_until="not a date").paused_until is None


def channels(site: Site, shown: Shown, **typed: str) -> list[str]:
    with site.app.test_request_context(method="POST", data=typed):
        return ReminderForm().channels(shown)


def test_ways_that_were_not_offered_are_not_taken(site: Site) -> None:
    everything = {"email": "1", "push": "1", "sms": "1"}
    assert channels(site, Shown(), **everything) == ["email"]
    assert channels(site, Shown(sms=True, elsewhere=True), **everything) == ["email", "push", "sms"]


def test_a_browser_that_takes_notifications_says_so_by_itself(site: Site) -> None:
    assert channels(site, Shown(here=True, elsewhere=True)) == ["push"]
    assert channels(site, Shown(elsewhere=True)) == []


def test_each_time_keeps_its_slot_when_the_other_is_taken_away(site: Site) -> None:
    assert [chosen.slot for chosen in read(site, first="").times] == ["checkin:2"]


def test_a_stopped_rule_needs_neither_time_nor_way(site: Site) -> None:
    assert read(site, first="", second="", email="", pause="stop").stopped


def test_a_browser_that_sends_seconds_is_understood(site: Site) -> None:
    assert read(site, first="07:15:00") == RULE


def test_two_unreadable_times_are_named_together(site: Site) -> None:
    with pytest.raises(RefusedFields) as refused:
        read(site, first="early", second="late")
    assert [problem.field for problem in refused.value.problems] == ["first", "second"]


def test_a_way_that_is_switched_off_is_refused_unless_stopped(site: Site) -> None:
    without_email = {name: typed for name, typed in FORM.items() if name != "email"}
    with (
        site.app.test_request_context(method="POST", data=without_email),
        pytest.raises(RefusedFields) as refused,
    ):
        ReminderForm().rule(today=TODAY)
    assert [problem.code for problem in refused.value.problems] == ["reminder_channel_missing"]


def test_the_suggestion_is_the_evening_of_every_day() -> None:
    assert suggested("Asia/Tokyo") == {
        "first": "20:00",
        "days": [str(day) for day in sorted(EVERY_DAY)],
        "zone": "Asia/Tokyo",
        "email": True,
        "push": True,
        "quiet_from": "22:00",
        "quiet_until": "08:00",
        "softer": True,
    }
