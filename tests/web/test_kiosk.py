"""The handed-over device over HTTP: what it opens, what it does not, and what it leaves behind."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from journal.domain.access_limits import KIOSK_CODE_LASTS, KIOSK_OPEN_FOR, KIOSK_TRIES_MOST
from journal.domain.assessment_records import AssessmentRecord, Via
from journal.languages import Language
from journal.storage import assessments, flag_reviews, safety_flags
from journal.storage.accounts import set_language
from journal.storage.audit import AuditEvent
from journal.storage.consents import end_consent
from journal.web.routes import ROUTES, WHILE_HANDED_OVER, Audience
from tests.cast import NOW
from tests.conftest import Site
from tests.flagging import let_review, work_elsewhere
from tests.house.test_routes import address, ids, methods
from tests.kiosks import SCORED, handed, tablet

__all__ = ["ids"]  # a fixture
WHOLE = SCORED | {"q9": "0", "q10": "1"}


def kept(site: Site) -> list[AssessmentRecord]:
    found: list[AssessmentRecord] = site.look(assessments.assessments_of, site.cast.alice.patient_id)
    return [one for one in found if one.saved_at is not None]


def reviewed(site: Site) -> None:
    with site.database.unit_of_work() as db:
        let_review(db, site.cast)


def is_over(browser: FlaskClient) -> bool:
    answer = browser.get("/kiosk")
    return (answer.status_code, answer.location) == (303, "/kiosk/over")


# The code ---------------------------------------------------------------------------------------------------------


def test_the_code_opens_the_questions_and_names_nobody(site: Site) -> None:
    page = tablet(site).get("/kiosk").text
    assert "Little interest or pleasure in doing things" in page
    for word in ("Alice", "Bob", "Riverside", "/today", "/sign-in", "sw.js", "manifest"):
        assert word not in page


def test_the_letters_of_the_address_may_be_typed_small(site: Site) -> None:
    made = handed(site)
    answer = site.stranger().post(f"/kiosk/{made.place.lower()}", data={"code": made.code})
    assert answer.location == "/kiosk"


def test_the_page_for_the_code_is_the_same_where_nothing_waits(site: Site) -> None:
    made, browser = handed(site), site.stranger()
    here, nowhere = browser.get(f"/kiosk/{made.place}"), browser.get("/kiosk/ZZZZZZ")
    assert here.status_code == nowhere.status_code == 200
    assert here.text == nowhere.text
    refused = browser.post("/kiosk/ZZZZZZ", data={"code": made.code})
    assert refused.status_code == 422
    assert "doesn’t work here" in refused.text


def test_five_wrong_codes_end_it_and_the_right_one_is_wrong_then(site: Site) -> None:
    made, browser = handed(site), site.stranger()
    wrong = f"{(int(made.code) + 1) % 10_000:04d}"
    for _ in range(KIOSK_TRIES_MOST):
        assert browser.post(f"/kiosk/{made.place}", data={"code": wrong}).status_code == 422
    assert browser.post(f"/kiosk/{made.place}", data={"code": made.code}).status_code == 422


def test_four_wrong_codes_do_not(site: Site) -> None:
    made, browser = handed(site), site.stranger()
    wrong = f"{(int(made.code) + 1) % 10_000:04d}"
    for _ in range(KIOSK_TRIES_MOST - 1):
        browser.post(f"/kiosk/{made.place}", data={"code": wrong})
    assert browser.post(f"/kiosk/{made.place}", data={"code": made.code}).location == "/kiosk"


def test_one_network_address_does_not_try_for_ever(site: Site) -> None:
    browser = site.stranger()
    for _ in range(30):
        assert browser.post("/kiosk/ZZZZZZ", data={"code": "0000"}).status_code == 422
    assert browser.post("/kiosk/ZZZZZZ", data={"code": "0000"}).status_code == 429


def test_a_code_works_once_and_for_ten_minutes(site: Site) -> None:
    made = handed(site)
    assert site.stranger().post(f"/kiosk/{made.place}", data={"code": made.code}).status_code == 303
    assert site.stranger().post(f"/kiosk/{made.place}", data={"code": made.code}).status_code == 422
    again = handed(site)
    site.clock.moment += KIOSK_CODE_LASTS
    assert site.stranger().post(f"/kiosk/{again.place}", data={"code": again.code}).status_code == 422


def test_another_handing_over_ends_the_one_before(site: Site) -> None:
    first, browser = handed(site), tablet(site)
    assert site.stranger().post(f"/kiosk/{first.place}", data={"code": first.code}).status_code == 422
    tablet(site)
    assert is_over(browser)


def test_a_browser_with_a_journal_in_it_is_signed_out_first(site: Site) -> None:
    made, browser = handed(site), site.as_(site.cast.alice)
    page = browser.post(f"/kiosk/{made.place}", data={"code": made.code})
    assert page.status_code == 200
    assert "Somebody is signed in here" in page.text
    assert browser.get("/today").status_code == 200


# Nothing else -----------------------------------------------------------------------------------------------------


def test_no_other_address_answers(site: Site, ids: dict[str, str]) -> None:
    browser = tablet(site)
    closed = [
        route
        for route in ROUTES
        if route.audience is not Audience.KIOSK and route.endpoint not in WHILE_HANDED_OVER
    ]
    assert len(closed) > 60
    for route in closed:
        for method in methods(route):
            answer = browser.open(address(route, defaultdict(lambda: "x", ids)), method=method)
            assert answer.status_code == 404, f"{method} {route.rule}"
    assert browser.get("/kiosk").status_code == 200


def test_help_and_files_are_closed_to_nobody(site: Site) -> None:
    assert WHILE_HANDED_OVER == {"health.livez", "static_files.show", "safety.support"}
    assert tablet(site).get("/help").status_code == 200


def test_the_way_on_from_a_wrong_address_leads_back_to_the_questions(site: Site) -> None:
    page = tablet(site).get("/today")
    assert page.status_code == 404
    assert 'href="/kiosk"' in page.text


@pytest.mark.parametrize("path", ["/kiosk", "/kiosk/care", "/kiosk/still-here"])
def test_nobody_else_finds_the_questions(site: Site, path: str) -> None:
    tablet(site)
    for person in (site.cast.alice, site.cast.bob, site.cast.erin):
        assert site.as_(person).get(path).status_code == 404
    assert site.stranger().get(path).location == "/kiosk/over"
    browser = site.stranger()
    with browser.session_transaction() as cookie:
        cookie["kiosk"] = "no secret of ours"
    assert browser.get(path).location == "/kiosk/over"


# Answering --------------------------------------------------------------------------------------------------------


def test_the_answers_are_saved_as_from_a_device_handed_over(site: Site) -> None:
    answer = tablet(site).post("/kiosk", data=SCORED)
    assert (answer.status_code, answer.location) == (303, "/kiosk/over?saved=1")
    (record,) = kept(site)
    assert (record.instrument, record.total, record.via) == ("phq8", 8, Via.KIOSK)


def test_nothing_is_left_behind(site: Site) -> None:
    browser = tablet(site)
    page = browser.get("/kiosk")
    assert page.headers["Cache-Control"] == "no-store"
    ended = browser.post("/kiosk", data=SCORED)
    assert ended.headers["Clear-Site-Data"] == '"cache"'
    with browser.session_transaction() as cookie:
        assert set(cookie) <= {"language", "_permanent"}
    assert is_over(browser)
    assert browser.get("/kiosk/over").status_code == 410
    assert browser.get("/today").location == "/sign-in"


def test_the_same_press_twice_is_told_that_it_is_saved(site: Site) -> None:
    made, browser = handed(site), site.stranger()
    browser.post(f"/kiosk/{made.place}", data={"code": made.code})
    with browser.session_transaction() as cookie:
        secret = cookie["kiosk"]
    browser.post("/kiosk", data=SCORED)
    twice = site.stranger()
    with twice.session_transaction() as cookie:
        cookie["kiosk"] = secret
    assert twice.post("/kiosk", data=SCORED).location == "/kiosk/over?saved=1"
    assert len(kept(site)) == 1


def test_what_is_left_open_is_asked_for_once_and_then_kept(site: Site) -> None:
    browser = tablet(site)
    page = browser.post("/kiosk", data={"q1": "2", "q2": "1"})
    assert "6 questions are still open" in page.text
    (record,) = kept(site)
    assert (record.answered, record.total) == (2, None)
    answer = browser.post("/kiosk", data={"q1": "2", "q2": "1", "asked_once": "1"})
    assert answer.location == "/kiosk/over?saved=1"
    assert kept(site)[0].total is None


def test_what_was_answered_before_is_shown_to_nobody(site: Site) -> None:
    browser = tablet(site)
    browser.post("/kiosk", data={"q1": "3"})
    assert " checked" not in browser.get("/kiosk").text
    assert " checked" not in tablet(site).get("/kiosk").text


def test_stopping_keeps_what_is_there_and_asks_nothing(site: Site) -> None:
    assert tablet(site).post("/kiosk", data={"q1": "3", "finished": "1"}).location == "/kiosk/over?saved=1"
    assert kept(site)[0].answers == {"1": 3}
    assert tablet(site).post("/kiosk", data={"finished": "1"}).location == "/kiosk/over"


def test_an_answer_that_is_not_offered_is_refused_and_the_others_stay(site: Site) -> None:
    page = tablet(site).post("/kiosk", data={"q1": "3", "q2": "9"})
    assert page.status_code == 422
    assert "Choose one of the answers shown" in page.text
    assert kept(site) == []


def test_it_closes_by_itself(site: Site) -> None:
    browser = tablet(site)
    site.clock.moment += KIOSK_OPEN_FOR - timedelta(seconds=1)
    assert browser.get("/kiosk").status_code == 200
    site.clock.moment += timedelta(seconds=1)
    late = browser.post("/kiosk", data=SCORED)
    assert late.location == "/kiosk/over"
    assert kept(site) == []


def test_it_goes_with_the_consent(site: Site) -> None:
    browser, cast = tablet(site), site.cast
    with site.database.unit_of_work() as db:
        end_consent(db, patient_id=cast.alice.patient_id, provider_id=cast.bob.provider_id, now=NOW)
    assert is_over(browser)


def test_it_speaks_the_language_of_the_patient_and_another_keeps_the_answers(site: Site) -> None:
    with site.database.unit_of_work() as db:
        set_language(db, site.cast.alice.account_id, Language.GREEK)
    browser = tablet(site)
    assert '<html lang="el">' in browser.get("/kiosk").text
    page = browser.post("/kiosk", data={"q1": "3", "language": "es"}).text
    assert '<html lang="es">' in page
    assert page.count(" checked") == 1
    assert kept(site) == []


# The help panel ---------------------------------------------------------------------------------------------------


def test_the_ninth_item_brings_the_panel_before_anything_else(site: Site) -> None:
    reviewed(site)
    browser = tablet(site, "phq9")
    page = browser.post("/kiosk", data=WHOLE | {"q9": "1"})
    assert page.status_code == 200
    assert "This app is not watched in real time and nobody may see this today." in page.text
    assert "Are you having thoughts of killing yourself right now?" in page.text
    assert kept(site)[0].total == 9
    for word in ("Alice", "/plan", "/today", "own-plan"):
        assert word not in page.text


def test_the_panel_on_a_tablet_names_the_clinic_that_handed_it_over_and_no_other(site: Site) -> None:
    with site.database.unit_of_work() as db:
        let_review(db, site.cast)
        elsewhere = work_elsewhere(db, site.cast.frank)
        flag_reviews.put_phone(db, site.cast.clinic_id, "+1 555 0100147")
        flag_reviews.put_phone(db, elsewhere, "+1 555 0100148")
    page = tablet(site, "phq9").post("/kiosk", data=WHOLE | {"q9": "1"}).text
    assert "Call Riverside Clinic" in page
    assert "Hill Practice" not in page


def test_a_yes_on_the_panel_makes_the_flag_acute_and_finishing_ends_it(site: Site) -> None:
    reviewed(site)
    browser = tablet(site, "phq9")
    browser.post("/kiosk", data=WHOLE | {"q9": "3"})
    assert "Please call someone now" in browser.post("/kiosk/care", data={"right_now": "yes"}).text
    (seen,) = site.look(safety_flags.flags_seen, site.cast.bob.provider_id, now=NOW)
    assert seen.flag.concern.is_acute
    assert browser.post("/kiosk/care", data={"close": "1"}).location == "/kiosk/over?saved=1"
    assert is_over(browser)


def test_its_first_showing_is_written_down(site: Site) -> None:
    reviewed(site)
    tablet(site, "phq9").post("/kiosk", data={"q9": "1"})
    with site.database.look() as db:
        acts = db.scalars(sa.select(AuditEvent.act).where(AuditEvent.act == "help_panel_shown")).all()
    assert list(acts) == ["help_panel_shown"]


def test_a_yes_that_cannot_be_kept_is_answered_all_the_same(site: Site) -> None:
    reviewed(site)
    browser = tablet(site, "phq9")
    browser.post("/kiosk", data={"q9": "1"})
    with site.database.unit_of_work() as db:
        db.execute(sa.text("DROP TABLE safety_flag"))
    answered = browser.post("/kiosk/care", data={"right_now": "yes"})
    assert answered.status_code == 200
    assert "Please call someone now" in answered.text


def test_a_yes_that_comes_when_it_is_closed_finds_whom_to_call(site: Site) -> None:
    reviewed(site)
    browser = tablet(site, "phq9")
    browser.post("/kiosk", data={"q9": "1"})
    site.clock.moment += KIOSK_OPEN_FOR
    closed = browser.post("/kiosk/care", data={"right_now": "yes"}, follow_redirects=True)
    assert "Tell the person who gave you this device. You can also call from any phone:" in closed.text


def test_nobody_has_to_answer_to_be_let_go_and_coming_back_shows_the_panel(site: Site) -> None:
    reviewed(site)
    browser = tablet(site, "phq9")
    browser.post("/kiosk", data={"q9": "1"})
    assert "Thank you for telling us" in browser.get("/kiosk").text
    assert browser.post("/kiosk/care", data={"close": "1"}).location == "/kiosk/over?saved=1"
    assert kept(site)[0].answers == {"9": 1}


def test_without_an_answer_like_that_there_is_no_panel(site: Site) -> None:
    assert tablet(site).get("/kiosk/care").status_code == 404
