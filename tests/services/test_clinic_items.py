from __future__ import annotations

import sqlalchemy as sa

from journal.services.clinic_items import turn_on
from journal.storage.audit import AuditEvent
from journal.storage.clinic_items import TurnedOn, items_of_clinic
from journal.storage.database import Database
from tests.builders import the_patient
from tests.cast import NOW, Cast


def test_each_change_is_written_down_once(database: Database, cast: Cast) -> None:
    bob = cast.bob
    with database.unit_of_work() as db:
        alice = the_patient(db, cast.alice)
        for items in (TurnedOn(), TurnedOn(elevated=True), TurnedOn(elevated=True), TurnedOn()):
            turn_on(db, alice, items, provider_id=bob.provider_id, actor_account_id=bob.account_id, now=NOW)
        assert items_of_clinic(db, alice.id, cast.clinic_id) == TurnedOn()
        changes = sa.select(AuditEvent).where(AuditEvent.act == "clinic_items_changed")
        assert [row.provider_id for row in db.scalars(changes)] == [bob.provider_id, bob.provider_id]
