"""The inbox of flags: who finds what in it, what it says of time, and how a flag is lowered."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from journal.domain.consents import LASTS, Scope
from journal.storage import consents
from journal.storage.audit import AuditEvent
from journal.storage.safety_flags import SafetyFlag
from tests import builders
from tests.cast import NOW, Person
from tests.conftest import Site
from tests.flagging import EIGHT, answer, let_review, work_elsewhere

DAY = timedelta(days=1)
LATE = "More than one weekday without a look"


def raise_flag(
    site: Site, answers: dict[str, int], *, code: str = "phq9", patient: Person | None = None
) -> str:
    """A flag of Alice's; where it stands for Bob."""
    person = patient or site.cast.alice
    with site.database.unit_of_work() as db:
        answer(db, person, answers, code=code, at=site.clock())
        public_id = db.scalar(sa.select(SafetyFlag.public_id).order_by(SafetyFlag.id.desc()))
    return f"/patients/{person.public_id}/flags/{public_id}"


def share(site: Site, patient: Person, reader: Person, *scopes: Scope) -> None:
    with site.database.unit_of_work() as db:
        consents.add_consent(
            db,
            patient_id=patient.patient_id,
            provider_id=reader.provider_id,
            scopes=frozenset(scopes),
            visible_from=None,
            now=NOW,
            expires_at=NOW + LASTS,
        )


def test_a_reader_elsewhere_is_told_whom_a_flag_waits_for(site: Site) -> None:
    with site.database.unit_of_work() as db:
        let_review(db, site.cast)
        work_elsewhere(db, site.cast.frank)
        builders.share(db, site.cast.alice, site.cast.frank, Scope.ASSESSMENTS)
    address = raise_flag(site, EIGHT | {"9": 1})
    browser = site.as_(site.cast.frank)
    page = browser.get(address)
    assert "it waits for a clinic where a named person looks at flags every weekday" in page.text
    assert "<textarea" not in page.text
    refused = browser.post(address, data={"note": "Called her", "read": "9"})
    assert refused.status_code == 422
    assert "This flag waits for a clinic where a named person looks at flags every weekday" in refused.text


def inbox(site: Site, person: Person) -> str:
    answered = site.as_(person).get("/flags")
    assert answered.status_code == 200
    return answered.text


def look(
    browser: FlaskClient, address: str, note: str = "Called her. She is with her sister."
) -> TestResponse:
    found = re.search(r'name="read" value="([^"]*)"', browser.get(address).text)
    return browser.post(address, data={"note": note, "read": found[1] if found else ""})


def section(page: str, heading: str) -> str:
    """From one heading of the inbox to the next; empty where it is not there."""
    found = re.search(rf"<h2[^>]*>{heading}</h2>.*?(?=<h2|</main>)", page, re.DOTALL)
    return found[0] if found else ""


# What is in it --------------------------------------------------------------------------------------------------------


def test_it_says_what_was_answered_and_how_long_it_waits(site: Site) -> None:
    raise_flag(site, EIGHT | {"9": 1})
    site.clock.moment = NOW + timedelta(hours=3)
    line = section(inbox(site, site.cast.bob), "Waiting for a look")
    assert "Alice" in line
    assert 'PHQ-9, question 9: <span lang="en">Several days</span>' in line
    assert "Asked about right now: no answer yet" in line
    assert "waiting for 3 hours" in line
    assert LATE not in line


def test_one_that_nobody_looked_at_for_more_than_a_weekday_is_marked(site: Site) -> None:
    raise_flag(site, EIGHT | {"9": 3})
    site.clock.moment = NOW + DAY + timedelta(minutes=1)
    line = section(inbox(site, site.cast.bob), "Waiting for a look")
    assert 'chip--danger"' in line
    assert LATE in line
    assert "waiting for 1 weekday" in line


def test_acute_ones_come_first(site: Site) -> None:
    share(site, site.cast.dan, site.cast.bob, Scope.ASSESSMENTS)
    raise_flag(site, EIGHT | {"9": 1})
    site.clock.moment = NOW + DAY
    raise_flag(site, {"4": 1, "5": 1}, code="asq", patient=site.cast.dan)
    line = section(inbox(site, site.cast.bob), "Waiting for a look")
    assert line.index("Dan") < line.index("Alice")
    assert "Said yes about right now" in line
    assert "ASQ, questions 4, 5" in line


def test_the_bar_of_every_page_says_how_many_wait(site: Site) -> None:
    bob = site.as_(site.cast.bob)
    assert ">Flags</a>" in bob.get("/caseload").text
    raise_flag(site, EIGHT | {"9": 1})
    assert ">Flags (1)</a>" in bob.get("/caseload").text
    assert ">Flags</a>" in site.as_(site.cast.frank).get("/caseload").text


def test_the_caseload_says_at_whose_name_one_waits_to_those_who_may_see_it(site: Site) -> None:
    address = raise_flag(site, EIGHT | {"9": 1})
    bob = site.as_(site.cast.bob)
    assert "1 open flag" in bob.get("/caseload").text
    assert "open flag" not in site.as_(site.cast.frank).get("/caseload").text
    look(bob, address)
    assert "open flag" not in bob.get("/caseload").text


def test_whoever_has_no_part_in_it_finds_none(site: Site) -> None:
    address = raise_flag(site, EIGHT | {"9": 1})
    for person in (site.cast.frank, site.cast.carol):
        page = inbox(site, person)
        assert "Alice" not in page
        assert "Several days" not in page
        assert site.as_(person).get(address).status_code == 404
        assert look(site.as_(person), address).status_code == 404


def test_the_clinic_learns_that_one_waits_with_a_colleague_and_nothing_else(site: Site) -> None:
    raise_flag(site, EIGHT | {"9": 1})
    site.clock.moment = NOW + 2 * DAY
    elsewhere = section(inbox(site, site.cast.carol), "Waiting for colleagues")
    assert "Bob" in elsewhere
    assert "1 flag, the oldest waiting for 2 weekdays" in elsewhere
    assert "More than one weekday" in elsewhere
    assert section(inbox(site, site.cast.bob), "Waiting for colleagues") == ""


def test_it_says_who_looks_or_that_nobody_does_and_what_follows(site: Site) -> None:
    assert "patients are asked the PHQ-8" in inbox(site, site.cast.bob)
    with site.database.unit_of_work() as db:
        let_review(db, site.cast)
    page = inbox(site, site.cast.bob)
    assert "Bob looks at flags here every weekday" in page
    assert "patients are asked the PHQ-8" not in page


def test_it_never_calls_silence_good_news(site: Site) -> None:
    page = inbox(site, site.cast.bob)
    assert "No flag waits for you" in page
    assert "No flag does not mean that all is well." in page


def test_that_it_was_opened_is_written_down(site: Site) -> None:
    inbox(site, site.cast.bob)
    with site.database.look() as db:
        events = db.execute(sa.select(AuditEvent.act, AuditEvent.provider_id)).all()
    assert events == [("viewed_flags", site.cast.bob.provider_id)]


# Lowering one ---------------------------------------------------------------------------------------------------------


def test_the_flag_says_the_question_and_the_answer_as_they_were_asked(site: Site) -> None:
    page = site.as_(site.cast.bob).get(raise_flag(site, EIGHT | {"9": 2})).text
    assert "9. Thoughts that you would be better off dead or of hurting yourself in some way" in page
    assert "More than half the days" in page
    assert "Nobody was paged." in page


def test_opening_one_is_written_down_for_the_patient_to_read(site: Site) -> None:
    address = raise_flag(site, EIGHT | {"9": 2})
    site.as_(site.cast.bob).get(address)
    assert "Bob looked at your journal" in site.as_(site.cast.alice).get("/access-log").text


def test_a_note_lowers_it_under_the_name_of_who_wrote_it(site: Site) -> None:
    address = raise_flag(site, EIGHT | {"9": 1})
    bob = site.as_(site.cast.bob)
    assert look(bob, address).location == "/flags"
    page = bob.get("/flags").text
    assert section(page, "Waiting for a look") == ""
    assert "looked at by Bob, " in section(page, "Looked at in the last four weeks")
    assert ">Flags</a>" in page
    assert "Called her. She is with her sister." in bob.get(address).text


def test_what_was_said_meanwhile_is_read_before_it_is_lowered(site: Site) -> None:
    address = raise_flag(site, EIGHT | {"9": 1})
    bob = site.as_(site.cast.bob)
    refused = bob.post(address, data={"note": "Will call on Monday", "read": ""})
    assert refused.status_code == 422
    assert "More was said since you opened this page" in refused.text
    assert "Will call on Monday" in refused.text
    assert "Flags (1)" in bob.get("/flags").text


def test_without_a_note_it_stays_and_what_to_do_is_said(site: Site) -> None:
    address = raise_flag(site, EIGHT | {"9": 1})
    bob = site.as_(site.cast.bob)
    refused = look(bob, address, " ")
    assert refused.status_code == 422
    assert "Write a line about what you did" in refused.text
    assert "Flags (1)" in bob.get("/flags").text


def test_a_note_too_long_is_kept_on_the_page(site: Site) -> None:
    refused = look(site.as_(site.cast.bob), raise_flag(site, EIGHT | {"9": 1}), "y" * 2001)
    assert refused.status_code == 422
    assert "y" * 2001 in refused.text


def test_whoever_comes_second_is_told_and_reads_the_first(site: Site) -> None:
    address = raise_flag(site, EIGHT | {"9": 1})
    share(site, site.cast.alice, site.cast.carol, Scope.ASSESSMENTS)
    look(site.as_(site.cast.bob), address)
    refused = look(site.as_(site.cast.carol), address, "Me too")
    assert refused.status_code == 422
    assert "Called her. She is with her sister." in refused.text


def test_one_that_waited_too_long_is_put_before_a_second_person(site: Site) -> None:
    address = raise_flag(site, EIGHT | {"9": 1})
    share(site, site.cast.alice, site.cast.carol, Scope.ASSESSMENTS)
    site.clock.moment = NOW + 2 * DAY
    bob, carol = site.as_(site.cast.bob), site.as_(site.cast.carol)
    look(bob, address)
    assert section(bob.get("/flags").text, "A second person should look") == ""
    assert "Alice" in section(carol.get("/flags").text, "A second person should look")
    assert look(carol, address, "Read it, agreed").location == "/flags"
    assert section(carol.get("/flags").text, "A second person should look") == ""
    assert "Read it, agreed" in bob.get(address).text


def test_a_flag_at_the_address_of_another_patient_is_not_there(site: Site) -> None:
    address = raise_flag(site, EIGHT | {"9": 1})
    share(site, site.cast.dan, site.cast.bob, Scope.ASSESSMENTS)
    elsewhere = address.replace(site.cast.alice.public_id, site.cast.dan.public_id)
    bob = site.as_(site.cast.bob)
    assert bob.get(elsewhere).status_code == 404
    assert look(bob, elsewhere).status_code == 404
    assert bob.get(address).status_code == 200


def test_what_was_written_about_a_look_is_sealed(site: Site) -> None:
    look(site.as_(site.cast.bob), raise_flag(site, EIGHT | {"9": 1}), "A canary of a note")
    with site.database.look() as db:
        row = db.execute(sa.text("SELECT note, value FROM safety_flag")).one()
    assert b"canary" not in bytes(row.note)
    assert b'"9"' not in bytes(row.value)
