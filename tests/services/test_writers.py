"""On which side a writer is, and who shares it with them."""

from __future__ import annotations

from journal.domain.treatments import Source
from journal.services.writers import Writer, people_of
from journal.storage.database import Database
from tests.cast import Cast


def test_whoever_writes_without_being_a_provider_is_the_patient(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    own = Writer(sqlite_cast.alice.account_id)
    with sqlite_database.look() as db:
        assert (own.source, list(people_of(db, own))) == (Source.PATIENT, [])


def test_a_provider_writes_for_everybody_of_their_clinic(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    by = Writer(sqlite_cast.bob.account_id, sqlite_cast.bob.provider_id)
    with sqlite_database.look() as db:
        assert by.source is Source.CLINICIAN
        assert sqlite_cast.bob.provider_id in people_of(db, by)
