"""Numbers that take text messages, as rows."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from journal.storage.database import Database
from journal.storage.sms import SmsNumber
from tests.cast import NOW, Cast


def test_an_account_has_one_number(database: Database, cast: Cast) -> None:
    row = {"account_id": cast.alice.account_id, "number_hash": "n", "sealed": b"s", "added_at": NOW}
    with database.unit_of_work() as db:
        db.add(SmsNumber(public_id="n1", **row))
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        db.add(SmsNumber(public_id="n2", **row))
