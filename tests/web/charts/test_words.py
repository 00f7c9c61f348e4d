"""What charts say: dates, amounts, titles and sentences."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from journal.domain.moods import Reading
from journal.domain.treatments import Marker
from journal.domain.trends import Finding, Item, Takeaway, days_of, trend
from journal.languages import Language, speaking
from journal.web.charts import words as words

MARCH = date(2026, 3, 1)


def readings(*values: int | None, **items: int) -> list[Reading]:
    return [
        Reading(
            MARCH + timedelta(days=i),
            datetime(2026, 3, 1, 20, tzinfo=UTC) + timedelta(days=i),
            value,
            **items,
        )  # type: ignore[arg-type]
        for i, value in enumerate(values)
        if value is not None
    ]


def found(
    finding: Finding, item: Item = Item.MOOD, *, around: bool = False, recent: float | None = None
) -> Takeaway:
    return Takeaway(
        finding=finding,
        item=item,
        before=4.0,
        after=6.25,
        n_before=6,
        n_after=7,
        split=date(2026, 3, 13),
        around_session=around,
        recent=recent,
        n_recent=5 if recent is not None else 0,
    )


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 3, 3), date(2026, 3, 30), "3 to 30 March"),
        (date(2026, 1, 5), date(2026, 3, 30), "5 January to 30 March"),
        (date(2025, 5, 12), date(2026, 3, 30), "12 May 2025 to 30 March 2026"),
        (date(2026, 3, 3), date(2026, 3, 3), "3 March"),
    ],
)
def test_dates_are_said_as_short_as_they_can_be(first: date, last: date, text: str) -> None:
    assert words.span(first, last) == text


@pytest.mark.parametrize(
    ("value", "text"), [(7.0, "7"), (6.85, "6.9"), (5.04, "5"), (0.0, "0"), (9.96, "10")]
)
def test_amounts_have_one_decimal_at_most(value: float, text: str) -> None:
    assert words.amount(value) == text


def test_amounts_have_the_decimal_comma_where_people_write_one() -> None:
    with speaking(Language.SPANISH):
        assert (words.amount(6.85), words.figure(5.0)) == ("6,9", "5,0")
    with speaking(Language.GREEK):
        assert words.amount(6.85) == "6,9"


def test_rows_are_dated_in_the_language_being_spoken() -> None:
    with speaking(Language.SPANISH):
        assert words.row_day(date(2026, 3, 13), year=True) == "vie, 13 mar 2026"
    with speaking(Language.GREEK):
        assert words.row_day(date(2026, 3, 13)) == "Παρ 13 Μαρ"


def test_figures_side_by_side_always_have_one_decimal() -> None:
    assert words.figure(5.0) == "5.0"


@pytest.mark.parametrize(
    ("takeaway", "title"),
    [
        (found(Finding.HELD, around=True, recent=6.0), "Mood rose after session 8 and is holding"),
        (found(Finding.ROSE, around=True), "Mood rose after session 8"),
        (found(Finding.ROSE, around=True, recent=4.5), "Mood rose after session 8 and has come down since"),
        (found(Finding.FELL, around=True, recent=4.5), "Mood fell after session 8"),
        (found(Finding.SAME, around=True), "Mood is about the same before and after session 8"),
        (found(Finding.ROSE), "Mood rose from 4 to 6.3"),
        (found(Finding.SAME), "Mood is about the same"),
        (found(Finding.SAME, Item.SLEEP_HOURS), "Sleep is close to 5 hours"),
        (found(Finding.ROSE, Item.SLEEP_HOURS), "Sleep rose from 4 to 6.3 hours"),
        (found(Finding.FELL, Item.ACTIVITY_MIN), "Activity fell from 4 to 6 minutes a day"),
        (None, "Mood, 3 to 30 March"),
    ],
)
def test_a_title_says_what_happened_and_never_why(takeaway: Takeaway | None, title: str) -> None:
    item = takeaway.item if takeaway else Item.MOOD
    markers = [Marker(date(2026, 3, 13), "S8")]

    assert words.title_of(takeaway, item, dates="3 to 30 March", treatments=markers) == title


def test_the_averages_behind_a_title_name_their_days() -> None:
    assert words.numbers_of(found(Finding.ROSE)) == (
        "Average 4 in the first half of these dates, before 13 Mar (6 days), 6.3 in the second half (7 days)."
    )
    assert words.numbers_of(found(Finding.HELD, around=True, recent=6.0)) == (
        "Average 4 in the week before (6 days), 6.3 in the week after (7 days), 6 in the last week (5 days)."
    )


def test_a_chart_is_said_in_sentences() -> None:
    series = trend(days_of(readings(5, 4, None, 6)), Item.MOOD, first=MARCH, last=date(2026, 3, 4))

    assert words.what_is_shown(series, finding="Mood is about the same") == (
        "Mood from 1 to 4 March, 0 to 10, higher is better. Mood is about the same. "
        "Between 4 and 6, 6 on 4 March. One day has no entry."
    )


def test_anxiety_says_that_lower_is_better() -> None:
    series = trend(days_of(readings(5, anxiety=3)), Item.ANXIETY, first=MARCH, last=MARCH)

    assert words.what_is_shown(series) == (
        "Anxiety from 1 March, 0 to 4, lower is better. It was 3 on 1 March."
    )


def test_a_year_of_weeks_names_its_range_and_its_gaps() -> None:
    days = days_of(readings(*[4] * 210, *[None] * 30, *[6] * 160))
    series = trend(days, Item.MOOD, first=MARCH, last=MARCH + timedelta(days=399))

    assert words.what_is_shown(series) == (
        "Mood from 1 March 2026 to 4 April 2027, 0 to 10, higher is better. "
        "Weekly averages between 4 and 6. Five weeks have fewer than four entries."
    )


def test_hours_and_minutes_are_said_with_their_unit() -> None:
    days = days_of(readings(5, 5, 5, sleep_min=420, activity_min=30))
    sleep = trend(days, Item.SLEEP_HOURS, first=MARCH, last=date(2026, 3, 3))
    activity = trend(days[:1], Item.ACTIVITY_MIN, first=MARCH, last=MARCH)

    assert words.what_is_shown(sleep) == (
        "Sleep from 1 to 3 March, hours a night. 7 hours on every day shown."
    )
    assert words.what_is_shown(activity) == (
        "Activity from 1 March, minutes a day. It was 30 minutes on 1 March."
    )


def test_one_hour_is_an_hour_and_half_of_one_are_hours() -> None:
    def night(sleep_min: int) -> str:
        days = days_of(readings(5, sleep_min=sleep_min))
        return words.what_is_shown(trend(days, Item.SLEEP_HOURS, first=MARCH, last=MARCH))

    assert night(60).endswith("It was 1 hour on 1 March.")
    assert night(30).endswith("It was 0.5 hours on 1 March.")


def test_two_weeks_are_one_sentence() -> None:
    series = trend(days_of(readings(5, None, 7, 6)), Item.MOOD, first=MARCH, last=date(2026, 3, 4))

    assert words.two_weeks(series) == (
        "Mood over the last two weeks: between 5 and 7 on the days you checked in, 6 today."
    )
    assert words.two_weeks_note(series) == "One day had no entry. That’s fine: the picture still holds."


def test_two_weeks_name_the_day_of_the_latest_mood_and_one_that_never_changed() -> None:
    series = trend(days_of(readings(5, 5)), Item.MOOD, first=MARCH, last=date(2026, 3, 4))

    assert words.two_weeks(series) == (
        "Mood over the last two weeks: 5 on the days you checked in, 5 on 2 March."
    )


def test_one_number_is_no_way_from_one_to_another() -> None:
    assert words.spark("Priya N.", 7.0, 7.0, 1, 1) == ("Priya N. mood over 28 days: 7, 1 of 28 days entered")


def test_imported_moods_are_said_with_their_source_scale_and_days() -> None:
    series = trend(days_of(readings(5, 4)), Item.MOOD, first=MARCH, last=date(2026, 3, 4))

    assert words.imported(series, "Daylio", scale=(1, 5)) == (
        "Mood brought in from Daylio, 1 to 4 March, on its own scale of 1 to 5: between 4 and 5 on two days."
    )


def test_a_sparkline_says_first_last_and_how_many_days() -> None:
    assert words.spark("Priya N.", 7.0, 2.0, 3, 26) == (
        "Priya N. mood over 28 days: from 7 to 2, 26 of 28 days entered"
    )


def test_a_period_of_weeks_is_named_by_them() -> None:
    assert words.period_title(date(2026, 1, 6), date(2026, 3, 30)) == "Twelve weeks"
    assert words.period_title(date(2026, 3, 3), date(2026, 3, 30)) == "Four weeks"
    assert words.period_title(date(2026, 1, 5), date(2026, 3, 30)) == "5 January to 30 March"


@pytest.mark.parametrize("days", range(1, 400))
def test_a_period_of_any_length_has_a_name(days: int) -> None:
    last = date(2026, 3, 30)
    assert words.period_title(last - timedelta(days=days - 1), last)
