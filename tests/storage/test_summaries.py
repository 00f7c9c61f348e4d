"""The summary row as it is written and read."""

from __future__ import annotations

from datetime import date

from journal.domain.summaries import Summary
from journal.storage import summaries
from journal.storage.database import Database
from tests.builders import check_in
from tests.cast import NOW, Cast


def test_a_summary_comes_back_as_it_was_written(database: Database, cast: Cast) -> None:
    written = Summary(
        last_check_in_on=date(2026, 3, 30),
        last_check_in_at=NOW,
        tail=(["2026-03-29", 16 / 3, 3, 3], ["2026-03-30", None, 0, 1]),
        last_session_on=date(2026, 3, 13),
        session_dates=("2026-03-13",),
    )
    with database.unit_of_work() as db:
        summaries.write_summary(db, cast.alice.patient_id, written)
    with database.look() as db:
        assert summaries.summary(db, cast.alice.patient_id) == written
        assert summaries.summary(db, cast.dan.patient_id) == Summary()


def test_the_latest_check_in_is_the_last_one_about_the_latest_day(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        assert summaries.latest_check_in(db, cast.alice.patient_id) == (None, None)
        check_in(db, cast.alice, 5, at=NOW.replace(day=29))
        check_in(db, cast.alice, 6, on=date(2026, 3, 12))
        assert summaries.latest_check_in(db, cast.alice.patient_id) == (
            date(2026, 3, 29),
            NOW.replace(day=29),
        )


def test_everybody_is_every_patient(database: Database, cast: Cast) -> None:
    with database.look() as db:
        assert summaries.everybody(db) == [cast.alice.patient_id, cast.dan.patient_id]
