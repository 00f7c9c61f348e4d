"""The percentile bootstrap of a mean: values drawn again and again from themselves, always the same draws.

Efron & Tibshirani 1993, chapter 13. What it is used for, and from how many values on, stands with those who ask.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev
from struct import unpack

from journal.domain.insight_limits import RESAMPLES, RESAMPLING_SEED, Z_95

_RESAMPLES = int(RESAMPLES.value)
_TAIL = 0.025
_FRACTION = 1 << 20
"""Values are summed as whole multiples of 2⁻²⁰: whole numbers and halves exactly, others to within 5·10⁻⁷."""
_BYTES = 3
_LANE = 4
_MOST = 256
"""So many values of at most 10 fit a lane of four bytes when they are summed, and the place of one fits a byte."""


class Resampling:
    """Intervals of means, for as long as one picture is computed.

    Which values are drawn depends on how many there are and on nothing else: days with equally many share the draws,
    and the interval of one day never depends on the rows of another.
    """

    def __init__(self) -> None:
        self._drawn: dict[int, list[bytes]] = {}

    def mean_interval(self, values: Sequence[float]) -> tuple[float, float]:
        """The 2.5th and 97.5th percentile of the resampled means of two or more values from 0 to 10, in any order.

        Percentiles are interpolated linearly between the ordered means. With more than 256 values the interval is the
        mean ± 1.96 standard errors instead, which so many give to within the noise of resampling.
        """
        n = len(values)
        if n > _MOST:
            half = float(Z_95.value) * stdev(values) / sqrt(n)
            return fmean(values) - half, fmean(values) + half
        if n not in self._drawn:
            self._drawn[n] = _draw(n)
        sums = _sums(sorted(values), self._drawn[n])
        return _percentile(sums, _TAIL) / (n * _FRACTION), _percentile(sums, 1 - _TAIL) / (n * _FRACTION)


def _draw(n: int) -> list[bytes]:
    """For each of ``n`` draws the byte that says which value is drawn, for all resamples side by side."""
    generator = random.Random(int(RESAMPLING_SEED.value))  # noqa: S311 - to be repeatable, no secret
    uneven = bytes(
        range(256 - 256 % n, 256)
    )  # left out, or some values would be drawn more often than others
    drawn = b""
    while len(drawn) < n * _RESAMPLES:
        drawn += generator.randbytes(n * _RESAMPLES).translate(None, uneven)
    return [drawn[i * _RESAMPLES : (i + 1) * _RESAMPLES] for i in range(n)]


def _sums(values: Sequence[float], drawn: Sequence[bytes]) -> list[int]:
    """The sum of each resample in order, in units of ``_FRACTION``.

    All are summed at once, side by side in one large integer: one by one they would take ten times as long, and a page
    shows 36 of these intervals.
    """
    whole = [round(value * _FRACTION) for value in values]
    spread = [whole[place % len(whole)] for place in range(256)]
    tables = [bytes(value >> 8 * byte & 0xFF for value in spread) for byte in range(_BYTES)]
    told = [
        (byte, table) for byte, table in enumerate(tables) if any(table)
    ]  # of whole numbers only the highest
    total = 0
    for column in drawn:
        lanes = bytearray(_LANE * _RESAMPLES)
        for byte, table in told:
            lanes[byte::_LANE] = column.translate(table)
        total += int.from_bytes(lanes, "little")
    return sorted(unpack(f"<{_RESAMPLES}I", total.to_bytes(_LANE * _RESAMPLES, "little")))


def _percentile(ordered: Sequence[int], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = int(place)
    return ordered[below] + (place - below) * (ordered[below + 1] - ordered[below])
