from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from journal.storage import audit
from journal.storage.database import Database
from tests.cast import NOW


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET act = 'x'", "DELETE FROM audit_event"])
def test_an_audit_event_is_never_changed(database: Database, statement: str) -> None:
    with database.unit_of_work() as db:
        audit.record(db, audit.Act.SIGNED_IN, now=NOW, actor_account_id=1)
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), database.unit_of_work() as db:
        db.execute(sa.text(statement))
    with database.look() as db:
        assert db.scalar(sa.select(audit.AuditEvent.act)) == "signed_in"


def test_the_head_is_the_newest_event(database: Database) -> None:
    with database.look() as db:
        assert audit.head(db) is None
    with database.unit_of_work() as db:
        audit.record(db, audit.Act.SIGNED_IN, now=NOW, actor_account_id=1)
        audit.record(db, audit.Act.SIGNED_OUT, now=NOW + timedelta(hours=1), actor_account_id=1)
    with database.look() as db:
        assert audit.head(db) == audit.Head(2, NOW + timedelta(hours=1))
