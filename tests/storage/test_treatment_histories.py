"""Courses and sessions read at once: what each question of them says one by one, for whoever reads."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from journal.domain.consents import WHOLE, Scope, Sight
from journal.domain.course_histories import GivenOutline
from journal.domain.courses import PhaseChange
from journal.domain.treatments import Phase, Status
from journal.storage import courses, steady_days, treatments
from journal.storage.database import Database
from journal.storage.treatment_histories import TreatmentHistory, treatment_history_seen
from tests import builders
from tests.cast import NOW, Cast

FIRST, SECOND = date(2026, 3, 2), date(2026, 3, 9)
CHOSEN = (date(2026, 3, 10), date(2026, 3, 25))


@pytest.fixture
def course(database: Database, cast: Cast) -> str:
    """Alice's second course, in maintenance, with two records of one date, one of them with a tick."""
    alice = cast.alice.patient_id
    with database.unit_of_work() as db:
        courses.add_course(db, alice, phase=Phase.ENDED, start_date=date(2025, 1, 6), now=NOW)
        builders.treatment(db, cast.alice, date(2025, 1, 7), note="mine alone")
        present = courses.add_course(
            db, alice, phase=Phase.INDUCTION, start_date=FIRST, indication="low mood", now=NOW
        )
        change = PhaseChange(date(2026, 3, 16), Phase.MAINTENANCE)
        courses.add_phase_change(db, alice, present, change, by_account_id=None, now=NOW)
        steady_days.put_steady_days(db, alice, present, CHOSEN, by_provider_id=cast.bob.provider_id, now=NOW)
        builders.treatment(db, cast.alice, FIRST, note="shared", note_shared=True)
        builders.treatment(db, cast.alice, SECOND)
        ticked = builders.treatment(db, cast.alice, SECOND, by=cast.bob, note="by the clinic")
        builders.treatment(db, cast.alice, date(2026, 4, 6), status=Status.PLANNED)
        db.execute(
            sa.update(treatments.TreatmentSession)
            .where(treatments.TreatmentSession.public_id == ticked.public_id)
            .values(early_for_worsening=True)
        )
    return present


@pytest.mark.usefixtures("course")
@pytest.mark.parametrize(
    "sight",
    [
        WHOLE,
        Sight(frozenset({Scope.SESSIONS}), None),
        Sight(frozenset({Scope.SESSIONS, Scope.NOTES}), SECOND),
        Sight(frozenset(Scope) - {Scope.SESSIONS}, None),
    ],
    ids=["patient", "sessions", "later", "closed"],
)
def test_they_are_what_each_question_says(database: Database, cast: Cast, sight: Sight) -> None:
    alice = cast.alice.patient_id
    with database.look() as db:
        found = treatment_history_seen(db, alice, sight)
        present = courses.course_seen(db, alice, sight)
        phases = courses.phases_seen(db, alice, present.public_id, sight) if present else []
        assert found == TreatmentHistory(
            outlines=tuple(courses.outlines_seen(db, alice, sight)),
            course=present,
            phases=tuple(one.change for one in phases),
            steady=steady_days.steady_days_of(db, alice) if sight.opens(Scope.SESSIONS) else {},
            treatments=tuple(treatments.treatments_seen(db, alice, sight)),
            given=tuple(treatments.given_outlines_seen(db, alice, sight)),
        )


def test_courses_phases_days_and_ticks_are_all_there(database: Database, cast: Cast, course: str) -> None:
    with database.look() as db:
        found = treatment_history_seen(db, cast.alice.patient_id, Sight(frozenset({Scope.SESSIONS}), FIRST))
    assert [one.start_date for one in found.outlines] == [date(2025, 1, 6), FIRST]
    assert found.course is not None
    assert (found.course.public_id, found.course.indication) == (course, "low mood")
    assert [change.phase for change in found.phases] == [Phase.INDUCTION, Phase.MAINTENANCE]
    assert found.steady == {course: CHOSEN}
    assert [(one.local_date, one.note) for one in found.treatments] == [
        (date(2026, 4, 6), ""),
        (SECOND, "by the clinic"),
        (SECOND, ""),
        (FIRST, ""),
    ]
    assert found.given == (
        GivenOutline(FIRST, course),
        GivenOutline(SECOND, course),
        GivenOutline(SECOND, course, early_for_worsening=True),
    )


def test_another_patients_are_not_among_them(database: Database, cast: Cast, course: str) -> None:
    with database.look() as db:
        assert treatment_history_seen(db, cast.dan.patient_id, WHOLE).outlines == ()
