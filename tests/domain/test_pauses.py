"""Which dates are paused, and what becomes of a pause when its rule is saved."""

from __future__ import annotations

from datetime import date

from journal.domain.pauses import Pause, pause_after, paused_dates


def march(day: int) -> date:
    return date(2026, 3, day)


MARCH_10_TO_12 = Pause(march(10), march(12))


def test_both_ends_of_a_pause_are_paused() -> None:
    assert paused_dates([MARCH_10_TO_12], march(1), march(31)) == {march(10), march(11), march(12)}


def test_only_dates_that_are_asked_for_are_given() -> None:
    assert paused_dates([MARCH_10_TO_12], march(11), march(11)) == {march(11)}
    assert paused_dates([MARCH_10_TO_12], march(13), march(31)) == frozenset()


def test_pauses_that_overlap_count_once() -> None:
    assert len(paused_dates([MARCH_10_TO_12, Pause(march(12), march(13))], march(1), march(31))) == 4


def test_a_pause_begins_on_the_day_it_is_set_and_ends_before_the_day_on_which_reminders_come_again() -> None:
    assert pause_after(None, paused_until=march(13), today=march(10)) == MARCH_10_TO_12


def test_a_longer_pause_keeps_its_beginning() -> None:
    assert pause_after(MARCH_10_TO_12, paused_until=march(20), today=march(12)) == Pause(march(10), march(19))


def test_a_pause_that_is_ended_early_ends_the_day_before() -> None:
    assert pause_after(MARCH_10_TO_12, paused_until=None, today=march(12)) == Pause(march(10), march(11))


def test_a_pause_that_is_taken_back_on_its_first_day_never_was() -> None:
    assert pause_after(MARCH_10_TO_12, paused_until=None, today=march(10)) is None


def test_a_date_that_is_not_ahead_pauses_nothing() -> None:
    assert pause_after(None, paused_until=march(10), today=march(10)) is None
    assert pause_after(None, paused_until=None, today=march(10)) is None


def test_saving_the_same_rule_again_changes_nothing() -> None:
    assert pause_after(MARCH_10_TO_12, paused_until=march(13), today=march(11)) == MARCH_10_TO_12
