"""Sessions and courses as they are kept, and as a reader may see them."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from journal.domain.consents import Scope, Sight
from journal.domain.treatments import Phase, Route, Status
from journal.storage import courses, treatments
from journal.storage.database import Database
from journal.storage.treatments import TreatmentSession
from tests import builders
from tests.cast import EVERY_SCOPE, NOW, Cast

DAY = date(2026, 3, 13)
EVERYTHING = Sight(EVERY_SCOPE, None)
SESSIONS = Sight(frozenset({Scope.SESSIONS}), None)


def notes_seen(database: Database, cast: Cast, sight: Sight) -> list[tuple[str, bool]]:
    with database.look() as db:
        found = treatments.treatments_seen(db, cast.alice.patient_id, sight)
    return [(one.note, one.note_shared) for one in found]


def test_a_note_is_never_in_the_database_in_plain(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, DAY, note="kingfisher")
        courses.add_course(db, cast.alice.patient_id, phase=Phase.INDUCTION, indication="kingfisher", now=NOW)
        notes = db.scalars(sa.select(TreatmentSession.note)).all()
        indications = db.scalars(sa.select(courses.Course.indication)).all()
    for sealed in (*notes, *indications):
        assert sealed is not None
        assert b"kingfisher" not in sealed


def test_a_private_note_is_read_by_the_patient_alone(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, DAY, note="kingfisher")
    assert notes_seen(database, cast, EVERYTHING) == [("", False)]
    with database.look() as db:
        assert treatments.treatments_of(db, cast.alice.patient_id)[0].note == "kingfisher"


@pytest.mark.parametrize(("sight", "seen"), [(EVERYTHING, [("kingfisher", True)]), (SESSIONS, [("", False)])])
def test_a_shared_note_needs_the_notes_scope_too(
    database: Database, cast: Cast, sight: Sight, seen: list[tuple[str, bool]]
) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, DAY, note="kingfisher", note_shared=True)
    assert notes_seen(database, cast, sight) == seen


def test_a_clinicians_note_belongs_to_the_record(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, DAY, note="Well tolerated.", by=cast.bob)
    assert notes_seen(database, cast, SESSIONS) == [("Well tolerated.", False)]


def test_without_the_scope_there_are_no_sessions_and_no_course(database: Database, cast: Cast) -> None:
    scores = Sight(frozenset({Scope.SCORES, Scope.NOTES}), None)
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, DAY)
        courses.add_course(db, cast.alice.patient_id, phase=Phase.INDUCTION, now=NOW)
        assert treatments.treatments_seen(db, cast.alice.patient_id, scores) == []
        assert courses.course_seen(db, cast.alice.patient_id, scores) is None
        assert courses.course_seen(db, cast.alice.patient_id, SESSIONS) is not None


def test_sessions_before_the_first_visible_day_are_not_there(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for day in (12, 13, 14):
            builders.treatment(db, cast.alice, date(2026, 3, day))
        found = treatments.treatments_seen(
            db, cast.alice.patient_id, Sight(frozenset({Scope.SESSIONS}), date(2026, 3, 13))
        )
    assert [one.local_date.day for one in found] == [14, 13]


def test_the_latest_session_comes_first(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for day in (1, 13, 5):
            builders.treatment(db, cast.alice, date(2026, 3, day))
        builders.treatment(db, cast.dan, date(2026, 3, 20))
        found = treatments.treatments_of(db, cast.alice.patient_id)
    assert [one.local_date.day for one in found] == [13, 5, 1]


def test_given_dates_are_in_order_and_each_once(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, DAY)
        builders.treatment(db, cast.alice, DAY, by=cast.bob)
        builders.treatment(db, cast.alice, date(2026, 3, 1), status=Status.STOPPED_EARLY)
        builders.treatment(db, cast.alice, date(2026, 3, 2), status=Status.MISSED)
        assert treatments.given_dates(db, cast.alice.patient_id) == [date(2026, 3, 1), DAY]
        assert treatments.given_dates_by_patient(db, [cast.alice.patient_id, cast.dan.patient_id]) == {
            cast.alice.patient_id: [date(2026, 3, 1), DAY]
        }


def test_the_course_added_last_is_the_present_one(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        courses.add_course(db, cast.alice.patient_id, phase=Phase.ENDED, indication="PTSD", now=NOW)
        courses.add_course(
            db,
            cast.alice.patient_id,
            phase=Phase.INDUCTION,
            indication="Depression",
            planned_sessions=6,
            default_route=Route.IV,
            start_date=DAY,
            now=NOW,
        )
    with database.look() as db:
        found = courses.present_courses(db, [cast.alice.patient_id, cast.dan.patient_id])
    course = found[cast.alice.patient_id]
    assert list(found) == [cast.alice.patient_id]
    assert (course.phase, course.indication, course.planned_sessions) == (Phase.INDUCTION, "Depression", 6)
    assert (course.default_route, course.start_date) == (Route.IV, DAY)
