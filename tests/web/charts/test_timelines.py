"""The provider's small multiples: panels, rules through all of them, and the two drawings of one set of numbers."""

from __future__ import annotations

from journal.domain.baselines import Baseline, BaselineStatus
from journal.domain.treatments import Marker
from journal.domain.trends import ImportedDay
from journal.web.charts.marks import Kind, Mark
from journal.web.charts.parts import Drawing
from journal.web.charts.timelines import Timeline, timeline
from tests.web.chart_cast import days, march, period


def full(**more: object) -> Timeline:
    given = days(4, 5, None, 6, 7, sleep_min=420, activity_min=30, anxiety=2)
    shown = timeline(given, period(1, 28), **more)  # type: ignore[arg-type]
    assert shown is not None
    return shown


def drawn(drawing: Drawing, classes: str) -> list[str]:
    return [shape.d for shape in drawing.shapes if shape.classes == classes]


def named(drawing: Drawing) -> list[str]:
    return [label.text for label in drawing.labels if label.classes.startswith("c-t c-strong")]


def test_without_days_there_is_no_timeline() -> None:
    assert timeline([], period(1, 28)) is None


def test_every_panel_is_named_with_its_direction() -> None:
    texts = [label.text for label in full().wide.labels]

    assert ["Mood", "Anxiety", "Sleep", "Activity"] == [name for name in named(full().wide) if name != "7"]
    assert texts.count("higher is better") == 1
    assert texts.count("lower is better") == 1


def test_the_narrow_drawing_names_its_panels_above_them() -> None:
    [mood, *_] = [label for label in full().narrow.labels if label.text == "Mood"]

    assert mood.sub == "0–10, higher is better"
    assert (full().wide.width, full().narrow.width) == (832, 326)


def test_an_item_nobody_answered_has_no_panel() -> None:
    shown = timeline(days(4, 5, sleep_min=420), period(1, 28))

    assert shown is not None
    assert [name for name in named(shown.wide) if name != "5"] == ["Mood", "Sleep"]
    assert shown.table.head == ("Day", "Mood", "Sleep, h")


def test_a_session_s_rule_runs_through_every_panel_of_both_drawings() -> None:
    shown = full(treatments=[Marker(march(11), "S8")])

    assert drawn(shown.wide, "c-sess") == ["M381.8 22V414"]
    assert drawn(shown.narrow, "c-sess") == ["M138.8 38V436"]
    assert shown.sentence.endswith("One session marker.")


def test_since_the_last_visit_is_a_wash_up_to_today() -> None:
    shown = full(last_visit=march(21))

    assert drawn(shown.wide, "c-since") == ["M619.6 24H798V414H619.6z"]
    assert "since last visit, 21 Mar" in [label.text for label in shown.wide.labels]
    assert ("since", "since the last visit, 21 Mar") in shown.key


def said(drawing: Drawing) -> list[str]:
    return [text for label in drawing.labels for text in (label.text, label.sub) if text]


def test_on_paper_the_panels_are_lower_and_hold_the_same() -> None:
    usual, flat = full().wide, full(is_flat=True).wide

    assert flat.height < 0.8 * usual.height
    assert flat.width == usual.width
    assert sorted(said(flat)) == sorted(said(usual))


def test_the_name_of_the_wash_steps_aside_where_it_would_lie_on_another() -> None:
    low = Baseline(8.0, 2.0, 4.0, 9, march(-20), march(-10), BaselineStatus.OK)
    shown = full(last_visit=march(3), baseline=low, is_flat=True).wide
    [since] = [label for label in shown.labels if label.text == "since last visit, 3 Mar"]
    [before] = [label for label in shown.labels if label.text == "before treatment, 2"]

    assert abs(since.y - before.y) >= 12


def test_a_visit_before_the_dates_shown_leaves_no_wash() -> None:
    assert drawn(full(last_visit=march(-20)).wide, "c-since") == []


def test_the_mood_before_treatment_is_named_in_drawing_and_key() -> None:
    shown = full(baseline=Baseline(7.4, 2.6, 4.45, 9, march(-20), march(-10), BaselineStatus.OK))

    assert drawn(shown.wide, "c-base") == ["M132 141H798"]
    assert ("baseline", "before treatment, 2.6") in shown.key


def test_imported_moods_have_the_last_panel_and_their_own_column() -> None:
    shown = full(imported=[ImportedDay(march(2), "daylio", 4, 1, 5, 1)])

    assert "From Daylio" in named(shown.wide)
    assert ("imported", "from Daylio") in shown.key
    assert shown.table.head[-1] == "From Daylio, 1–5, own scale"
    assert shown.table.rows[-2] == ("Mon 2 Mar", "5", "2", "7", "30", "4")


def test_the_table_has_every_day_with_every_item() -> None:
    shown = full()

    assert shown.table.caption == "Every day, 1 to 28 March"
    assert shown.table.rows[-3:] == (
        ("Tue 3 Mar", "no entry", "", "", ""),
        ("Mon 2 Mar", "5", "2", "7", "30"),
        ("Sun 1 Mar", "4", "2", "7", "30"),
    )


def test_four_weeks_are_called_so_and_the_finding_is_the_caption() -> None:
    assert full().title == "Four weeks"
    assert full().caption == ""

    shown = timeline(days(3, 3, 3, 3, 6, 6, 6, 6), period(1, 8))
    assert shown is not None
    assert shown.caption == (
        "Mood rose from 3 to 6. Average 3 in the first half of these dates, before 5 Mar (4 days), "
        "6 in the second half (4 days)."
    )


def test_beyond_a_year_the_table_goes_by_weeks() -> None:
    shown = timeline(days(*[5] * 400, sleep_min=420), period(1, 400))

    assert shown is not None
    assert shown.table.head == ("Week", "Mood", "Sleep, h")
    assert shown.table.rows[-2] == ("2 to 8 Mar 2026", "5 (seven days)", "7 (seven days)")


def test_a_long_name_keeps_clear_of_the_axis_and_of_the_drawing() -> None:
    given = [ImportedDay(march(2), "a journal of many years", 4, 1, 5, 1)]
    plain, shown = full(), full(imported=given)

    assert next(label.x for label in plain.wide.labels if label.text == "10") == 126
    assert next(label.x for label in shown.wide.labels if label.text == "10") == 232.8
    [name] = [label for label in shown.narrow.labels if label.text == "From a journal of many years"]
    [about] = [label for label in shown.narrow.labels if label.text == "1–5, own scale, higher is better"]
    assert (name.sub, about.y - name.y) == ("", 14)
    assert shown.narrow.height - plain.narrow.height == 34 + 14 + 44


def test_what_else_changed_is_marked_named_and_in_the_table() -> None:
    marks = [
        Mark(march(4), Kind.MEDICINE, "Sertraline changed to 100 mg"),
        Mark(march(29), Kind.MOMENT, "After these dates"),
    ]
    shown = full(marks=marks)

    assert len(drawn(shown.wide, "c-med")) == len(drawn(shown.narrow, "c-med")) == 1
    assert drawn(shown.wide, "c-moment") == []
    assert shown.marks == (("medicine", "4 Mar: Sertraline changed to 100 mg"),)
    assert shown.sentence.endswith("Marked: 4 March: Sertraline changed to 100 mg.")
    assert shown.table.head[-1] == "What changed"
    [row] = [row for row in shown.table.rows if row[0] == "Wed 4 Mar"]
    assert row[-1] == "Sertraline changed to 100 mg"
    assert {row[-1] for row in shown.table.rows if row[0] != "Wed 4 Mar"} == {""}


def test_over_a_year_the_week_of_a_change_names_it() -> None:
    given = days(*([5] * 370))
    marks = [Mark(march(10), Kind.MOMENT, "New job")]
    shown = timeline(given, period(1, 370), marks=marks)

    assert shown is not None
    assert [row[-1] for row in shown.table.rows if row[-1]] == ["New job"]


def test_without_changes_the_table_has_no_column_for_them() -> None:
    assert "What changed" not in full().table.head
