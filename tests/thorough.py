"""How often the dearest tests try: by day, and by night, when ``./dev test --night`` says that there is time.

What they assert is the same; whoever doubts a day's answer sets ``TIDELINE_TEST_NIGHT=1``.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TypeVar

T = TypeVar("T")

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

ORDERS_ON_SQLITE = Tries(30, 120)
"""In which five versions of a check-in arrive. By day each two of them come in both orders."""

ORDERS_ON_POSTGRESQL = Tries(12, 120)

HISTORIES_OF_PHONES = Tries(14, 40)
"""Of two phones and a broken network, in a real browser: up to 50 steps each."""

ODD_REQUESTS = Tries(40, 120)
"""That are invented for each operation of the contract, beside every edge of it."""

POWER_CUTS = Tries(150, 500)
"""At moments taken at random while check-ins are saved."""

KILLS = Tries(3, 5)
"""Of a server to which four phones write."""


def either_way_round(things: Sequence[T], most: int) -> list[tuple[T, ...]]:
    """``most`` orders of these things, or all there are: each order with its reverse, so each two come both ways."""
    orders = list(permutations(range(len(things))))
    if most < len(orders):
        one_way = [order for order in orders if order[0] < order[-1]]
        orders = [way for one in random.Random(1).sample(one_way, most // 2) for way in (one, one[::-1])]
    return [tuple(things[place] for place in order) for order in orders]
