"""Readers of a patient, and how many notes a patient starred for them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from journal.domain.consents import Scope
from journal.storage import patients
from journal.storage.accounts import disable_account
from journal.storage.database import Database
from tests import builders
from tests.cast import NOW, Cast, Person


def test_only_starred_notes_that_were_shared_are_counted(database: Database, cast: Cast) -> None:
    since = {cast.alice.patient_id: date(2026, 3, 20), cast.dan.patient_id: date(2026, 3, 1)}
    with database.unit_of_work() as db:
        for day, more in (
            (25, {"note": "one", "note_shared": True, "starred": True}),
            (20, {"note": "two", "note_shared": True, "starred": True}),
            (19, {"note": "too early", "note_shared": True, "starred": True}),
            (26, {"note": "private", "starred": True}),
            (27, {"note": "not starred", "note_shared": True}),
            (28, {"note_shared": True, "starred": True}),
        ):
            builders.check_in(db, cast.alice, 5, on=date(2026, 3, day), **more)
        assert patients.starred_counts(db, since) == {cast.alice.patient_id: 2}
        assert patients.starred_counts(db, {}) == {}


def test_readers_are_those_who_may_read_now(database: Database, cast: Cast) -> None:
    with database.look() as db:
        readers = patients.readers_of(db, cast.alice.patient_id, now=NOW)
        later = patients.readers_of(db, cast.alice.patient_id, now=NOW + timedelta(days=400))
    assert [(one.name, one.sight.scopes) for one in readers] == [
        ("Bob", frozenset(Scope)),
        ("Frank", frozenset({Scope.SCORES})),
    ]
    assert later == []


def test_whoever_has_left_is_no_reader(database: Database, cast: Cast) -> None:
    """The switch beside a note names who would read it: not somebody who cannot sign in any more."""
    with database.unit_of_work() as db:
        disable_account(db, cast.bob.account_id, now=NOW)
        readers = patients.readers_of(db, cast.alice.patient_id, now=NOW)
    assert [one.name for one in readers] == ["Frank"]


def test_a_patient_is_found_through_a_live_consent_alone(database: Database, cast: Cast) -> None:
    def found(reader: Person, now: datetime = NOW) -> bool:
        with database.look() as db:
            seen = patients.patient_visible_to(db, reader.provider_id, cast.alice.public_id, now=now)
        return seen is not None

    assert found(cast.bob)
    assert not found(cast.carol)
    assert not found(cast.bob, NOW + timedelta(days=365))
    with database.unit_of_work() as db:
        builders.share(db, cast.alice, cast.bob, Scope.SCORES, now=NOW, lasts=timedelta(0))
    assert not found(cast.bob)
