"""Reading what mood names stand for."""

from __future__ import annotations

import pytest

from journal.domain.errors import RefusedFields
from journal.interop.records import NamedCount
from journal.web.forms.transfers import read_levels

UNKNOWN = [NamedCount("calm", 3), NamedCount("lost", 1)]


def test_a_name_gets_its_level_or_stays_a_word() -> None:
    assert read_levels({"level-0": "4", "level-1": "word"}, UNKNOWN) == {"calm": 4, "lost": None}


def test_everything_left_open_is_refused_at_once() -> None:
    with pytest.raises(RefusedFields) as caught:
        read_levels({"level-0": "6", "level-7": "1"}, UNKNOWN)
    assert [(one.code, one.field) for one in caught.value.problems] == [
        ("level_missing", "level-0"),
        ("level_missing", "level-1"),
    ]
