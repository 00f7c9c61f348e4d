"""Driving variants in turn, and saying what came of it as ratios.

Figures of one run say little: a machine that does other work moves them by more than what is measured. So every
variant has its turn in every round, and what counts is the median of the ratios within the rounds.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

Turn = Callable[[], float]
"""One variant's share of a round: does its work and gives its figure."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio that must hold (``gate``) and the one that is aimed at (``extreme``); ``number`` is the goal's own.

    The same for a figure that is no ratio. One of the phone budgets may have no number.
    """

    number: int | None
    gate: float
    extreme: float
    more_is_better: bool = False

    def verdict(self, ratio: float) -> str:
        """The ratio held against both."""
        name = "" if self.number is None else f"goal {self.number}: "
        return f"{name}gate {self._held(self.gate, ratio)}, extreme {self._held(self.extreme, ratio)}"

    def _held(self, asked: float, ratio: float) -> str:
        sign, met = (">=", ratio >= asked) if self.more_is_better else ("<=", ratio <= asked)
        return f"{sign} {asked:g} {'met' if met else 'MISSED'}"


@dataclass(frozen=True, slots=True)
class Taken:
    """The figures of each variant, one a round."""

    figures: dict[str, list[float]]

    def ratio(self, variant: str, over: str) -> list[float]:
        """``variant`` over ``over``, round by round."""
        return [one / other for one, other in zip(self.figures[variant], self.figures[over], strict=True)]


def in_turn(turns: Mapping[str, Turn], *, rounds: int) -> Taken:
    """Give every variant its turn in every round, in changing order, after one round that is not counted."""
    figures: dict[str, list[float]] = {name: [] for name in turns}
    for round_ in range(rounds + 1):
        order = list(turns) if round_ % 2 else list(reversed(turns))
        for name in order:
            gc.collect()
            figure = turns[name]()
            if round_:
                figures[name].append(figure)
    return Taken(figures)


def milliseconds(
    act: Callable[[], object], *, times: int, clock: Callable[[], float] = time.perf_counter
) -> Turn:
    """A turn of ``times`` acts: its figure is the mean time of one, or what else ``clock`` counts in seconds."""

    def turn() -> float:
        began = clock()
        for _ in range(times):
            act()
        return (clock() - began) / times * 1e3

    return turn


def per_second(act: Callable[[], object], *, times: int) -> Turn:
    """A turn of ``times`` acts: its figure is how many there were in a second."""
    turn = milliseconds(act, times=times)
    return lambda: 1e3 / turn()


@contextmanager
def on_core(number: int) -> Iterator[None]:
    """This process on one core (0: the first, -1: the last), so that a load does not run on its server's."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(cores)[number]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def show(title: str, taken: Taken, *, unit: str) -> None:
    """Print a line for each variant; its ratio is to the first one."""
    print(f"\n{title}; {unit}: least / median / most, and the median of the ratios to the first")
    over = next(iter(taken.figures))
    for name, figures in taken.figures.items():
        low, middle, high = (f"{figure:,.2f}" for figure in (min(figures), median(figures), max(figures)))
        print(f"  {name:<44} {low:>10} / {middle:>10} / {high:>10}   x {median(taken.ratio(name, over)):.2f}")


def judge(goal: Goal, taken: Taken, variant: str, *, over: str) -> float:
    """Print and give the median ratio of two variants, held against a goal."""
    ratios = taken.ratio(variant, over)
    print(
        f"  {variant} over {over}: {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f});"
        f" {goal.verdict(median(ratios))}"
    )
    return median(ratios)
