"""How often the dearest tests try: by day, and by night, when ``./dev test --night`` says that there is time.

What they assert is the same; whoever doubts a day's answer sets ``TIDELINE_TEST_NIGHT=1``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

IS_NIGHT = os.environ.get("TIDELINE_TEST_NIGHT") == "1"


@dataclass(frozen=True)
class Tries:
    """How often by day, and how often by night."""

    by_day: int
    by_night: int

    @property
    def now(self) -> int:
        return self.by_night if IS_NIGHT else self.by_day


STEPS_OF_CONSENT = Tries(100, 300)
"""Changes, stops and days that pass, after each of which every reader sees what the model says."""

INTERLEAVINGS = Tries(8, 20)
"""Of workers, people and outages, on SQLite: 40 steps each."""

INTERLEAVINGS_ON_POSTGRESQL = Tries(2, 3)

ORDERS_ON_POSTGRESQL = Tries(24, 120)
"""In which five versions of a check-in arrive; on SQLite they are tried in all 120 at any time."""
