"""The pages before and after a session, and what Today and a check-in say of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from journal.domain.consents import Scope
from journal.domain.side_effects import Severity, SideEffectCode
from journal.domain.treatments import Status
from journal.storage import side_effects, treatment_records
from tests.builders import treatment
from tests.cast import Person
from tests.conftest import Site

DAY = date(2026, 4, 2)
EVE = datetime(2026, 4, 1, 18, 0, tzinfo=UTC)
EVENING = datetime(2026, 4, 2, 18, 0, tzinfo=UTC)  # 20:00 where Alice lives
NEXT_DAY = datetime(2026, 4, 3, 8, 0, tzinfo=UTC)
CARD = (
    "Don’t drive, ride or use machinery until tomorrow, after a restful sleep. Have someone take you home. Avoid "
    "alcohol. Call your clinic if you have chest pain, fainting, severe headache, trouble breathing, or if feeling "
    "detached has not gone by tomorrow."
)


def given(site: Site, *, person: Person | None = None, by: Person | None = None, on: date = DAY) -> str:
    """A session that took place at ten in the morning; its public id."""
    with site.database.unit_of_work() as db:
        noon = datetime.combine(on, time(12), tzinfo=UTC)
        return treatment(db, person or site.cast.alice, on, at=time(10), by=by, now=noon).public_id


def planned(site: Site, *, by: Person | None = None) -> str:
    with site.database.unit_of_work() as db:
        return treatment(db, site.cast.alice, DAY, status=Status.PLANNED, at=time(10), by=by).public_id


def record(site: Site, treatment_id: str) -> treatment_records.TreatmentRecord:
    found = site.look(treatment_records.record_of, site.cast.alice.patient_id, treatment_id)
    assert found is not None
    return found


def effects(site: Site) -> list[tuple[str, int | None, bool]]:
    found = site.look(side_effects.side_effects_of, site.cast.alice.patient_id)
    return [(one.code.value, one.severity, one.is_open) for one in found]


# Before ---------------------------------------------------------------------------------------------------------------


def test_what_is_ticked_and_written_before_a_session_is_there_the_next_time(site: Site) -> None:
    site.clock.moment = EVE
    one = planned(site)
    alice = site.as_(site.cast.alice)
    sent = {
        "checklist": ["escort", "quiet"],
        "escort_name": "Dana",
        "escort_phone": "+49 30 123456",
        "intention": "Rest",
    }
    assert alice.post(f"/sessions/{one}/before", data=sent).status_code == 303
    page = alice.get(f"/sessions/{one}/before").text
    assert "2 of 5 done" in page
    assert 'href="tel:+4930123456"' in page
    assert "Rest</textarea>" in page
    kept = record(site, one)
    assert (kept.escort, kept.fasting_ok, kept.intention_shared) == (True, None, False)


def test_a_line_that_is_no_longer_asked_stays_ticked_and_does_not_count(site: Site) -> None:
    site.clock.moment = EVE
    one = planned(site, by=site.cast.bob)
    alice = site.as_(site.cast.alice)
    alice.post(f"/sessions/{one}/before", data={"checklist": ["quiet"]})
    site.as_(site.cast.bob).post(
        "/clinic/template", data={"version": "0", "item-escort": "Somebody drives me", "aftercare": "Rest"}
    )
    page = alice.get(f"/sessions/{one}/before").text
    assert "From your clinic. 0 of 1 done" in page
    alice.post(f"/sessions/{one}/before", data={"checklist": ["escort"]})
    assert record(site, one).checklist == ("escort", "quiet")


def test_an_example_is_marked_and_the_clinics_own_words_are_not(site: Site) -> None:
    site.clock.moment = EVE
    one = planned(site, by=site.cast.bob)
    alice = site.as_(site.cast.alice)
    assert alice.get(f"/sessions/{one}/before").text.count("An example, not an instruction") == 3
    site.as_(site.cast.bob).post(
        "/clinic/template", data={"version": "0", "food_and_drink": "Nothing after six", "adopts": "1"}
    )
    page = alice.get(f"/sessions/{one}/before").text
    assert "Nothing after six" in page
    assert "An example" not in page
    assert "What to expect" not in page  # emptied: the clinic says nothing about that


def test_a_number_that_cannot_be_dialled_is_refused_and_everything_stays_on_the_page(site: Site) -> None:
    site.clock.moment = EVE
    one = planned(site)
    answer = site.as_(site.cast.alice).post(
        f"/sessions/{one}/before", data={"escort_phone": "ask Dana", "intention": "To rest"}
    )
    assert answer.status_code == 422
    assert "ask Dana" in answer.text
    assert "To rest</textarea>" in answer.text
    assert record(site, one).intention == ""


def test_the_page_before_leads_to_the_one_after_once_the_session_took_place(site: Site) -> None:
    site.clock.moment = EVENING
    one = given(site)
    assert site.as_(site.cast.alice).get(f"/sessions/{one}/before").location == f"/sessions/{one}/after"


def test_nobody_else_opens_either_page(site: Site) -> None:
    site.clock.moment = EVENING
    one = given(site)
    for person in (site.cast.dan, site.cast.bob):
        for page in ("before", "after"):
            assert site.as_(person).get(f"/sessions/{one}/{page}").status_code == 404


# After ----------------------------------------------------------------------------------------------------------------

SAID = {
    "experience_valence": "3",
    "experience_words": ["moved", "peaceful"],
    "after_peak": "8",
    "after_gone": "yes",
    "after_minutes": "90",
    "after_nausea": "2",
    "after_reflective": "here",
    "integration_note": "The shoreline",
    "small_step": "Call my sister",
}


@pytest.mark.parametrize("by_clinic", [False, True])
def test_looking_back_is_kept_whoever_recorded_the_session(site: Site, by_clinic: bool) -> None:
    site.clock.moment = EVENING
    one = given(site, by=site.cast.bob if by_clinic else None)
    alice = site.as_(site.cast.alice)
    assert alice.post(f"/sessions/{one}/after", data=SAID).status_code == 303
    kept = record(site, one)
    assert (kept.dissociation_peak, kept.dissociation_resolved_min, kept.dissociation_lasts) == (8, 90, False)
    assert (kept.experience_valence, kept.experience_words) == (3, ("peaceful", "moved"))
    assert (kept.integration_note, kept.small_step, kept.reflection_shared) == (
        "The shoreline",
        "Call my sister",
        False,
    )
    assert effects(site) == [("nausea", 2, True), ("reflective", None, False)]
    page = alice.get(f"/sessions/{one}/after").text
    assert "The shoreline</textarea>" in page
    assert "Nausea, since 2 Apr: still there?" in page


def test_once_something_was_said_nothing_asks_again_and_it_can_still_be_opened(site: Site) -> None:
    site.clock.moment = EVENING
    one = given(site)
    alice = site.as_(site.cast.alice)
    assert "Not today" in alice.get(f"/sessions/{one}/after").text
    alice.post(f"/sessions/{one}/after", data={"small_step": "Call my sister"})
    page = alice.get("/today").text
    assert "How was the session?" not in page
    assert "What you said of the session" in page
    assert f'href="/sessions/{one}/after"' in page
    alice.get(f"/sessions/{one}/after")
    assert "Not today" not in alice.get(f"/sessions/{one}/after").text


def test_saving_the_page_again_adds_no_side_effect_twice_and_closes_what_is_gone(site: Site) -> None:
    site.clock.moment = EVENING
    one = given(site)
    alice = site.as_(site.cast.alice)
    for severity in ("2", "2", "0"):
        alice.post(f"/sessions/{one}/after", data={**SAID, "after_nausea": severity})
    assert [effect for effect in effects(site) if effect[0] == "nausea"] == [("nausea", 2, False)]


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (datetime(2026, 4, 2, 15, 59, tzinfo=UTC), 422),  # before 18:00 on the wall: its end is not known
        (datetime(2026, 4, 2, 16, 0, tzinfo=UTC), 303),
        (datetime(2026, 4, 9, 21, 59, tzinfo=UTC), 303),
        (datetime(2026, 4, 9, 22, 0, tzinfo=UTC), 422),
    ],
)
def test_looking_back_is_open_from_the_end_of_aftercare_for_a_week(
    site: Site, now: datetime, status: int
) -> None:
    one = given(site)
    site.clock.moment = now
    answer = site.as_(site.cast.alice).post(f"/sessions/{one}/after", data={"small_step": "Rest"})
    assert answer.status_code == status


def test_after_its_week_the_page_shows_what_was_kept(site: Site) -> None:
    site.clock.moment = EVENING
    one = given(site)
    alice = site.as_(site.cast.alice)
    alice.post(f"/sessions/{one}/after", data=SAID)
    site.clock.moment = EVENING + timedelta(days=8)
    page = site.as_(site.cast.alice).get(f"/sessions/{one}/after").text
    assert "Call my sister" in page
    assert "<textarea" not in page


def test_an_urgent_side_effect_leads_to_whom_to_call(site: Site) -> None:
    site.clock.moment = EVENING
    one = given(site)
    alice = site.as_(site.cast.alice)
    alice.post(f"/sessions/{one}/after", data={"after_chest_pain": "1"})
    page = alice.get(f"/sessions/{one}/after").text
    assert "Contact your clinic or the emergency services now" in page
    assert "You named: Chest pain." in page


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("after_peak", "11"), ("after_nausea", "4"), ("after_minutes", "soon"), ("after_gone", "maybe")],
)
def test_an_answer_that_no_page_offers_is_refused_at_its_field(site: Site, field: str, wrong: str) -> None:
    site.clock.moment = EVENING
    one = given(site)
    answer = site.as_(site.cast.alice).post(f"/sessions/{one}/after", data={**SAID, field: wrong})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert record(site, one).small_step == ""


def test_reflections_are_offered_to_those_alone_who_may_read_them(site: Site) -> None:
    site.clock.moment = EVENING
    one = given(site)
    page = site.as_(site.cast.alice).get(f"/sessions/{one}/after").text
    assert "Share with Bob, my therapist" in page
    assert "Frank" not in page
    assert Scope.REFLECTIONS  # Bob has it, Frank has scores alone


# Today ----------------------------------------------------------------------------------------------------------------


def test_today_says_the_fixed_words_on_the_day_of_a_session(site: Site) -> None:
    site.clock.moment = EVENING
    given(site)
    page = site.as_(site.cast.alice).get("/today").text
    assert CARD in page
    assert "Session 1, today" in page


def test_today_goes_gently_on_the_day_after_and_says_nothing_two_days_on(site: Site) -> None:
    one = given(site)
    site.clock.moment = NEXT_DAY
    page = site.as_(site.cast.alice).get("/today").text
    assert "Take today slowly" in page
    assert "No driving until you’ve had a full night’s sleep" in page
    assert CARD not in page
    assert f"/sessions/{one}/after" in page
    site.clock.moment = NEXT_DAY + timedelta(days=1)
    assert "Take today slowly" not in site.as_(site.cast.alice).get("/today").text


@pytest.mark.parametrize(("hour", "is_shown"), [(7, False), (8, True)])
def test_the_card_does_not_wait_until_somebody_says_that_the_session_took_place(
    site: Site, hour: int, is_shown: bool
) -> None:
    planned(site)  # at ten, where Alice lives
    site.clock.moment = datetime(2026, 4, 2, hour, 0, tzinfo=UTC)
    assert (CARD in site.as_(site.cast.alice).get("/today").text) is is_shown


@pytest.mark.parametrize(("days", "is_shown"), [(1, True), (2, False)])
def test_the_day_after_goes_gently_although_nobody_said_yet_that_the_session_took_place(
    site: Site, days: int, is_shown: bool
) -> None:
    one = planned(site, by=site.cast.bob)
    site.clock.moment = EVENING + timedelta(days=days)
    page = site.as_(site.cast.alice).get("/today").text
    assert ("Take today slowly" in page) is is_shown
    assert ("Session 1 was planned for yesterday" in page) is is_shown
    assert f"/sessions/{one}/after" not in page


def test_once_its_card_stands_there_a_session_is_not_announced_as_well(site: Site) -> None:
    planned(site)
    site.clock.moment = datetime(2026, 4, 2, 7, 0, tzinfo=UTC)
    assert "Get ready for it" in site.as_(site.cast.alice).get("/today").text
    site.clock.moment = EVENING
    page = site.as_(site.cast.alice).get("/today").text
    assert "Go gently tonight" in page
    assert "Get ready for it" not in page


def test_not_today_is_kept_for_that_day_and_the_card_stays(site: Site) -> None:
    one = given(site)
    site.clock.moment = NEXT_DAY
    alice = site.as_(site.cast.alice)
    assert alice.post(f"/sessions/{one}/not-today").status_code == 303
    page = alice.get("/today").text
    assert "Take today slowly" in page
    assert "How was the session?" not in page


@pytest.mark.parametrize(
    ("days", "is_shown"), [(2, False), (3, True), (4, False), (7, True), (14, True), (15, False)]
)
def test_a_small_step_is_shown_again_after_3_7_and_14_days(site: Site, days: int, is_shown: bool) -> None:
    site.clock.moment = EVENING
    one = given(site)
    site.as_(site.cast.alice).post(f"/sessions/{one}/after", data={"small_step": "Call my sister"})
    site.clock.moment = EVENING + timedelta(days=days)
    page = site.as_(site.cast.alice).get("/today").text
    assert ("Call my sister" in page) is is_shown


def test_a_locked_phone_says_nothing_of_a_session(site: Site) -> None:
    site.clock.moment = EVENING
    given(site)
    alice = site.as_(site.cast.alice)
    assert CARD in alice.get("/today").text
    site.clock.moment = EVENING + timedelta(hours=1)
    for address in ("/today", "/check-in"):
        page = alice.get(address).text
        assert "session" not in page.lower()
        assert "after_" not in page


# On a check-in --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_asked"), [(0, True), (1, True), (2, True), (3, False)])
def test_a_check_in_asks_of_side_effects_on_the_day_and_two_more(
    site: Site, days: int, is_asked: bool
) -> None:
    given(site)
    site.clock.moment = EVENING + timedelta(days=days)
    page = site.as_(site.cast.alice).get("/check-in").text
    assert ('name="after_nausea"' in page) is is_asked
    assert ('name="after_peak"' in page) is is_asked


def test_what_is_told_with_a_check_in_is_kept_once_however_often_it_is_sent(site: Site) -> None:
    one = given(site)
    site.clock.moment = EVENING
    alice = site.as_(site.cast.alice)
    sent = {
        "mood": "6",
        "client_key": "key-number-1",
        "after_headache": "1",
        "after_peak": "7",
        "after_gone": "not_yet",
    }
    for _again in range(2):
        assert alice.post("/check-in", data=sent).status_code == 303
    assert effects(site) == [("headache", 1, True)]
    assert (record(site, one).dissociation_peak, record(site, one).dissociation_lasts) == (7, True)


def test_what_is_still_there_stays_on_the_check_in_until_it_is_closed(site: Site) -> None:
    given(site)
    site.clock.moment = EVENING
    site.as_(site.cast.alice).post(
        "/check-in", data={"mood": "6", "after_headache": "1", "after_gone": "not_yet"}
    )
    site.clock.moment = EVENING + timedelta(days=5)
    alice = site.as_(site.cast.alice)
    page = alice.get("/check-in").text
    assert "Headache, since 2 Apr: still there?" in page
    assert "After your session you still felt detached." in page
    assert 'name="detached"' in page
    assert 'name="after_nausea"' not in page
    alice.post("/check-in", data={"mood": "6", "after_headache": "0", "after_gone": "yes"})
    assert effects(site) == [("headache", 1, False)]
    assert "after_" not in alice.get("/check-in").text


def test_a_late_repeat_does_not_bring_back_what_was_closed(site: Site) -> None:
    given(site)
    site.clock.moment = EVENING
    alice = site.as_(site.cast.alice)
    first = {"mood": "6", "client_key": "key-number-1", "after_headache": "1"}
    alice.post("/check-in", data=first)
    alice.post("/check-in", data={"mood": "6", "client_key": "key-number-2", "after_headache": "0"})
    alice.post("/check-in", data=first)
    assert effects(site) == [("headache", 1, False)]


def test_what_was_not_asked_is_passed_over(site: Site) -> None:
    given(site)
    site.clock.moment = EVENING + timedelta(days=5)
    site.as_(site.cast.alice).post("/check-in", data={"mood": "6", "after_nausea": "3", "after_peak": "9"})
    assert effects(site) == []


def test_a_check_in_with_something_urgent_is_answered_with_whom_to_call_first(site: Site) -> None:
    given(site)
    site.clock.moment = EVENING
    alice = site.as_(site.cast.alice)
    saved = alice.post(
        "/check-in", data={"mood": "6", "after_breathing_trouble": "2"}, follow_redirects=True
    ).text
    assert saved.index("Contact your clinic or the emergency services now") < saved.index("Okay")


def test_an_answer_after_a_session_that_cannot_be_read_is_refused_with_the_check_in(site: Site) -> None:
    given(site)
    site.clock.moment = EVENING
    answer = site.as_(site.cast.alice).post("/check-in", data={"mood": "6", "after_minutes": "an hour"})
    assert answer.status_code == 422
    assert 'href="#after_minutes"' in answer.text


def test_a_phone_passes_on_what_was_answered(site: Site) -> None:
    one = given(site)
    site.clock.moment = EVENING
    alice = site.as_(site.cast.alice)
    account = alice.get("/api/phone").json["account"]
    sent = {
        "account": account, "client_key": "key-number-1", "recorded_at": EVENING.isoformat(),
        "sent_at": EVENING.isoformat(), "zone": "Europe/Berlin", "mood": 6,
        "after_session": {"after_nausea": "3", "after_peak": "10"},
    }  # fmt: skip
    assert alice.post("/api/check-ins", json=sent).status_code == 201
    assert effects(site) == [(SideEffectCode.NAUSEA.value, Severity.SEVERE, True)]
    assert record(site, one).dissociation_peak == 10
    assert (
        alice.post("/api/check-ins", json={**sent, "after_session": {"after_nausea": 3}}).status_code == 400
    )


def test_a_phone_that_locked_meanwhile_still_says_whom_to_call_and_not_why(site: Site) -> None:
    given(site)
    site.clock.moment = EVENING
    alice = site.as_(site.cast.alice)
    site.clock.moment = EVENING + timedelta(hours=1)
    saved = alice.post("/check-in", data={"mood": "6", "after_chest_pain": "2"}, follow_redirects=True).text
    assert "You named something that should not wait." in saved
    assert "Chest pain" not in saved
    assert "emergency services" not in alice.get("/today").text


def test_what_should_not_wait_stands_first_on_today_until_it_is_closed(site: Site) -> None:
    given(site)
    site.clock.moment = EVENING
    alice = site.as_(site.cast.alice)
    alice.post("/check-in", data={"mood": "6", "after_fainting": "1"})
    assert "You named: Fainting." in alice.get("/today").text
    alice.post("/check-in", data={"mood": "6", "after_fainting": "0"})
    assert "You named" not in alice.get("/today").text
