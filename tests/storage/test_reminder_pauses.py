"""When reminders were paused, as it is kept."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from journal.domain.pauses import Pause
from journal.storage.database import Database
from journal.storage.reminder_pauses import (
    ReminderPause,
    keep_pauses,
    open_pause_of,
    pauses_of,
    pauses_of_all,
    replace_pause,
)
from tests.cast import Cast


def march(day: int) -> date:
    return date(2026, 3, day)


FIRST, SECOND = Pause(march(2), march(4)), Pause(march(10), march(20))


def fill(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        keep_pauses(db, cast.alice.patient_id, [SECOND, FIRST])


def test_pauses_come_in_order_of_their_dates(database: Database, cast: Cast) -> None:
    fill(database, cast)
    with database.look() as db:
        assert pauses_of(db, cast.alice.patient_id) == (FIRST, SECOND)
        assert pauses_of(db, cast.dan.patient_id) == ()


def test_those_that_were_over_before_a_date_are_not_asked_for(database: Database, cast: Cast) -> None:
    fill(database, cast)
    with database.look() as db:
        assert pauses_of(db, cast.alice.patient_id, since=march(4)) == (FIRST, SECOND)
        assert pauses_of(db, cast.alice.patient_id, since=march(5)) == (SECOND,)


def test_many_patients_are_asked_about_at_once(database: Database, cast: Cast) -> None:
    fill(database, cast)
    with database.unit_of_work() as db:
        keep_pauses(db, cast.dan.patient_id, [FIRST])
    with database.look() as db:
        ids = [cast.alice.patient_id, cast.dan.patient_id]
        assert pauses_of_all(db, ids) == {ids[0]: (FIRST, SECOND), ids[1]: (FIRST,)}
        assert pauses_of_all(db, ids, since=march(10)) == {ids[0]: (SECOND,)}
        assert pauses_of_all(db, []) == {}


def test_the_pause_of_a_date_holds_both_its_ends(database: Database, cast: Cast) -> None:
    fill(database, cast)
    with database.look() as db:
        found = [open_pause_of(db, cast.alice.patient_id, today=march(day)) for day in (10, 20, 21)]
    assert found == [SECOND, SECOND, None]


def test_a_pause_gives_way_to_what_became_of_it(database: Database, cast: Cast) -> None:
    fill(database, cast)
    shorter = Pause(march(10), march(12))
    with database.unit_of_work() as db:
        replace_pause(db, cast.alice.patient_id, SECOND, shorter)
        assert pauses_of(db, cast.alice.patient_id) == (FIRST, shorter)
        replace_pause(db, cast.alice.patient_id, shorter, None)
        assert pauses_of(db, cast.alice.patient_id) == (FIRST,)
        replace_pause(db, cast.alice.patient_id, None, None)
        replace_pause(db, cast.alice.patient_id, None, SECOND)
        assert pauses_of(db, cast.alice.patient_id) == (FIRST, SECOND)


def test_a_pause_that_ends_before_it_begins_is_refused(database: Database, cast: Cast) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        keep_pauses(db, cast.alice.patient_id, [Pause(march(2), march(1))])


def test_a_patient_who_is_gone_leaves_no_pauses(database: Database, cast: Cast) -> None:
    fill(database, cast)
    with database.unit_of_work() as db:
        db.execute(sa.text("DELETE FROM patient WHERE id = :id"), {"id": cast.alice.patient_id})
        assert db.scalar(sa.select(sa.func.count()).select_from(ReminderPause)) == 0
