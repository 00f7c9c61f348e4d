"""Which items a clinic turned on, for as long as somebody there reads the answers."""

from __future__ import annotations

from journal.storage.clinic_items import TurnedOn, items_asked, items_of_clinic, put_items
from journal.storage.consents import end_consent
from journal.storage.database import Database
from tests.cast import NOW, Cast


def test_what_is_turned_on_replaces_what_was(database: Database, cast: Cast) -> None:
    alice = cast.alice.patient_id
    with database.unit_of_work() as db:
        put_items(db, alice, cast.clinic_id, TurnedOn(detached=True), now=NOW)
        put_items(db, alice, cast.clinic_id, TurnedOn(elevated=True), now=NOW)
        assert items_of_clinic(db, alice, cast.clinic_id) == TurnedOn(elevated=True)
        assert items_asked(db, alice, now=NOW) == TurnedOn(elevated=True)
        assert items_asked(db, cast.dan.patient_id, now=NOW) == TurnedOn()


def test_nothing_is_asked_any_more_once_nobody_there_may_read_it(database: Database, cast: Cast) -> None:
    alice = cast.alice.patient_id
    with database.unit_of_work() as db:
        put_items(db, alice, cast.clinic_id, TurnedOn(elevated=True), now=NOW)
        end_consent(db, patient_id=alice, provider_id=cast.bob.provider_id, now=NOW)
        assert items_asked(db, alice, now=NOW) == TurnedOn(elevated=True)  # Frank still may
        end_consent(db, patient_id=alice, provider_id=cast.frank.provider_id, now=NOW)
        assert items_asked(db, alice, now=NOW) == TurnedOn()
