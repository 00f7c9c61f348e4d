"""Scores as a provider reads them: beside the one before, marked by settings, never mixed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from journal.domain.assessment_records import Via
from journal.domain.assessments import DECLINED
from journal.web.assessment_lines import (
    covers_words,
    item_lines,
    open_lines,
    part_lines,
    scores_of,
    signed,
)
from tests.assessing import of_total, record

JAN, FEB, MARCH = date(2026, 1, 5), date(2026, 2, 9), date(2026, 3, 2)
TODAY = date(2026, 3, 30)


def test_each_score_stands_beside_the_one_before_with_its_change_by_the_settings() -> None:
    records = [
        record("phq9", day, of_total("phq9", total)) for day, total in ((JAN, 21), (FEB, 12), (MARCH, 14))
    ]
    (phq9,) = scores_of(records, given_on=[])
    assert (phq9.name, phq9.within) == ("PHQ-9", "0 to 27, lower is better")
    assert [
        (one.on, one.total, one.before, one.difference, one.reached, one.index) for one in phq9.lines
    ] == [
        (MARCH, "14", "12 on 9 February 2026", "+2", False, "0.61, within ±1.96"),
        (FEB, "12", "21 on 5 January 2026", "−9", True, "−2.74, beyond ±1.96"),
        (JAN, "21", "", "", None, ""),
    ]


def test_figures_that_nobody_has_verified_are_settings_and_the_others_name_their_source() -> None:
    phq9, gad7, pcl5 = scores_of(
        [record(code, JAN, of_total(code, 12)) for code in ("phq9", "gad7", "pcl5")], given_on=[]
    )
    assert (phq9.threshold, phq9.figures, phq9.is_verified) == (
        "a change of 6 points or more",
        "SD 5.8, r 0.84",
        False,
    )
    assert (gad7.threshold, gad7.figures, gad7.is_verified) == ("a change of 4 points or more", "", False)
    assert (pcl5.threshold, pcl5.is_verified) == ("a change of 18 points or more", True)
    assert pcl5.source.startswith("Marx 2022")


def test_a_phq8_is_never_compared_with_a_phq9() -> None:
    whole = record("phq9", JAN, of_total("phq9", 12))
    declined = record("phq9", FEB, of_total("phq8", 10) | {"9": DECLINED})
    eight = record("phq8", MARCH, of_total("phq8", 6))
    phq9, phq8 = scores_of([whole, declined, eight], given_on=[])
    assert [(one.total, one.before) for one in phq9.lines] == [("12", "")]
    assert [(one.total, one.before, one.difference) for one in phq8.lines] == [
        ("6", "10 on 9 February 2026", "−4"),
        ("10", "", ""),
    ]
    assert (phq8.threshold, phq8.lines[0].reached, phq8.lines[0].index) == ("", None, "")


def test_a_score_less_than_two_weeks_after_a_session_says_what_it_covers() -> None:
    records = [record("phq9", day, of_total("phq9", 9)) for day in (date(2026, 3, 20), date(2026, 3, 27))]
    (phq9,) = scores_of(records, given_on=[date(2026, 3, 13)])
    assert [one.covers for one in phq9.lines] == [
        "",
        "covers days before and after the session on 13 March 2026",
    ]


def test_of_several_sessions_the_latest_is_named() -> None:
    assert covers_words([JAN, FEB]) == "covers days before and after the session on 9 February 2026"
    assert covers_words([]) == ""


def test_where_it_was_answered_is_told() -> None:
    (phq9,) = scores_of([record("phq9", JAN, of_total("phq9", 9), via=Via.KIOSK)], given_on=[])
    assert phq9.lines[0].on_tablet


def test_what_has_no_total_says_why() -> None:
    records = [
        record("phq9", JAN, {}, is_missed=True),
        record("phq9", FEB, {"1": 2, "2": 1, "3": 0}, is_missed=True),
        record("gad7", TODAY, {"1": 2}),
        replace(record("pcl5", TODAY, {}), public_id="open"),
        record("asq", MARCH, dict.fromkeys("1234", 0)),
        replace(record("phq2", TODAY, {}), opened_at=None),
    ]
    assert [(one.name, one.says, one.has_answers) for one in open_lines(records, TODAY)] == [
        ("GAD-7", "open; 1 of 7 questions answered, no total", True),
        ("PCL-5", "open; nothing answered yet", False),
        ("ASQ", "answered; it has no total", True),
        ("PHQ-9", "not finished; 3 of 9 questions answered, no total", True),
        ("PHQ-9", "not finished; not opened, or nothing answered", False),
    ]


def test_every_question_stands_there_with_its_answer_or_why_it_has_none() -> None:
    before = record("phq9", JAN, of_total("phq9", 27))
    lines = item_lines(record("phq9", FEB, {"1": 2, "9": DECLINED}), before)
    assert [(one.number, one.answer, one.value, one.otherwise) for one in lines[:2]] == [
        (1, "More than half the days", "2", ""),
        (2, "", "", "Not answered"),
    ]
    assert lines[8].otherwise == "Preferred not to answer"
    assert [one.before for one in (lines[0], lines[9])] == ["Nearly every day (3)", ""]
    assert len(lines) == 10


def test_a_question_that_comes_up_only_after_a_yes_is_told_from_one_left_open() -> None:
    no, yes = dict.fromkeys("1234", 0), dict.fromkeys("1234", 1)
    assert item_lines(record("asq", JAN, no), None)[4].otherwise == "Not asked: no answer before it was yes"
    assert item_lines(record("asq", JAN, yes), None)[4].otherwise == "Not answered"


def test_parts_have_totals_of_their_own() -> None:
    assert part_lines(record("pcl5", JAN, of_total("pcl5", 30))) == [
        ("Cluster B", "20 of 20"),
        ("Cluster C", "8 of 8"),
        ("Cluster D", "2 of 28"),
        ("Cluster E", "0 of 24"),
    ]
    assert part_lines(record("gad7", JAN, of_total("gad7", 5))) == [("GAD-2", "5 of 6")]


def test_what_another_program_asked_keeps_its_code_and_shows_no_questions() -> None:
    foreign = replace(record("phq9", JAN, of_total("phq9", 9)), instrument="other")
    assert item_lines(foreign, None) == []
    assert part_lines(foreign) == []


def test_a_difference_carries_its_sign() -> None:
    assert [signed(one) for one in (-4, 0, 2)] == ["−4", "0", "+2"]
