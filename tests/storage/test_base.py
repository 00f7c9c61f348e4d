from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from journal.storage.base import ExactDecimal, new_public_id
from journal.storage.database import Database
from journal.storage.installation import Installation, mark_as_demo


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 3, 30, 18, 0)  # noqa: DTZ001 - the fault under test
    with pytest.raises(sa.exc.StatementError, match="without a zone"), database.unit_of_work() as db:
        mark_as_demo(db, now=naive)


def test_an_instant_comes_back_in_utc_whatever_zone_it_was_given_in(database: Database) -> None:
    with database.unit_of_work() as db:
        mark_as_demo(db, now=datetime(2026, 3, 30, 20, 0, tzinfo=timezone(timedelta(hours=2))))
    with database.look() as db:
        back = db.scalar(sa.select(Installation.made_at))
    assert back == datetime(2026, 3, 30, 18, 0, tzinfo=UTC)
    assert back is not None
    assert back.utcoffset() == timedelta(0)


def test_public_ids_do_not_repeat_and_fit_a_url() -> None:
    many = {new_public_id() for _ in range(10_000)}
    assert len(many) == 10_000
    assert all(len(one) == 22 and one.replace("-", "").replace("_", "").isalnum() for one in many)


def test_a_decimal_with_more_digits_than_are_kept_is_refused() -> None:
    kind = ExactDecimal(8, 3)
    dialect = sqlite.dialect()
    assert kind.process_bind_param(Decimal("0.5"), dialect) == "0.500"
    with pytest.raises(ValueError, match="never rounded"):
        kind.process_bind_param(Decimal("0.1234"), dialect)
