"""Clinics and who works in them."""

from __future__ import annotations

from journal.storage import clinics
from journal.storage.database import Database
from tests.cast import ZONE, Cast


def test_a_workplace_is_the_clinic_with_its_people(database: Database, cast: Cast) -> None:
    with database.look() as db:
        found = clinics.workplace_of(db, cast.bob.provider_id)
    assert (found.clinic_id, found.zone) == (cast.clinic_id, ZONE)
    assert found.people == {
        cast.bob.provider_id: "Bob",
        cast.carol.provider_id: "Carol",
        cast.frank.provider_id: "Frank",
    }


def test_names_are_those_that_were_asked_for(database: Database, cast: Cast) -> None:
    with database.look() as db:
        assert clinics.names_of_providers(db, [cast.bob.provider_id]) == {cast.bob.provider_id: "Bob"}
        assert clinics.names_of_providers(db, []) == {}
