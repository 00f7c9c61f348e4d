"""Sessions laid over each other: no line crosses day 0, and each day says how many sessions it is of."""

from __future__ import annotations

from datetime import date

import pytest

from journal.domain.benefits import GivenSession
from journal.domain.insights import CourseHistory, History, insights_of
from journal.domain.trends import DaySummary
from journal.languages import Language, gettext, speaking
from journal.web.charts.aligned import aligned_chart, runs
from journal.web.charts.geometry import text_width
from journal.web.charts.timelines import Timeline


def days(first: date, *moods: float | None) -> list[DaySummary]:
    return [
        DaySummary(date.fromordinal(first.toordinal() + place), mood, None, None, 1, 1)
        for place, mood in enumerate(moods)
        if mood is not None
    ]


def chart(*sessions: date, moods: tuple[float | None, ...], is_flat: bool = False) -> Timeline | None:
    history = History(
        until=date(2026, 3, 30),
        first_day=date(2026, 2, 1),
        days=days(date(2026, 2, 1), *moods),
        courses=(
            CourseHistory(
                None, None, tuple(GivenSession(on, f"S{place}") for place, on in enumerate(sessions, start=1))
            ),
        ),
        medication_changes=(),
        pauses=(),
    )
    return aligned_chart(insights_of(history).course, is_flat=is_flat)


LOW_THEN_HIGH = (*[2.0] * 10, *[7.0] * 10, *[3.0] * 4, *[8.0] * 8)


def two(moods: tuple[float, ...] = LOW_THEN_HIGH, *, is_flat: bool = False) -> Timeline:
    found = chart(date(2026, 2, 11), date(2026, 2, 25), moods=moods, is_flat=is_flat)
    assert found is not None
    return found


def test_no_run_crosses_day_0_or_a_missing_day() -> None:
    assert runs([(-2, 1.0), (-1, 2.0), (0, 3.0), (1, 4.0), (2, 5.0), (4, 6.0)]) == [
        [(-2, 1.0), (-1, 2.0)],
        [(0, 3.0)],
        [(1, 4.0), (2, 5.0)],
        [(4, 6.0)],
    ]


def test_one_session_is_nothing_to_lay_over_another() -> None:
    assert chart(date(2026, 2, 11), moods=LOW_THEN_HIGH) is None


def test_the_latest_is_bold_with_its_days_and_the_one_before_dashed() -> None:
    classes = [shape.classes for shape in two().wide.shapes]
    assert "c-line c-mood c-bold" in classes
    assert "c-line c-mood c-thin c-dash" in classes
    assert classes[-1] == "c-dot c-mood-d"
    assert classes.index("c-line c-mood c-thin c-dash") < classes.index("c-line c-mood c-bold")
    assert ("mood", "S2") in two().key
    assert ("dashed", "S1") in two().key


def test_the_hold_line_is_named_with_its_value() -> None:
    assert "hold line 4" in [label.text for label in two().wide.labels]
    assert "The hold line is at 4." in two().sentence


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("is_flat", [False, True], ids=["page", "sheet"])
def test_where_curves_are_in_the_way_its_name_stands_above_them_with_a_piece_of_it(
    language: Language, is_flat: bool
) -> None:
    with speaking(language):
        name = gettext("hold line %(mood)s", mood="4")
        crowded = two(
            moods=(*[2.0] * 7, *[3.8] * 3, *[7.0] * 3, *[4.4, 4.4, 4.4, 3.4, 3.4, 3.4] * 7), is_flat=is_flat
        )
        for drawing in (crowded.wide, crowded.narrow):
            (label,) = [label for label in drawing.labels if label.text == name]
            assert label.y < 24
            begins = label.x - text_width(name)
            (mark,) = [shape for shape in drawing.shapes if shape.classes == "c-sess-mark"]
            assert begins > float(mark.d.lstrip("M").split()[0])
            assert [shape.d for shape in drawing.shapes if shape.classes == "c-base"][-1].endswith("h18")
            assert begins > 18


def test_how_many_sessions_stand_under_each_day() -> None:
    labels = two().wide.labels
    beneath = labels[[label.text for label in labels].index("n") + 1 :]
    assert [label.text for label in beneath] == [row[1] for row in two().table.rows]
    assert len({label.y for label in beneath}) == 2  # side by side they would touch
    rows = {row[0]: row for row in two().table.rows}
    assert rows["1"][1:4] == ("2", "7.5", "7.5")
    assert rows["13"][1] == "1"


def test_it_is_drawn_wide_and_for_a_phone() -> None:
    assert (two().wide.width, two().narrow.width) == (352, 326)


def test_the_sentence_says_the_latest_and_nothing_of_the_next() -> None:
    assert two().sentence.startswith(
        "Mood from 7 days before to 28 days after each of 2 sessions, 0 to 10, higher is better. "
        "After S2 it was between 8 and 8, and 8 on day 7."
    )
