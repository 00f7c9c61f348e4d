"""Words for a check-in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from journal.domain.checkins import CheckInBody
from journal.domain.trends import ImportedDay
from journal.languages import Language, pgettext, speaking
from journal.web import check_in_words as words
from journal.web.forms.checkins import ACTIVITY_TILES, SLEEP_TILES

PLAIN = CheckInBody(local_date=date(2026, 3, 30), mood=6)


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        (3, "Good morning, Alice"),
        (10, "Good afternoon, Alice"),
        (16, "Good evening, Alice"),
        (23, "Good evening, Alice"),
    ],
)
def test_the_greeting_follows_the_persons_own_clock(hour: int, expected: str) -> None:
    """Berlin is two hours ahead of UTC in summer."""
    moment = datetime(2026, 3, 30, hour, tzinfo=UTC)
    assert words.greeting(moment, "Europe/Berlin", name="Alice") == expected


def test_a_mood_has_its_word_and_no_number_is_not_sure() -> None:
    assert (words.mood_word(6), words.mood_word(0), words.mood_word(None)) == (
        "Okay",
        "As low as it gets",
        "Not sure",
    )


def test_a_preset_is_named_in_the_language_spoken_and_a_persons_own_words_are_left() -> None:
    with speaking(Language.SPANISH):
        assert words.activity_name("walk", "Walk") == pgettext("activity", "Walk") != "Walk"
        assert words.activity_name("x3fa9", "Walk") == "Walk"
        assert words.activity_name("walk", "Church") == "Church"


def test_an_hour_and_a_half_has_the_comma_of_its_readers() -> None:
    with speaking(Language.SPANISH):
        assert words.duration(450) == "7,5 h"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, "0 min"), (45, "45 min"), (60, "1 h"), (450, "7.5 h"), (440, "7 h 20 min"), (420, "7 h")],
)
def test_a_duration_is_short(minutes: int, expected: str) -> None:
    assert words.duration(minutes) == expected


def test_a_line_tells_sleep_and_activity_where_they_were_answered() -> None:
    assert words.in_short(PLAIN) == ""
    assert words.in_short(replace(PLAIN, sleep_min=450, activity_min=25)) == "Sleep 7.5 h · 25 min active"


def test_sleep_by_the_clock_goes_before_the_estimate() -> None:
    night = replace(PLAIN, sleep_min=300, bed_time=time(23, 0), wake_time=time(7, 0))
    assert words.in_short(night) == "Sleep 8 h"


def test_only_what_was_answered_is_told_in_the_order_of_the_form() -> None:
    body = replace(
        PLAIN, energy=0, anxiety=4, sleep_min=450, activity_type=("walk", "gone"), steps=5400, meaningful=False,
        pain=0, meds_taken="na", alcohol=0, tags=("work", "río"),
    )  # fmt: skip
    assert words.answers(body, {"walk": "Walk"}) == [
        ("Energy", "Drained"),
        ("Anxiety", "Intense"),
        ("Slept", "7.5 h"),
        ("Activities", "Walk"),
        ("Steps", "5,400"),
        ("Something that matters", "No"),
        ("Pain", "0 of 10"),
        ("Regular medicines", "I have none"),
        ("Drinks of alcohol", "0"),
        ("Tags", "work, río"),
    ]
    assert words.answers(PLAIN, {}) == []


def test_a_day_ahead_is_told_in_days() -> None:
    today = date(2026, 3, 30)
    days = (today, date(2026, 3, 31), date(2026, 4, 9))
    assert [words.days_ahead(day, today) for day in days] == ["today", "tomorrow", "in 10 days"]


def test_sleep_is_offered_in_half_hours_and_an_odd_answer_keeps_its_own_tile() -> None:
    offered = words.options(sleep_tiles=SLEEP_TILES, activity_tiles=ACTIVITY_TILES)["sleep_min"]
    assert (offered[0], offered[1], offered[2], offered[-1]) == (
        ("210", "≤ 3½"),
        ("240", "4"),
        ("270", "4½"),
        ("630", "10½ +"),
    )
    odd = words.options(sleep_tiles=(*SLEEP_TILES, 437), activity_tiles=ACTIVITY_TILES)["sleep_min"]
    assert (odd[-2], odd[-1]) == (("630", "10½ +"), ("437", "7 h 17 min"))


def test_a_day_of_another_app_stays_on_its_own_scale() -> None:
    day = ImportedDay(date(2026, 3, 30), "daylio", 11 / 3, 1, 5, 3)
    assert words.imported(day) == "Daylio: 3.7, on its scale of 1 to 5"
