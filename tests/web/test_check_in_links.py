"""The page behind a reminder's link, as somebody sees it who holds nothing but the link."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from journal.services.reminders import CHECK_IN
from journal.storage import checkins, reminders
from journal.storage.accounts import Account
from journal.storage.base import new_public_id
from journal.storage.checkins import CheckIn
from journal.storage.reminders import ONCE, ReminderQueue
from tests.builders import check_in, the_patient
from tests.cast import NOW, ZONE
from tests.conftest import Site
from tests.reminding import claim, mailed_link, remind, utc

SECRET_NOTE = "canary of an earlier day"


@pytest.fixture
def link(site: Site) -> str:
    """Of tonight's reminder; Alice wrote yesterday, with a note."""
    with site.database.unit_of_work() as db:
        check_in(db, site.cast.alice, 9, on=date(2026, 3, 29), note=SECRET_NOTE)
    return "/c/" + mailed_link(site.database, site.cast.alice, due=NOW)


def key_of(page: TestResponse) -> str:
    found = re.search(r'name="client_key" value="([^"]+)"', page.text)
    assert found
    return found[1]


def send(client: FlaskClient, link: str, **fields: str) -> TestResponse:
    return client.post(link, data={"client_key": new_public_id(), **fields})


def written(site: Site) -> list[tuple[date, int | None, str]]:
    """(date, mood, via) of what was written today."""
    with site.database.look() as db:
        rows = db.execute(
            sa.select(CheckIn.local_date, CheckIn.mood, CheckIn.via).where(CheckIn.via == "link")
        )
        return [(row.local_date, row.mood, row.via) for row in rows]


# What it shows


def test_the_page_asks_for_a_mood_and_says_nothing_about_anybody(site: Site, link: str) -> None:
    page = site.stranger().get(link)
    assert page.status_code == 200
    assert "How is your mood right now?" in page.text
    assert "Monday 30 March" in page.text
    for private in ("Alice", "alice", "Bob", "session", "Session", SECRET_NOTE, "trend", "History"):
        assert private not in page.text
    assert "<nav" not in page.text
    assert "<title>Check in · Tideline</title>" in page.text


def test_help_is_one_tap_away(site: Site, link: str) -> None:
    page = site.stranger().get(link).text
    assert 'href="/help"' in page
    assert "isn’t watched in real time" in page


def test_it_is_never_kept_by_a_cache(site: Site, link: str) -> None:
    assert site.stranger().get(link).headers["Cache-Control"] == "no-store"


def without_keys(text: str) -> str:
    text = re.sub(r'name="client_key" value="[^"]+"', "", text)
    return re.sub(r'name="csrf_token" value="[^"]*"', "", text)


@pytest.mark.parametrize("who", ["alice", "bob", "dan", "erin"])
def test_who_is_signed_in_changes_nothing(site: Site, link: str, who: str) -> None:
    as_stranger = site.stranger().get(link).text
    as_somebody = site.as_(getattr(site.cast, who)).get(link).text
    assert without_keys(as_somebody) == without_keys(as_stranger)


def test_entries_of_the_same_day_change_nothing(site: Site, link: str) -> None:
    before = site.stranger().get(link).text
    with site.database.unit_of_work() as db:
        check_in(db, site.cast.alice, 2, note=SECRET_NOTE)
    assert without_keys(site.stranger().get(link).text) == without_keys(before)


def test_after_midnight_it_still_asks_about_the_evening(site: Site, link: str) -> None:
    site.clock.moment = utc("2026-03-30 23:30")  # 01:30 on Tuesday
    page = site.stranger().get(link).text
    assert "Monday 30 March" in page
    assert "How is your mood right now?" in page
    assert "How was your energy that day?" in page


# Saving


def test_two_taps_save_and_the_secret_leaves_the_address_bar(site: Site, link: str) -> None:
    somebody = site.stranger()
    answer = send(somebody, link, mood="6")
    assert (answer.status_code, answer.location) == (303, "/c/saved")
    saved = somebody.get("/c/saved")
    assert "Saved. Thank you." in saved.text
    assert "That’s all for today." in saved.text
    assert "Okay" in saved.text
    assert written(site) == [(date(2026, 3, 30), 6, "link")]


def test_the_saved_page_shows_the_entry_just_sent_and_nothing_else(site: Site, link: str) -> None:
    somebody = site.stranger()
    send(somebody, link, mood="6", note="today’s words")
    page = somebody.get("/c/saved").text
    for private in (
        "Alice",
        "alice",
        SECRET_NOTE,
        "today’s words",
        '<svg class="chart',
        "<nav",
        "/check-ins/",
    ):
        assert private not in page


def test_the_saved_page_is_shown_to_the_browser_that_sent_it_alone(site: Site, link: str) -> None:
    send(site.stranger(), link, mood="6")
    assert site.stranger().get("/c/saved").status_code == 404
    assert site.as_(site.cast.alice).get("/c/saved").status_code == 404


def test_the_saved_page_is_gone_after_ten_minutes(site: Site, link: str) -> None:
    somebody = site.stranger()
    send(somebody, link, mood="6")
    site.clock.moment = NOW + timedelta(minutes=10)
    assert somebody.get("/c/saved").status_code == 404


def test_a_low_number_puts_people_first(site: Site, link: str) -> None:
    somebody = site.stranger()
    send(somebody, link, mood="1")
    page = somebody.get("/c/saved").text
    assert "Saved. Thank you for saying so." in page
    assert "Nobody is alerted when you save a low number." in page
    assert page.index("You don’t have to hold this alone") < page.index("Very low")


def test_not_sure_is_an_answer_too(site: Site, link: str) -> None:
    somebody = site.stranger()
    send(somebody, link, mood="not_sure")
    assert "Not sure" in somebody.get("/c/saved").text
    assert written(site) == [(date(2026, 3, 30), None, "link")]


def test_the_rest_is_kept_and_a_note_is_private(site: Site, link: str) -> None:
    send(
        site.stranger(), link, mood="6", energy="3", sleep_quality="2", note="today’s words", note_shared="1"
    )
    with site.database.look() as db:
        alice = the_patient(db, site.cast.alice)
        (kept,) = checkins.check_ins_between(db, alice.id, date(2026, 3, 30), date(2026, 3, 30))
    assert (kept.body.energy, kept.body.sleep_quality, kept.body.note) == (3, 2, "today’s words")
    assert not kept.body.note_shared


def test_what_the_page_does_not_ask_cannot_be_sent_to_it(site: Site, link: str) -> None:
    send(site.stranger(), link, mood="6", local_date="2026-03-12", alcohol="3", steps="9000", starred="1")
    with site.database.look() as db:
        (kept,) = checkins.check_ins_between(
            db, site.cast.alice.patient_id, date(2026, 3, 30), date(2026, 3, 30)
        )
    assert (kept.body.alcohol, kept.body.steps, kept.body.starred) == (None, None, False)


def test_without_a_mood_the_form_comes_back_with_everything_and_the_link_is_good(
    site: Site, link: str
) -> None:
    somebody = site.stranger()
    key = key_of(somebody.get(link))
    refused = send(somebody, link, client_key=key, note="so far", energy="3")
    assert refused.status_code == 422
    assert "One small thing to fix" in refused.text
    assert "so far" in refused.text
    assert re.search(r'value="3" id="energy-3" checked', refused.text)
    assert key_of(refused) == key
    assert send(somebody, link, client_key=key, mood="6").status_code == 303


def test_a_phone_with_a_wrong_clock_loses_nothing(site: Site, link: str) -> None:
    wrong = "1999-01-01T00:00:00Z"
    assert send(site.stranger(), link, mood="6", recorded_at=wrong, sent_at=wrong).status_code == 303
    assert written(site) == [(date(2026, 3, 30), 6, "link")]


def test_a_double_press_is_one_check_in_and_saved_both_times(site: Site, link: str) -> None:
    somebody = site.stranger()
    key = key_of(somebody.get(link))
    answers = [send(somebody, link, client_key=key, mood="6") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(written(site)) == 1


# When it is over


def test_opening_it_spends_nothing(site: Site, link: str) -> None:
    for _ in range(3):
        site.stranger().get(link)
        site.stranger().head(link)
    assert send(site.stranger(), link, mood="6").status_code == 303


def test_a_second_use_says_it_was_used_and_leads_to_sign_in(site: Site, link: str) -> None:
    send(site.stranger(), link, mood="6")
    for answer in (site.stranger().get(link), send(site.stranger(), link, mood="3")):
        assert answer.status_code == 410
        assert "This link was used" in answer.text
        assert 'href="/sign-in"' in answer.text
        assert "Okay" not in answer.text
    assert len(written(site)) == 1


def test_after_four_in_the_morning_it_has_ended(site: Site, link: str) -> None:
    site.clock.moment = utc("2026-03-31 02:00")
    for answer in (site.stranger().get(link), send(site.stranger(), link, mood="6")):
        assert answer.status_code == 410
        assert "This link has ended" in answer.text
        assert 'href="/sign-in"' in answer.text
    assert written(site) == []


def test_a_link_nobody_was_sent_is_no_page(site: Site, link: str) -> None:
    nowhere = site.stranger().get("/c/" + "a" * 43)
    elsewhere = site.stranger().get("/no-such-page")
    assert nowhere.status_code == elsewhere.status_code == 404
    assert without_keys(nowhere.text) == without_keys(elsewhere.text)


def test_the_link_of_a_closed_account_is_no_page(site: Site, link: str) -> None:
    with site.database.unit_of_work() as db:
        db.execute(sa.update(Account).where(Account.id == site.cast.alice.account_id).values(disabled_at=NOW))
    assert site.stranger().get(link).status_code == 404
    assert send(site.stranger(), link, mood="6").status_code == 404


# Later


def waits(page: TestResponse) -> list[str]:
    return re.findall(r'name="hours" value="(\d)"', page.text)


def test_it_can_come_once_more_in_an_hour_or_in_two(site: Site, link: str) -> None:
    page = site.stranger().get(link)
    assert waits(page) == ["1", "2"]
    assert "Not now" in page.text
    answer = site.stranger().post(f"{link}/later", data={"hours": "2"})
    assert answer.status_code == 200
    assert "See you at 10:00 pm." in answer.text
    assert "lice" not in answer.text
    assert ("checkin:1:snooze", date(2026, 3, 30), NOW + timedelta(hours=2)) in once(site)


def once(site: Site) -> list[tuple[str, date, datetime]]:
    """What was asked for once, and waits."""
    with site.database.look() as db:
        rows = db.execute(sa.select(ReminderQueue.__table__).where(ReminderQueue.plan == ONCE))
        return [(row.slot, row.local_date, row.next_due_at) for row in rows]


def test_putting_it_off_does_not_spend_the_link(site: Site, link: str) -> None:
    site.stranger().post(f"{link}/later", data={"hours": "1"})
    assert send(site.stranger(), link, mood="5").status_code == 303
    assert written(site) == [(date(2026, 3, 30), 5, "link")]


def rule_says(site: Site, **columns: str) -> None:
    """Change the rule beneath the message, which lives where Alice does."""
    with site.database.unit_of_work() as db:
        row = reminders.reminder_of(db, site.cast.alice.account_id, kind=CHECK_IN)
        assert row is not None
        for name, given in {"zone": ZONE, **columns}.items():
            setattr(row, name, given)


def test_what_would_come_too_late_is_not_offered(site: Site, link: str) -> None:
    rule_says(site)
    site.clock.moment = utc("2026-03-31 00:30")  # the link ends at 02:00
    assert waits(site.stranger().get(link)) == ["1"]
    refused = site.stranger().post(f"{link}/later", data={"hours": "2"})
    assert refused.status_code == 422
    assert "That would be too late for today" in refused.text
    site.clock.moment = utc("2026-03-31 01:30")
    page = site.stranger().get(link)
    assert waits(page) == []
    assert "Not now" not in page.text
    assert once(site) == []


def test_what_would_fall_into_quiet_hours_is_not_offered(site: Site, link: str) -> None:
    rule_says(site, quiet_from="21:30", quiet_until="08:00")
    assert waits(site.stranger().get(link)) == ["1"]


def test_later_is_once_a_day(site: Site, link: str) -> None:
    site.stranger().post(f"{link}/later", data={"hours": "1"})
    claim(site.database, NOW + timedelta(hours=1))
    site.clock.moment = NOW + timedelta(hours=1)
    assert waits(site.stranger().get(link)) == []
    assert site.stranger().post(f"{link}/later", data={"hours": "1"}).status_code == 422


def test_nothing_can_be_put_off_once_reminders_are_off(site: Site, link: str) -> None:
    remind(site.database, site.cast.alice, "20:00", stopped=True, at=NOW)
    assert waits(site.stranger().get(link)) == []


@pytest.mark.parametrize("hours", ["", "0", "3", "-1", "one"])
def test_only_what_is_offered_can_be_chosen(site: Site, link: str, hours: str) -> None:
    assert site.stranger().post(f"{link}/later", data={"hours": hours}).status_code == 422
    assert once(site) == []


def test_a_link_that_is_over_puts_nothing_off(site: Site, link: str) -> None:
    assert site.stranger().post(f"{link}x/later", data={"hours": "1"}).status_code == 404
    send(site.stranger(), link, mood="5")
    assert site.stranger().post(f"{link}/later", data={"hours": "1"}).status_code == 410
    assert once(site) == []
