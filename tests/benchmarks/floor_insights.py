"""The floor of the trend maths: the five figures of a clinic's usual spreadsheet, in the least Python that gives them.

A daily average that forgets, the mean curve around sessions with 1.96 standard errors, Kaplan–Meier of a crude loss of
benefit, and the slope of mood on the night's sleep. No baseline, no censoring but the next session, no rule of the
specification, no resampling, no robust error.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Row = tuple[int, float, float]
"""Day, mood, sleep."""

ALPHA = 2 / (7 + 1)
BEFORE, AFTER = 7, 28

Curve = list[tuple[int, float, float, float, int]]


def trends(rows: Sequence[Row], sessions: Sequence[int]) -> tuple[Curve, list[tuple[int, float]], float]:
    """The curve (offset, mean, low, high, n), the steps of survival, and the slope."""
    moods: dict[int, float] = {}
    smooth: dict[int, float] = {}
    average = rows[0][1]
    n = 0
    sum_x = sum_y = sum_xx = sum_xy = 0.0
    for day, mood, sleep in rows:
        average += ALPHA * (mood - average)
        smooth[day], moods[day] = average, mood
        n += 1
        sum_x += sleep
        sum_y += mood
        sum_xx += sleep * sleep
        sum_xy += sleep * mood
    slope = (n * sum_xy - sum_x * sum_y) / (n * sum_xx - sum_x * sum_x)
    return _curve(moods, sessions), _survival(_held(smooth, sessions, rows[-1][0])), slope


def _curve(moods: dict[int, float], sessions: Sequence[int]) -> Curve:
    curve = []
    for offset in range(-BEFORE, AFTER + 1):
        values = [moods[day + offset] for day in sessions if day + offset in moods]
        k = len(values)
        if k > 1:
            mean = sum(values) / k
            sd = math.sqrt(sum((value - mean) ** 2 for value in values) / (k - 1))
            half = 1.96 * sd / math.sqrt(k)
            curve.append((offset, mean, mean - half, mean + half, k))
    return curve


def _held(smooth: dict[int, float], sessions: Sequence[int], last: int) -> list[tuple[int, int]]:
    held = []
    for at, session in enumerate(sessions):
        ends = sessions[at + 1] if at + 1 < len(sessions) else last
        before = [smooth[day] for day in range(session - 3, session) if day in smooth]
        line = (sum(before) / len(before) if before else 4) + 1
        found = None
        for day in range(session + 2, ends):
            if day in smooth and smooth[day] <= line:
                found = (day - session, 1)
                break
        held.append(found or (max(1, ends - session), 0))
    return held


def _survival(held: list[tuple[int, int]]) -> list[tuple[int, float]]:
    s, steps = 1.0, []
    held, n, at = sorted(held), len(held), 0
    while at < n:
        t, upto, events = held[at][0], at, 0
        while upto < n and held[upto][0] == t:
            events += held[upto][1]
            upto += 1
        if events:
            s *= 1 - events / (n - at)
            steps.append((t, s))
        at = upto
    return steps
