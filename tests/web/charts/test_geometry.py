"""Paths, scales and labels, in numbers that can be checked on paper."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from journal.domain.treatments import Marker
from journal.web.charts.geometry import (
    Frame,
    area,
    bars,
    clear_spot,
    date_labels,
    diamonds,
    dots,
    line,
    session_labels,
    tenths,
    text_width,
    ticks,
    uprights,
    wrapped,
)

FIRST = date(2026, 3, 3)


def frame(days: int = 28, *, first: date = FIRST) -> Frame:
    return Frame(22, 324, 34, 154, 0, 10, first, first + timedelta(days=days - 1))


@pytest.mark.parametrize(
    ("value", "text"), [(1234, "123.4"), (50, "5"), (5, ".5"), (-5, "-.5"), (-120, "-12"), (0, "0")]
)
def test_tenths_are_written_as_short_as_a_path_allows(value: int, text: str) -> None:
    assert tenths(value) == text


def test_a_day_lies_in_the_middle_of_its_step() -> None:
    assert frame().x(FIRST) == 274
    assert frame().x(date(2026, 3, 30)) == 3186


def test_mood_0_lies_on_the_axis_and_10_at_the_top() -> None:
    assert (frame().y(0), frame().y(5), frame().y(10)) == (1540, 940, 340)


def test_a_value_beyond_the_scale_stops_at_its_edge() -> None:
    assert (frame().y(12), frame().y(-1)) == (340, 1540)


def test_a_run_is_one_relative_path() -> None:
    assert line([(274, 940), (382, 1060), (490, 1060)]) == "M27.4 94l10.8 12l10.8 0"


def test_a_day_on_its_own_is_a_dot_of_the_line() -> None:
    assert line([(274, 940)]) == "M27.4 94h0"


def test_the_ground_beneath_a_run_ends_on_the_axis() -> None:
    assert area([(274, 940), (382, 1060)], 154) == "M27.4 94l10.8 12V154H27.4z"
    assert area([(274, 940)], 154) == ""


def test_a_dot_is_a_circle_around_its_point() -> None:
    assert dots([(274, 940)], 2.6) == "M24.8 94a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0 -5.2 0"


def test_a_bar_of_nothing_is_still_one_unit_high() -> None:
    assert bars([(100, 740)], 74, 2) == "M9 74v-1h2v1z"


def test_a_wide_bar_has_soft_shoulders() -> None:
    assert bars([(300, 410)], 74, 6) == "M27 74v-31.5q0 -1.5 1.5 -1.5h3q1.5 0 1.5 1.5v31.5z"


def test_gap_ticks_sit_on_the_axis() -> None:
    assert ticks([490, 921], 154, 3.2) == "M47.4 154.5h3.2M90.5 154.5h3.2"


def test_session_rules_and_diamonds_stand_on_the_same_x() -> None:
    assert uprights([(1352, 200, 1540)]) == "M135.2 20V154"
    assert diamonds([1352], 20) == "M135.2 15.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z"


def test_four_weeks_name_every_week_and_today() -> None:
    labels = date_labels(frame(), 173)

    assert [label.text for label in labels] == ["3 Mar", "10 Mar", "17 Mar", "24 Mar", "30 Mar"]
    assert labels[-1].anchor == "end"


def test_a_year_is_named_by_months_with_the_year_where_it_begins() -> None:
    labels = date_labels(frame(365, first=date(2025, 4, 1)), 173)

    assert [label.text for label in labels] == ["May 2025", "Jul", "Sep", "Nov", "Jan 2026", "Mar"]


def test_ten_years_are_named_by_years() -> None:
    labels = date_labels(frame(3650, first=date(2016, 4, 1)), 173)

    assert [label.text for label in labels] == ["2018", "2020", "2022", "2024", "2026"]


@pytest.mark.parametrize("days", [1, 2, 5, 9, 14, 28, 60, 84, 91, 140, 141, 200, 365, 700, 1300, 3650])
def test_dates_never_touch_each_other(days: int) -> None:
    def reach(label_x: float, text: str, anchor: str) -> tuple[float, float]:
        wide = 6.4 * len(text)
        start = {"start": label_x, "middle": label_x - wide / 2, "end": label_x - wide}[anchor]
        return start, start + wide

    reaches = [reach(label.x, label.text, label.anchor) for label in date_labels(frame(days), 173)]

    assert reaches
    assert all(left_end < start for (_, left_end), (start, _) in zip(reaches, reaches[1:], strict=False))


def test_the_date_after_one_that_begins_at_the_edge_goes_where_labels_are_enlarged() -> None:
    labels = date_labels(Frame(30, 266, 0, 90, 0, 21, date(2025, 12, 25), date(2026, 3, 31)), 107)

    assert [(label.text, label.anchor) for label in labels[:2]] == [("25 Dec", "start"), ("22 Jan", "middle")]
    assert [label.classes for label in labels] == ["c-t", "c-t c-near", "c-t", "c-t"]


def sessions(*offsets: int) -> list[Marker]:
    return [Marker(FIRST + timedelta(days=day), f"S{n}") for n, day in enumerate(offsets, start=1)]


def test_sessions_with_room_carry_their_full_names() -> None:
    assert [label.text for label in session_labels(sessions(2, 9, 20), frame(), 10)] == ["S1", "S2", "S3"]


def test_close_sessions_carry_their_numbers() -> None:
    assert [label.text for label in session_labels(sessions(1, 5, 8), frame(84), 10)] == ["1", "2", "3"]


def test_sessions_too_close_for_numbers_keep_the_latest_name() -> None:
    labels = session_labels(sessions(100, 101, 102, 200), frame(365), 10)

    assert [label.text for label in labels] == ["S3", "S4"]


def test_a_label_goes_where_it_hides_the_fewest_dots() -> None:
    left_half = [(x, 1280) for x in range(220, 1600, 30)]
    all_along = [(x, 1280) for x in range(220, 3240, 30)]

    assert clear_spot(frame(), 114, "before treatment, 4", []) == (26, 128)
    assert clear_spot(frame(), 114, "before treatment, 4", left_half) == (170, 128)
    assert clear_spot(frame(), 114, "before treatment, 4", all_along) == (26, 109)


def test_greek_letters_and_bold_ones_are_wider() -> None:
    assert text_width("Mood") == pytest.approx(25.6)
    assert text_width("Ώρες") == pytest.approx(29.6)
    assert text_width("Mood", bold=True) == pytest.approx(30.4)


def test_a_text_is_broken_between_words_where_it_is_too_wide() -> None:
    assert wrapped("higher is better", 106) == ["higher is better"]
    assert wrapped("the higher the better", 106) == ["the higher the", "better"]
    assert wrapped("extraordinarily long", 40) == ["extraordinarily", "long"]
