"""What is concluded from ten years of days: over a floor that gives the same kinds of figures, and over one year."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import date, timedelta

from journal.domain.alignment import Alignment, align
from journal.domain.associations import sleep_and_mood
from journal.domain.baselines import baseline_of
from journal.domain.benefits import GivenSession, benefits_of
from journal.domain.consents import Scope, Sight
from journal.domain.control_charts import control_chart
from journal.domain.insights import CourseHistory, History, insights_of
from journal.domain.survival import durability_of
from journal.domain.trends import DaySummary
from journal.services.insights import insights_for
from tests.benchmarks.floor_insights import trends
from tests.benchmarks.installations import Installation, empty, folder
from tests.benchmarks.measure import Goal, in_turn, judge, milliseconds, show
from tests.benchmarks.population import Clinic, populate
from tests.builders import the_patient

NAME = "insights"
ABOUT = "what is concluded from 3,650 days, over a bare floor; read and concluded, 10 years over 1"

FLOOR = "floor: crude rules, no resampling"
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
    """Everything over the floor, and each part of it by itself."""
    history, sessions = a_history(days)
    rows = [
        ((day.local_date - FIRST).days, day.mood, day.sleep_hours)
        for day in history.days
        if day.mood is not None and day.sleep_hours is not None
    ]
    _check(history, rows, sessions)
    turns: dict[str, Callable[[], object]] = {
        FLOOR: lambda: trends(rows, sessions),
        EVERYTHING: lambda: insights_of(history),
    }
    taken = in_turn({name: milliseconds(act, times=times) for name, act in turns.items()}, rounds=rounds)
    show(f"{days:,} days, {len(sessions)} sessions", taken, unit="ms")
    judge(OVER_FLOOR, taken, EVERYTHING, over=FLOOR)
    [course] = history.courses
    first = course.first_session
    baseline = baseline_of(history.days, first)
    dates = [one.local_date for one in course.sessions]
    parts: dict[str, Callable[[], object]] = {
        FLOOR: turns[FLOOR],
        "benefit of each session, durability": lambda: durability_of(
            benefits_of(history.days, course.sessions, baseline, until=history.until)
        ),
        "curves, with 2,000 resamples a day": lambda: align(history.days, course.sessions),
        "EWMA chart": lambda: control_chart(history.days, dates, steady_from_session=first),
        "sleep and mood, both ways, robust": lambda: sleep_and_mood(history.days),
    }
    show(
        "each part by itself",
        in_turn({name: milliseconds(act, times=times) for name, act in parts.items()}, rounds=rounds),
        unit="ms",
    )


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


def _check(history: History, rows: list[tuple[int, float, float]], sessions: list[int]) -> None:
    """Both find the same mean of the same number of days around a session."""
    curve, survival, _ = trends(rows, sessions)
    found = insights_of(history).course
    if not isinstance(found.alignment, Alignment) or not isinstance(found.alignment.days, tuple):
        raise TypeError("the sessions gave no curve")
    ours = [(day.offset, round(day.mean, 9), day.n) for day in found.alignment.days if day.n > 1]
    if ours != [(offset, round(mean, 9), n) for offset, mean, _, _, n in curve] or not survival:
        raise AssertionError("floor and program see different days around a session")


def _reader(installation: Installation, clinic: Clinic) -> Callable[[], object]:
    sight = Sight(frozenset(Scope), None)

    def read() -> object:
        with installation.database.look() as db:
            patient = the_patient(db, clinic.patient)
            return insights_for(db, patient, sight, until=date.today())  # noqa: DTZ011 - the histories end yesterday

    if not read().history.days:  # type: ignore[attr-defined]
        raise AssertionError("nothing was read")
    return read
