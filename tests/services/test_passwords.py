"""Hashing: what fits and what does not, at the cost that is promised, a few at a time."""

from __future__ import annotations

import threading

import argon2
import pytest

from journal.domain import access_limits
from journal.services import passwords
from journal.services.passwords import hash_password, is_right, needs_new_hash

PASSWORD = "a quiet river at night"


def test_a_password_fits_its_own_hash_and_no_other() -> None:
    made = hash_password(PASSWORD)
    assert is_right(made, PASSWORD)
    assert not is_right(made, PASSWORD + " ")
    assert not is_right(made, "")


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password(PASSWORD) != hash_password(PASSWORD)


@pytest.mark.parametrize("password", ["no account has this password", PASSWORD, ""])
def test_nobody_signs_in_without_a_hash(password: str) -> None:
    """Not even with the words whose hash stands in for one, so that unknown addresses cost the same time."""
    assert not is_right(None, password)


def test_something_that_is_no_hash_fits_nothing() -> None:
    assert not is_right("not a hash", PASSWORD)


def test_the_real_cost_is_what_the_limits_say() -> None:
    """What ASVS 5.0.0, appendix C, asks of argon2id with one pass: 46 MiB."""
    hasher = argon2.PasswordHasher(
        time_cost=access_limits.PASSWORD_PASSES,
        memory_cost=access_limits.PASSWORD_MEMORY_KIB,
        parallelism=1,
    )
    parameters = argon2.extract_parameters(hasher.hash(PASSWORD))
    assert parameters.type is argon2.Type.ID
    assert (parameters.memory_cost, parameters.time_cost) == (46 * 1024, 1)


def test_a_hash_of_a_lower_cost_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = hash_password(PASSWORD)
    assert not needs_new_hash(cheap)
    dearer = argon2.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", dearer)
    assert needs_new_hash(cheap)
    assert is_right(cheap, PASSWORD)


def test_no_more_are_hashed_at_once_than_memory_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = 0, 0
    counting = threading.Lock()
    all_in = threading.Event()

    class Slow:
        def hash(self, _password: str) -> str:
            nonlocal running, most
            with counting:
                running += 1
                most = max(most, running)
                if running == access_limits.HASHES_AT_ONCE:
                    all_in.set()
            all_in.wait(timeout=30)
            with counting:
                running -= 1
            return "made"

    monkeypatch.setattr(passwords, "_HASHER", Slow())
    threads = [
        threading.Thread(target=hash_password, args=(PASSWORD,))
        for _ in range(3 * access_limits.HASHES_AT_ONCE)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert most == access_limits.HASHES_AT_ONCE
