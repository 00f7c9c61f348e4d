"""The pages of a patient's questionnaires: their own words in English, stored first, asked once for the rest."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from journal.domain.assessment_records import AssessmentRecord
from journal.domain.instrument_files import SHIPPED, instrument
from journal.domain.treatments import Status
from journal.services.assessment_dates import opened_now
from journal.storage import assessments
from tests.builders import the_patient, treatment
from tests.cast import NOW, Person
from tests.conftest import Site

EIGHT = {f"q{number}": "1" for number in range(1, 9)}


def opened(site: Site, code: str, person: Person | None = None) -> str:
    with site.database.unit_of_work() as db:
        patient = the_patient(db, person or site.cast.alice)
        return opened_now(db, patient, code, now=site.clock.moment).public_id


def told(page: str) -> str:
    """What a page says, without its markup."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def alice(site: Site) -> FlaskClient:
    return site.as_(site.cast.alice)


@pytest.mark.parametrize("code", SHIPPED)
def test_every_word_of_a_questionnaire_is_shown_as_it_was_published(
    site: Site, alice: FlaskClient, code: str
) -> None:
    known = instrument(code)
    page = html.unescape(alice.get(f"/questionnaires/{opened(site, code)}").text)
    if code == "phq9":  # nobody reads the ninth item here
        known = instrument("phq8")
    for item in known.items:
        assert f'<span lang="en">{item.text}</span>' in page
        for option in item.options:
            assert f'<span lang="en">{option.text}</span>' in page
    assert known.licence.attribution in page
    for words in (known.stem, known.instruction):
        assert words is None or words in page


def test_where_nobody_reads_the_ninth_item_the_page_says_so(site: Site, alice: FlaskClient) -> None:
    page = told(alice.get(f"/questionnaires/{opened(site, 'phq9')}").text)
    assert "Two-week questions PHQ-8. About two minutes." in page
    assert "It’s asked only where somebody has said that they read the answer every weekday." in page
    assert "better off dead or of hurting yourself in some way" not in page


def test_the_page_asks_once_for_what_was_left_open_and_has_stored_the_rest(
    site: Site, alice: FlaskClient
) -> None:
    one = opened(site, "phq8")
    first = alice.post(f"/questionnaires/{one}", data={"shown": "phq8", "q1": "3", "q2": "0"})
    assert (first.status_code, first.location) == (303, f"/questionnaires/{one}?left=1")
    page = alice.get(first.location).text
    assert "6 questions are still open." in page
    assert 'href="#q3"' in page
    assert re.search(r'name="q1" value="3" id="q1-3" checked', page)
    second = alice.post(f"/questionnaires/{one}", data={"shown": "phq8", "q3": "1", "left": "1"})
    assert second.location == f"/questionnaires/{one}/saved"
    saved = told(alice.get(second.location).text)
    assert "3 of 8 answered" in saved
    assert "A number needs every question" in saved


def test_a_whole_one_shows_its_number_the_one_before_and_the_change(site: Site) -> None:
    for value in ("2", "1"):
        one = opened(site, "gad7")
        alice = site.as_(site.cast.alice)
        alice.post(
            f"/questionnaires/{one}",
            data={"shown": "gad7", **{f"q{number}": value for number in range(1, 8)}},
        )
        page = told(alice.get(f"/questionnaires/{one}/saved").text)
        site.clock.moment += timedelta(days=14)
    assert "GAD-7: 7 of 21" in page
    assert "Its authors call this range “mild”." in page
    assert "7 points lower than on 30 March 2026." in page
    assert "30 March 2026 14 of 21 moderate" in page


def test_days_later_the_page_shows_what_was_answered_and_says_nothing_of_saving(site: Site) -> None:
    one = opened(site, "phq8")
    page = f"/questionnaires/{one}/saved"
    site.as_(site.cast.alice).post(f"/questionnaires/{one}", data={"shown": "phq8", **EIGHT})
    assert "Saved. Thank you." in told(site.as_(site.cast.alice).get(page).text)
    site.clock.moment += timedelta(days=1)
    later = told(site.as_(site.cast.alice).get(page).text)
    assert "Saved" not in later
    assert "What you answered PHQ-8," in later
    assert "PHQ-8: 8 of 24" in later


@pytest.mark.parametrize(("answer", "leads_on"), [("0", True), ("1", False)])
def test_after_an_answer_that_asked_for_care_no_further_questionnaire_is_pressed_on_anybody(
    site: Site, answer: str, *, leads_on: bool
) -> None:
    one, _other = opened(site, "phq9"), opened(site, "gad7")
    alice = site.as_(site.cast.alice)
    alice.post(f"/questionnaires/{one}", data={"shown": "phq9", "q9": answer, "left": "1"})
    page = told(alice.get(f"/questionnaires/{one}/saved").text)
    assert ("Next: GAD-7" in page) is leads_on
    assert ("Done" in page) is not leads_on


def test_no_range_is_named_where_none_is_published(site: Site, alice: FlaskClient) -> None:
    one = opened(site, "pcl5")
    alice.post(
        f"/questionnaires/{one}", data={"shown": "pcl5", **{f"q{number}": "3" for number in range(1, 21)}}
    )
    page = told(alice.get(f"/questionnaires/{one}/saved").text)
    assert "PCL-5: 60 of 80" in page
    assert "call this range" not in page
    assert "worth telling your provider about" in page
    assert "Taking too many risks or doing things that could cause you harm?" in page


def test_a_score_that_covers_both_sides_of_a_session_says_so(site: Site, alice: FlaskClient) -> None:
    with site.database.unit_of_work() as db:
        treatment(db, site.cast.alice, on=NOW.date() - timedelta(days=5))
    one = opened(site, "phq8")
    alice.post(f"/questionnaires/{one}", data={"shown": "phq8", **EIGHT})
    page = told(alice.get(f"/questionnaires/{one}/saved").text)
    assert "It covers days before and after the session on 25 March 2026." in page


def test_an_answer_that_opens_the_panel_is_stored_and_the_panel_comes_first(
    site: Site, alice: FlaskClient
) -> None:
    one = opened(site, "phq9")
    answer = alice.post(f"/questionnaires/{one}", data={"shown": "phq9", "q9": "1"})
    assert "nobody may see this today" in answer.text
    with site.database.look() as db:
        record = assessments.assessment_of(db, site.cast.alice.patient_id, one)
    assert record is not None
    assert record.answers == {"9": 1}


def test_the_care_note_stands_at_its_question_and_at_no_other(site: Site, alice: FlaskClient) -> None:
    page = alice.get(f"/questionnaires/{opened(site, 'asq')}").text
    assert page.count("Thank you for telling us.") == 5
    assert page.count('class="reveal') == 5
    assert "Thank you for telling us." not in alice.get(f"/questionnaires/{opened(site, 'gad7')}").text


def test_the_care_note_is_for_every_answer_above_zero() -> None:
    marks = {item.help_at for code in SHIPPED for item in instrument(code).items} - {None}
    assert marks == {1}  # the style sheet shows it for every answer but 0 and "prefer not to answer"


def test_the_last_question_of_the_asq_comes_after_a_yes(site: Site, alice: FlaskClient) -> None:
    one = opened(site, "asq")
    page = alice.get(f"/questionnaires/{one}").text
    assert re.search(r'class="card cares later">.{0,400}right now', page, re.DOTALL)
    alice.post(f"/questionnaires/{one}", data={"shown": "asq", "q2": "1"})
    assert "cares later" not in alice.get(f"/questionnaires/{one}").text


def test_something_else_than_an_answer_is_refused_and_nothing_is_lost(site: Site, alice: FlaskClient) -> None:
    one = opened(site, "phq8")
    answer = alice.post(f"/questionnaires/{one}", data={"shown": "phq8", "q1": "7", "q2": "3"})
    assert answer.status_code == 422
    assert "Choose one of the answers shown" in answer.text
    assert re.search(r'name="q2" value="3" id="q2-3" checked', answer.text)


def test_the_list_says_what_is_next_and_why(site: Site, alice: FlaskClient) -> None:
    with site.database.unit_of_work() as db:
        treatment(db, site.cast.alice, on=NOW.date() + timedelta(days=13), status=Status.PLANNED)
    for code in ("phq8", "gad7"):
        one = opened(site, code)
        alice.post(f"/questionnaires/{one}", data={"shown": code, **EIGHT})
    page = told(alice.get("/questionnaires").text)
    assert (
        "PHQ-8 · GAD-7 The next one is due on Saturday 11 April, because it’s asked before your session on "
        "12 April 2026. Without that session it would be Monday 13 April."
    ) in page
    assert "PHQ-8: 8 of 24" in page


def test_what_nobody_answered_is_said_without_blame(site: Site, alice: FlaskClient) -> None:
    alice.get("/questionnaires")
    site.clock.moment += timedelta(days=5)
    page = told(site.as_(site.cast.alice).get("/questionnaires").text)
    assert "Not answered That’s all right. There is nothing to catch up on." in page
    assert "PHQ-8 was due 30 March 2026" in page
    assert "missed" not in page


def test_who_can_read_the_answers_is_named(site: Site, alice: FlaskClient) -> None:
    alices = told(alice.get("/questionnaires").text)
    dans = told(site.as_(site.cast.dan).get("/questionnaires").text)
    assert "Bob can read your answers, but not right away" in alices
    assert "Only you can read your answers." in dans


def test_one_of_another_program_is_shown_with_what_it_counted(site: Site, alice: FlaskClient) -> None:
    other = AssessmentRecord(
        "other", "who5", 1, NOW.date(), opened_at=NOW, saved_at=NOW, completed_at=NOW, completed_on=NOW.date(),
        answers={"a": 3}, scored_as="who5", total=12, answered=5, asked=5,
    )  # fmt: skip
    with site.database.unit_of_work() as db:
        assessments.add_assessment(db, site.cast.alice.patient_id, other)
    assert "who5: 12" in told(alice.get("/questionnaires").text)
    assert "who5: 12" in told(alice.get("/questionnaires/other/saved").text)
    assert alice.get("/questionnaires/other").status_code == 404


def test_somebody_elses_questionnaire_is_not_there(site: Site) -> None:
    one = opened(site, "phq8", site.cast.alice)
    dan = site.as_(site.cast.dan)
    assert [dan.get(f"/questionnaires/{one}{end}").status_code for end in ("", "/saved")] == [404, 404]
    assert dan.post(f"/questionnaires/{one}", data={"shown": "phq8", "q1": "1"}).status_code == 404


def test_what_was_written_until_the_phone_locked_itself_is_stored_and_help_comes(
    site: Site, alice: FlaskClient
) -> None:
    one = opened(site, "phq9")
    alice.post(f"/questionnaires/{one}", data={"shown": "phq9", "q1": "3"})
    site.clock.moment += timedelta(minutes=10)
    assert alice.get(f"/questionnaires/{one}").location.startswith("/unlock")
    answer = alice.post(f"/questionnaires/{one}", data={"shown": "phq9", "q9": "2"})
    assert "nobody may see this today" in answer.text
    refused = alice.post(f"/questionnaires/{one}", data={"shown": "phq9", "q2": "7"})
    assert refused.status_code == 422
    assert not re.findall("<input[^>]* checked[^>]*>", refused.text)
    with site.database.look() as db:
        record = assessments.assessment_of(db, site.cast.alice.patient_id, one)
    assert record is not None
    assert record.answers == {"1": 3, "9": 2}


def test_today_has_a_card_while_one_is_open(site: Site, alice: FlaskClient) -> None:
    assert "Open the questionnaire" not in alice.get("/today").text
    one = opened(site, "phq8")
    assert f'href="/questionnaires/{one}"' in alice.get("/today").text
