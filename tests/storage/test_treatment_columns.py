"""What the database itself refuses of a session's record."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from journal.storage.database import Database
from tests import builders
from tests.cast import Cast


@pytest.mark.parametrize(
    "change",
    [
        "infusion_min = 241",
        "device_count = 4",
        "dissociation_resolved_min = 10081",
        "cadss_total = 93",
        "discharge_mood = -1",
        "experience_valence = 5",
        "weight_kg = '24.9'",
        "dose_value = '0', dose_unit = 'mg'",
        "dose_value = '1'",
        "dose_unit = 'ml'",
        "setting = 'bath'",
    ],
)
def test_what_no_record_may_say_is_refused(database: Database, cast: Cast, change: str) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, date(2026, 3, 13))
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        db.execute(sa.text(f"UPDATE treatment_session SET {change}"))


def test_the_edges_of_the_ranges_are_kept(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, date(2026, 3, 13))
        db.execute(
            sa.text(
                "UPDATE treatment_session SET infusion_min = 0, device_count = 3, weight_kg = '300.0',"
                " dose_value = '99999.999', dose_unit = 'mg/kg', setting = 'home_other'"
            )
        )
        assert db.scalar(sa.text("SELECT device_count FROM treatment_session")) == 3
