"""What a reader's figures are computed from: only what is open to them, and as if there were nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from journal.domain.baselines import Baseline
from journal.domain.benefits import EndReason, Interruption
from journal.domain.consents import WHOLE, Scope, Sight
from journal.domain.courses import PhaseChange
from journal.domain.insights import History
from journal.domain.pauses import Pause
from journal.domain.treatments import Phase
from journal.domain.withheld import Reason, Withheld
from journal.services.insights import insights_for, read_history
from journal.storage import courses, reminder_pauses, treatment_records
from journal.storage.database import Database
from tests import builders
from tests.builders import the_patient
from tests.cast import NOW, Cast

TODAY = date(2026, 3, 30)
FIRST_SESSION = date(2026, 2, 16)
SECOND_SESSION = date(2026, 3, 9)
SCORES_AND_SESSIONS = frozenset({Scope.SCORES, Scope.SESSIONS})


def seen(*scopes: Scope, visible_from: date | None = None) -> Sight:
    return Sight(frozenset(scopes), visible_from)


def history(database: Database, cast: Cast, sight: Sight = WHOLE, *, until: date = TODAY) -> History:
    with database.look() as db:
        return read_history(db, the_patient(db, cast.alice), sight, until=until)


def a_course(database: Database, cast: Cast, *, moods: int = 60) -> None:
    """``moods`` days of mood 3 up to today, and two sessions of a course."""
    with database.unit_of_work() as db:
        builders.mood_days(db, cast.alice, {TODAY - timedelta(days=back): 3 for back in range(moods)})
        courses.add_course(
            db, cast.alice.patient_id, phase=Phase.INDUCTION, start_date=FIRST_SESSION, now=NOW
        )
        builders.treatment(db, cast.alice, FIRST_SESSION)
        builders.treatment(db, cast.alice, SECOND_SESSION)


def test_the_whole_history_holds_days_courses_medicines_and_pauses(database: Database, cast: Cast) -> None:
    a_course(database, cast)
    with database.unit_of_work() as db:
        builders.medicine(db, cast.alice, since=date(2026, 3, 20))
        reminder_pauses.keep_pauses(db, cast.alice.patient_id, [Pause(date(2026, 3, 3), date(2026, 3, 5))])

    found = history(database, cast)

    assert (len(found.days), found.days[-1].local_date, found.until) == (60, TODAY, TODAY)
    assert found.first_day == TODAY - timedelta(days=59)
    [course] = found.courses
    assert [(one.label, one.local_date) for one in course.sessions] == [
        ("S1", FIRST_SESSION),
        ("S2", SECOND_SESSION),
    ]
    assert found.medication_changes == (date(2026, 3, 20),)
    assert found.pauses == (Pause(date(2026, 3, 3), date(2026, 3, 5)),)


def test_what_a_provider_ticked_and_when_a_course_stood_still_are_there(
    database: Database, cast: Cast
) -> None:
    a_course(database, cast)
    with database.unit_of_work() as db:
        patient_id = cast.alice.patient_id
        given = builders.treatment(db, cast.alice, date(2026, 3, 16), by=cast.bob)
        before = treatment_records.record_of(db, patient_id, given.public_id)
        assert before is not None
        after = replace(before, early_for_worsening=True, censor_medication_change=True)
        treatment_records.write_changes(db, patient_id, given.public_id, before=before, after=after)
        course = courses.present_course(db, patient_id)
        assert course is not None
        paused = PhaseChange(date(2026, 3, 20), Phase.PAUSED)
        courses.add_phase_change(db, patient_id, course.public_id, paused, by_account_id=None, now=NOW)

    [found] = history(database, cast).courses

    last = found.sessions[-1]
    assert (last.label, last.early_for_worsening, last.censor_medication_change) == ("S3", True, True)
    assert (found.sessions[0].early_for_worsening, found.sessions[0].phase) == (False, Phase.INDUCTION)
    assert found.interruptions == (Interruption(date(2026, 3, 20), None, EndReason.PAUSED),)


def test_a_medicine_that_is_not_psychiatric_changes_nothing(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = builders.medicine(db, cast.alice, since=date(2026, 3, 20))
        db.execute(sa.text("UPDATE medication SET psychiatric = false"))
    assert kept.taken.psychiatric
    assert history(database, cast).medication_changes == ()


def test_nothing_after_the_last_date_is_in_it(database: Database, cast: Cast) -> None:
    a_course(database, cast)
    with database.unit_of_work() as db:
        builders.medicine(db, cast.alice, since=date(2026, 3, 20))

    found = history(database, cast, until=date(2026, 3, 1))

    assert found.days[-1].local_date == date(2026, 3, 1)
    assert [one.label for one in found.courses[0].sessions] == ["S1"]
    assert found.medication_changes == ()


def test_without_scores_there_are_no_days_and_without_sessions_no_courses(
    database: Database, cast: Cast
) -> None:
    a_course(database, cast)
    with database.unit_of_work() as db:
        builders.medicine(db, cast.alice, since=date(2026, 3, 20))
        reminder_pauses.keep_pauses(db, cast.alice.patient_id, [Pause(date(2026, 3, 3), date(2026, 3, 5))])

    sessions_alone = history(database, cast, seen(Scope.SESSIONS))
    scores_alone = history(database, cast, seen(Scope.SCORES, Scope.NOTES))

    assert (list(sessions_alone.days), sessions_alone.pauses, sessions_alone.shares_scores) == ([], (), False)
    assert len(sessions_alone.courses) == 1
    assert (scores_alone.courses, scores_alone.medication_changes) == ((), ())
    assert (len(scores_alone.days), scores_alone.shares_sessions) == (60, False)


def test_what_needs_both_is_withheld_from_a_reader_with_one_of_them(database: Database, cast: Cast) -> None:
    a_course(database, cast)
    with database.look() as db:
        patient = the_patient(db, cast.alice)
        for scopes in ({Scope.SCORES}, {Scope.SESSIONS}):
            found = insights_for(db, patient, seen(*scopes), until=TODAY).course
            assert (found.baseline, found.benefits) == (Withheld(Reason.NOT_SHARED), ())
        both = insights_for(db, patient, seen(*SCORES_AND_SESSIONS), until=TODAY).course
    assert isinstance(both.baseline, Baseline)


def test_days_and_sessions_of_before_the_first_visible_date_count_for_nothing(
    database: Database, cast: Cast
) -> None:
    a_course(database, cast)

    found = history(database, cast, seen(*SCORES_AND_SESSIONS, visible_from=date(2026, 3, 1)))

    assert (found.first_day, found.days[0].local_date) == (date(2026, 3, 1), date(2026, 3, 1))
    assert [one.local_date for one in found.courses[0].sessions] == [SECOND_SESSION]


def test_a_course_that_began_out_of_sight_has_no_baseline_of_a_later_session(
    database: Database, cast: Cast
) -> None:
    """Mood "before treatment" would be that between two sessions."""
    a_course(database, cast)
    with database.look() as db:
        patient = the_patient(db, cast.alice)
        sight = seen(*SCORES_AND_SESSIONS, visible_from=FIRST_SESSION + timedelta(days=1))
        found = insights_for(db, patient, sight, until=TODAY).course

    assert found.baseline == Withheld(Reason.NOT_SHARED)
    assert [one.reason for one in found.benefits] == [Reason.NOT_SHARED]


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(database.engine, "before_cursor_execute", note)


def test_more_courses_sessions_and_days_ask_no_more_statements(database: Database, cast: Cast) -> None:
    def asked() -> int:
        with database.look() as db:
            patient = the_patient(db, cast.alice)
            with statements(database) as seen_statements:
                read_history(db, patient, WHOLE, until=TODAY)
            return len(seen_statements)

    a_course(database, cast, moods=3)
    few = asked()
    with database.unit_of_work() as db:
        for month in (3, 4, 5, 6):
            begins = date(2025, month, 1)
            courses.add_course(db, cast.alice.patient_id, phase=Phase.INDUCTION, start_date=begins, now=NOW)
            builders.treatment(db, cast.alice, begins)

    assert asked() == few
    assert few <= 6
