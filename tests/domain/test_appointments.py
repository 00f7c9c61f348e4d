"""When an appointment may be."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from journal.domain.appointments import starts_at
from journal.domain.errors import Refused

NOW = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)


def test_an_appointment_is_at_the_time_on_the_writers_wall() -> None:
    begins = starts_at(date(2026, 4, 2), time(14, 0), zone="Europe/Berlin", now=NOW)
    assert begins == datetime(2026, 4, 2, 12, 0, tzinfo=UTC)


def test_a_visit_that_has_been_may_be_written_down() -> None:
    begins = starts_at(date(2026, 3, 2), time(14, 0), zone="Europe/Berlin", now=NOW)
    assert begins == datetime(2026, 3, 2, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize("year", [1, 1926, 2036, 9999])
def test_a_year_that_cannot_be_meant_is_asked_about(year: int) -> None:
    with pytest.raises(Refused, match="day_out_of_reach"):
        starts_at(date(year, 4, 2), time(14, 0), zone="Europe/Berlin", now=NOW)
