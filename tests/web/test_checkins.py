"""A patient's check-in pages over HTTP, without a script unless a test sends what a script would have filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from journal.app import create_app
from journal.domain.treatments import Source, Status, TreatmentSession
from journal.services.checkins import amend_check_in, delete_check_in
from journal.storage import checkins, consents, treatments
from journal.storage.audit import AuditEvent
from journal.storage.base import new_public_id
from journal.storage.checkins import CheckIn
from journal.storage.patients import Patient
from journal.storage.safety_flags import SafetyFlag
from journal.web.routes import ROUTES
from tests.builders import body, check_in, imported_mood, the_patient
from tests.cast import NOW, Person
from tests.conftest import Site

TODAY = date(2026, 3, 30)
DAY = timedelta(days=1)
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


def key_of(page: TestResponse) -> str:
    found = re.search(r'name="client_key" value="([^"]+)"', page.text)
    assert found
    return found[1]


def post(client: FlaskClient, **fields: str) -> TestResponse:
    return client.post("/check-in", data={"client_key": new_public_id(), **fields})


def save(client: FlaskClient, **fields: str) -> str:
    """Send a check-in that is accepted; the public id it got."""
    answer = post(client, **fields)
    assert answer.status_code == 303, answer.text
    found = re.fullmatch(r"/check-ins/([\w-]{22})/saved", answer.location)
    assert found
    return found[1]


def kept(site: Site, check_in_id: str, person: Person | None = None) -> checkins.Kept:
    found = site.look(checkins.check_in_of, (person or site.cast.alice).patient_id, check_in_id)
    assert found is not None
    return found


def count(site: Site) -> int:
    return site.look(lambda db: db.scalar(sa.select(sa.func.count()).select_from(CheckIn)))


@contextmanager
def alice_writes(site: Site) -> Iterator[Patient]:
    with site.database.unit_of_work() as db:
        yield the_patient(db, site.cast.alice)


# Saving


def test_a_mood_alone_is_saved_in_one_press(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    page = alice.get("/today")
    answer = alice.post("/check-in", data={"client_key": key_of(page), "mood": "6"})
    saved = alice.get(answer.location)
    assert "Saved. Thank you." in saved.text
    assert "Okay" in saved.text
    assert "Monday 30 March, 8:00 pm" in saved.text


def test_not_sure_is_an_answer_too(site: Site) -> None:
    found = kept(site, save(site.as_(site.cast.alice), mood="not_sure"))
    assert (found.body.mood, found.body.unsure) == (None, True)


def test_the_whole_form_is_kept(site: Site) -> None:
    check_in_id = save(
        site.as_(site.cast.alice), mood="7", energy="3", sleep_min="450", activity_min="30", activity_type="walk",
        meaningful="yes", meds_taken="na", alcohol="1", note="Walked\r\nfar", note_shared="1", starred="1",
        tags="river",
    )  # fmt: skip
    assert kept(site, check_in_id).body == body(
        7, energy=3, sleep_min=450, activity_min=30, activity_type=("walk",), meaningful=True, meds_taken="na",
        alcohol=1, note="Walked\nfar", note_shared=True, starred=True, tags=("river",),
    )  # fmt: skip


def test_a_double_press_is_one_check_in(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    fields = {"client_key": key_of(alice.get("/check-in")), "mood": "6"}
    first, second = (alice.post("/check-in", data=fields) for _ in range(2))
    assert first.location == second.location
    assert count(site) == 1


def test_every_page_carries_a_fresh_key(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    keys = {key_of(alice.get(path)) for path in ("/today", "/today", "/check-in", "/check-in")}
    assert len(keys) == 4


def test_the_same_key_with_another_body_says_that_both_are_kept(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    first = save(alice, client_key="a-key-of-a-page", mood="6", note="first words")
    site.clock.moment += timedelta(minutes=5)
    answer = post(alice, client_key="a-key-of-a-page", mood="4")
    assert answer.status_code == 409
    assert 'data-client-key="a-key-of-a-page"' in answer.text
    assert "Both are kept" in answer.text
    assert "first words" in answer.text
    assert kept(site, first).body.mood == 4


def test_a_deleted_check_in_does_not_come_back(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    check_in_id = save(alice, client_key="a-key-of-a-page", mood="6")
    alice.post(f"/check-ins/{check_in_id}/delete")
    answer = post(alice, client_key="a-key-of-a-page", mood="6")
    assert answer.status_code == 410
    assert "This one was deleted" in answer.text
    assert count(site) == 0


def test_a_forged_form_is_refused(site: Site) -> None:
    app = create_app(site.app.extensions["journal"].config, database=site.database, now=site.clock)
    app.config.update(SESSION_COOKIE_SECURE=False, SESSION_COOKIE_NAME="journal")
    client = app.test_client()
    with client.session_transaction() as held, site.as_(site.cast.alice).session_transaction() as own:
        held["_user_id"] = own["_user_id"]
    assert client.post("/check-in", data={"mood": "6"}).status_code == 400
    assert count(site) == 0


# What has to be fixed


def test_a_refused_form_keeps_everything_and_names_what_to_fix(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    key = key_of(alice.get("/check-in"))
    answer = alice.post(
        "/check-in",
        data={"client_key": key, "energy": "3", "note": "x" * 4140, "steps": "many", "starred": "1"},
    )
    assert answer.status_code == 422
    assert TITLE.search(answer.text)[1].startswith("To fix: ")  # type: ignore[index]
    assert "Three small things to fix" in answer.text
    assert "Your note is 140 characters too long" in answer.text
    assert 'href="#mood"' in answer.text
    assert "x" * 4140 in answer.text
    assert 'value="many"' in answer.text
    assert re.search(r'name="energy" value="3"[^>]* checked', answer.text)
    assert key_of(answer) == key
    assert count(site) == 0


def test_a_quick_save_without_a_mood_opens_the_whole_form(site: Site) -> None:
    answer = post(site.as_(site.cast.alice))
    assert answer.status_code == 422
    assert "Choose a number, or “Not sure”" in answer.text
    assert 'name="note"' in answer.text


# Days


def test_any_of_the_last_30_days_can_be_filled_in(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    page = alice.get("/check-in?day=2026-02-28")
    assert "Saturday 28 February" in page.text
    assert "Overall, how was your mood that day?" in page.text
    found = kept(site, save(alice, mood="4", local_date="2026-02-28"))
    assert (found.body.local_date, found.recall.value, found.provenance.value) == (
        date(2026, 2, 28),
        "day",
        "later",
    )


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-02-27", "Choose a day within the last 30 days"),
        ("2026-03-31", "Choose today or an earlier day"),
        ("soon", "Write the day like 2026-03-30"),
    ],
)
def test_a_day_out_of_reach_is_refused_with_the_picker_open(site: Site, day: str, sentence: str) -> None:
    alice = site.as_(site.cast.alice)
    assert sentence in alice.get(f"/check-in?day={day}").text
    answer = post(alice, mood="4", local_date=day)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'type="date"' in answer.text


def test_between_midnight_and_four_the_evening_is_asked_about_first(site: Site) -> None:
    site.clock.moment = datetime(2026, 3, 30, 23, 30, tzinfo=UTC)  # 01:30 on the 31st
    alice = site.as_(site.cast.alice)
    page = alice.get("/today").text
    assert re.search(r'name="local_date" value="2026-03-30"[^>]* checked', page)
    evening, morning = alice.get("/check-in").text, alice.get("/check-in?day=2026-03-31").text
    assert 'name="local_date" value="2026-03-30"' in evening
    assert 'name="sleep_quality"' not in evening
    assert 'name="sleep_quality"' in morning
    found = kept(site, save(alice, mood="6", local_date="2026-03-30"))
    assert (found.body.local_date, found.provenance.value) == (TODAY, "same_day")


def test_a_check_in_about_the_evening_before_does_not_borrow_its_time(site: Site) -> None:
    site.clock.moment = datetime(2026, 3, 30, 23, 30, tzinfo=UTC)  # 01:30 on the 31st
    alice = site.as_(site.cast.alice)
    check_in_id = save(alice, mood="6", local_date="2026-03-30")
    for path in ("saved", "delete"):
        page = alice.get(f"/check-ins/{check_in_id}/{path}").text
        assert "Monday 30 March, written 31 Mar, 1:30 am" in page
    assert "Mon 30 Mar, written 31 Mar, 1:30 am" in alice.get("/history").text


def test_a_check_in_keeps_the_hour_of_the_place_where_it_was_written(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    check_in_id = save(alice, mood="6")
    alice.post("/you/zone", data={"zone": "Asia/Tokyo"})
    assert "Written 30 Mar, 8:00 pm" in alice.get(f"/check-ins/{check_in_id}").text
    assert "Mon 30 Mar, 8:00 pm" in alice.get("/history?month=2026-03").text


def test_from_four_on_it_is_the_new_day(site: Site) -> None:
    site.clock.moment = datetime(2026, 3, 31, 2, 0, tzinfo=UTC)
    alice = site.as_(site.cast.alice)
    assert "local_date" not in alice.get("/today").text
    assert kept(site, save(alice, mood="6")).body.local_date == date(2026, 3, 31)


def test_a_phone_three_days_ahead_is_corrected_and_told(site: Site) -> None:
    claimed = (NOW + 3 * DAY).isoformat()
    alice = site.as_(site.cast.alice)
    check_in_id = save(alice, mood="6", recorded_at=claimed, sent_at=claimed)
    found = kept(site, check_in_id)
    assert (found.body.local_date, found.recorded_at, found.clock_skew_s) == (TODAY, NOW, 259_200)
    assert (
        "The clock of the phone this came from was off" in alice.get(f"/check-ins/{check_in_id}/saved").text
    )


def test_a_refused_form_of_a_wrong_clock_still_speaks_of_today(site: Site) -> None:
    claimed = (NOW + 30 * DAY).isoformat()
    answer = post(site.as_(site.cast.alice), recorded_at=claimed, sent_at=claimed)
    assert "Monday 30 March" in answer.text
    assert "One small thing to fix" in answer.text


# Today


def test_the_first_day_welcomes_and_says_what_is_enough(site: Site) -> None:
    page = site.as_(site.cast.alice).get("/today").text
    assert "Welcome, Alice" in page
    assert "Your trend will start here" in page


def test_an_ordinary_day_greets_and_shows_two_weeks(site: Site) -> None:
    with site.database.unit_of_work() as db:
        check_in(db, site.cast.alice, 5, at=NOW - DAY)
    page = site.as_(site.cast.alice).get("/today").text
    assert "Good evening, Alice" in page
    assert "Your last two weeks" in page
    assert "Already here today" not in page


def test_todays_check_ins_are_shown_and_more_are_fine(site: Site) -> None:
    with site.database.unit_of_work() as db:
        check_in(db, site.cast.alice, 7)
    page = site.as_(site.cast.alice).get("/today").text
    assert "Already here today" in page
    assert "More than one is fine" in page
    assert 'name="mood"' in page


@pytest.mark.parametrize(("days", "is_back"), [(3, False), (4, True)])
def test_after_three_days_away_nothing_has_to_be_caught_up(site: Site, days: int, is_back: bool) -> None:
    with site.database.unit_of_work() as db:
        check_in(db, site.cast.alice, 5, at=NOW - days * DAY)
    page = site.as_(site.cast.alice).get("/today").text
    assert ("There’s nothing to catch up on: today is enough." in page) is is_back
    assert ("Good to see you, Alice" in page) is is_back


def test_the_next_session_is_counted_from_those_given(site: Site) -> None:
    with site.database.unit_of_work() as db:
        for day, status in ((date(2026, 3, 13), Status.COMPLETED), (date(2026, 4, 9), Status.PLANNED)):
            treatment = TreatmentSession(new_public_id(), day, None, status, None, Source.PATIENT)
            treatments.add_treatment(db, site.cast.alice.patient_id, treatment, now=NOW)
    assert "Session 2, in 10 days" in site.as_(site.cast.alice).get("/today").text


# After a low number


def test_after_hard_words_people_come_before_the_trend_and_nothing_else_follows(site: Site) -> None:
    def left() -> list[int | None]:
        with site.database.look() as db:
            return [
                db.scalar(sa.select(sa.func.count()).select_from(one)) for one in (AuditEvent, SafetyFlag)
            ]

    browser = site.as_(site.cast.alice)
    saved = browser.post("/check-in", data={"mood": "6", "note": "Sometimes I don’t want to live."})
    before = left()
    page = browser.get(saved.location).text
    assert page.index("Nobody is alerted by what you write.") < page.index('id="two-weeks"')
    assert left() == before
    assert left()[1] == 0
    quiet = browser.post("/check-in", data={"mood": "6", "note": "A walk by the weir."})
    assert "Nobody is alerted by what you write." not in browser.get(quiet.location).text


@pytest.mark.parametrize(("mood", "is_low"), [("0", True), ("2", True), ("3", False), ("not_sure", False)])
def test_after_a_low_number_people_come_before_the_trend(site: Site, mood: str, is_low: bool) -> None:
    alice = site.as_(site.cast.alice)
    page = alice.get(f"/check-ins/{save(alice, mood=mood)}/saved").text
    assert ("Nobody is alerted when you save a low number." in page) is is_low
    if is_low:
        assert "Saved. Thank you for saying so." in page
        assert page.index("You don’t have to hold this alone") < page.index("Your last two weeks")


def test_after_a_low_number_the_line_of_the_persons_own_country_is_named(site: Site) -> None:
    site.clock.moment = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
    with alice_writes(site) as patient:
        patient.region = "US"
    alice = site.as_(site.cast.alice)
    page = alice.get(f"/check-ins/{save(alice, mood='1')}/saved").text
    assert "Call or text 988" in page
    assert 'href="tel:988"' in page


# Who can read it


def test_the_form_names_who_would_read_the_note(site: Site) -> None:
    page = site.as_(site.cast.alice).get("/check-in").text
    assert "Share with Bob, my therapist<" in page  # Frank, her prescriber, reads scores alone
    assert re.search(r'name="note_shared" value="0"[^>]* checked', page)


def test_the_persons_own_default_for_notes_is_chosen_for_them(site: Site) -> None:
    with alice_writes(site) as patient:
        patient.preferences = {"share_notes": True}
    page = site.as_(site.cast.alice).get("/check-in").text
    assert re.search(r'name="note_shared" value="1"[^>]* checked', page)


def test_with_nobody_to_read_them_notes_can_only_be_private(site: Site) -> None:
    page = site.as_(site.cast.dan).get("/check-in").text
    assert 'name="note_shared"' not in page
    assert "Private: only you can read this note." in page


def test_a_reader_who_was_stopped_is_no_longer_named(site: Site) -> None:
    with site.database.unit_of_work() as db:
        alice, bob = site.cast.alice.patient_id, site.cast.bob.provider_id
        consents.end_consent(db, patient_id=alice, provider_id=bob, now=NOW)
    assert "Bob" not in site.as_(site.cast.alice).get("/check-in").text


def test_items_that_are_off_are_asked_only_once_turned_on(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    assert 'name="pain"' not in alice.get("/check-in").text
    with alice_writes(site) as patient:
        patient.preferences = {"items_on": ["pain", "mood"]}
    page = alice.get("/check-in").text
    assert 'name="pain"' in page
    assert 'name="meals"' not in page


def test_nothing_is_prefilled(site: Site) -> None:
    with site.database.unit_of_work() as db:
        check_in(db, site.cast.alice, 7, energy=3, note="yesterday", at=NOW - DAY)
    page = site.as_(site.cast.alice).get("/check-in").text
    assert "yesterday" not in page
    assert re.findall(r'name="(\w+)" value="[^"]*"[^>]* checked', page) == ["note_shared"]


# Looking, changing, deleting


def test_a_check_in_shows_its_answers_and_earlier_versions(site: Site) -> None:
    with site.database.unit_of_work() as db:
        first = check_in(db, site.cast.alice, 6, energy=3, note="before")
        amend_check_in(
            db, the_patient(db, site.cast.alice), check_in_id=first.public_id, seen_version=1,
            body=body(6, note="after"), recorded_at=NOW, now=NOW,
        )  # fmt: skip
    page = site.as_(site.cast.alice).get(f"/check-ins/{first.public_id}").text
    assert page.index("after") < page.index("Before you changed it") < page.index("before</p>")


def test_an_edit_begins_with_what_was_said_and_adds_to_it(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    check_in_id = save(alice, mood="6", sleep_min="450")
    page = alice.get(f"/check-ins/{check_in_id}/edit").text
    assert re.search(r'name="mood" value="6"[^>]* checked', page)
    assert re.search(r'name="sleep_min" value="450"[^>]* checked', page)
    site.clock.moment += DAY
    alice = site.as_(site.cast.alice)
    fields = {"version": "1", "mood": "6", "sleep_min": "", "energy": "2"}
    answer = alice.post(f"/check-ins/{check_in_id}/edit", data=fields)
    assert answer.status_code == 303
    found = kept(site, check_in_id)
    assert (found.body, found.provenance.value) == (body(6, energy=2), "same_day")


@pytest.mark.parametrize("field", ["version", "sleep_min"])
def test_a_number_of_five_thousand_digits_breaks_no_page(site: Site, field: str) -> None:
    alice = site.as_(site.cast.alice)
    check_in_id = save(alice, mood="6")
    answer = alice.post(
        f"/check-ins/{check_in_id}/edit", data={"version": "1", "mood": "6", field: "9" * 5000}
    )
    assert answer.status_code == (422 if field == "sleep_min" else 303)


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_clock_at_the_end_of_all_calendars_costs_no_check_in(site: Site, year: str) -> None:
    claimed = f"{year}-12-31T23:59:59-11:00"
    check_in_id = save(site.as_(site.cast.alice), mood="6", recorded_at=claimed, sent_at=claimed)
    assert kept(site, check_in_id).body.local_date == TODAY


def test_an_edit_of_an_older_version_says_that_both_are_kept(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    check_in_id = save(alice, mood="6")
    for mood in ("5", "4"):
        answer = alice.post(f"/check-ins/{check_in_id}/edit", data={"version": "1", "mood": mood})
    assert answer.status_code == 409
    assert kept(site, check_in_id).other_versions == 2


def test_a_refused_edit_keeps_everything(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    check_in_id = save(alice, mood="6")
    answer = alice.post(
        f"/check-ins/{check_in_id}/edit", data={"version": "1", "note": "kept", "steps": "many"}
    )
    assert answer.status_code == 422
    assert "Two small things to fix" in answer.text
    assert "kept</textarea>" in answer.text
    assert 'name="version" value="1"' in answer.text


def test_a_delete_asks_first_and_is_for_good(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    check_in_id = save(alice, mood="6")
    assert "Delete this check-in?" in alice.get(f"/check-ins/{check_in_id}/delete").text
    assert count(site) == 1
    for _press in range(2):
        answer = alice.post(f"/check-ins/{check_in_id}/delete", follow_redirects=True)
        assert "It is gone for good." in answer.text
    assert count(site) == 0
    assert alice.get(f"/check-ins/{check_in_id}").status_code == 404


# History


def test_history_shows_a_month_with_its_entries_and_marks_late_ones(site: Site) -> None:
    with site.database.unit_of_work() as db:
        check_in(db, site.cast.alice, 8, note="for me")
        check_in(db, site.cast.alice, 3, on=date(2026, 3, 27), note="for us", note_shared=True, starred=True)
    page = site.as_(site.cast.alice).get("/history").text
    assert "March 2026" in page
    assert 'href="#d-2026-03-27"' in page
    assert 'id="d-2026-03-27"' in page
    assert 'href="/check-in?day=2026-03-12"' in page
    assert "Filled in later" in page
    assert page.index("for me") < page.index("for us")
    assert "Next appointment" in page


def test_months_lead_to_each_other_back_to_the_first_entry(site: Site) -> None:
    with site.database.unit_of_work() as db:
        check_in(db, site.cast.alice, 8, at=datetime(2026, 1, 5, 12, 0, tzinfo=UTC))
    alice = site.as_(site.cast.alice)
    assert "/history?month=2026-02" in alice.get("/history").text
    assert "/history?month=2026-04" not in alice.get("/history").text
    january = alice.get("/history?month=2026-01").text
    assert "/history?month=2026-02" in january
    assert "/history?month=2025-12" not in january


def test_an_empty_month_is_fine(site: Site) -> None:
    page = site.as_(site.cast.alice).get("/history").text
    assert "Nothing in March 2026" in page


def test_what_other_apps_knew_is_listed_apart(site: Site) -> None:
    with site.database.unit_of_work() as db:
        imported_mood(db, site.cast.alice, on=date(2026, 3, 12), level=4)
    page = site.as_(site.cast.alice).get("/history").text
    assert "Daylio: 4, on its scale of 1 to 5" in page
    assert 'id="d-2026-03-12"' not in page


# Strangers


@pytest.mark.parametrize("suffix", ["", "/saved", "/edit", "/delete"])
def test_a_stranger_finds_nothing_at_somebody_elses_address(site: Site, suffix: str) -> None:
    with site.database.unit_of_work() as db:
        hers = check_in(db, site.cast.alice, 6)
    address = f"/check-ins/{hers.public_id}{suffix}"
    for person in (site.cast.dan, site.cast.bob, site.cast.carol, site.cast.erin):
        client = site.as_(person)
        assert client.get(address).status_code == 404
        if suffix in {"/edit", "/delete"}:
            assert client.post(address, data={"version": "1", "mood": "1"}).status_code == 404
    assert kept(site, hers.public_id) == hers


def test_no_address_or_title_says_anything_private(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    check_in_id = save(alice, mood="1", note="private words")
    rules = [
        route.rule for route in ROUTES if route.endpoint.startswith("checkins.") and "GET" in route.methods
    ]
    for rule in rules:
        page = alice.get(rule.replace("<check_in_id>", check_in_id))
        title = TITLE.search(page.text)
        assert title
        assert title[1] in {
            "Today · Tideline", "Check in · Tideline", "Check-in · Tideline", "Saved · Tideline",
            "Change this check-in · Tideline", "Delete a check-in · Tideline", "History · Tideline",
        }  # fmt: skip
        assert page.text.count("<h1") == 1
        assert page.headers["Cache-Control"] == "no-store"


def test_a_replay_of_a_deleted_note_shows_no_word_of_it(site: Site) -> None:
    with alice_writes(site) as patient:
        pass
    with site.database.unit_of_work() as db:
        hers = check_in(db, site.cast.alice, 6, note="gone words")
        delete_check_in(db, patient, check_in_id=hers.public_id, now=NOW)
    answer = post(site.as_(site.cast.alice), client_key=hers.client_key, mood="6")
    assert answer.status_code == 410
    assert "gone words" not in answer.text


def test_nothing_about_sessions_is_asked_of_somebody_without_any(site: Site) -> None:
    client = site.as_(site.cast.dan)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    sa.event.listen(site.database.engine, "before_cursor_execute", note)
    client.get("/today")
    client.get("/check-in")
    sa.event.remove(site.database.engine, "before_cursor_execute", note)
    after = ("side_effect", "vitals", "long_term_check", "course")
    found = [name for name in after if any(f"FROM {name}" in one or f" JOIN {name}" in one for one in asked)]
    assert asked
    assert found == []
    assert len(asked) <= 10
