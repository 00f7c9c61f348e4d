"""The chart of scores: a panel a kind, gaps that stay gaps, hatching, and bands only where some are published."""

from __future__ import annotations

import re
from datetime import date

from journal.domain.assessments import DECLINED
from journal.domain.treatments import Marker
from journal.web.charts.geometry import text_width
from journal.web.charts.scores import hatching, read_series, score_chart
from journal.web.charts.timelines import Timeline
from tests.assessing import of_total, record

TODAY = date(2026, 3, 30)
DAYS = (date(2026, 1, 5), date(2026, 2, 2), date(2026, 3, 2), date(2026, 3, 20))
SESSION = Marker(date(2026, 3, 13), "S8")


def chart(*records: object, given_on: tuple[date, ...] = (), sessions: tuple[Marker, ...] = ()) -> Timeline:
    drawn = score_chart(read_series(records, TODAY, given_on=given_on), TODAY, treatments=sessions)  # type: ignore[arg-type]
    assert drawn is not None
    return drawn


def phq9(*totals: int) -> list[object]:
    return [record("phq9", day, of_total("phq9", total)) for day, total in zip(DAYS, totals, strict=False)]


def shapes(drawn: Timeline, classes: str) -> list[str]:
    return [shape.d for shape in drawn.wide.shapes if shape.classes == classes]


def test_without_a_score_there_is_no_chart() -> None:
    assert (
        score_chart(read_series([record("phq9", DAYS[0], {}, is_missed=True)], TODAY, given_on=[]), TODAY)
        is None
    )


def test_the_sentence_says_every_score_and_the_table_holds_them() -> None:
    drawn = chart(*phq9(21, 12, 9), record("gad7", DAYS[0], of_total("gad7", 16)))
    assert drawn.title == "PHQ-9: 9 (2 Mar 2026), GAD-7: 16 (5 Jan 2026)"
    assert drawn.sentence == "PHQ-9 was 21, 12, and is 9 on 2 March. GAD-7 was 16 on 5 January."
    assert drawn.table.head == ("Day", "PHQ-9", "GAD-7", "Covers days")
    assert drawn.table.rows == (
        ("2 March 2026", "9", "", ""),
        ("2 February 2026", "12", "", ""),
        ("5 January 2026", "21", "16", ""),
    )


def test_the_number_of_todays_score_keeps_off_the_words_of_the_bands() -> None:
    drawn = chart(record("phq9", TODAY, of_total("phq9", 17)))
    (number,) = [label for label in drawn.wide.labels if label.text == "17"]
    (band,) = [label for label in drawn.wide.labels if label.text == "mod. severe"]
    assert number.x + text_width("17", bold=True) / 2 < band.x


def test_the_line_stops_where_one_was_missed() -> None:
    whole = chart(*phq9(21, 12, 9))
    broken = chart(*phq9(21, 12, 9), record("phq9", date(2026, 2, 16), {"1": 1}, is_missed=True))
    assert [d.count("l") for d in shapes(whole, "c-line c-mood")] == [2]
    assert [d.count("l") for d in shapes(broken, "c-line c-mood")] == [1]
    assert len(shapes(broken, "c-gap")) == 1
    assert ("gap", "due, and not finished") in broken.key
    assert "One was due and not finished." in broken.sentence


def test_a_score_on_both_sides_of_a_session_is_hatched_and_told() -> None:
    drawn = chart(*phq9(21, 12, 9, 8), given_on=(SESSION.local_date,), sessions=(SESSION,))
    assert shapes(drawn, "c-later")[0].count("M") == 1
    assert shapes(drawn, "c-hatch")[0].count("M") == 3
    assert shapes(drawn, "c-dot c-mood-d")[0].count("M") == 3
    assert "One covers days before and after a session." in drawn.sentence
    assert drawn.table.rows[0] == ("20 March 2026", "8", "before and after a session")
    assert ("hatch", "covers days before and after a session") in drawn.key
    assert "c-hatch" not in {shape.classes for shape in chart(*phq9(21, 12)).wide.shapes}


def test_bands_are_drawn_where_some_were_published_and_nowhere_else() -> None:
    bands = re.compile(r"c-b\d")
    assert len([1 for one in chart(*phq9(9)).wide.shapes if bands.fullmatch(one.classes)]) == 5
    words = [label.text for label in chart(*phq9(9)).wide.labels]
    assert {"minimal", "mild", "moderate", "mod. severe", "severe"} <= set(words)
    for code in ("phq8", "pcl5", "gad2"):
        drawn = chart(record(code, DAYS[0], of_total(code, 4)))
        assert [1 for one in drawn.wide.shapes if bands.fullmatch(one.classes)] == []


def test_a_phq8_has_a_panel_of_its_own_also_where_it_came_from_a_phq9() -> None:
    drawn = chart(*phq9(21), record("phq9", DAYS[1], of_total("phq8", 10) | {"9": DECLINED}))
    assert drawn.title == "PHQ-9: 21 (5 Jan 2026), PHQ-8: 10 (2 Feb 2026)"
    assert drawn.caption == "Lower is better. A PHQ-8 and a PHQ-9 are never compared."
    assert shapes(drawn, "c-line c-mood") == []


def test_every_total_is_printed_in_both_drawings_while_there_is_room() -> None:
    drawn = chart(*phq9(21, 12, 9))
    for drawing in (drawn.wide, drawn.narrow):
        texts = [label.text for label in drawing.labels if "c-strong c-halo" in label.classes]
        assert [one for one in texts if one.isdigit()] == ["9", "12", "21"]
    weekly = [record("phq9", date(2026, 3, day), of_total("phq9", 9)) for day in range(1, 30)]
    crowded = [label.text for label in chart(*weekly).narrow.labels if label.text == "9"]
    assert 1 < len(crowded) < 29


def test_each_session_has_its_rule_through_all_panels() -> None:
    drawn = chart(*phq9(21, 12), sessions=(SESSION, Marker(date(2025, 1, 1), "S1")))
    assert shapes(drawn, "c-sess")[0].count("M") == 1
    assert drawn.sentence.endswith("One session marker.")


def test_hatching_stays_inside_its_mark() -> None:
    numbers = [float(one) for one in re.findall(r"M([\d.]+) ([\d.]+)", hatching([(1000, 500)], 5))[0]]
    assert abs(numbers[0] - 100) <= 5
    assert abs(numbers[1] - 50) <= 5


def test_on_paper_the_kinds_answered_last_have_a_low_panel_each() -> None:
    records = [
        *phq9(21, 12, 9),
        record("gad7", DAYS[3], of_total("gad7", 7)),
        record("pcl5", DAYS[0], of_total("pcl5", 30)),
    ]
    drawn = score_chart(read_series(records, TODAY, given_on=[]), TODAY, is_flat=True)  # type: ignore[arg-type]

    assert drawn is not None
    names = [label.text for label in drawn.wide.labels if label.sub]
    assert names == ["PHQ-9", "GAD-7"]
    assert drawn.wide.height < 260
    assert "PCL-5" in drawn.title
