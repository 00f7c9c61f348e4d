"""Questionnaires held against the calendar: opened, missed, moved by sessions, asked together, and never twice."""

from __future__ import annotations

from datetime import UTC, date, datetime

from journal.domain.assessment_calendar import Cadence, Reason, Rhythm
from journal.domain.assessment_choices import Choice
from journal.domain.assessment_records import AssessmentRecord
from journal.domain.treatments import Status
from journal.services.assessment_dates import arrange, coming, opened_now
from journal.services.assessments import choose, save_answers
from journal.storage import assessments
from journal.storage.database import Database
from tests.builders import the_patient, treatment
from tests.cast import NOW, Cast, Person

FIRST_DAY = date(2026, 3, 30)
PHQ8 = {str(number): 1 for number in range(1, 9)}
GAD7 = {str(number): 1 for number in range(1, 8)}


def at(day: date) -> datetime:
    """20:00 in Berlin on a day of summer time."""
    return datetime(day.year, day.month, day.day, 18, tzinfo=UTC)


def kept(database: Database, person: Person) -> list[AssessmentRecord]:
    with database.look() as db:
        return assessments.assessments_of(db, person.patient_id)


def days(database: Database, person: Person) -> list[tuple[str, date, bool]]:
    """Each one that waits: which, since or until when, and whether it is open."""
    return [
        (one.instrument, one.due_on, one.opened_at is not None)
        for one in kept(database, person)
        if one.completed_at is None and one.expired_at is None
    ]


def pass_to(database: Database, person: Person, day: date) -> None:
    with database.unit_of_work() as db:
        arrange(db, the_patient(db, person), now=at(day))


def answer(database: Database, person: Person, code: str, on: date) -> AssessmentRecord:
    with database.unit_of_work() as db:
        patient = the_patient(db, person)
        record = opened_now(db, patient, code, now=at(on))
        return save_answers(
            db,
            patient,
            record.public_id,
            PHQ8 if code == "phq8" else GAD7,
            shown=code,
            actor_account_id=person.account_id,
            now=at(on),
        ).record


def next_of_first(database: Database, person: Person, on: date) -> tuple[date, Reason] | None:
    with database.look() as db:
        due = coming(db, the_patient(db, person), now=at(on))[0].due
    return None if due is None else (due.on, due.reason)


def test_a_journal_begins_with_the_two_that_go_together(database: Database, cast: Cast) -> None:
    pass_to(database, cast.dan, FIRST_DAY)
    assert days(database, cast.dan) == [("phq8", FIRST_DAY, True), ("gad7", FIRST_DAY, True)]


def test_asking_again_changes_nothing_and_says_so(database: Database, cast: Cast) -> None:
    changed = []
    for day in (FIRST_DAY, FIRST_DAY, date(2026, 4, 3), date(2026, 4, 3)):
        with database.unit_of_work() as db:
            changed.append(arrange(db, the_patient(db, cast.dan), now=at(day)))
    assert changed == [True, False, True, False]


def test_after_an_answer_the_next_waits_for_its_day(database: Database, cast: Cast) -> None:
    answer(database, cast.dan, "phq8", FIRST_DAY)
    answer(database, cast.dan, "gad7", FIRST_DAY)
    assert days(database, cast.dan) == [
        ("phq8", date(2026, 4, 13), False),
        ("gad7", date(2026, 4, 13), False),
    ]
    assert next_of_first(database, cast.dan, FIRST_DAY) == (date(2026, 4, 13), Reason.INTERVAL)


def test_one_that_is_still_open_waits_beside_the_next_of_the_other(database: Database, cast: Cast) -> None:
    answer(database, cast.dan, "phq8", FIRST_DAY)
    assert days(database, cast.dan) == [("gad7", FIRST_DAY, True), ("phq8", date(2026, 4, 13), False)]


def test_nobody_answers_and_after_four_days_it_counts_as_missed(database: Database, cast: Cast) -> None:
    pass_to(database, cast.dan, FIRST_DAY)
    pass_to(database, cast.dan, date(2026, 4, 2))
    assert days(database, cast.dan) == [("phq8", FIRST_DAY, True), ("gad7", FIRST_DAY, True)]
    pass_to(database, cast.dan, date(2026, 4, 3))
    assert [one.expired_at for one in kept(database, cast.dan)][:2] == [at(date(2026, 4, 3))] * 2
    assert days(database, cast.dan) == [
        ("phq8", date(2026, 4, 13), False),
        ("gad7", date(2026, 4, 13), False),
    ]
    assert next_of_first(database, cast.dan, date(2026, 4, 3)) == (date(2026, 4, 13), Reason.MISSED)


def test_a_day_that_was_said_stays_where_nobody_looked_on_it(database: Database, cast: Cast) -> None:
    answer(database, cast.dan, "phq8", FIRST_DAY)
    pass_to(database, cast.dan, date(2026, 4, 15))
    assert ("phq8", date(2026, 4, 13), True) in days(database, cast.dan)


def test_where_nobody_looked_for_longer_it_opens_today(database: Database, cast: Cast) -> None:
    answer(database, cast.dan, "phq8", FIRST_DAY)
    pass_to(database, cast.dan, date(2026, 4, 20))
    assert ("phq8", date(2026, 4, 20), True) in days(database, cast.dan)


def test_a_session_restarts_the_clock_when_it_is_recorded(database: Database, cast: Cast) -> None:
    answer(database, cast.dan, "phq8", FIRST_DAY)
    answer(database, cast.dan, "gad7", FIRST_DAY)
    with database.unit_of_work() as db:
        treatment(db, cast.dan, on=date(2026, 4, 6), now=at(date(2026, 4, 6)))
    assert days(database, cast.dan) == [
        ("phq8", date(2026, 4, 20), False),
        ("gad7", date(2026, 4, 20), False),
    ]
    assert next_of_first(database, cast.dan, date(2026, 4, 6)) == (date(2026, 4, 20), Reason.SESSION)


def test_near_a_planned_session_it_is_asked_before_it(database: Database, cast: Cast) -> None:
    answer(database, cast.dan, "phq8", FIRST_DAY)
    with database.unit_of_work() as db:
        treatment(db, cast.dan, on=date(2026, 4, 12), status=Status.PLANNED, now=at(date(2026, 4, 6)))
    assert ("phq8", date(2026, 4, 11), False) in days(database, cast.dan)
    assert next_of_first(database, cast.dan, date(2026, 4, 6)) == (
        date(2026, 4, 11),
        Reason.BEFORE_SESSION,
    )


def test_a_session_recorded_later_marks_an_answered_one(database: Database, cast: Cast) -> None:
    assert not answer(database, cast.dan, "phq8", date(2026, 4, 10)).overlaps_session
    with database.unit_of_work() as db:
        treatment(db, cast.dan, on=date(2026, 4, 6), now=at(date(2026, 4, 11)))
    marked = [one.instrument for one in kept(database, cast.dan) if one.overlaps_session]
    assert marked == ["phq8"]


def test_one_that_is_turned_off_is_not_asked_any_more(database: Database, cast: Cast) -> None:
    answer(database, cast.dan, "phq8", FIRST_DAY)
    answer(database, cast.dan, "gad7", FIRST_DAY)
    with database.unit_of_work() as db:
        choose(
            db,
            the_patient(db, cast.dan),
            Choice("gad7", is_enabled=False),
            actor_account_id=cast.bob.account_id,
            now=at(date(2026, 4, 2)),
        )
    assert days(database, cast.dan) == [("phq8", date(2026, 4, 13), False)]


def test_a_monthly_one_keeps_its_own_days(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        choose(
            db,
            the_patient(db, cast.dan),
            Choice("pcl5", is_enabled=True, cadence=Cadence(Rhythm.MONTHLY)),
            actor_account_id=cast.bob.account_id,
            now=at(FIRST_DAY),
        )
    assert ("pcl5", FIRST_DAY, True) in days(database, cast.dan)


def test_one_that_a_provider_asks_there_and_then_is_open(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        patient = the_patient(db, cast.dan)
        first = opened_now(db, patient, "asq", now=NOW)
        again = opened_now(db, patient, "asq", now=NOW)
    assert first.public_id == again.public_id
    assert ("asq", FIRST_DAY, True) in days(database, cast.dan)
