"""A patient's questionnaires for a provider, over HTTP: what the consent opens, and nothing else."""

from __future__ import annotations

import html
import re
from datetime import date

from journal.domain.assessment_calendar import Rhythm
from journal.domain.assessment_records import AssessmentRecord
from journal.domain.assessments import DECLINED
from journal.domain.consents import Scope
from journal.storage import assessments, audit
from journal.storage.audit import Act
from tests.assessing import add, of_total, record
from tests.builders import share, treatment
from tests.conftest import Site
from tests.flagging import let_review

JAN, MARCH = date(2026, 1, 5), date(2026, 3, 20)
EARLIER, LATER = record("phq9", JAN, of_total("phq9", 21)), record("phq9", MARCH, of_total("phq9", 12))


def address(site: Site, rest: str = "") -> str:
    return f"/patients/{site.cast.alice.public_id}/questionnaires{rest}"


def keep(site: Site, *records: AssessmentRecord) -> None:
    with site.database.unit_of_work() as db:
        add(db, site.cast.alice, *records)


def told(site: Site, path: str, person: object = None) -> str:
    answer = site.as_(person or site.cast.bob).get(path)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))


def test_a_score_is_shown_with_the_one_before_and_the_figures_behind_its_change(site: Site) -> None:
    keep(site, EARLIER, LATER)
    page = told(site, address(site))
    assert "12 21 on 5 January 2026 −9 Yes −2.74, beyond ±1.96" in page
    assert "The setting is a change of 6 points or more." in page
    assert "nobody has checked this figure at its source" in page
    assert "here with SD 5.8, r 0.84" in page


def test_a_session_inside_the_two_weeks_is_named_where_sessions_are_open(site: Site) -> None:
    keep(site, LATER)
    with site.database.unit_of_work() as db:
        treatment(db, site.cast.alice, date(2026, 3, 13))
    assert "covers days before and after the session on 13 March 2026" in told(site, address(site))
    with site.database.unit_of_work() as db:
        share(db, site.cast.alice, site.cast.carol, Scope.ASSESSMENTS)
    page = told(site, address(site), site.cast.carol)
    assert "13 March" not in page
    assert "it is not marked which scores cover days before and after one" in page


def test_days_before_the_consent_are_not_there(site: Site) -> None:
    keep(site, EARLIER, LATER)
    with site.database.unit_of_work() as db:
        share(db, site.cast.alice, site.cast.carol, Scope.ASSESSMENTS, visible_from=date(2026, 3, 1))
    page = told(site, address(site), site.cast.carol)
    assert "January" not in page
    assert "20 March 2026 12 none" in page
    browser = site.as_(site.cast.carol)
    assert browser.get(address(site, f"/{EARLIER.public_id}")).status_code == 404
    assert browser.get(address(site, f"/{LATER.public_id}")).status_code == 200


def test_without_the_scope_nothing_is_there_and_the_patients_page_says_so(site: Site) -> None:
    keep(site, LATER)
    frank = site.as_(site.cast.frank)  # he sees the scores of the days alone
    for rest in ("", f"/{LATER.public_id}"):
        assert frank.get(address(site, rest)).status_code == 404
    assert frank.post(address(site), data={"rhythm": "fixed"}).status_code == 404
    page = told(site, f"/patients/{site.cast.alice.public_id}", site.cast.frank)
    assert "Questionnaires are not shared with you." in page
    assert "PHQ" not in page


def test_the_patients_page_draws_the_scores(site: Site) -> None:
    keep(site, EARLIER, LATER)
    page = site.as_(site.cast.bob).get(f"/patients/{site.cast.alice.public_id}").text
    assert 'aria-label="PHQ-9 was 21, and is 12 on 20 March."' in page
    assert address(site) in page


def test_item_by_item_everything_that_was_asked_stands_there(site: Site) -> None:
    declined = record("phq9", MARCH, of_total("phq8", 10) | {"9": DECLINED})
    keep(site, EARLIER, declined)
    page = told(site, address(site, f"/{declined.public_id}"))
    assert "PHQ-8, 20 March 2026" in page
    assert "10 of 24" in page
    assert "The PHQ-9 was asked, and its ninth item was not answered: the other eight are a PHQ-8." in page
    assert "Preferred not to answer" in page
    assert "Not answered" in page  # the tenth, which counts for nothing
    assert "On 5 January" not in page  # a PHQ-9 is never beside a PHQ-8


def test_what_is_half_finished_has_no_total_and_no_band(site: Site) -> None:
    half = record("phq9", MARCH, {str(number): 3 for number in range(1, 9)}, is_missed=True)
    keep(site, half)
    page = told(site, address(site, f"/{half.public_id}"))
    assert "8 of 9 questions answered, no total" in page
    assert "24" not in page
    assert "not finished; 8 of 9 questions answered, no total" in told(site, address(site))


def test_a_provider_chooses_what_is_asked_and_how_often(site: Site) -> None:
    answer = site.as_(site.cast.bob).post(
        address(site), data={"rhythm": "weekly_first", "asked": ["phq9", "gad7", "pcl5"]}
    )
    assert (answer.status_code, answer.location) == (303, address(site))
    kept = site.look(assessments.choices_of, site.cast.alice.patient_id)
    assert kept["phq9"].cadence.rhythm is Rhythm.WEEKLY_FIRST
    assert kept["phq9"].cadence.since == date(2026, 3, 30)
    assert kept["pcl5"].is_enabled
    assert "asq" not in kept
    page = told(site, address(site))
    assert "Overlapping recall" in page
    assert "PCL-5" in page


def test_a_choice_that_is_not_offered_is_refused(site: Site) -> None:
    answer = site.as_(site.cast.bob).post(address(site), data={"rhythm": "hourly"})
    assert answer.status_code == 422
    assert "Choose one of the answers shown" in answer.text
    assert site.look(assessments.choices_of, site.cast.alice.patient_id) == {}


def test_where_nobody_reads_the_ninth_item_the_page_says_that_the_phq8_is_asked(site: Site) -> None:
    said = "The PHQ-8 is asked in place of the PHQ-9"
    assert said in told(site, address(site))
    with site.database.unit_of_work() as db:
        let_review(db, site.cast)
    assert said not in told(site, address(site))


def test_every_look_is_written_down(site: Site) -> None:
    keep(site, LATER)
    browser = site.as_(site.cast.bob)
    for rest in ("", f"/{LATER.public_id}"):
        browser.get(address(site, rest))
    logged = site.look(audit.log_of, site.cast.alice.patient_id, limit=9, offset=0)
    assert [one.act for one in logged].count(Act.VIEWED_PATIENT) == 2


def test_no_word_of_a_diagnosis_is_on_the_pages(site: Site) -> None:
    keep(site, EARLIER, LATER, record("pcl5", MARCH, of_total("pcl5", 60)))
    with site.database.unit_of_work() as db:
        let_review(db, site.cast)
    page = told(site, address(site)).casefold()
    for word in ("depression", "disorder", "ptsd", "diagnos", "probable", "clinically", "remission"):
        assert word not in page
