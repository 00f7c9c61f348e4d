"""Every code that can be stored has its word on screen."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import pytest

from journal.domain.checkins import MEDS_TAKEN, NUMBERS, YES_NO
from journal.domain.moods import Provenance
from journal.domain.treatments import Course, Phase, Route, Status
from journal.languages import Language, speaking
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


def test_an_induction_says_how_far_it_is() -> None:
    course = Course("c", Phase.INDUCTION, "", None, 6, date(2026, 1, 12), None)
    assert labels.course_words(course, 4) == "induction 4 of 6"
    assert labels.course_words(course, None) == "induction"
    assert labels.course_words(Course("c", Phase.ENDED, "", None, 6, None, None), 4) == "finished"


def test_a_session_is_named_in_a_table_as_on_its_chart() -> None:
    assert labels.session_label("S8") == "S8"
    with speaking(Language.GREEK):
        assert labels.session_label("S8") == "Σ8"
