"""The summary row follows whatever happens to a patient's check-ins and sessions, and can be computed again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal.domain.summaries import Summary
from journal.domain.treatments import Source, Status, TreatmentSession
from journal.services import summaries
from journal.services.checkins import amend_check_in, delete_check_in
from journal.storage import summaries as rows
from journal.storage import treatments
from journal.storage.base import new_public_id
from journal.storage.database import Database
from journal.storage.patients import PatientSummary
from tests.builders import body, check_in, the_patient
from tests.cast import NOW, Cast

DAY = timedelta(days=1)


def session_on(day: date, status: Status = Status.COMPLETED) -> TreatmentSession:
    return TreatmentSession(
        public_id=new_public_id(),
        local_date=day,
        started_at=None,
        status=status,
        route=None,
        source=Source.PATIENT,
    )


def test_a_check_in_is_in_the_summary_at_once(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        check_in(db, cast.alice, 6)
        check_in(db, cast.alice, None)
        assert rows.summary(db, cast.alice.patient_id) == Summary(
            last_check_in_on=date(2026, 3, 30), last_check_in_at=NOW, tail=(["2026-03-30", 6.0, 1, 2],)
        )


def test_the_last_check_in_that_is_deleted_gives_way_to_the_one_before(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        check_in(db, cast.alice, 4, at=NOW - 9 * DAY)
        last = check_in(db, cast.alice, 6)
        delete_check_in(db, the_patient(db, cast.alice), check_in_id=last.public_id, now=NOW)
        found = rows.summary(db, cast.alice.patient_id)
    assert (found.last_check_in_on, found.last_check_in_at) == (date(2026, 3, 21), NOW - 9 * DAY)
    assert found.tail == (["2026-03-21", 4.0, 1, 1],)


def test_given_sessions_are_in_the_summary_and_planned_ones_are_not(database: Database, cast: Cast) -> None:
    patient_id = cast.alice.patient_id
    with database.unit_of_work() as db:
        for treatment in (
            session_on(date(2026, 3, 20)),
            session_on(date(2026, 3, 27), Status.STOPPED_EARLY),
            session_on(date(2026, 3, 28), Status.MISSED),
            session_on(date(2026, 4, 9), Status.PLANNED),
        ):
            treatments.add_treatment(db, patient_id, treatment, now=NOW)
        assert summaries.refresh(db, patient_id)
        found = rows.summary(db, patient_id)
    assert found.last_session_on == date(2026, 3, 27)
    assert found.session_dates == ("2026-03-20", "2026-03-27")


def test_rebuilding_counts_what_was_different_and_puts_it_right(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        check_in(db, cast.alice, 6)
        check_in(db, cast.dan, 5)
        db.execute(
            sa.update(PatientSummary)
            .where(PatientSummary.patient_id == cast.dan.patient_id)
            .values(tail=[], last_check_in_on=None)
        )
        assert summaries.rebuild_all(db) == (1, 2)
        assert summaries.rebuild_all(db) == (0, 2)
        assert rows.summary(db, cast.dan.patient_id).last_check_in_on == date(2026, 3, 30)


acts = st.lists(
    st.tuples(
        st.sampled_from(["record", "amend", "delete", "session"]),
        st.integers(0, 60),
        st.none() | st.integers(0, 10),
    ),
    min_size=3,
    max_size=12,
)


def test_after_any_acts_the_kept_row_equals_the_rebuilt_one(database: Database, cast: Cast) -> None:
    """One patient lives through all the examples: each begins where the one before ended."""
    patient_id, ids = cast.alice.patient_id, list[str]()

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts)
    def live(happens: list[tuple[str, int, int | None]]) -> None:
        with database.unit_of_work() as db:
            patient = the_patient(db, cast.alice)
            for act, number, mood in happens:
                at = datetime(2026, 3, 1, 12, tzinfo=UTC) + number * DAY
                if act == "record":
                    back = timedelta(days=number % 30)
                    ids.append(check_in(db, cast.alice, mood, at=at, on=at.date() - back).public_id)
                elif act == "session":
                    treatments.add_treatment(db, patient_id, session_on(at.date()), now=NOW)
                    summaries.refresh(db, patient_id)
                elif ids and act == "amend":
                    amend_check_in(
                        db,
                        patient,
                        check_in_id=ids[number % len(ids)],
                        seen_version=1 + number % 2,
                        body=body(mood),
                        recorded_at=at,
                        now=at + DAY,
                    )
                elif ids:
                    gone = ids.pop(number % len(ids))
                    delete_check_in(db, patient, check_in_id=gone, now=at)
                assert not summaries.refresh(db, patient_id)

    live()
