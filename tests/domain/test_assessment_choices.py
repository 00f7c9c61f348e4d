"""Which questionnaires are asked: the usual ones, what was chosen instead, and what goes by whose clock."""

from __future__ import annotations

from datetime import date

from journal.domain.assessment_calendar import PCL5, USUAL, Cadence, Rhythm
from journal.domain.assessment_choices import GAD, PHQ, USUALLY, Choice, Series, series
from journal.domain.instrument_files import SHIPPED


def kept(*choices: Choice) -> dict[str, Choice]:
    return {one.instrument: one for one in choices}


def test_everything_that_is_offered_is_shipped_and_the_phq8_is_never_chosen() -> None:
    assert set(USUALLY) == set(SHIPPED) - {"phq8"}


def test_usually_two_go_together() -> None:
    assert series({}, item_nine_is_read=True) == (Series(("phq9", "gad7"), PHQ, USUAL),)


def test_where_nobody_reads_the_ninth_item_eight_are_asked() -> None:
    assert series({}, item_nine_is_read=False)[0].asked == ("phq8", "gad7")


def test_the_short_one_takes_the_place_of_the_long_one() -> None:
    asked = series(kept(Choice("gad2", is_enabled=True)), item_nine_is_read=False)
    assert [one.asked for one in asked] == [("phq8", "gad2")]


def test_the_pair_goes_by_the_clock_of_the_phq() -> None:
    weekly = Cadence(Rhythm.WEEKLY_FIRST, since=date(2026, 3, 30))
    asked = series(
        kept(Choice("phq9", is_enabled=True, cadence=weekly), Choice("gad7", is_enabled=True)),
        item_nine_is_read=True,
    )
    assert asked == (Series(("phq9", "gad7"), PHQ, weekly),)


def test_without_the_phq_the_gad_has_its_own() -> None:
    asked = series(kept(Choice("phq9", is_enabled=False)), item_nine_is_read=True)
    assert asked == (Series(("gad7",), GAD, USUAL),)


def test_each_other_one_has_its_own_clock() -> None:
    asked = series(kept(Choice("pcl5", is_enabled=True, cadence=PCL5)), item_nine_is_read=True)
    assert asked[1] == Series(("pcl5",), frozenset({"pcl5"}), PCL5)


def test_the_asq_is_asked_by_no_date() -> None:
    asked = series(kept(Choice("asq", is_enabled=True)), item_nine_is_read=True)
    assert [one.asked for one in asked] == [("phq9", "gad7")]
