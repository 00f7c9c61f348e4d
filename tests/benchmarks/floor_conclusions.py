"""The floor of everything that is concluded: the same figures by the same rules, in the least Python that gives them.

Days are bare numbers in lists, of one course without interruptions; nothing is named, kept, worded or withheld. The
draws of the bootstrap and the sums of them are the program's own: they are what makes the figure, and nothing shorter
is known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from operator import mul
from statistics import fmean, median, stdev

from journal.domain.resampling import mean_interval

Row = tuple[int, float, float, int]
"""Day (an ordinal), mood, hours slept, minutes of activity."""
Figures = dict[str, object]


def conclusions(rows: Sequence[Row], sessions: Sequence[int], until: int) -> Figures:
    """All figures, by name. ``sessions`` are ordinals in order."""
    moods = {day: mood for day, mood, _, _ in rows}
    before = [10 - moods[day] for day in range(sessions[0] - 14, sessions[0]) if day in moods]
    burden = float(median(before))
    ends = [*sessions[1:], until + 1]
    held = [
        _held(moods, session, end, burden, followed=end <= until)
        for session, end in zip(sessions, ends, strict=True)
    ]
    durations = [(found[3], found[1] is not None) for found in held if found[3] is not None]
    half = len(durations) // 2
    return {
        "burden": burden,
        "held": held,
        "curve": _survival(durations),
        "halves": (_area(_survival(durations[:half])), _area(_survival(durations[half:]))),
        "aligned": _aligned(moods, sessions, ends),
        "chart": _chart(rows, sessions),
        "sleep": _slope([(day, slept, mood) for day, mood, slept, _ in rows], moods, unit=1.0),
        "nights": _nights(rows, moods),
        "activity": _slope([(day, active, mood) for day, mood, _, active in rows], moods, unit=30.0),
        "variability": _variability(rows),
    }


Held = tuple[int | None, int | None, int | None, int | None, tuple[int | None, int | None] | None]


def _held(moods: dict[int, float], session: int, end: int, burden: float, *, followed: bool) -> Held:
    """Response, loss and fading, the day that enters survival, and the bounds."""
    numbers = [number for number in range(1, end - session) if session + number in moods]
    steps = [*numbers, end - session] if followed else numbers
    last = next((one for one, later in pairwise(steps) if later - one > 6), numbers[-1])
    gains = [
        (number, 100 * (burden - (10 - moods[session + number])) / burden)
        for number in numbers
        if number <= last
    ]
    week = [one for one in gains[:7] if one[0] <= 7]
    responded = next((day for (day, one), (_, later) in pairwise(week) if min(one, later) >= 50 - 1e-9), None)
    if len(week) < 3 or responded is None:
        return (None, None, None, None, None)
    lost, faded = _lost(gains, responded, 25), _lost(gains, responded, 50)
    known = dict(gains)
    answers = []
    for choose in (max, min):
        filled = []
        for number in range(1, last + 1):
            if number in known:
                filled.append((number, known[number]))
            elif near := [known[one] for one in range(number - 3, number + 4) if one in known]:
                filled.append((number, choose(near)))
        answers.append(_lost(filled, responded, 25))
    is_same = all(abs((answer or last) - (lost or last)) <= 3 for answer in answers)
    low, high = sorted(answers, key=lambda answer: (answer is None, answer or last))
    return responded, lost, faded, lost or last, None if is_same else (low, high)


def _lost(gains: Sequence[tuple[int, float]], responded: int, under: float) -> int | None:
    for (day, gain), (next_day, next_gain) in pairwise(gains):
        if day > responded and next_day - day <= 3 and max(gain, next_gain) < under - 1e-9:
            return day
    return None


Steps = list[tuple[int, float, float | None, float | None, float | None]]


def _survival(durations: Sequence[tuple[int, bool]]) -> Steps:
    s, variance = 1.0, 0.0
    table: Steps = []
    for t in sorted({days for days, lost in durations if lost}):
        at_risk = sum(days >= t for days, _ in durations)
        events = sum(days == t and lost for days, lost in durations)
        s *= 1 - events / at_risk
        if at_risk == events:
            return [*table, (t, 0.0, None, None, None)]
        variance += events / (at_risk * (at_risk - events))
        half = 1.96 * math.sqrt(variance) / abs(math.log(s))
        table.append((t, s, s * math.sqrt(variance), s ** math.exp(half), s ** math.exp(-half)))
    return table


def _area(table: Steps) -> float:
    corners = [(0, 1.0), *((t, s) for t, s, *_ in table if t < 28), (28, 0.0)]
    return sum(s * (later - t) for (t, s), (later, _) in pairwise(corners))


def _aligned(moods: dict[int, float], sessions: Sequence[int], ends: Sequence[int]) -> object:
    values: list[list[float]] = [[] for _ in range(36)]
    smooth = []
    for before, session, end in zip([0, *sessions], sessions, ends, strict=False):
        for offset in range(-7, 29):
            if before < (day := session + offset) < end and day in moods:
                values[offset + 7].append(moods[day])
                first = day - 2 if offset < 0 or offset > 2 else max(session + 1, day - 2)
                near = [moods[one] for one in range(first if offset else day, day + 1) if one in moods]
                if len(near) > 1:
                    smooth.append(median(near))
    rows = [
        (
            at - 7,
            len(here),
            fmean(here),
            median(here),
            *(mean_interval(here) if len(here) > 3 else (min(here), max(here))),
        )
        for at, here in enumerate(values)
        if here
    ]
    return rows, smooth


def _chart(rows: Sequence[Row], sessions: Sequence[int]) -> object:
    treated = set(sessions)
    logged = [(day, mood) for day, mood, _, _ in rows if day > sessions[0] + 2 and day not in treated]
    steady = [mood for _, mood in logged[:14]]
    mu, s = fmean(steady), max(stdev(steady), 0.7)
    limit = 2.4 * s * math.sqrt(0.2 / 1.8 * (1 + 0.4 * 0.8) / (1 - 0.4 * 0.8) + 1.4 / (0.6 * 14))
    z, line, averages = mu, mu - limit - 1e-9, []
    for day, mood in logged[14:]:
        z = 0.2 * mood + 0.8 * z
        averages.append((day, z, z < line))
    return mu, limit, averages


Estimate = tuple[float, float, float]


def _slope(rows: Sequence[tuple[int, float, float]], moods: dict[int, float], *, unit: float) -> Estimate:
    pairs = [(day % 7, x / unit, mood, moods[day - 1]) for day, x, mood in rows if day - 1 in moods]
    return _fit(pairs)


def _nights(rows: Sequence[Row], moods: dict[int, float]) -> Estimate:
    slept = {day: hours for day, _, hours, _ in rows}
    return _fit(
        [(day % 7, moods[day - 1], hours, slept[day - 1]) for day, _, hours, _ in rows if day - 1 in moods]
    )


def _fit(rows: Sequence[tuple[int, float, float, float]]) -> Estimate:
    """The slope on x beside the day before and the weekday, and its interval, in closed form."""
    weekdays, *columns = zip(*rows, strict=True)
    x, y, before = (_beyond_weekday(weekdays, column) for column in columns)
    size = sum(map(mul, before, before))
    of_x, of_y = sum(map(mul, x, before)) / size, sum(map(mul, y, before)) / size
    x = [one - of_x * other for one, other in zip(x, before, strict=True)]
    y = [one - of_y * other for one, other in zip(y, before, strict=True)]
    of_x = sum(map(mul, x, x))
    b = sum(map(mul, x, y)) / of_x
    scores = [one * (other - b * one) for one, other in zip(x, y, strict=True)]
    variance = sum(map(mul, scores, scores))
    for apart in (1, 2, 3):
        variance += 2 * (1 - apart / 4) * sum(map(mul, scores[apart:], scores))
    half = 1.96 * math.sqrt(variance) / of_x
    return b, b - half, b + half


def _beyond_weekday(weekdays: Sequence[int], column: Sequence[float]) -> list[float]:
    sums, sizes = [0.0] * 7, [0] * 7
    for weekday, value in zip(weekdays, column, strict=True):
        sums[weekday] += value
        sizes[weekday] += 1
    means = [total / (size or 1) for total, size in zip(sums, sizes, strict=True)]
    return [value - means[weekday] for weekday, value in zip(weekdays, column, strict=True)]


def _variability(rows: Sequence[Row]) -> object:
    steps = [later - mood for (day, mood, *_), (next_day, later, *_) in pairwise(rows) if next_day == day + 1]
    moods = [mood for _, mood, _, _ in rows]
    return math.sqrt(fmean(one * one for one in steps)), stdev(moods), min(moods), max(moods), len(steps)
