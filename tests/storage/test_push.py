"""Phones that take notifications, as rows."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from journal.storage.database import Database
from journal.storage.push import PushSubscription
from tests.cast import NOW, Cast


def test_a_browser_is_subscribed_once(database: Database, cast: Cast) -> None:
    row = {"endpoint_hash": "e", "sealed": b"s", "added_at": NOW}
    with database.unit_of_work() as db:
        db.add(PushSubscription(public_id="p1", account_id=cast.alice.account_id, **row))
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        db.add(PushSubscription(public_id="p2", account_id=cast.dan.account_id, **row))
