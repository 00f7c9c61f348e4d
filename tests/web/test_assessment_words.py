"""Questionnaires in words: every range has a name, every reason a sentence, and none of them is a verdict."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from journal.domain.assessment_calendar import Due, Reason
from journal.domain.assessment_records import AssessmentRecord
from journal.domain.instrument_files import SHIPPED, instrument
from journal.web.assessment_words import (
    BANDS,
    due_words,
    length_of,
    name_of,
    open_lines,
    own_scores,
    title_of,
)


def test_every_published_range_has_a_name() -> None:
    assert {band.code for code in SHIPPED for band in instrument(code).bands} == set(BANDS)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (
            Due(date(2026, 4, 13), Reason.INTERVAL, date(2026, 3, 30)),
            "The next one is due on Monday 13 April, because that’s 14 days after you answered the last one, "
            "on 30 March 2026.",
        ),
        (
            Due(date(2026, 4, 13), Reason.MISSED, date(2026, 3, 30)),
            "The next one is due on Monday 13 April, because that’s 14 days after the last one was due, "
            "on 30 March 2026.",
        ),
        (
            Due(date(2026, 4, 20), Reason.SESSION, date(2026, 4, 6), treatment_on=date(2026, 4, 6)),
            "The next one is due on Monday 20 April, because that’s 14 days after your session on "
            "6 April 2026: it asks about the time since then.",
        ),
        (
            Due(date(2026, 4, 27), Reason.LIMIT, date(2026, 3, 30), otherwise_on=date(2026, 5, 2)),
            "The next one is due on Monday 27 April, because that’s 28 days after the last one, on "
            "30 March 2026. It never waits longer, also when sessions would put it off.",
        ),
        (
            Due(date(2026, 4, 30), Reason.FIRST, date(2026, 4, 30)),
            "The first ones are due on Thursday 30 April, when your journal begins.",
        ),
    ],
)
def test_every_reason_is_a_sentence(due: Due, said: str) -> None:
    assert due_words(due) == said


@pytest.mark.parametrize(
    ("code", "title", "length"),
    [
        ("phq9", "Two-week questions", "About two minutes."),
        ("gad2", "Two-week questions", "Less than a minute."),
        ("pcl5", "Past-month questions", "About five minutes."),
        ("asq", "A few short questions", "About two minutes."),
    ],
)
def test_a_questionnaire_is_called_by_the_days_it_asks_about(code: str, title: str, length: str) -> None:
    assert (title_of(instrument(code)), length_of(instrument(code))) == (title, length)


def test_one_of_another_program_keeps_its_number_and_its_code() -> None:
    at = datetime(2026, 3, 30, tzinfo=UTC)
    record = AssessmentRecord(
        "x", "who5", 1, date(2026, 3, 30), opened_at=at, saved_at=at, completed_at=at,
        completed_on=date(2026, 3, 30), scored_as="who5", total=12, answered=5, asked=5,
    )  # fmt: skip
    (line,) = own_scores([record], given_on=[])
    assert (line.name, line.total, line.band, line.answered) == ("who5", "12", "", "5 of 5 answered")
    assert open_lines([record], date(2026, 3, 30)) == []
    assert name_of("who5") == "who5"
