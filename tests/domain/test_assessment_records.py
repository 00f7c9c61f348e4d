"""A questionnaire as it is kept: where it stands, and what it counts also when its words are not known here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from journal.domain.assessment_calendar import Stage
from journal.domain.assessment_records import AssessmentRecord, read, written
from journal.domain.assessments import DECLINED

AT = datetime(2026, 3, 30, 18, tzinfo=UTC)
DAY = date(2026, 3, 30)
OPEN = AssessmentRecord("one", "phq9", 1, DAY, opened_at=AT, asked=9)


def test_answers_come_back_as_they_were_written() -> None:
    answers = {"1": 3, "9": DECLINED, "10": 0}
    assert read(written(answers)) == answers
    assert read("") == {}


@pytest.mark.parametrize(
    ("record", "today", "stage"),
    [
        (replace(OPEN, opened_at=None), DAY, Stage.AHEAD),
        (OPEN, DAY, Stage.OPEN),
        (OPEN, date(2026, 4, 2), Stage.OPEN),
        (OPEN, date(2026, 4, 3), Stage.MISSED),
        (replace(OPEN, expired_at=AT), DAY, Stage.MISSED),
        (replace(OPEN, completed_at=AT, completed_on=DAY), date(2026, 5, 1), Stage.COMPLETED),
    ],
)
def test_it_stands_where_the_calendar_says(record: AssessmentRecord, today: date, stage: Stage) -> None:
    assert record.stage(today) is stage


def test_a_known_one_is_counted_by_its_words() -> None:
    score = replace(OPEN, answers={"1": 2, "2": 1}).score()
    assert (score.answered, score.asked, score.total) == (2, 9, None)


@pytest.mark.parametrize("other", [{"instrument": "who5"}, {"version": 99}])
def test_one_that_is_not_known_here_keeps_what_was_counted(other: dict[str, object]) -> None:
    record = replace(
        OPEN, **other, completed_at=AT, completed_on=DAY, scored_as="who5", total=12, answered=5, asked=5
    )  # type: ignore[arg-type]
    score = record.score()
    assert record.known_as() is None
    assert (score.scored_as, score.total, score.answered, score.asked) == ("who5", 12, 5, 5)
    assert (score.within, score.band) == (None, None)
