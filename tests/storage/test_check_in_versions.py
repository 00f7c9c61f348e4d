"""The bodies that do not count, as rows: whole, in order, bound to their check-in, gone with it."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from journal.domain.checkins import KeptBody, Recall, Why
from journal.storage import check_in_versions, checkins
from journal.storage.check_in_versions import CheckInVersion
from journal.storage.database import Database
from tests.builders import body, check_in
from tests.cast import NOW, Cast

HOUR = timedelta(hours=1)


def other(mood: int, *, version: int = 0, note: str = "") -> KeptBody:
    return KeptBody(
        version=version,
        body=body(mood, on=date(2026, 3, 29), note=note, bed_time=time(23, 5), tags=("río",)),
        why=Why.CONFLICT,
        recall=Recall.DAY,
        felt_at=NOW - 2 * HOUR,
        recorded_at=NOW - HOUR,
        received_at=NOW,
        replaced_at=NOW + HOUR,
        utc_offset_min=-210,
        clock_skew_s=-7_200,
        edited_at=NOW - HOUR / 2,
        device="phone",
    )


def test_a_kept_body_comes_back_whole_with_its_times(database: Database, cast: Cast) -> None:
    said = other(3, version=1, note="Hé\n🙂")
    with database.unit_of_work() as db:
        counts = check_in(db, cast.alice, 6)
        check_in_versions.add_version(db, cast.alice.patient_id, counts.public_id, said)
        assert check_in_versions.versions_of(db, cast.alice.patient_id, counts.public_id) == [said]


def test_the_last_replaced_comes_first_and_the_check_in_knows_how_many(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        counts, plain = check_in(db, cast.alice, 6), check_in(db, cast.alice, 6)
        for mood in (1, 2, 3):
            check_in_versions.add_version(db, cast.alice.patient_id, counts.public_id, other(mood))
        found = check_in_versions.versions_of(db, cast.alice.patient_id, counts.public_id)
        assert [one.body.mood for one in found] == [3, 2, 1]
        for check_in_id, others in ((counts.public_id, 3), (plain.public_id, 0)):
            again = checkins.check_in_of(db, cast.alice.patient_id, check_in_id)
            assert again is not None
            assert again.other_versions == others


def test_a_kept_body_is_found_only_by_its_own_patient(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        counts = check_in(db, cast.alice, 6)
        check_in_versions.add_version(db, cast.alice.patient_id, counts.public_id, other(1))
        assert check_in_versions.versions_of(db, cast.dan.patient_id, counts.public_id) == []


def test_no_body_is_kept_beside_a_check_in_of_somebody_else(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        counts = check_in(db, cast.alice, 6)
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        check_in_versions.add_version(db, cast.dan.patient_id, counts.public_id, other(1))


def test_a_body_that_was_moved_to_another_check_in_cannot_be_read(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        mine, fake = check_in(db, cast.alice, 6), check_in(db, cast.alice, 5)
        check_in_versions.add_version(db, cast.alice.patient_id, mine.public_id, other(1))
        fake_id = sa.select(checkins.CheckIn.id).where(checkins.CheckIn.public_id == fake.public_id)
        db.execute(sa.update(CheckInVersion).values(check_in_id=fake_id.scalar_subquery()))
        with pytest.raises(InvalidTag):
            check_in_versions.versions_of(db, cast.alice.patient_id, fake.public_id)


def test_kept_bodies_go_with_their_check_in(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        counts = check_in(db, cast.alice, 6)
        check_in_versions.add_version(db, cast.alice.patient_id, counts.public_id, other(1))
        checkins.remove_check_in(db, cast.alice.patient_id, counts.public_id, now=NOW)
        assert db.scalar(sa.select(sa.func.count()).select_from(CheckInVersion)) == 0
