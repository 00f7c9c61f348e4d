"""Imported files and carried history in the database: sealed, apart, one patient at a time."""

from __future__ import annotations

from datetime import date, time

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from journal.domain.transfers import ImportedEntry
from journal.storage import transfers
from journal.storage.database import Database
from journal.storage.transfers import Carried
from tests.cast import NOW, Cast


def entry(number: int, **changes: object) -> ImportedEntry:
    plain = {
        "local_date": date(2025, 1, number),
        "at": time(9),
        "kind": "mood",
        "value": 4.0,
        "scale_min": 1.0,
        "scale_max": 5.0,
        "label": "good",
        "activities": ("tea",),
        "note": "quiet",
        "file_row": number,
        "fingerprint": f"{number:064x}",
    }
    return ImportedEntry(**{**plain, **changes})  # type: ignore[arg-type]


def add(database: Database, patient_id: int, *entries: ImportedEntry) -> str:
    with database.unit_of_work() as db:
        return transfers.add_batch(
            db, patient_id, entries, source="daylio", file_name="d.csv", imported_at=NOW
        )


def test_what_was_kept_comes_back_as_it_was(database: Database, cast: Cast) -> None:
    entries = (entry(1), entry(2, at=None, value=None, label="", activities=(), note=""))
    public_id = add(database, cast.alice.patient_id, *entries)
    with database.look() as db:
        assert transfers.entries_of(db, cast.alice.patient_id) == [(public_id, one) for one in entries]
        assert transfers.entries_of(db, cast.dan.patient_id) == []


def test_the_database_refuses_the_same_row_a_second_time(database: Database, cast: Cast) -> None:
    add(database, cast.alice.patient_id, entry(1))
    with pytest.raises(sa.exc.IntegrityError):
        add(database, cast.alice.patient_id, entry(2), entry(1))
    with database.look() as db:
        assert len(transfers.batches(db, cast.alice.patient_id)) == 1
    add(database, cast.dan.patient_id, entry(1))


def test_a_file_without_values_is_a_file(database: Database, cast: Cast) -> None:
    add(database, cast.alice.patient_id)
    with database.look() as db:
        [batch] = transfers.batches(db, cast.alice.patient_id)
    assert (batch.entries, batch.first_date) == (0, None)


def test_words_are_bound_to_their_row(database: Database, cast: Cast) -> None:
    add(database, cast.alice.patient_id, entry(1, note="one"), entry(2, note="two"))
    with database.unit_of_work() as db:
        words = db.scalar(sa.text("SELECT words FROM imported_entry WHERE file_row = 1"))
        db.execute(sa.text("UPDATE imported_entry SET words = :words WHERE file_row = 2"), {"words": words})
        with pytest.raises(InvalidTag):
            transfers.entries_of(db, cast.alice.patient_id)


def test_rows_are_known_again_by_their_owner_alone(database: Database, cast: Cast) -> None:
    add(database, cast.alice.patient_id, entry(1), entry(2))
    add(database, cast.dan.patient_id, entry(1))
    rows = {entry(number).fingerprint for number in (1, 2, 3)}
    with database.look() as db:
        known = {
            person.name: transfers.known_rows(db, person.patient_id, source="daylio", among=rows)
            for person in (cast.alice, cast.dan)
        }
        stored = db.scalars(sa.select(transfers.ImportedEntry.fingerprint)).all()
    assert known == {"Alice": rows - {entry(3).fingerprint}, "Dan": {entry(1).fingerprint}}
    assert len(set(stored)) == 3
    assert not rows & set(stored)


def test_carried_history_is_sealed_and_comes_back(database: Database, cast: Cast) -> None:
    carried = Carried([{"provider": "Bob"}], [{"actor": "Bob"}], {"x": "Bob"})
    alice = cast.alice
    with database.unit_of_work() as db:
        transfers.carry_history(db, alice.patient_id, carried, row=alice.public_id, now=NOW)
    with database.look() as db:
        assert transfers.carried_history(db, alice.patient_id, row=alice.public_id) == carried
        assert transfers.carried_history(db, cast.dan.patient_id, row=cast.dan.public_id) == Carried()
        raw = db.scalar(sa.select(transfers.CarriedHistory.document))
    assert raw is not None
    assert b"Bob" not in raw


def test_there_is_something_once_a_file_or_a_history_is_here(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        assert not transfers.has_anything(db, cast.alice.patient_id)
        transfers.add_batch(db, cast.alice.patient_id, [], source="daylio", file_name="", imported_at=NOW)
        transfers.carry_history(db, cast.dan.patient_id, Carried(), row=cast.dan.public_id, now=NOW)
        assert transfers.has_anything(db, cast.alice.patient_id)
        assert transfers.has_anything(db, cast.dan.patient_id)
