"""A breaker between us and a message service: after a row of silences it is left alone for a while.

Ours only to save time: what is put off meanwhile is tried again within its window, and nothing is lost by it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SILENCES = 5
"""So many in a row, and the service is taken to be down. Our own choice: more than one unlucky address."""

REST = timedelta(seconds=60)
"""For how long it is left alone then. One message is let through after that, to find out."""


@dataclass
class Breaker:
    """One message service as one worker knows it. Safe to share between threads."""

    _silences: int = 0
    _rests_until: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_resting(self) -> bool:
        """Whether the service is taken to be down, until it answers."""
        with self._lock:
            return self._rests_until is not None

    def lets_through(self, now: datetime) -> bool:
        """Whether a message may be tried at ``now``. Of those that ask when a rest is over, one is; it finds out."""
        with self._lock:
            if self._rests_until is None:
                return True
            if now < self._rests_until - REST or now >= self._rests_until:  # over, or the clock was set back
                self._rests_until = now + REST
                return True
            return False

    def answered(self) -> None:
        """It said anything at all: it is there."""
        with self._lock:
            self._silences, self._rests_until = 0, None

    def was_silent(self, now: datetime) -> None:
        """It could not be reached, or gave no answer."""
        with self._lock:
            self._silences += 1
            if self._silences >= SILENCES:
                self._rests_until = now + REST
