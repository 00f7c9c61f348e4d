"""Medicines as they are kept: sealed, in order, and told only of days that are open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from journal.domain.consents import WHOLE, Scope, Sight
from journal.storage.database import Database
from journal.storage.medications import (
    Medication,
    change_medication,
    medication_of,
    medications_of,
    medications_seen,
    remove_medication,
)
from tests import builders
from tests.cast import Cast

MARCH_10 = date(2026, 3, 10)


def seen(
    database: Database, cast: Cast, *scopes: Scope, since: date | None = None
) -> list[tuple[str, object]]:
    with database.look() as db:
        found = medications_seen(db, cast.alice.patient_id, Sight(frozenset(scopes), since))
    return [(one.taken.name, one.taken.started_on) for one in found]


def test_a_medicine_is_kept_whole_and_its_words_are_sealed(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = builders.medicine(db, cast.alice, since=MARCH_10, note="With food.")
    with database.look() as db:
        row = db.scalars(sa.select(Medication)).one()
        sealed = (row.name, row.dose, row.note)
        assert medications_of(db, cast.alice.patient_id) == [kept]
    assert (kept.taken.name, kept.taken.dose, kept.taken.note) == ("Sertraline", "50 mg", "With food.")
    for column, words in zip(sealed, (b"Sertraline", b"50 mg", b"With food."), strict=True):
        assert column is not None
        assert words not in column


def test_what_began_last_comes_first_and_what_nobody_dated_last(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.medicine(db, cast.alice, "Thyroxine")
        builders.medicine(db, cast.alice, "Sertraline", since=date(2026, 1, 5))
        builders.medicine(db, cast.alice, "Quetiapine", since=MARCH_10)
    with database.look() as db:
        found = medications_of(db, cast.alice.patient_id)
    assert [one.taken.name for one in found] == ["Quetiapine", "Sertraline", "Thyroxine"]


def test_one_persons_list_holds_nothing_of_anothers(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = builders.medicine(db, cast.dan)
    with database.look() as db:
        assert medications_of(db, cast.alice.patient_id) == []
        assert medication_of(db, cast.alice.patient_id, kept.taken.public_id) is None


def test_the_list_is_read_with_sessions_alone(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.medicine(db, cast.alice, since=MARCH_10)
    assert seen(database, cast, Scope.SESSIONS) == [("Sertraline", MARCH_10)]
    assert seen(database, cast, *(set(Scope) - {Scope.SESSIONS})) == []


def test_what_ended_before_the_days_that_are_open_is_not_told(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.medicine(db, cast.alice, "Over", until=date(2026, 3, 9))
        builders.medicine(db, cast.alice, "On that day", until=MARCH_10)
    assert [name for name, _day in seen(database, cast, Scope.SESSIONS, since=MARCH_10)] == ["On that day"]


def test_a_beginning_before_the_days_that_are_open_is_not_told(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.medicine(db, cast.alice, since=date(2026, 3, 9))
    with database.look() as db:
        (one,) = medications_seen(db, cast.alice.patient_id, Sight(frozenset({Scope.SESSIONS}), MARCH_10))
        (whole,) = medications_seen(db, cast.alice.patient_id, WHOLE)
    assert (one.taken.started_on, one.began_earlier) == (None, True)
    assert (whole.taken.started_on, whole.began_earlier) == (date(2026, 3, 9), False)


def test_a_change_needs_the_version_that_was_seen(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = builders.medicine(db, cast.alice)
        later = replace(kept, taken=replace(kept.taken, dose="75 mg"))
        assert not change_medication(db, cast.alice.patient_id, later, seen_version=2)
        assert change_medication(db, cast.alice.patient_id, later, seen_version=1)
    with database.look() as db:
        assert medications_of(db, cast.alice.patient_id) == [replace(later, version=2)]


def test_a_removed_medicine_is_gone_and_others_cannot_be_removed(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = builders.medicine(db, cast.alice)
        assert not remove_medication(db, cast.dan.patient_id, kept.taken.public_id)
        assert remove_medication(db, cast.alice.patient_id, kept.taken.public_id)
    with database.look() as db:
        assert medications_of(db, cast.alice.patient_id) == []
