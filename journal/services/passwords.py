"""Hashing passwords with argon2id, a few at a time. Whether a password may be chosen is decided in accounts."""

from __future__ import annotations

import threading

import argon2

from journal.domain.access_limits import (
    HASHES_AT_ONCE,
    PASSWORD_LONGEST,
    PASSWORD_MEMORY_KIB,
    PASSWORD_PASSES,
)

_HASHER = argon2.PasswordHasher(time_cost=PASSWORD_PASSES, memory_cost=PASSWORD_MEMORY_KIB, parallelism=1)
_GATE = threading.BoundedSemaphore(HASHES_AT_ONCE)
# A hash of nothing anybody knows: unknown addresses cost the same time as known ones.
_NOBODY = _HASHER.hash("no account has this password")


def hash_password(password: str) -> str:
    """The argon2id hash of ``password``."""
    with _GATE:
        return _HASHER.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether ``password`` fits. Takes as long when there is no hash as when there is one."""
    with _GATE:
        try:
            _HASHER.verify(password_hash or _NOBODY, password[:PASSWORD_LONGEST])
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
    return password_hash is not None


def needs_new_hash(password_hash: str) -> bool:
    """Whether the cost was raised since this hash was made."""
    return _HASHER.check_needs_rehash(password_hash)
