"""Values made plain for JSON and CSV."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest

from journal.domain.checkins import Via
from journal.interop.plain import plain


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 3, 1, 20, 5, tzinfo=timezone(timedelta(hours=2))), "2026-03-01T18:05:00Z"),
        (datetime(2026, 3, 1, 18, 5, 0, 250_000, tzinfo=UTC), "2026-03-01T18:05:00.250000Z"),
        (date(2026, 3, 1), "2026-03-01"),
        (time(7, 5), "07:05"),
        (Via.LINK, "link"),
        (frozenset({"b", "a"}), ["a", "b"]),
        ((1, None, True, 2.5), [1, None, True, 2.5]),
        ((Decimal("37.500"), Decimal("99999.999"), Decimal("75.0")), [37.5, 99999.999, 75]),
        ({"a": date(2026, 3, 1)}, {"a": "2026-03-01"}),
    ],
)
def test_values_have_one_plain_form(value, expected):
    assert plain(value) == expected


@pytest.mark.parametrize(
    "value", [datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None), b"sealed", object()]
)
def test_a_value_without_a_plain_form_is_a_fault(value):
    with pytest.raises(TypeError):
        plain(value)
