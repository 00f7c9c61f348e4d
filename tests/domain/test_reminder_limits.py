from datetime import time, timedelta

from journal.domain.reminder_limits import LEASE, MAX_ATTEMPTS, SENDING_WINDOW, SUGGESTED_TIME


def test_the_suggested_time_is_eight_in_the_evening():
    assert SUGGESTED_TIME == time(20, 0)


def test_a_reminder_may_be_two_hours_late_and_no_later():
    assert SENDING_WINDOW == timedelta(hours=2)


def test_another_worker_takes_over_within_a_minute():
    assert LEASE == timedelta(seconds=60)


def test_every_attempt_and_its_lease_fit_in_the_window():
    assert MAX_ATTEMPTS * LEASE < SENDING_WINDOW
