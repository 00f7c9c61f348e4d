"""The percentile bootstrap of a mean: values drawn again and again from themselves, always the same draws.

Efron & Tibshirani 1993, chapter 13. What it is used for, and from how many values on, stands with those who ask.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache
from math import gcd, sqrt
from statistics import fmean, stdev
from struct import pack, unpack

from journal.domain.insight_limits import RESAMPLES, RESAMPLING_SEED, Z_95

_RESAMPLES = int(RESAMPLES.value)
_TAIL = 0.025
_FRACTION = 1 << 20
"""Values are summed as whole multiples of 2⁻²⁰: whole numbers and halves exactly, others to within 5·10⁻⁷."""
_BYTES = 3
_LANE = 4
_MOST = 256
"""So many values of at most 10 fit a lane of four bytes when they are summed, and the place of one fits a byte."""
_SIZES_KEPT = 16
"""For so many sizes the draws are kept for whoever asks next, 60 kilobytes for one of thirty values."""


def mean_interval(values: Sequence[float]) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of the resampled means of two or more values from 0 to 10, in any order.

    Which values are drawn depends on how many there are and on nothing else. Percentiles are interpolated linearly
    between the ordered means. With more than 256 values the interval is the mean ± 1.96 standard errors instead, which
    so many give to within the noise of resampling.
    """
    n = len(values)
    if n > _MOST:
        half = float(Z_95.value) * stdev(values) / sqrt(n)
        return fmean(values) - half, fmean(values) + half
    whole = sorted(round(value * _FRACTION) for value in values)
    # Steps above the least of them are small numbers where moods are whole ones, and small numbers are quick to sum.
    least = whole[0]
    step = gcd(*(value - least for value in whole)) or 1
    steps = sorted(_sums([(value - least) // step for value in whole]))
    low, high = (_percentile(steps, share, least=n * least, step=step) for share in (_TAIL, 1 - _TAIL))
    return low / (n * _FRACTION), high / (n * _FRACTION)


@lru_cache(_SIZES_KEPT)
def _draw(n: int) -> bytes:
    """For each of ``n`` draws the bytes that say which value is drawn, for all resamples side by side."""
    generator = random.Random(int(RESAMPLING_SEED.value))  # noqa: S311 - to be repeatable, no secret
    uneven = bytes(
        range(256 - 256 % n, 256)
    )  # left out, or some values would be drawn more often than others
    drawn = b""
    while len(drawn) < n * _RESAMPLES:
        drawn += generator.randbytes(n * _RESAMPLES).translate(None, uneven)
    return drawn[: n * _RESAMPLES]


def _sums(values: Sequence[int]) -> tuple[int, ...]:
    """The sum of each resample of whole numbers from 0 on, below 2²⁴.

    All are summed at once, side by side in one large integer: one by one they would take a hundred times as long, and a
    page shows 36 of these intervals. As many draws as cannot carry into the byte beside theirs are summed as bytes.
    """
    drawn = _draw(len(values))
    spread = pack("<256I", *(list(values) * 256)[:256])
    tables = [spread[byte::_LANE] for byte in range(_BYTES)]
    together = 255 // max(1, *map(max, tables)) * _RESAMPLES
    total = 0
    for first in range(0, len(drawn), together):
        lanes = bytearray(_LANE * _RESAMPLES)
        for byte, table in enumerate(tables):
            if any(table):
                lanes[byte::_LANE] = _added(drawn[first : first + together].translate(table))
        total += int.from_bytes(lanes, "little")
    return unpack(f"<{_RESAMPLES}I", total.to_bytes(_LANE * _RESAMPLES, "little"))


def _added(columns: bytes) -> bytes:
    if len(columns) == _RESAMPLES:
        return columns
    each = (columns[at : at + _RESAMPLES] for at in range(0, len(columns), _RESAMPLES))
    return sum(int.from_bytes(column, "little") for column in each).to_bytes(_RESAMPLES, "little")


def _percentile(ordered: Sequence[int], share: float, *, least: int, step: int) -> float:
    place = share * (len(ordered) - 1)
    below = int(place)
    low, high = (least + step * steps for steps in ordered[below : below + 2])
    return low + (place - below) * (high - low)
