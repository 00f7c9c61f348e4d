"""Locked after ten idle minutes, proved for five: to the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from journal.domain.unlocking import Lock, is_locked, is_proved, is_use_worth_noting

NOON = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)


def after(minutes: int, seconds: int = 0) -> datetime:
    return NOON + timedelta(minutes=minutes, seconds=seconds)


def used(stays_open: bool = False) -> Lock:
    return Lock(used_at=NOON, proved_at=NOON, stays_open=stays_open)


@pytest.mark.parametrize(
    ("now", "locked"), [(after(0), False), (after(9, 59), False), (after(10), True), (after(60 * 24), True)]
)
def test_ten_minutes_without_a_request_lock(now: datetime, locked: bool) -> None:
    assert is_locked(used(), now=now) is locked


def test_what_was_never_unlocked_is_locked() -> None:
    assert is_locked(Lock(used_at=None, proved_at=None, stays_open=False), now=NOON)


def test_what_stays_open_is_not_locked_by_idling() -> None:
    assert not is_locked(used(stays_open=True), now=after(60 * 24 * 29))


def test_a_clock_that_was_set_back_locks_nothing() -> None:
    assert not is_locked(used(), now=after(-5))


@pytest.mark.parametrize(("now", "proved"), [(after(0), True), (after(5), True), (after(5, 1), False)])
def test_a_proof_is_fresh_for_five_minutes(now: datetime, proved: bool) -> None:
    assert is_proved(used(), now=now) is proved


def test_without_a_proof_nothing_is_proved() -> None:
    assert not is_proved(Lock(used_at=NOON, proved_at=None, stays_open=True), now=NOON)


@pytest.mark.parametrize(
    ("now", "noted"), [(after(0), False), (after(0, 1), True), (after(9, 59), True), (after(10), False)]
)
def test_a_use_is_noted_each_second_while_unlocked(now: datetime, noted: bool) -> None:
    assert is_use_worth_noting(used(), now=now) is noted


def test_a_use_is_not_noted_where_it_cannot_matter() -> None:
    assert not is_use_worth_noting(used(stays_open=True), now=after(5))
    assert not is_use_worth_noting(Lock(used_at=None, proved_at=None, stays_open=False), now=after(5))
