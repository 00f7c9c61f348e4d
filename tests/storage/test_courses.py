"""Courses and their phases as they are kept, and as a reader may see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from journal.domain.consents import Scope, Sight
from journal.domain.courses import PhaseChange
from journal.domain.treatments import Drug, Phase, PresetId, Route
from journal.storage import courses
from journal.storage.database import Database
from tests.cast import NOW, Cast

START = date(2026, 3, 2)
SESSIONS = Sight(frozenset({Scope.SESSIONS}), None)


def begin(database: Database, cast: Cast, **more: object) -> str:
    with database.unit_of_work() as db:
        return courses.add_course(
            db,
            cast.alice.patient_id,
            phase=Phase.INDUCTION,
            start_date=START,
            now=NOW,
            **more,  # type: ignore[arg-type]
        )


def test_everything_said_of_a_course_comes_back(database: Database, cast: Cast) -> None:
    begin(
        database,
        cast,
        indication="low mood",
        notes="with music",
        drug=Drug.ESKETAMINE,
        preset_id=PresetId.ESK_TRD,
        default_route=Route.IN_ESKETAMINE,
        planned_sessions=8,
        baseline_window_days=21,
    )
    with database.look() as db:
        course = courses.present_course(db, cast.alice.patient_id)
    assert course is not None
    assert (course.indication, course.notes, course.drug, course.preset_id) == (
        "low mood",
        "with music",
        "esketamine",
        "esk_trd",
    )
    assert (course.default_route, course.planned_sessions, course.baseline_window_days) == (
        "in_esketamine",
        8,
        21,
    )


def test_notes_are_never_in_the_database_in_plain(database: Database, cast: Cast) -> None:
    begin(database, cast, notes="kingfisher")
    with database.look() as db:
        sealed = db.scalars(sa.select(courses.Course.notes)).one()
    assert sealed is not None
    assert b"kingfisher" not in sealed


@pytest.mark.parametrize("days", [6, 29])
def test_the_database_refuses_a_window_out_of_range(database: Database, cast: Cast, days: int) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        begin(database, cast, baseline_window_days=days)


def test_a_course_stands_in_its_first_phase_since_it_began(database: Database, cast: Cast) -> None:
    course = begin(database, cast, by_account_id=cast.bob.account_id)
    with database.look() as db:
        (said,) = courses.phases_of(db, cast.alice.patient_id, course)
    assert said == courses.SaidPhase(PhaseChange(START, Phase.INDUCTION), cast.bob.account_id, NOW)


def test_phases_come_in_the_order_in_which_they_were_written_down(database: Database, cast: Cast) -> None:
    course = begin(database, cast)
    with database.unit_of_work() as db:
        for day, phase in ((20, Phase.PAUSED), (10, Phase.MAINTENANCE)):
            change = PhaseChange(date(2026, 3, day), phase)
            courses.add_phase_change(db, cast.alice.patient_id, course, change, by_account_id=None, now=NOW)
        said = courses.phases_of(db, cast.alice.patient_id, course)
    assert [one.change.phase for one in said] == ["induction", "paused", "maintenance"]


def test_phases_of_another_patient_are_not_there(database: Database, cast: Cast) -> None:
    course = begin(database, cast)
    with database.look() as db:
        assert courses.phases_of(db, cast.dan.patient_id, course) == []


def test_phases_are_seen_where_sessions_are_open_alone(database: Database, cast: Cast) -> None:
    course = begin(database, cast)
    scores = Sight(frozenset({Scope.SCORES, Scope.NOTES}), None)
    with database.look() as db:
        assert courses.phases_seen(db, cast.alice.patient_id, course, scores) == []
        assert len(courses.phases_seen(db, cast.alice.patient_id, course, SESSIONS)) == 1


def test_of_two_who_saw_one_phase_the_second_changes_nothing(database: Database, cast: Cast) -> None:
    begin(database, cast)
    with database.unit_of_work() as db:
        course = courses.present_course(db, cast.alice.patient_id)
        assert course is not None
        paused, ended = replace(course, phase=Phase.PAUSED), replace(course, phase=Phase.ENDED)
        put = [
            courses.put_course(db, cast.alice.patient_id, one, seen_phase=Phase.INDUCTION)
            for one in (paused, ended)
        ]
        assert put == [True, False]
        assert courses.present_course(db, cast.alice.patient_id) == paused
