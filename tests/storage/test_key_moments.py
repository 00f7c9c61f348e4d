"""Key moments as they are kept: sealed, and read as a note is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from journal.domain.consents import Scope, Sight
from journal.storage.database import Database
from journal.storage.key_moments import (
    KeyMoment,
    change_moment,
    moment_of,
    moments_of,
    moments_seen,
    remove_moment,
)
from tests import builders
from tests.cast import Cast

MARCH_10 = date(2026, 3, 10)


def fill(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.moment(db, cast.alice, MARCH_10, "Private")
        builders.moment(db, cast.alice, date(2026, 3, 11), "Shared", shared=True)
        builders.moment(db, cast.alice, date(2026, 3, 12), "The clinic's", by=cast.bob)


def seen(database: Database, cast: Cast, *scopes: Scope, since: date | None = None) -> list[str]:
    with database.look() as db:
        found = moments_seen(db, cast.alice.patient_id, Sight(frozenset(scopes), since))
    return [one.moment.label for one in found]


def test_a_moment_is_kept_whole_and_its_words_are_sealed(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = builders.moment(db, cast.alice, MARCH_10, "Moved to the coast")
    with database.look() as db:
        assert moments_of(db, cast.alice.patient_id) == [kept]
        assert moment_of(db, cast.alice.patient_id, kept.moment.public_id) == kept
        assert b"coast" not in db.scalars(sa.select(KeyMoment.label)).one()
    assert (kept.moment.local_date, kept.moment.label) == (MARCH_10, "Moved to the coast")


def test_the_patient_reads_everything_the_latest_first(database: Database, cast: Cast) -> None:
    fill(database, cast)
    with database.look() as db:
        found = moments_of(db, cast.alice.patient_id)
        assert moments_of(db, cast.dan.patient_id) == []
    assert [one.moment.label for one in found] == ["The clinic's", "Shared", "Private"]


def test_a_private_moment_is_read_by_nobody_else(database: Database, cast: Cast) -> None:
    fill(database, cast)
    assert seen(database, cast, *Scope) == ["The clinic's", "Shared"]


def test_shared_ones_need_notes_and_the_clinics_need_sessions(database: Database, cast: Cast) -> None:
    fill(database, cast)
    assert seen(database, cast, Scope.NOTES) == ["Shared"]
    assert seen(database, cast, Scope.SESSIONS) == ["The clinic's"]
    assert seen(database, cast, Scope.SCORES, Scope.ASSESSMENTS, Scope.REFLECTIONS) == []


def test_days_before_those_that_are_open_are_not_read(database: Database, cast: Cast) -> None:
    fill(database, cast)
    assert seen(database, cast, *Scope, since=date(2026, 3, 12)) == ["The clinic's"]


def test_a_change_needs_the_version_that_was_seen(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = builders.moment(db, cast.alice, MARCH_10)
        later = replace(kept.moment, label="New job, new desk", shared=True)
        assert not change_moment(db, cast.alice.patient_id, later, seen_version=2)
        assert change_moment(db, cast.alice.patient_id, later, seen_version=1)
    with database.look() as db:
        assert moments_of(db, cast.alice.patient_id) == [replace(kept, moment=later, version=2)]


def test_a_removed_moment_is_gone_and_others_cannot_be_removed(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = builders.moment(db, cast.alice, MARCH_10)
        assert not remove_moment(db, cast.dan.patient_id, kept.moment.public_id)
        assert remove_moment(db, cast.alice.patient_id, kept.moment.public_id)
    with database.look() as db:
        assert moments_of(db, cast.alice.patient_id) == []
