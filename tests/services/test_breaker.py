"""When a message service is left alone, and when it is asked again."""

from __future__ import annotations

from datetime import timedelta

from journal.services.breaker import Breaker
from tests.cast import NOW

A_MINUTE = timedelta(minutes=1)


def silent(times: int) -> Breaker:
    breaker = Breaker()
    for _ in range(times):
        breaker.was_silent(NOW)
    return breaker


def test_four_silences_are_bad_luck() -> None:
    assert silent(4).lets_through(NOW)


def test_after_five_it_is_left_alone_for_a_minute() -> None:
    breaker = silent(5)
    assert not breaker.lets_through(NOW)
    assert not breaker.lets_through(NOW + A_MINUTE - timedelta(seconds=1))


def test_then_one_message_finds_out_for_all() -> None:
    breaker = silent(5)
    assert [breaker.lets_through(NOW + A_MINUTE) for _ in range(3)] == [True, False, False]
    breaker.was_silent(NOW + A_MINUTE)
    assert not breaker.lets_through(NOW + A_MINUTE + timedelta(seconds=59))


def test_it_rests_until_it_is_answered_and_not_only_for_a_minute() -> None:
    breaker = silent(5)
    assert not silent(4).is_resting
    assert breaker.lets_through(NOW + A_MINUTE)
    assert breaker.is_resting
    breaker.answered()
    assert not breaker.is_resting


def test_any_answer_ends_the_rest() -> None:
    breaker = silent(5)
    breaker.answered()
    assert [breaker.lets_through(NOW) for _ in range(3)] == [True, True, True]
    breaker.was_silent(NOW)
    assert breaker.lets_through(NOW)


def test_a_clock_that_is_set_back_does_not_prolong_it() -> None:
    assert silent(5).lets_through(NOW - 2 * A_MINUTE)
