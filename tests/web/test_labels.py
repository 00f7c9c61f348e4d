"""Every code that can be stored has its word on screen."""

from __future__ import annotations

from enum import StrEnum

import pytest

from journal.domain.checkins import MEDS_TAKEN, NUMBERS, YES_NO
from journal.domain.moods import Provenance
from journal.domain.treatments import Phase, Route, Status
from journal.storage.appointments import AppointmentKind
from journal.web import labels


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (Status, labels.STATUSES),
        (Status, labels.STATUS_CHIPS),
        (Route, labels.ROUTES),
        (Phase, labels.PHASES),
        (AppointmentKind, labels.KINDS),
        (Provenance, labels.PROVENANCES),
    ],
)
def test_every_code_has_a_word(codes: type[StrEnum], words: dict[StrEnum, str]) -> None:
    assert set(words) == set(codes)


def test_every_item_of_a_check_in_has_a_word() -> None:
    assert set(NUMBERS) - {"mood"} <= set(labels.ITEMS)
    assert set(YES_NO) <= set(labels.ITEMS)
    assert set(labels.MEDS) == set(MEDS_TAKEN)
