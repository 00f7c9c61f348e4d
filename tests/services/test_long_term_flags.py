"""Long-term flags as one reader gets them: every flag with its dates, and nothing of what is not open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from journal.domain.assessment_records import AssessmentRecord
from journal.domain.clinical_limits import DIASTOLIC_BEFORE, SYSTOLIC_BEFORE, SYSTOLIC_HIGH
from journal.domain.consents import WHOLE, Scope, Sight
from journal.domain.courses import PhaseChange
from journal.domain.instrument_files import instrument
from journal.domain.long_term_flags import Watched
from journal.domain.treatment_records import Measured, TreatmentRecord, Vitals
from journal.domain.treatments import Phase
from journal.services.long_term_flags import Reported, facts_on, facts_seen, flags_of, flags_seen
from journal.storage import assessments, courses, treatment_records
from journal.storage.clinic_items import TurnedOn, put_items
from journal.storage.database import Database
from tests import builders
from tests.builders import the_patient
from tests.cast import NOW, Cast

ALL = Sight(frozenset(Scope), None)


def march(day: int) -> date:
    return date(2026, 3, day)


def flags(database: Database, cast: Cast, sight: Sight = ALL) -> list[Reported]:
    with database.look() as db:
        return flags_seen(db, the_patient(db, cast.alice), sight, clinic_id=cast.clinic_id, now=NOW)


def found(database: Database, cast: Cast, sight: Sight = ALL) -> list[tuple[Watched, list[int], int]]:
    """Each flag with the days of March of its dates, and among how many it was found."""
    return [
        (one.flag.watched, [day.day for day in one.flag.dates], one.among)
        for one in flags(database, cast, sight)
    ]


def session(db: Session, cast: Cast, on: date, at: time | None = None, **said: object) -> None:
    treatment = builders.treatment(db, cast.alice, on, at=at)
    if said:
        before = TreatmentRecord()
        after = TreatmentRecord(**said)  # type: ignore[arg-type]
        treatment_records.write_changes(
            db, cast.alice.patient_id, treatment.public_id, before=before, after=after
        )


def read(*pairs: tuple[int, int]) -> tuple[Vitals, ...]:
    return tuple(Vitals(Measured.PRE, sys=sys, dia=dia) for sys, dia in pairs)


def course(db: Session, cast: Cast) -> None:
    """An induction since 2 February."""
    courses.add_course(db, cast.alice.patient_id, phase=Phase.INDUCTION, now=NOW, start_date=date(2026, 2, 2))


def to_maintenance(db: Session, cast: Cast, on: date) -> None:
    """From ``on`` the course is in maintenance."""
    ids = {"patient_id": cast.alice.patient_id}
    present = courses.present_course(db, **ids)
    assert present is not None
    change = PhaseChange(on, Phase.MAINTENANCE)
    courses.add_phase_change(
        db, **ids, course_public_id=present.public_id, change=change, by_account_id=None, now=NOW
    )
    later = replace(present, phase=Phase.MAINTENANCE)
    assert courses.put_course(db, **ids, course=later, seen_phase=Phase.INDUCTION)


def test_without_anything_reported_there_is_no_flag(database: Database, cast: Cast) -> None:
    assert flags(database, cast) == []


def test_what_the_checks_show_comes_with_dates_and_their_number(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.long_term_check(db, cast.alice, march(2), pain_on_urination=2, memory_trouble=2)
        builders.long_term_check(db, cast.alice, march(16), lower_abdominal_pain=3, memory_trouble=1)
        builders.long_term_check(db, cast.alice, march(30), craving_or_extra_use=1, memory_trouble=2)
    assert found(database, cast) == [
        (Watched.URINARY, [2, 16], 3),
        (Watched.CRAVING, [30], 3),
        (Watched.COGNITION, [2, 30], 3),
    ]


def test_checks_before_the_present_course_do_not_count(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        course(db, cast)
        builders.long_term_check(db, cast.alice, date(2026, 1, 20), blood_in_urine=1)
        builders.long_term_check(db, cast.alice, march(2), memory_trouble=2)
    assert found(database, cast) == []


def test_checks_are_read_with_sessions_and_from_the_first_open_day_on(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.long_term_check(db, cast.alice, march(2), memory_trouble=2)
        builders.long_term_check(db, cast.alice, march(16), memory_trouble=2)
    assert found(database, cast, Sight(frozenset({Scope.SESSIONS}), march(2))) == [
        (Watched.COGNITION, [2, 16], 2)
    ]
    assert found(database, cast, Sight(frozenset({Scope.SESSIONS}), march(3))) == []
    assert found(database, cast, Sight(frozenset(Scope) - {Scope.SESSIONS}, None)) == []


def test_one_very_high_reading_of_the_last_14_days_is_told(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        session(db, cast, march(16), vitals=read((190, 100)))
        session(db, cast, march(17), vitals=read((180, 90), (120, 80)))
    assert found(database, cast) == [(Watched.BLOOD_PRESSURE, [17], 2)]
    (one,) = flags(database, cast)
    assert SYSTOLIC_HIGH in one.flag.limits


def test_raised_readings_need_three_days(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        session(db, cast, march(18), vitals=read((145, 85)))
        session(db, cast, march(21), vitals=read((130, 92)))
    assert found(database, cast) == []
    with database.unit_of_work() as db:
        session(db, cast, march(24), vitals=read((140, 70)))
    (one,) = flags(database, cast)
    assert [day.day for day in one.flag.dates] == [18, 21, 24]
    assert one.flag.limits[:2] == (SYSTOLIC_BEFORE, DIASTOLIC_BEFORE)


@pytest.mark.parametrize(
    ("at", "said", "is_told"),
    [
        (None, {"dissociation_resolved_min": 1441}, True),
        (None, {"dissociation_resolved_min": 1440}, False),
        (None, {"dissociation_lasts": True}, True),
        (time(19, 59), {"dissociation_lasts": True}, True),
        (time(20, 0), {"dissociation_lasts": True}, False),
    ],
)
def test_what_did_not_pass_within_a_day_is_told(
    database: Database, cast: Cast, at: time | None, said: dict[str, object], is_told: bool
) -> None:
    on = march(28) if at is None else march(29)  # the clock says 20:00 on 30 March
    with database.unit_of_work() as db:
        session(db, cast, on, at, **said)
    expected = [(Watched.DISSOCIATION, [on.day], 0)] if is_told else []
    assert found(database, cast) == expected


def test_feeling_detached_on_three_days_without_a_session_is_told(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        session(db, cast, march(20))
        for day, felt in ((18, 5), (20, 9), (24, 6), (25, 4)):
            at = datetime(2026, 3, day, 18, tzinfo=UTC)
            builders.check_in(db, cast.alice, at=at, detached=felt)
    assert found(database, cast) == []
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, at=datetime(2026, 3, 27, 18, tzinfo=UTC), detached=5)
    assert found(database, cast) == [(Watched.DISSOCIATION, [18, 24, 27], 5)]
    assert found(database, cast, Sight(frozenset({Scope.SESSIONS}), None)) == []


def test_elevated_days_are_told_where_the_clinic_turned_it_on(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for day in (25, 27):
            builders.check_in(db, cast.alice, at=datetime(2026, 3, day, 18, tzinfo=UTC), elevated=2)
    assert found(database, cast) == []
    with database.unit_of_work() as db:
        put_items(db, cast.alice.patient_id, cast.clinic_id, TurnedOn(elevated=True), now=NOW)
    assert found(database, cast) == [(Watched.ELEVATED, [25, 27], 2)]
    assert found(database, cast, Sight(frozenset(Scope) - {Scope.SCORES}, None)) == []


def low_moods(db: Session, cast: Cast) -> None:
    """Mood 5 in the fortnight before the first session on 2 February, and 4 on 20 to 26 March."""
    for day in range(7):
        at = datetime(2026, 1, 26, 18, tzinfo=UTC) + timedelta(days=day)
        builders.check_in(db, cast.alice, 5, at=at)
    builders.treatment(db, cast.alice, date(2026, 2, 2))
    for day in range(20, 27):
        builders.check_in(db, cast.alice, 4, at=datetime(2026, 3, day, 18, tzinfo=UTC))


def test_mood_below_the_one_before_treatment_is_told_after_induction(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        low_moods(db, cast)
        course(db, cast)
    assert found(database, cast) == []
    with database.unit_of_work() as db:
        to_maintenance(db, cast, date(2026, 3, 1))
    assert found(database, cast) == [(Watched.WORSENING, [20, 21, 22, 23, 24, 25, 26], 7)]
    assert found(database, cast, Sight(frozenset({Scope.SESSIONS}), None)) == []
    assert found(database, cast, Sight(frozenset({Scope.SCORES}), None)) == []
    # A reader who does not see the beginning has nothing to hold it against.
    assert found(database, cast, Sight(frozenset(Scope), date(2026, 2, 3))) == []


def test_a_phq9_that_rose_by_the_reliable_figure_is_told(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        course(db, cast)
        to_maintenance(db, cast, date(2026, 3, 1))
        keys = [item.key for item in instrument("phq9").items]
        for day, total in ((10, 8), (24, 14)):
            record = AssessmentRecord(
                public_id=f"phq-{day}",
                instrument="phq9",
                version=1,
                due_on=march(day),
                opened_at=NOW,
                saved_at=NOW,
                completed_at=NOW,
                completed_on=march(day),
                scored_as="phq9",
                answers=dict.fromkeys(keys[: total // 2], 2),
                total=total,
                answered=9,
                asked=9,
            )
            assessments.add_assessment(db, cast.alice.patient_id, record)
    (one,) = flags(database, cast)
    assert (one.flag.watched, one.flag.dates) == (Watched.WORSENING, (march(10), march(24)))
    assert [(limit.value, limit.grade) for limit in one.flag.limits] == [(6, "M")]
    assert flags(database, cast, Sight(frozenset(Scope) - {Scope.ASSESSMENTS}, None)) == []


def evening(day: int) -> datetime:
    return datetime(2026, 3, day, 21, tzinfo=UTC)


def test_each_past_day_says_what_was_true_on_it(sqlite_database: Database, sqlite_cast: Cast) -> None:
    """What comes is written down day by day and read on each; later every day is looked at again, from the last one."""
    alice = sqlite_cast.alice

    def read_on(day: int) -> list[Reported]:
        with sqlite_database.look() as db:
            patient = the_patient(db, alice)
            return flags_seen(db, patient, ALL, clinic_id=sqlite_cast.clinic_id, now=evening(day))

    with sqlite_database.unit_of_work() as db:
        course(db, sqlite_cast)
        put_items(db, alice.patient_id, sqlite_cast.clinic_id, TurnedOn(elevated=True), now=NOW)
        builders.treatment(db, alice, date(2026, 2, 2))
        builders.mood_days(db, alice, {date(2026, 1, 26) + timedelta(days=back): 5 for back in range(7)})
    then = {}
    for day in range(1, 30):
        with sqlite_database.unit_of_work() as db:
            if day == 5:
                to_maintenance(db, sqlite_cast, march(5))
            if day in {3, 12}:
                builders.long_term_check(db, alice, march(day), memory_trouble=2, pain_on_urination=day // 6)
            if day in {4, 9, 14, 26}:
                session(db, sqlite_cast, march(day), dissociation_lasts=day == 9, vitals=read((145, 80)))
            elevated = 2 if day in {17, 18} else None
            builders.check_in(db, alice, 4 if day > 10 else 6, at=evening(day), elevated=elevated)
        then[day] = [one.flag for one in read_on(day)]
    with sqlite_database.look() as db:
        facts = facts_seen(
            db, the_patient(db, alice), ALL, clinic_id=sqlite_cast.clinic_id, now=evening(29), since=march(1)
        )
    again = {
        day: [one.flag for one in flags_of(facts_on(facts, march(day), now=evening(day)))] for day in then
    }
    assert again == then
    watched = {flag.watched for said in then.values() for flag in said}
    assert watched == {
        Watched.COGNITION, Watched.BLOOD_PRESSURE, Watched.DISSOCIATION, Watched.ELEVATED, Watched.WORSENING,
    }  # fmt: skip
    assert [day for day, said in then.items() if not said] != []


def test_the_patients_own_eyes_see_the_same(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.long_term_check(db, cast.alice, march(30), blood_in_urine=1)
    assert found(database, cast, WHOLE) == [(Watched.URINARY, [30], 1)]
