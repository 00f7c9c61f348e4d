"""Courses over HTTP: both sides' pages, what a refusal keeps, and who only reads."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.test import TestResponse

from journal.domain.consents import Scope
from journal.domain.treatments import Course, Phase, Status, TreatmentSession
from journal.storage import courses, treatments
from journal.storage.audit import Act, AuditEvent
from tests import builders
from tests.cast import Person
from tests.conftest import Site

BEGIN = {"preset_id": "iv_4x_2wk", "phase": "induction", "baseline_window_days": "14", "notes": "With music."}
WHOLE = {"how": "schedule", "first": "2026-04-06"}
FOUR = "2026-04-06 2026-04-09 2026-04-13 2026-04-16"


def kept(site: Site, person: Person) -> list[TreatmentSession]:
    found = site.look(treatments.treatments_of, person.patient_id)
    return sorted(found, key=lambda one: one.local_date)


def course_of(site: Site, person: Person) -> Course:
    course = site.look(courses.present_course, person.patient_id)
    assert isinstance(course, Course)
    return course


def alices(site: Site, rest: str = "") -> str:
    return f"/patients/{site.cast.alice.public_id}/course{rest}"


def send(site: Site, person: Person, path: str, **form: str) -> TestResponse:
    return site.as_(person).post(path, data=form)


def begun(site: Site) -> None:
    """Bob begins Alice's course and lays it out."""
    send(site, site.cast.bob, alices(site, "/new"), **BEGIN)
    send(site, site.cast.bob, alices(site, "/plan"), **WHOLE, seen=FOUR, step="save")


def test_a_provider_begins_a_course_and_goes_on_to_its_dates(site: Site) -> None:
    answer = send(site, site.cast.bob, alices(site, "/new"), **BEGIN)
    assert (answer.status_code, answer.location) == (303, alices(site, "/plan"))
    course = course_of(site, site.cast.alice)
    assert (course.preset_id, course.notes, course.phase) == ("iv_4x_2wk", "With music.", "induction")


def test_a_patient_alone_begins_a_course(site: Site) -> None:
    answer = send(site, site.cast.dan, "/course/new", **BEGIN)
    assert (answer.status_code, answer.location) == (303, "/course/plan")
    assert course_of(site, site.cast.dan).planned_sessions == 4


def test_dates_are_looked_at_before_anything_is_planned(site: Site) -> None:
    send(site, site.cast.bob, alices(site, "/new"), **BEGIN)
    answer = send(site, site.cast.bob, alices(site, "/plan"), **WHOLE, step="look")
    assert answer.status_code == 200
    assert "4 sessions would be planned" in answer.text
    assert f'value="{FOUR}"' in answer.text
    assert kept(site, site.cast.alice) == []
    send(site, site.cast.bob, alices(site, "/plan"), **WHOLE, seen=FOUR, step="save")
    assert [one.local_date.day for one in kept(site, site.cast.alice)] == [6, 9, 13, 16]


def test_dates_that_are_not_those_seen_are_shown_again(site: Site) -> None:
    send(site, site.cast.bob, alices(site, "/new"), **BEGIN)
    answer = send(
        site, site.cast.bob, alices(site, "/plan"), **WHOLE | {"first": "2026-04-07"}, seen=FOUR, step="save"
    )
    assert answer.status_code == 422
    assert "The dates are not those you saw. Look at them once more, then save" in answer.text
    assert "2026-04-07 2026-04-10 2026-04-14 2026-04-17" in answer.text
    assert kept(site, site.cast.alice) == []


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"how": "schedule", "first": "2026-03-29"}, "Choose today or a later day"),
        ({"how": "weekly", "first": "2026-04-06", "count": "61"}, "Choose a value from 1 to 60"),
        ({"how": "weekly", "first": "2026-04-06", "count": ""}, "Write how many sessions"),
        ({"how": "weekly", "first": "2026-04-06", "count": "a few"}, "Write this as a number"),
        ({"how": "", "first": "2026-04-06", "count": "3"}, "Choose one of the answers shown"),
        ({"how": "weekly", "first": "", "count": "3"}, "Choose a day"),
        (
            {"how": "weekly", "first": "2026-04-01", "count": "1"},
            "There is a session on that day already. Choose another day",
        ),
    ],
)
def test_what_cannot_be_planned_is_said_and_everything_kept(
    site: Site, form: dict[str, str], sentence: str
) -> None:
    send(site, site.cast.dan, "/course/new", **BEGIN)
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.dan, date(2026, 4, 1), status=Status.PLANNED)
    answer = send(site, site.cast.dan, "/course/plan", **form, step="look")
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2  # in the summary and at the field
    for value in filter(None, form.values()):
        assert f'value="{value}"' in answer.text


def test_a_session_is_moved_and_another_cancelled(site: Site) -> None:
    begun(site)
    first, second, *_ = kept(site, site.cast.alice)
    answer = send(
        site, site.cast.bob, alices(site, f"/{first.public_id}/move"), local_date="2026-04-07", version="1"
    )
    assert (answer.status_code, answer.location) == (303, alices(site))
    answer = send(site, site.cast.bob, alices(site, f"/{second.public_id}/cancel"), version="1")
    assert (answer.status_code, answer.location) == (303, alices(site, "?said=cancelled"))
    assert [(one.local_date.day, one.status.value) for one in kept(site, site.cast.alice)] == [
        (7, "planned"),
        (9, "cancelled"),
        (13, "planned"),
        (16, "planned"),
    ]


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-04-09", "There is a session on that day already. Choose another day"),
        ("2026-03-29", "Choose today or a later day"),
        ("", "Choose a day"),
        ("soon", "Write the day like 2026-03-30"),
    ],
)
def test_a_session_that_cannot_go_there_stays(site: Site, day: str, sentence: str) -> None:
    begun(site)
    first = kept(site, site.cast.alice)[0]
    answer = send(site, site.cast.bob, alices(site, f"/{first.public_id}/move"), local_date=day, version="1")
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2
    assert f'value="{day}"' in answer.text
    assert kept(site, site.cast.alice)[0].local_date == date(2026, 4, 6)


def test_a_session_that_was_cancelled_meanwhile_is_not_moved(site: Site) -> None:
    begun(site)
    first = kept(site, site.cast.alice)[0]
    send(site, site.cast.bob, alices(site, f"/{first.public_id}/cancel"), version="1")
    page = site.as_(site.cast.bob).get(alices(site, f"/{first.public_id}/move"))
    assert (page.status_code, "This session is not planned any more" in page.text) == (200, True)


def test_a_phase_is_changed_from_a_day_on(site: Site) -> None:
    send(site, site.cast.bob, alices(site, "/new"), **BEGIN, start_date="2026-03-02")
    answer = send(site, site.cast.bob, alices(site, "/phase"), phase="maintenance", local_date="2026-03-25")
    assert (answer.status_code, answer.location) == (303, alices(site))
    assert course_of(site, site.cast.alice).phase is Phase.MAINTENANCE
    page = site.as_(site.cast.bob).get(alices(site)).text
    assert "Since 25 March 2026." in page


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"phase": "", "local_date": "2026-03-30"}, "Choose where the course goes next"),
        ({"phase": "planned", "local_date": "2026-03-30"}, "A course can’t go there from where it is"),
        ({"phase": "paused", "local_date": "2026-03-01"}, "Choose 2 March 2026 or a later day"),
        ({"phase": "paused", "local_date": "2026-03-31"}, "Choose today or an earlier day"),
    ],
)
def test_a_phase_that_cannot_be_is_said(site: Site, form: dict[str, str], sentence: str) -> None:
    send(site, site.cast.bob, alices(site, "/new"), **BEGIN, start_date="2026-03-02")
    answer = send(site, site.cast.bob, alices(site, "/phase"), **form)
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2
    assert course_of(site, site.cast.alice).phase is Phase.INDUCTION


def test_what_a_course_says_is_put_right(site: Site) -> None:
    begun(site)
    form = {"preset_id": "", "drug": "other", "notes": "Slowly.", "baseline_window_days": "21"}
    answer = send(site, site.cast.bob, alices(site, "/edit"), **form)
    assert answer.status_code == 303
    course = course_of(site, site.cast.alice)
    assert (course.drug, course.notes, course.baseline_window_days) == ("other", "Slowly.", 21)
    refused = send(site, site.cast.bob, alices(site, "/edit"), **form | {"drug": "", "notes": "Kept."})
    assert refused.status_code == 422
    assert "Choose what is given" in refused.text
    assert "Kept." in refused.text


def test_where_a_provider_keeps_the_course_the_patient_reads_it(site: Site) -> None:
    begun(site)
    alice, first = site.as_(site.cast.alice), kept(site, site.cast.alice)[0]
    page = alice.get("/course").text
    assert "Session 1 of 4 is next." in page
    assert "Bob keeps it with you." in page
    assert "The first part: sessions are close together." in page
    for closed in ("/move", "/cancel", "/course/plan", "/course/phase", "/course/edit", "CANMAT"):
        assert closed not in page
    for path, form in (
        ("/course/plan", {"how": "weekly", "count": "1", "first": "2026-05-05", "step": "save"}),
        ("/course/phase", {"phase": "ended", "local_date": "2026-03-30"}),
        (f"/course/{first.public_id}/move", {"local_date": "2026-04-07", "version": "1"}),
        (f"/course/{first.public_id}/cancel", {"version": "1"}),
    ):
        alice.post(path, data=form)
    assert course_of(site, site.cast.alice).phase is Phase.INDUCTION
    assert [one.local_date.day for one in kept(site, site.cast.alice)] == [6, 9, 13, 16]


def test_a_patient_alone_keeps_all_of_it(site: Site) -> None:
    send(site, site.cast.dan, "/course/new", **BEGIN)
    send(site, site.cast.dan, "/course/plan", **WHOLE, seen=FOUR, step="save")
    first = kept(site, site.cast.dan)[0]
    send(site, site.cast.dan, f"/course/{first.public_id}/move", local_date="2026-04-07", version="1")
    send(site, site.cast.dan, "/course/phase", phase="paused", local_date="2026-03-30")
    page = site.as_(site.cast.dan).get("/course").text
    assert "It is resting for now." in page
    assert "Tuesday 7 April" in page
    assert "CANMAT" not in page


def test_the_page_of_sessions_leads_to_the_course(site: Site) -> None:
    begun(site)
    page = site.as_(site.cast.alice).get("/sessions").text
    assert "Your course: Induction" in page
    assert 'href="/course"' in page


def test_evidence_and_missed_sessions_are_for_providers(site: Site) -> None:
    send(site, site.cast.bob, alices(site, "/new"), **BEGIN)
    page = site.as_(site.cast.bob).get(alices(site)).text
    assert "CANMAT 2021" in page
    assert "Tideline picks no schedule." in page
    assert "missed session" not in page
    esketamine = {"preset_id": "esk_trd", "drug": "", "route": "", "baseline_window_days": "14"}
    send(site, site.cast.bob, alices(site, "/edit"), **esketamine)
    assert "Esketamine’s label on a missed session" in site.as_(site.cast.bob).get(alices(site)).text
    assert "missed session" not in site.as_(site.cast.alice).get("/course").text


def test_every_schedule_is_offered_with_its_source(site: Site) -> None:
    page = site.as_(site.cast.bob).get(alices(site, "/new")).text
    for source in (
        "Murrough 2013; Shiroma 2014",
        "Phillips 2019",
        "McInnes 2022",
        "Hull 2022",
        "MIMS Hong Kong",
    ):
        assert source in page


def test_a_provider_without_the_scope_finds_nothing(site: Site) -> None:
    begun(site)
    for path in ("", "/new", "/plan", "/phase", "/edit"):
        assert site.as_(site.cast.frank).get(alices(site, path)).status_code == 404
    assert send(site, site.cast.frank, alices(site, "/phase"), phase="ended").status_code == 404


def test_numbers_are_not_told_to_who_does_not_see_the_beginning(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, date(2026, 3, 4), by=site.cast.bob)
    send(site, site.cast.bob, alices(site, "/new"), **BEGIN, start_date="2026-03-02")
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, Scope.SESSIONS, visible_from=date(2026, 3, 20))
    page = site.as_(site.cast.bob).get(alices(site)).text
    assert "Earlier sessions are not shared with you" in page
    assert "of 4 is next" not in page


def test_what_is_no_number_is_kept_as_typed(site: Site) -> None:
    """A field of type number would hand nothing on, and the page would come back empty."""
    refused = send(site, site.cast.bob, alices(site, "/new"), **BEGIN | {"planned_sessions": "about six"})
    assert refused.status_code == 422
    assert 'value="about six"' in refused.text
    assert 'type="number"' not in refused.text


def begun_before_what_is_shared(site: Site) -> None:
    send(site, site.cast.bob, alices(site, "/new"), **BEGIN, start_date="2026-03-02")
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, Scope.SESSIONS, visible_from=date(2026, 3, 20))


def test_days_of_a_course_before_what_is_shared_are_not_told(site: Site) -> None:
    begun_before_what_is_shared(site)
    bob = site.as_(site.cast.bob)
    assert "2 March 2026" not in bob.get(alices(site)).text
    assert "2026-03-02" not in bob.get(alices(site, "/edit")).text
    send(site, site.cast.bob, alices(site, "/phase"), phase="maintenance", local_date="2026-03-30")
    page = bob.get(alices(site)).text
    assert "Since 30 March 2026." in page
    assert "2 March 2026" not in page


def test_a_first_day_that_is_not_shared_outlives_a_change(site: Site) -> None:
    begun_before_what_is_shared(site)
    answer = send(site, site.cast.bob, alices(site, "/edit"), **BEGIN | {"notes": "Quieter."})
    assert answer.status_code == 303
    assert (course_of(site, site.cast.alice).start_date, course_of(site, site.cast.alice).notes) == (
        date(2026, 3, 2),
        "Quieter.",
    )


def test_a_planned_date_that_is_over_asks_how_it_went(site: Site) -> None:
    begun(site)
    site.clock.moment = site.clock.moment.replace(month=4, day=7)
    page = site.as_(site.cast.bob).get(alices(site)).text
    first = kept(site, site.cast.alice)[0]
    assert "How did these go?" in page
    assert f"/sessions/{first.public_id}/edit" in page


def test_a_course_that_is_over_says_what_is_still_planned_and_takes_no_more(site: Site) -> None:
    begun(site)
    send(site, site.cast.bob, alices(site, "/phase"), phase="ended", local_date="2026-03-30")
    bob = site.as_(site.cast.bob)
    page = bob.get(alices(site)).text
    assert "These sessions are still planned. Cancel those that will not be." in page
    assert "Begin another course" in page
    assert "Show the dates" not in bob.get(alices(site, "/plan")).text


def test_looking_at_a_course_is_written_down(site: Site) -> None:
    site.as_(site.cast.bob).get(alices(site))
    with site.database.look() as db:
        acts = [row.act for row in db.query(AuditEvent) if row.patient_id == site.cast.alice.patient_id]
    assert acts == [Act.VIEWED_PATIENT]
