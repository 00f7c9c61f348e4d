"""A patient's charts: what is drawn, what is left open, and that the table says the same."""

from __future__ import annotations

from collections.abc import Iterable

from journal.domain.baselines import Baseline, BaselineStatus
from journal.domain.moods import Provenance
from journal.domain.treatments import Marker
from journal.domain.trends import ImportedDay, days_of
from journal.web.charts.days import (
    Chart,
    activity_chart,
    anxiety_chart,
    imported_charts,
    mood_chart,
    sleep_chart,
    two_weeks,
)
from journal.web.charts.geometry import Shape
from tests.web.chart_cast import days, march, period, reading


def drawn(chart: Chart | None, classes: str) -> list[str]:
    assert chart is not None
    return paths(chart.drawing.shapes, classes)


def paths(shapes: Iterable[Shape], classes: str) -> list[str]:
    return [shape.d for shape in shapes if shape.classes == classes]


def texts(chart: Chart | None) -> list[str]:
    assert chart is not None
    return [label.text for label in chart.drawing.labels]


def test_without_a_check_in_there_is_no_chart() -> None:
    assert mood_chart([], period(1, 28)) is None
    assert sleep_chart(days(5, 5), period(1, 28)) is None
    assert activity_chart(days(5, 5), period(1, 28)) is None
    assert anxiety_chart(days(5, 5), period(1, 28)) is None
    assert imported_charts([], period(1, 28)) == []
    assert two_weeks([], period(1, 28)) is None


def test_days_of_not_sure_alone_draw_no_chart() -> None:
    assert mood_chart(days_of([reading(1, None)]), period(1, 28)) is None


def test_the_line_stops_at_a_gap_and_a_tick_marks_the_day() -> None:
    chart = mood_chart(days(5, 4, None, 4, 5, None, 6), period(1, 28, first_day=1))

    assert drawn(chart, "c-line c-mood") == ["M27.4 94l10.8 12", "M59.8 106l10.7 -12"]
    [ticks] = drawn(chart, "c-gap")
    assert ticks.startswith("M47.4 154.5h3.2M79.7 154.5h3.2")
    assert ticks.count("M") == 2 + 20  # 3 and 6 March, then 8 to 27 March; today is not over


def test_no_ticks_before_the_first_day_there_could_be_an_entry() -> None:
    chart = mood_chart(days(5, 5, start=26), period(1, 28, first_day=26))

    assert drawn(chart, "c-gap") == []


def test_the_mood_axis_is_always_0_to_10() -> None:
    chart = mood_chart(days(5, 5, 5), period(1, 28))

    assert texts(chart)[:3] == ["0", "5", "10"]
    assert drawn(chart, "c-grid") == ["M22 154H324M22 94H324M22 34H324"]


def test_a_session_is_a_rule_a_diamond_and_its_name() -> None:
    chart = mood_chart(days(5, 5, 5), period(1, 28), treatments=[Marker(march(11), "S8")])

    assert drawn(chart, "c-sess") == ["M135.2 20V154"]
    assert drawn(chart, "c-sess-mark") == ["M135.2 15.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z"]
    assert "S8" in texts(chart)
    assert chart is not None
    assert ("session", "session") in chart.key


def test_sessions_outside_the_dates_are_not_drawn() -> None:
    chart = mood_chart(days(5, start=20), period(10, 28), treatments=[Marker(march(2), "S1")])

    assert drawn(chart, "c-sess") == []
    assert chart is not None
    assert chart.key[0][0] == "gap"


def test_the_mood_before_treatment_is_a_dotted_line_with_its_value() -> None:
    baseline = Baseline(7.4, 2.6, 4.45, 9, march(1), march(9), BaselineStatus.OK)
    chart = mood_chart(days(5, 5), period(1, 28), baseline=baseline)

    assert drawn(chart, "c-base") == ["M22 122.8H324"]
    assert "before treatment, 2.6" in texts(chart)


def test_without_a_baseline_there_is_no_line_for_it() -> None:
    assert drawn(mood_chart(days(5, 5), period(1, 28)), "c-base") == []


def test_a_day_written_later_is_an_open_ring_and_the_key_says_so() -> None:
    given = days_of([reading(1, 5), reading(2, 6, provenance=Provenance.LATER), reading(3, 6)])
    chart = mood_chart(given, period(1, 28))

    assert [d.count("M") for d in drawn(chart, "c-dot c-mood-d")] == [2]
    assert [d.count("M") for d in drawn(chart, "c-later")] == [1]
    assert chart is not None
    assert ("later", "filled in later") in chart.key


def test_several_check_ins_on_a_day_show_their_range() -> None:
    given = days_of([reading(1, 4, hour=8), reading(1, 8, hour=20), reading(2, 6)])
    chart = mood_chart(given, period(1, 28))

    assert drawn(chart, "c-range") == ["M27.4 58V106"]
    assert chart is not None
    assert ("range", "lowest to highest that day") in chart.key
    assert chart.table.rows[-1] == ("Sun 1 Mar", "6 (4 to 8)")


def test_the_table_has_a_row_for_every_day_newest_first() -> None:
    given = [*days(5, None, 6), *days_of([reading(4, None)])]
    chart = mood_chart(given, period(1, 6), treatments=[Marker(march(3), "S8")])

    assert chart is not None
    assert chart.table.caption == "Mood, 1 to 6 March"
    assert chart.table.head == ("Day", "Mood")
    assert chart.table.rows == (
        ("Fri 6 Mar", "no entry yet"),
        ("Thu 5 Mar", "no entry"),
        ("Wed 4 Mar", "not sure"),
        ("Tue 3 Mar · S8", "6"),
        ("Mon 2 Mar", "no entry"),
        ("Sun 1 Mar", "5"),
    )


def test_the_title_is_the_takeaway_and_the_sentence_says_it_too() -> None:
    chart = mood_chart(days(3, 3, 3, 3, 6, 6, 6, 6), period(1, 8))

    assert chart is not None
    assert chart.title == "Mood rose from 3 to 6"
    assert chart.caption == (
        "0–10, higher is better. Each dot is one day. Average 3 in the first half of these dates, before 5 Mar"
        " (4 days), 6 in the second half (4 days)."
    )
    assert "Mood rose from 3 to 6." in chart.sentence


def test_a_year_still_has_one_dot_a_day() -> None:
    chart = mood_chart(days(*[5] * 365), period(1, 365))

    assert [d.count("M") for d in drawn(chart, "c-mood-d")] == [365]
    assert drawn(chart, "c-line c-mood c-thin")[0].count("l") == 364


def test_beyond_a_year_a_dot_is_a_week_and_the_caption_says_so() -> None:
    chart = mood_chart(days(*[5] * 400), period(1, 400))

    # 1 March 2026 is a Sunday: that week has one day, and neither it nor the week still going on is a dot.
    assert [d.count("M") for d in drawn(chart, "c-mood-d")] == [57]
    assert chart is not None
    assert "Each dot is one week’s average." in chart.caption
    assert chart.table.rows[-2] == ("2 to 8 Mar 2026", "5 (seven days)")


def test_sleep_has_its_band_and_its_hours() -> None:
    chart = sleep_chart(days(5, 5, sleep_min=450), period(1, 28))

    assert drawn(chart, "c-band") == ["M22 14.6H324V27.8H22z"]
    assert [d.count("z") for d in drawn(chart, "c-sleep")] == [2]
    assert chart is not None
    assert chart.caption == "Hours a night. The band is 7 to 9."
    assert chart.table.rows[-1] == ("Sun 1 Mar", "7.5")


def test_a_long_night_stretches_the_sleep_axis() -> None:
    assert texts(sleep_chart(days(5, sleep_min=690), period(1, 28)))[:4] == ["0", "5", "10", "15"]


def test_activity_stops_at_60_and_is_exact_in_the_table() -> None:
    chart = activity_chart(days(5, activity_min=95), period(1, 28))
    hour = activity_chart(days(5, activity_min=60), period(1, 28))

    assert drawn(chart, "c-act") == drawn(hour, "c-act")
    assert chart is not None
    assert chart.caption == "Minutes a day, drawn up to 60."
    assert chart.table.rows[-1] == ("Sun 1 Mar", "95")


def test_a_bar_written_later_is_an_outline() -> None:
    given = days_of(
        [reading(1, 5, sleep_min=420), reading(2, 5, sleep_min=420, provenance=Provenance.NEXT_DAY)]
    )
    chart = sleep_chart(given, period(1, 28))

    assert [d.count("z") for d in drawn(chart, "c-sleep")] == [1]
    assert [d.count("z") for d in drawn(chart, "c-sleep c-bar--later")] == [1]
    assert chart is not None
    assert chart.table.rows[-2:] == (("Mon 2 Mar", "7", "next day"), ("Sun 1 Mar", "7", "same day"))


def test_anxiety_is_a_thin_grey_line_where_lower_is_better() -> None:
    chart = anxiety_chart(days_of([reading(1, 5, anxiety=3), reading(2, 5, anxiety=1)]), period(1, 28))

    assert drawn(chart, "c-line c-anx") == ["M27.4 24.5l10.8 33"]
    assert chart is not None
    assert chart.caption == "0–4, lower is better."


def test_imported_moods_stand_in_a_panel_of_their_own_scale() -> None:
    imported = [ImportedDay(march(1), "daylio", 5, 1, 5, 1), ImportedDay(march(2), "daylio", 3, 1, 5, 1)]
    [chart] = imported_charts(imported, period(1, 28))

    assert chart.title == "Mood from Daylio"
    assert texts(chart)[:2] == ["1", "5"]
    assert drawn(chart, "c-imported") == ["M27.4 8l10.8 33"]
    assert drawn(chart, "c-mood-d") == []
    assert chart.table.rows == (("Mon 2 Mar", "3"), ("Sun 1 Mar", "5"))


def test_two_scales_never_share_a_panel() -> None:
    imported = [ImportedDay(march(1), "daylio", 5, 1, 5, 1), ImportedDay(march(1), "other", 7, 0, 10, 1)]

    assert [chart.title for chart in imported_charts(imported, period(1, 28))] == [
        "Mood from Daylio",
        "Mood from other",
    ]


def test_two_weeks_end_today_and_say_what_is_there() -> None:
    chart = two_weeks(days(5, None, 7, 6, start=17), period(1, 20, first_day=15))

    assert chart is not None
    assert (
        chart.sentence == "Mood over the last two weeks: between 5 and 7 on the days you checked in, 6 today."
    )
    assert chart.note == "Three days had no entry. That’s fine: the picture still holds."
    assert [label.text for label in chart.drawing.labels] == ["7 Mar", "Today"]
    assert drawn(chart, "c-line c-mood") == ["M292.2 36.6l23.8 4.2"]
