from datetime import time, timedelta

from journal.domain.reminder_limits import (
    BACKLOG_AFTER,
    BACKLOG_PER_SECOND,
    LEASE,
    MAX_ATTEMPTS,
    RETRY_AFTER,
    SENDING_WINDOW,
    SUGGESTED_TIME,
)


def test_the_suggested_time_is_eight_in_the_evening():
    assert SUGGESTED_TIME == time(20, 0)


def test_a_reminder_may_be_two_hours_late_and_no_later():
    assert SENDING_WINDOW == timedelta(hours=2)


def test_a_lease_leaves_time_to_take_over_within_a_minute():
    assert LEASE == timedelta(seconds=45)


def test_every_attempt_and_the_rest_between_them_fit_in_the_window():
    assert MAX_ATTEMPTS * (LEASE + RETRY_AFTER) < SENDING_WINDOW


def test_what_is_late_by_ten_minutes_drains_at_five_a_second():
    assert BACKLOG_AFTER == timedelta(minutes=10)
    assert BACKLOG_PER_SECOND == 5
