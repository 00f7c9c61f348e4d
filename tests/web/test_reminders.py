"""The patient's page of reminders over HTTP."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from journal.domain.reminders import SkipReason
from journal.languages import Language
from journal.services.reminders import CHECK_IN, Trouble
from journal.storage import reminders
from journal.storage.accounts import set_language
from journal.storage.reminders import DeliveryState
from journal.web.labels import DELIVERIES
from tests.builders import check_in, the_patient
from tests.cast import NOW
from tests.conftest import Site
from tests.reminding import begin, claim, queue, remind, sent, utc

EVERY_DAY = ["1", "2", "3", "4", "5", "6", "7"]
FORM = {"first": "20:30", "second": "", "days": EVERY_DAY, "zone": "Europe/Berlin", "email": "1"}


def save(site: Site, **changes: object) -> TestResponse:
    return site.as_(site.cast.alice).post("/reminders", data=FORM | changes)


def checked(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"[^>]* checked', page)


def value(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', page)
    return found[1] if found else ""


def test_a_new_patient_is_offered_eight_in_the_evening_every_day(site: Site) -> None:
    page = site.as_(site.cast.alice).get("/reminders").text
    assert (value(page, "first"), value(page, "second")) == ("20:00", "")
    assert sorted(checked(page, "days")) == EVERY_DAY
    assert checked(page, "email") == ["1"]
    assert checked(page, "stopped") == []
    assert "alice@example.org" in page
    assert '<option value="Europe/Berlin" selected>' in page


def test_the_lock_screen_is_shown_before_anything_is_set(site: Site) -> None:
    page = site.as_(site.cast.alice).get("/reminders").text
    assert '<time datetime="20:00">8:00</time>' in page
    assert "Got a minute?" in page
    assert "This is all anyone sees on your lock screen." in page


def test_the_lock_screen_says_what_the_message_will_say(site: Site) -> None:
    with site.database.unit_of_work() as db:
        set_language(db, site.cast.alice.account_id, Language.GREEK)
    assert "Έχεις ένα λεπτό;" in site.as_(site.cast.alice).get("/reminders").text


def days(page: str) -> list[tuple[str, str, str]]:
    """The tiles of the weekdays: as sent, as shown, as read aloud."""
    return re.findall(
        r'name="days" value="(\d)"[^>]*><span><span aria-hidden="true">([^<]+)</span><span class="vh">([^<]+)<',
        page,
    )


def test_the_days_are_named_as_the_person_reads_and_ordered_as_where_they_live(site: Site) -> None:
    with site.database.unit_of_work() as db:
        db.execute(sa.text("UPDATE patient SET region = 'US'"))
    page = site.as_(site.cast.alice).get("/reminders").text
    assert days(page)[:2] == [("7", "S", "Sunday"), ("1", "M", "Monday")]
    with site.database.unit_of_work() as db:
        set_language(db, site.cast.alice.account_id, Language.GREEK)
        db.execute(sa.text("UPDATE patient SET region = 'GR'"))
    page = site.as_(site.cast.alice).get("/reminders").text
    assert days(page)[:2] == [("1", "Δ", "Δευτέρα"), ("2", "Τ", "Τρίτη")]


def test_opening_the_page_sets_nothing(site: Site) -> None:
    site.as_(site.cast.alice).get("/reminders")
    assert queue(site.database) == []


def test_after_saving_the_next_one_is_named(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    answer = alice.post("/reminders", data=FORM | {"first": "20:00"})  # it is 20:00 now
    assert (answer.status_code, answer.location) == (303, "/reminders")
    page = alice.get("/reminders").text
    assert "Saved. Next one: Tuesday 31 March at 8:00 pm." in page
    assert "Saved." not in alice.get("/reminders").text
    assert "Next one: Tuesday 31 March at 8:00 pm." in alice.get("/reminders").text


def test_what_was_saved_stands_in_the_form(site: Site) -> None:
    save(site, first="07:15", second="20:30", days=["1", "3"], zone="America/New_York")
    page = site.as_(site.cast.alice).get("/reminders").text
    assert (value(page, "first"), value(page, "second")) == ("07:15", "20:30")
    assert sorted(checked(page, "days")) == ["1", "3"]
    assert '<option value="America/New_York" selected>' in page
    assert '<time datetime="07:15">7:15</time>' in page


def test_a_second_time_alone_is_fine(site: Site) -> None:
    assert save(site, first="", second="20:30").status_code == 303
    assert [slot for slot, _, _ in queue(site.database)] == ["checkin:2"]


def test_changing_the_zone_here_changes_it_everywhere(site: Site) -> None:
    save(site, zone="America/New_York")
    with site.database.look() as db:
        assert the_patient(db, site.cast.alice).zone == "America/New_York"
    assert "Your days follow it too" in site.as_(site.cast.alice).get("/reminders").text


def test_stopping_is_one_switch_and_keeps_the_times(site: Site) -> None:
    save(site)
    save(site, stopped="1")
    page = site.as_(site.cast.alice).get("/reminders").text
    assert "Reminders are off." in page
    assert value(page, "first") == "20:30"
    assert queue(site.database) == []


def test_starting_again_takes_the_switch_off(site: Site) -> None:
    save(site, stopped="1")
    save(site)
    assert len(queue(site.database)) == 1


@pytest.mark.parametrize(
    ("changes", "sentence", "field"),
    [
        ({"first": ""}, "Choose a time, or stop the reminders", "first"),
        ({"first": "25:61"}, "Write the time like 22:30", "first"),
        ({"second": "20:30"}, "These two times are the same on some days", "second"),
        ({"days": []}, "Choose at least one day for each time", "days"),
        ({"days": ["8", "monday"]}, "Choose at least one day for each time", "days"),
        ({"zone": "Atlantis/Capital"}, "Choose your time zone from the list", "zone"),
        ({"email": ""}, "Switch email on, or stop the reminders", "email"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(
    site: Site, changes: dict[str, object], sentence: str, field: str
) -> None:
    changes = {"first": "06:45", **changes} if field in {"days", "zone", "email"} else changes
    form = {name: given for name, given in (FORM | changes).items() if name != "email" or given}
    refused = site.as_(site.cast.alice).post("/reminders", data=form)
    assert refused.status_code == 422
    assert "<title>One thing to fix: Reminders" in refused.text
    assert f'<a href="#{field}">{sentence}' in refused.text
    assert f'id="{field}-error"' in refused.text
    assert value(refused.text, "first") == form.get("first", "")
    assert queue(site.database) == []


def test_a_refused_change_leaves_what_was_set(site: Site) -> None:
    save(site)
    save(site, first="")
    assert [due for _, _, due in queue(site.database)] == [utc("2026-03-30 18:30")]


def test_the_days_stand_in_the_order_of_the_persons_calendar(site: Site) -> None:
    def order() -> list[str]:
        page = site.as_(site.cast.alice).get("/reminders").text
        return re.findall(r'name="days" value="(\d)"', page)

    assert order() == EVERY_DAY
    with site.database.unit_of_work() as db:
        the_patient(db, site.cast.alice).region = "US"
    assert order() == ["7", "1", "2", "3", "4", "5", "6"]


# What was sent


def test_the_log_says_what_became_of_each_in_plain_words(site: Site) -> None:
    due = utc("2026-03-30 18:30")
    remind(site.database, site.cast.alice, "20:30", at=NOW)
    (first,) = claim(site.database, due).to_send
    begin(site.database, first, due)
    sent(site.database, first, due)
    with site.database.unit_of_work() as db:
        check_in(db, site.cast.alice, at=due + timedelta(hours=20))
    claim(site.database, due + timedelta(days=1))
    site.clock.moment = due + timedelta(days=1, minutes=1)
    page = site.as_(site.cast.alice).get("/reminders").text
    newest, oldest = page.index("Not sent: you had already checked in"), page.index(">Sent<")
    assert newest < oldest
    assert "Tuesday 31 March, 8:30 pm" in page
    assert "Monday 30 March, 8:30 pm" in page


def test_nobody_sees_anothers_log(site: Site) -> None:
    remind(site.database, site.cast.alice, "20:30", at=NOW)
    claim(site.database, utc("2026-03-30 18:30"))
    assert "What was sent" not in site.as_(site.cast.dan).get("/reminders").text


def test_a_rule_that_cannot_be_read_can_be_set_anew_on_the_page(site: Site) -> None:
    remind(site.database, site.cast.alice, "20:30", at=NOW)
    with site.database.unit_of_work() as db:
        row = reminders.reminder_of(db, site.cast.alice.account_id, kind=CHECK_IN)
        assert row is not None
        row.times = ["not a time"]
    assert site.as_(site.cast.alice).get("/reminders").status_code == 200
    assert save(site).status_code == 303


def test_every_outcome_has_its_words() -> None:
    reasons = {
        DeliveryState.CLAIMED: [None, Trouble.REFUSED, Trouble.FAULT],
        DeliveryState.SENDING: [None, Trouble.REFUSED, Trouble.FAULT],
        DeliveryState.SENT: [None],
        DeliveryState.UNKNOWN: [Trouble.NO_ANSWER, Trouble.INTERRUPTED],
        DeliveryState.FAILED: [Trouble.REFUSED, Trouble.FAULT, Trouble.GAVE_UP],
        DeliveryState.SKIPPED: list(SkipReason),
    }
    assert {(state, reason) for state, all_of in reasons.items() for reason in all_of} == set(DELIVERIES)


def test_the_words_blame_nobody() -> None:
    for text in DELIVERIES.values():
        assert not re.search(r"\b(fail|failed|missed|error|should|don.t forget)\b", text, re.IGNORECASE)
