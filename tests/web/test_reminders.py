"""The patient's page of reminders over HTTP."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from journal.config import Config
from journal.domain.reminder_decisions import SkipReason, Trouble, Why
from journal.domain.treatments import Status
from journal.languages import Language
from journal.services import deliveries as acts_ledger
from journal.services import push as push_services
from journal.services.reminders import CHANNELS, CHECK_IN
from journal.storage import push, reminders, sms
from journal.storage.accounts import set_language
from journal.storage.deliveries import DeliveryState
from journal.web.labels import DELIVERIES, WAYS, WHY_NEXT
from tests.builders import check_in, the_patient, treatment
from tests.cast import NOW
from tests.conftest import Site
from tests.reminding import begin, claim, queue, remind, sent, utc
from tests.texting import NUMBER, texting

EVERY_DAY = ["1", "2", "3", "4", "5", "6", "7"]
FORM = {
    "first": "20:30",
    "second": "",
    "days": EVERY_DAY,
    "zone": "Europe/Berlin",
    "email": "1",
    "softer": "1",
    "quiet_from": "",
    "quiet_until": "",
    "pause": "",
    "pause_until": "",
}


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
    assert (value(page, "quiet_from"), value(page, "quiet_until")) == ("22:00", "08:00")
    assert [checked(page, name) for name in ("email", "softer", "follow_up", "both_times")] == [
        ["1"],
        ["1"],
        [],
        [],
    ]
    assert checked(page, "pause") == [""]
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
    assert "Saved. Next one: Tuesday 31 March at 8:00 pm. It’s a time you chose." in page
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


def test_until_i_say_stops_and_keeps_the_times(site: Site) -> None:
    save(site)
    save(site, pause="stop")
    page = site.as_(site.cast.alice).get("/reminders").text
    assert "Reminders are off." in page
    assert checked(page, "pause") == ["stop"]
    assert value(page, "first") == "20:30"
    assert queue(site.database) == []


def test_starting_again_is_choosing_not_paused(site: Site) -> None:
    save(site, pause="stop")
    save(site)
    assert len(queue(site.database)) == 1


@pytest.mark.parametrize(
    ("answer", "until", "first_again"),
    [("3", "", "2 April"), ("7", "", "6 April"), ("date", "2026-04-20", "20 April")],
)
def test_a_pause_ends_by_itself(site: Site, answer: str, until: str, first_again: str) -> None:
    save(site, pause=answer, pause_until=until)
    page = site.as_(site.cast.alice).get("/reminders").text
    assert re.search(rf"Next one: \w+ {first_again} at 8:30 pm", page)
    assert checked(page, "pause") == ["date"]


def test_a_pause_that_is_over_is_no_pause(site: Site) -> None:
    save(site, pause="3")
    site.clock.moment = NOW + timedelta(days=3)
    page = site.as_(site.cast.alice).get("/reminders").text
    assert checked(page, "pause") == [""]
    assert value(page, "pause_until") == ""


def test_some_days_have_times_of_their_own(site: Site) -> None:
    saturday = {"first-6": "10:00", "second-6": "21:00"}
    save(site, days=["1", "2", "3", "4", "5"], **saturday)
    page = site.as_(site.cast.alice).get("/reminders").text
    assert {name: value(page, name) for name in saturday} == saturday
    assert sorted(checked(page, "days")) == ["1", "2", "3", "4", "5", "6"]
    assert "<details open><summary>Other times on some days" in page
    with site.database.look() as db:
        row = reminders.reminder_of(db, site.cast.alice.account_id, kind=CHECK_IN)
        assert row is not None
        assert row.times == [
            {"slot": "checkin:1", "wall": "10:00", "weekdays": [6]},
            {"slot": "checkin:1", "wall": "20:30", "weekdays": [1, 2, 3, 4, 5]},
            {"slot": "checkin:2", "wall": "21:00", "weekdays": [6]},
        ]


def test_everything_that_can_be_chosen_stands_in_the_form_again(site: Site) -> None:
    save(site, second="21:00", both_times="1", follow_up="1", quiet_from="23:15", quiet_until="07:30")
    page = site.as_(site.cast.alice).get("/reminders").text
    assert [checked(page, name) for name in ("both_times", "follow_up", "softer")] == [["1"]] * 3
    assert (value(page, "quiet_from"), value(page, "quiet_until")) == ("23:15", "07:30")
    save_without(site, "softer")
    assert checked(site.as_(site.cast.alice).get("/reminders").text, "softer") == []


def save_without(site: Site, name: str) -> TestResponse:
    """As a browser sends a switch that is off: not at all."""
    return site.as_(site.cast.alice).post("/reminders", data={k: v for k, v in FORM.items() if k != name})


@pytest.mark.parametrize(
    ("changes", "sentence", "field"),
    [
        ({"first": ""}, "Choose a time, or pause until you say", "first"),
        ({"first": "25:61"}, "Write the time like 22:30", "first"),
        ({"second": "20:30"}, "These two times are the same on some days", "second"),
        ({"days": []}, "Choose at least one day for each time", "days"),
        ({"days": ["8", "monday"]}, "Choose at least one day for each time", "days"),
        ({"zone": "Atlantis/Capital"}, "Choose your time zone from the list", "zone"),
        ({"email": ""}, "Choose a way to be reminded, or pause until you say", "email"),
        ({"first-3": "late"}, "Write the time like 22:30", "first-3"),
        ({"second-3": "20:30"}, "These two times are the same on some days", "second-3"),
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


def test_quiet_hours_and_pauses_that_cannot_be_are_said_at_their_fields(site: Site) -> None:
    late = "Choose a time outside your quiet hours, or change those"
    half = "Write both times of your quiet hours, or neither"
    out = "Choose a day after today, within a year"
    night = {"quiet_from": "22:00", "quiet_until": "08:00"}
    for changes, sentence, field in (
        ({"quiet_from": "22:00"}, half, "quiet_until"),
        ({"quiet_until": "08:00"}, half, "quiet_from"),
        (night | {"quiet_from": "8pm"}, "Write the time like 22:30", "quiet_from"),
        (night | {"quiet_until": "22:00"}, "Choose two different times for your quiet hours", "quiet_until"),
        (night | {"quiet_from": "20:00"}, late, "first"),
        (night | {"first-6": "07:59"}, late, "first-6"),
        ({"pause": "date"}, "Choose a day", "pause_until"),
        ({"pause": "date", "pause_until": "2026-03-30"}, out, "pause_until"),
        ({"pause": "date", "pause_until": "9999-12-31"}, out, "pause_until"),
    ):
        refused = save(site, **changes)
        assert refused.status_code == 422, changes
        assert f'<a href="#{field}">{sentence}' in refused.text, changes
        assert f'id="{field}-error"' in refused.text, changes
        assert all(value(refused.text, name) == typed for name, typed in changes.items() if name != "pause")
    assert queue(site.database) == []


def test_everything_that_is_wrong_is_named_at_once(site: Site) -> None:
    refused = save(site, **{"first-3": "late", "quiet_from": "22:00", "pause": "date"})
    assert re.findall(r'<a href="#([^"]+)">', refused.text)[:3] == [
        "first-3",
        "quiet_until",
        "pause_until",
    ]


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
    assert page.index("Tuesday 31 March</h3>") < newest < page.index("Monday 30 March</h3>") < oldest


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


def test_the_log_is_told_day_by_day_with_the_way(site: Site) -> None:
    remind(site.database, site.cast.alice, "20:30", "21:00", at=NOW)
    for day in (0, 1):
        claim(site.database, utc("2026-03-30 23:30") + timedelta(days=day))
    page = site.as_(site.cast.alice).get("/reminders").text
    assert re.findall(r"<h3[^>]*>([^<]*)</h3>", page) == ["Tuesday 31 March", "Monday 30 March"]
    assert re.findall(r'class="item__s">(\d[^<]*)<', page) == ["9:00 pm, by email", "8:30 pm, by email"] * 2


def test_what_does_not_fit_stands_on_a_page_of_its_own(site: Site) -> None:
    remind(site.database, site.cast.alice, "20:30", at=NOW)
    for day in range(15):
        claim(site.database, utc("2026-03-30 23:30") + timedelta(days=day))
    site.clock.moment = NOW + timedelta(days=15)
    alice = site.as_(site.cast.alice)
    page = alice.get("/reminders").text
    assert 'href="/reminders/sent"' in page
    assert page.count("too late") == 14
    assert alice.get("/reminders/sent").text.count("too late") == 15


def test_the_page_of_all_that_was_sent_ends_after_two_months(site: Site) -> None:
    remind(site.database, site.cast.alice, "20:30", at=NOW)
    claim(site.database, utc("2026-03-30 23:30"))
    site.clock.moment = utc("2026-05-31 18:00")
    assert "too late" in site.as_(site.cast.alice).get("/reminders/sent").text
    site.clock.moment = utc("2026-05-31 19:00")
    assert "Nothing yet" in site.as_(site.cast.alice).get("/reminders/sent").text


TROUBLES = {None, Trouble.REFUSED, Trouble.FAULT, Trouble.NO_ANSWER, Trouble.INTERRUPTED}
"""What a delivery that is tried again may have met before."""
OUTCOMES = {
    DeliveryState.CLAIMED: TROUBLES,
    DeliveryState.SENDING: TROUBLES,
    DeliveryState.SENT: {None},
    DeliveryState.UNKNOWN: {Trouble.NO_ANSWER, Trouble.INTERRUPTED},
    DeliveryState.FAILED: set(Trouble),
    DeliveryState.SKIPPED: set(SkipReason),
}


def test_every_outcome_has_its_words() -> None:
    expected = {(state, reason) for state, reasons in OUTCOMES.items() for reason in reasons}
    assert expected == set(DELIVERIES)


def test_every_way_and_every_reason_to_come_has_its_words() -> None:
    assert set(WAYS) == set(CHANNELS)
    assert set(WHY_NEXT) == set(Why)


def test_the_words_blame_nobody() -> None:
    for text in (*DELIVERIES.values(), *WHY_NEXT.values()):
        assert not re.search(r"\b(fail|failed|missed|error|should|don.t forget)\b", text, re.IGNORECASE)


# One to try


def attempt(site: Site, channel: str = "email") -> TestResponse:
    return site.as_(site.cast.alice).post("/reminders/try", data={"channel": channel})


def test_one_that_is_tried_is_told_of_until_its_outcome_is_known(site: Site) -> None:
    save(site)
    alice = site.as_(site.cast.alice)
    answer = alice.post("/reminders/try", data={"channel": "email"})
    assert answer.status_code == 303
    assert answer.location.startswith("/reminders/tried/")
    page = alice.get(answer.location).text
    assert "Trying…" in page
    assert 'data-behaviour="look-again" data-seconds="3"' in page
    (key,) = claim(site.database, NOW).to_send
    assert "On its way" in alice.get(answer.location).text
    begin(site.database, key, NOW)
    sent(site.database, key, NOW)
    page = alice.get(answer.location).text
    assert '<p class="item__t">Sent</p><p class="item__s">by email</p>' in page
    assert "look-again" not in page
    assert "8:00 pm, by email, tried out" in alice.get("/reminders").text


def test_a_trial_that_was_refused_says_so(site: Site) -> None:
    save(site)
    alice = site.as_(site.cast.alice)
    where = alice.post("/reminders/try", data={"channel": "email"}).location
    (key,) = claim(site.database, NOW).to_send
    begin(site.database, key, NOW)
    with site.database.unit_of_work() as db:
        acts_ledger.record_refused(db, key, worker="w1", permanent=True, now=NOW)
    assert "Not sent: the service that carries it did not take it" in alice.get(where).text


def test_a_page_of_a_trial_stops_looking_after_a_minute(site: Site) -> None:
    save(site)
    alice = site.as_(site.cast.alice)
    where = alice.post("/reminders/try", data={"channel": "email"}).location
    site.clock.moment = NOW + timedelta(seconds=61)
    page = alice.get(where).text
    assert "look-again" not in page
    assert "Nothing has come back yet." in page
    assert f'href="{where}"' in page


def test_nobody_sees_anothers_trial(site: Site) -> None:
    save(site)
    where = attempt(site).location
    claim(site.database, NOW)
    assert site.as_(site.cast.dan).get(where).status_code == 404
    assert site.as_(site.cast.alice).get("/reminders/tried/x").status_code == 404


def test_five_in_an_hour_are_enough(site: Site) -> None:
    save(site)
    alice = site.as_(site.cast.alice)
    answers = [alice.post("/reminders/try", data={"channel": "email"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert "Five were tried in this hour" in answers[5].text


def test_only_a_way_that_leads_somewhere_can_be_tried(site: Site) -> None:
    save(site)
    assert [attempt(site, channel).status_code for channel in ("push", "sms", "", "pigeon")] == [404] * 4


def test_before_anything_is_saved_there_is_nothing_to_try(site: Site) -> None:
    assert "Send me one now" not in site.as_(site.cast.alice).get("/reminders").text
    assert attempt(site).status_code == 422


# Notifications and text messages


def subscribe(site: Site, *urls: str) -> None:
    with site.database.unit_of_work() as db:
        for url in urls:
            endpoint = push.Endpoint(url, b"p" * 65, b"a" * 16)
            push.keep(db, site.cast.alice.account_id, endpoint=endpoint, most=10, now=NOW)


def test_other_phones_that_take_notifications_can_be_let_go_of_here(site: Site) -> None:
    subscribe(site, "https://one.example", "https://two.example")
    page = site.as_(site.cast.alice).get("/reminders").text
    assert "2 browsers take them" in page
    assert save(site, push="1").status_code == 303
    assert channels(site) == ["email", "push"]
    save(site)
    assert channels(site) == ["email"]
    assert "Notification on your other phones" not in site.as_(site.cast.alice).get("/reminders").text


def channels(site: Site) -> list[object]:
    with site.database.look() as db:
        row = reminders.reminder_of(db, site.cast.alice.account_id, kind=CHECK_IN)
        assert row is not None
        return row.channels


def test_notifications_alone_are_enough(site: Site) -> None:
    subscribe(site, "https://one.example")
    form = {name: typed for name, typed in FORM.items() if name != "email"} | {"push": "1"}
    assert site.as_(site.cast.alice).post("/reminders", data=form).status_code == 303
    assert channels(site) == ["push"]
    assert attempt(site, "push").status_code == 303


def test_a_phone_can_be_switched_on_where_its_key_is_known(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    assert 'data-behaviour="push"' not in alice.get("/reminders").text
    with site.database.unit_of_work() as db:
        key = push_services.own_key(db, now=NOW)
    assert f'data-key="{key.public}"' in alice.get("/reminders").text


def test_text_messages_are_spoken_of_only_where_a_gateway_is_connected(site: Site) -> None:
    page = site.as_(site.cast.alice).get("/reminders").text
    assert "ext message" not in page
    assert "/reminders/number" not in page


def test_a_number_that_is_ones_own_can_be_chosen_and_tried(site: Site, config: Config) -> None:
    with texting(site, config) as texts:
        alice = texts.site.as_(site.cast.alice)
        page = alice.get("/reminders").text
        assert "Add it, and messages can come that way" in page
        assert 'name="sms"' not in page
        alice.post("/reminders/number", data={"way": "add", "number": NUMBER})
        alice.post("/reminders/number", data={"way": "code", "code": texts.code()})
        page = alice.get("/reminders").text
        assert "Ends in 78" in page
        assert NUMBER not in page
        alice.post("/reminders", data=FORM | {"sms": "1"})
        assert channels(site) == ["email", "sms"]
        assert alice.post("/reminders/try", data={"channel": "sms"}).status_code == 303


def test_after_stop_no_next_one_is_promised_and_saving_leaves_it_to_start(site: Site, config: Config) -> None:
    with texting(site, config) as texts:
        alice = texts.site.as_(site.cast.alice)
        alice.post("/reminders/number", data={"way": "add", "number": NUMBER})
        alice.post("/reminders/number", data={"way": "code", "code": texts.code()})
        by_text = {name: said for name, said in FORM.items() if name != "email"}
        alice.post("/reminders", data=by_text | {"sms": "1"})
        assert "Next one:" in alice.get("/reminders").text
        with site.database.unit_of_work() as db:
            sms.stop(db, sms.fingerprint_of(db, NUMBER), now=NOW)
        page = alice.get("/reminders").text
        assert "Next one:" not in page
        assert "nothing comes" in page
        alice.post("/reminders", data=by_text | {"first": "21:00"})
        assert channels(site) == ["sms"]


def test_the_next_one_says_what_it_comes_for(site: Site) -> None:
    save(site)
    with site.database.unit_of_work() as db:
        treatment(db, site.cast.alice, date(2026, 4, 1), status=Status.PLANNED)
    site.clock.moment = utc("2026-03-31 10:00")
    page = site.as_(site.cast.alice).get("/reminders").text
    assert "Next one: Tuesday 31 March at 6:30 pm. It’s the note for the evening before a session." in page
