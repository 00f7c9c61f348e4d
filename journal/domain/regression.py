"""The slope of one variable in an ordinary least-squares model with others, and its autocorrelation-robust error.

By the theorem of Frisch, Waugh and Lovell the slope of x is that of what the other columns leave of y on what they
leave of x, and so is its row of the sandwich. So only one orthogonal basis of the other columns is needed, and columns
that add nothing to those before them drop out by themselves. A column for each weekday leaves of any other what it has
beyond the mean of its weekday: ten years of days are a matter of milliseconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from operator import mul

_NOTHING = 1e-9
"""A column of which the columns before leave a smaller share than this is a combination of them."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A slope and its standard error."""

    b: float
    se: float


def slope_of(
    x: Sequence[float],
    y: Sequence[float],
    others: Sequence[Sequence[float]],
    *,
    lag: int,
    groups: Sequence[int] | None = None,
) -> Estimate | None:
    """The slope of ``x`` in y = x, the ``others`` and a constant for each group of rows; rows in order of time.

    ``groups`` are numbers from 0 on, one for each row; without them all rows share one constant.
    The error is Newey & West's (1987): autocovariances of the scores up to ``lag`` rows apart with Bartlett weights
    1 − l/(lag + 1), without a small-sample factor. None where the others leave nothing of x to tell a slope by.
    """
    means = _Means(groups if groups is not None else [0] * len(x))
    basis: list[list[float]] = []
    for column in others:
        left = _left_of(column, basis, means)
        if left is not None:
            size = sqrt(_dot(left, left))
            basis.append([value / size for value in left])
    left_x = _left_of(x, basis, means)
    if left_x is None:
        return None
    left_y = _without(y, basis, means)
    of_x = _dot(left_x, left_x)
    b = _dot(left_x, left_y) / of_x
    scores = [one * (other - b * one) for one, other in zip(left_x, left_y, strict=True)]
    variance = _dot(scores, scores)
    for apart in range(1, lag + 1):
        variance += 2 * (1 - apart / (lag + 1)) * _dot(scores[apart:], scores[:-apart])
    return Estimate(b=b, se=sqrt(max(variance, 0.0)) / of_x)


class _Means:
    """The constants of all groups at once: what a column has beyond the mean of its group."""

    def __init__(self, groups: Sequence[int]) -> None:
        self._groups = groups
        self._sizes = Counter(groups)

    def taken_from(self, column: Sequence[float]) -> list[float]:
        sums = [0.0] * (max(self._sizes, default=0) + 1)
        for group, value in zip(self._groups, column, strict=True):
            sums[group] += value
        means = [total / max(1, self._sizes[group]) for group, total in enumerate(sums)]
        return [value - means[group] for group, value in zip(self._groups, column, strict=True)]


def _left_of(column: Sequence[float], basis: Sequence[Sequence[float]], means: _Means) -> list[float] | None:
    """What the basis and the means leave of a column; None where that is nothing but rounding."""
    left = _without(column, basis, means)
    return left if _dot(left, left) > _NOTHING**2 * _dot(column, column) else None


def _without(column: Sequence[float], basis: Sequence[Sequence[float]], means: _Means) -> list[float]:
    left = means.taken_from(column)
    for _ in range(2):  # once more takes away what rounding left the first time
        for direction in basis:
            along = _dot(left, direction)
            left = [value - along * one for value, one in zip(left, direction, strict=True)]
    return left


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    total: float = sum(map(mul, one, other))
    return total
