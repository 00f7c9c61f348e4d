"""What is concluded from ten years of days: over two floors, and over one year.

One floor is the script of the goal: five figures by crude rules. The other gives the same figures as the program.
"""

from __future__ import annotations

import math
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from statistics import fmean
from typing import Any, cast

from journal.domain.alignment import align, session_curves
from journal.domain.associations import activity_and_mood, sleep_and_mood
from journal.domain.baselines import baseline_of
from journal.domain.benefits import GivenSession, benefits_of
from journal.domain.consents import Scope, Sight
from journal.domain.control_charts import control_chart, smoothed
from journal.domain.insights import CourseHistory, History, Insights, insights_of
from journal.domain.regression import Estimate, slope_of
from journal.domain.resampling import mean_interval
from journal.domain.survival import Curve, durability_of, kaplan_meier
from journal.domain.trends import DaySummary
from journal.domain.variability import variability
from journal.services.insights import insights_for
from tests.benchmarks.floor_conclusions import Figures, Row, conclusions
from tests.benchmarks.floor_insights import Curve as CrudeCurve
from tests.benchmarks.floor_insights import trends
from tests.benchmarks.installations import Installation, empty, folder
from tests.benchmarks.measure import Goal, Taken, in_turn, judge, milliseconds, show
from tests.benchmarks.population import Clinic, populate
from tests.builders import the_patient

NAME = "insights"
ABOUT = "what is concluded from 3,650 days, over two bare floors; read and concluded, 10 years over 1"

CRUDE = "floor script: five figures, crude rules"
OURS = "Tideline, those five figures"
SAME = "floor of everything: the same figures"
EVERYTHING = "Tideline, everything"
OVER_FLOOR = Goal(11, gate=2, extreme=1.3)
GROWTH = Goal(12, gate=6, extreme=3)
DAYS = 3650
EVERY = 120
"""Days between sessions: so far apart that every curve is whole, and the floor's is the same as ours."""
FIRST = date(2016, 1, 1)


def run(rounds: int) -> None:
    """Days in memory first, then from SQLite."""
    over_floor(rounds=rounds, times=3)
    with folder() as place:
        year = empty(place / "1", f"sqlite:///{place / '1.db'}")
        decade = empty(place / "10", f"sqlite:///{place / '10.db'}")
        growth(year, decade, rounds=rounds, times=3)
        year.database.close()
        decade.database.close()


def over_floor(*, rounds: int, times: int, days: int = DAYS) -> None:
    """The five figures of the floor script over it, everything over the same figures, and over the script."""
    history, sessions = a_history(days)
    crude_rows = [
        ((day.local_date - FIRST).days, day.mood, day.sleep_hours)
        for day in history.days
        if day.mood is not None and day.sleep_hours is not None
    ]
    rows, ordinals = as_rows(history, sessions)
    until = history.until.toordinal()
    _check_five(history, *trends(crude_rows, sessions))
    must_conclude_the_same(insights_of(history), conclusions(rows, ordinals, until))
    turns: dict[str, Callable[[], object]] = {
        CRUDE: lambda: trends(crude_rows, sessions),
        OURS: lambda: five_figures(history),
        SAME: lambda: conclusions(rows, ordinals, until),
        EVERYTHING: lambda: insights_of(history),
    }
    taken = _computed(turns, rounds=rounds, times=times)
    show(f"{days:,} days, {len(sessions)} sessions, of processor time", taken, unit="ms")
    judge(OVER_FLOOR, taken, OURS, over=CRUDE)
    judge(OVER_FLOOR, taken, EVERYTHING, over=SAME)
    judge(OVER_FLOOR, taken, EVERYTHING, over=CRUDE)
    [course] = history.courses
    first = course.first_session
    baseline = baseline_of(history.days, first)
    dates = [one.local_date for one in course.sessions]
    around = list(_around(history).values())
    parts: dict[str, Callable[[], object]] = {
        CRUDE: turns[CRUDE],
        "benefit of each session, durability": lambda: durability_of(
            benefits_of(history.days, course.sessions, baseline, until=history.until)
        ),
        "curves": lambda: session_curves(history.days, course.sessions),
        "curves, 2,000 resamples of each of 36 days": lambda: align(history.days, course.sessions),
        "those resamples": lambda: [mean_interval(values) for values in around],
        "EWMA chart": lambda: control_chart(history.days, dates, steady_from_session=first),
        "sleep and mood, both ways, robust": lambda: sleep_and_mood(history.days),
        "activity and mood, robust": lambda: activity_and_mood(history.days),
        "variability": lambda: variability(history.days),
    }
    show("each part by itself", _computed(parts, rounds=rounds, times=times), unit="ms")


def as_rows(history: History, sessions: Sequence[int]) -> tuple[list[Row], list[int]]:
    """A history as the floor of everything takes it, and the ordinals of its sessions."""
    rows = [
        (day.local_date.toordinal(), day.mood, day.sleep_hours, day.activity_min)
        for day in history.days
        if day.mood is not None and day.sleep_hours is not None and day.activity_min is not None
    ]
    return rows, [FIRST.toordinal() + day for day in sessions]


def _computed(acts: Mapping[str, Callable[[], object]], *, rounds: int, times: int) -> Taken:
    """By the processor's clock: nothing here waits for anything."""
    return in_turn(
        {name: milliseconds(act, times=times, clock=time.process_time) for name, act in acts.items()},
        rounds=rounds,
    )


Five = tuple[list[float], dict[int, float], Curve, Estimate | None]


def five_figures(history: History) -> Five:
    """The floor script's figures by the program's functions, without what the script has not.

    An average that forgets, the mean curve around sessions, survival of each session's benefit, and a plain slope of
    mood on sleep. How long benefit held still goes by the program's rules: there are no cruder ones.
    """
    [course] = history.courses
    logged = [day for day in history.days if day.mood is not None and day.sleep_hours is not None]
    moods = [day.mood or 0.0 for day in logged]
    baseline = baseline_of(history.days, course.first_session)
    benefits = benefits_of(history.days, course.sessions, baseline, until=history.until)
    return (
        smoothed(moods, start=moods[0]),
        {offset: fmean(values) for offset, values in _around(history).items()},
        kaplan_meier([(one.observed_days, not one.censored) for one in benefits if one.observed_days]),
        slope_of([day.sleep_hours or 0.0 for day in logged], moods, [], lag=0),
    )


def _around(history: History) -> dict[int, list[float]]:
    """The moods of each day around a session, over all sessions."""
    values: dict[int, list[float]] = defaultdict(list)
    for curve in session_curves(history.days, history.courses[0].sessions):
        for offset, mood in curve.raw:
            values[offset].append(mood)
    return values


def growth(
    year: Installation,
    decade: Installation,
    *,
    rounds: int,
    times: int,
    days: tuple[int, int] = (365, 3650),
) -> None:
    """The door that pages use, statements and all, with ten years behind it over one."""
    installations = {"1 year": (year, days[0]), "10 years": (decade, days[1])}
    acts = {
        name: _reader(installation, populate(installation.database, people=2, days=length))
        for name, (installation, length) in installations.items()
    }
    taken = in_turn({name: milliseconds(act, times=times) for name, act in acts.items()}, rounds=rounds)
    show("read and concluded, as a therapist's page asks", taken, unit="ms")
    judge(GROWTH, taken, "10 years", over="1 year")


def a_history(days: int) -> tuple[History, list[int]]:
    """Moods that lift after a session and fade; eight days in a hundred are missing. And the sessions' days."""
    chance = random.Random(2)
    sessions = list(range(30, days - 35, EVERY))
    moods, last = [], -99
    for number in range(days):
        last = number if number in sessions else last
        mood = float(min(10, max(0, round(3 + 5 * math.exp(-(number - last) / 12) + chance.gauss(0, 1)))))
        slept, active = round(chance.gauss(6.8, 1), 1), chance.randrange(6) * 10
        if chance.random() >= 0.08:
            on = FIRST + timedelta(days=number)
            moods.append(DaySummary(on, mood, None, None, 1, 1, slept, None, active))
    given = tuple(
        GivenSession(FIRST + timedelta(days=day), f"S{number}")
        for number, day in enumerate(sessions, start=1)
    )
    course = CourseHistory(given[0].local_date, None, given)
    return History(FIRST + timedelta(days=days - 1), FIRST, moods, (course,), (), ()), sessions


def _check_five(
    history: History, curve: CrudeCurve, survival: Sequence[tuple[int, float]], slope: float
) -> None:
    """Both find the same means around a session and the same slope; of benefit the script's rule is another."""
    _, means, held, found = five_figures(history)
    if found is None or not survival or not held.table:
        raise AssertionError("no slope, or no loss of benefit")
    _must_agree("means", [(offset, mean) for offset, mean, *_ in curve], sorted(means.items()))
    _must_agree("slope", slope, found.b)


def must_conclude_the_same(found: Insights, figures: Figures) -> None:
    """Refuses a floor whose figures are not the program's, each to nine digits."""
    ours = _as_figures(found)
    if ours.keys() != figures.keys():
        raise AssertionError("floor and program have different figures")
    for name, value in ours.items():
        _must_agree(name, figures[name], value)


def _must_agree(name: str, floor: object, ours: object) -> None:
    pairs = list(zip_longest(_numbers(floor), _numbers(ours)))
    if not pairs or any(
        one is None or other is None or not math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
        for one, other in pairs
    ):
        raise AssertionError(f"floor and program differ in {name}")


def _numbers(value: object) -> Iterator[float]:
    """All numbers in it, in order; what is not there is a number of its own."""
    if isinstance(value, list | tuple):
        for one in value:
            yield from _numbers(one)
    elif value is None:
        yield -1e9
    else:
        yield float(value)  # type: ignore[arg-type]


def _as_figures(found: Insights) -> Figures:
    """The program's figures in the floor's shape. Any that is withheld has no such attribute, and fails."""
    course: Any = found.course
    durability, trend, chart = course.durability, course.durability.trend, course.chart
    sleep, activity, ups_and_downs = (
        cast("Any", one) for one in (found.sleep_mood, found.activity_mood, found.variability)
    )
    return {
        "burden": course.baseline.burden,
        "held": [
            (
                one.response_day,
                one.loss_day,
                one.began_to_fade_day,
                one.observed_days,
                one.bounds and (one.bounds.low, one.bounds.high),
            )
            for one in course.benefits
        ],
        "curve": [(step.t, step.s, step.se, step.ci_low, step.ci_high) for step in durability.curve.table],
        "halves": (trend.first, trend.second),
        "aligned": (
            [(day.offset, day.n, day.mean, day.median, day.low, day.high) for day in course.alignment.days],
            [mood for curve in course.alignment.curves for _, mood in curve.smooth],
        ),
        "chart": (
            chart.mu,
            chart.limit,
            [(day.local_date.toordinal(), day.z, day.signal) for day in chart.days],
        ),
        "sleep": (sleep.slope.b, sleep.slope.ci_low, sleep.slope.ci_high),
        "nights": (sleep.reverse.b, sleep.reverse.ci_low, sleep.reverse.ci_high),
        "activity": (activity.slope.b, activity.slope.ci_low, activity.slope.ci_high),
        "variability": (
            ups_and_downs.rmssd,
            ups_and_downs.sd,
            ups_and_downs.low,
            ups_and_downs.high,
            ups_and_downs.pairs,
        ),
    }


def _reader(installation: Installation, clinic: Clinic) -> Callable[[], object]:
    sight = Sight(frozenset(Scope), None)

    def read() -> object:
        with installation.database.look() as db:
            patient = the_patient(db, clinic.patient)
            return insights_for(db, patient, sight, until=date.today())  # noqa: DTZ011 - the histories end yesterday

    if not read().history.days:  # type: ignore[attr-defined]
        raise AssertionError("nothing was read")
    return read
