"""Claiming due reminders: whether it stays quick as people become many, and how far it is ahead of a job for each.

Three questions, each over both kinds of database. A tick: 1,000 that are due of ever more people, by one worker and by
four. The minute: one in ten of all people is due at one moment. The usual way, and the raw driver, beside them.
Sending is no part of it.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median

from journal.jobs.reminders import BATCH
from journal.services.claiming import claim_due_reminders
from journal.storage.database import Database
from tests.benchmarks.crowd import MOMENT, Claimers, Crowd, claimers
from tests.benchmarks.installations import NewUrl, empty, folder, kinds
from tests.benchmarks.measure import Goal, Taken, Turn, in_turn, judge, show
from tests.benchmarks.reminder_floors import BareClaims, OneJobEach

NAME = "reminders"
ABOUT = (
    "claiming 1,000 due of 10,000 to a million people, one in ten of them at once, and over one job for each"
)

DUE = 1_000
CROWDS = (10_000, 100_000, 1_000_000)
ONE_IN = 10
"""Of the largest crowd so many are due in one and the same minute: every tenth."""
TO_FEWEST = {"SQLite": Goal(6, gate=1.5, extreme=1.3), "PostgreSQL": Goal(7, gate=2.5, extreme=1.5)}
TO_JOBS = Goal(8, gate=25, extreme=50, more_is_better=True)
LATENESS_S = Goal(9, gate=10, extreme=4)
JOBS = "usual: one job for each person"
FLOOR = "floor: raw driver, nothing decided"
TOGETHER = {
    "SQLite": "writers take turns on SQLite, so more of them are no faster",
    "PostgreSQL": "each passes over what another has in hand",
}


def run(rounds: int) -> None:
    """Every crowd, on both kinds of database."""
    compare(rounds, crowds=CROWDS)


def compare(rounds: int, *, crowds: tuple[int, ...]) -> None:
    """The same with crowds as wanted, the smallest first."""
    with folder() as place, kinds(place) as databases:
        jobs = OneJobEach(place / "jobs.db", people=DUE)
        jobs.check()
        for kind, new_url in databases.items():
            gathered = {
                f"Tideline, {people:,} people": _gather(place, kind, people, new_url) for people in crowds
            }
            _ticks(kind, gathered, jobs, rounds=rounds)
            _together(kind, gathered, rounds=rounds)
            _minute(kind, gathered[list(gathered)[-1]], rounds=rounds)
            for crowd in gathered.values():
                crowd.database.close()


def _gather(place: Path, kind: str, people: int, new_url: NewUrl) -> Crowd:
    return Crowd(empty(place / f"{kind}{people}", new_url(f"crowd{people}")).database, people)


def _ticks(kind: str, gathered: dict[str, Crowd], jobs: OneJobEach, *, rounds: int) -> None:
    """One worker, in this process."""
    fewest, *_, most = gathered
    bare = BareClaims(gathered[fewest].database, moment=MOMENT)
    turns: dict[str, Turn] = {
        FLOOR: partial(gathered[fewest].claimed_by, bare.claim_all, due=DUE),
        **{
            name: partial(crowd.claimed_by, partial(claim_all, crowd.database), due=DUE)
            for name, crowd in gathered.items()
        },
        JOBS: jobs.tick,
    }
    taken = in_turn(turns, rounds=rounds)
    show(f"claiming {DUE:,} due reminders, {kind}, one worker", taken, unit="milliseconds")
    judge(TO_FEWEST[kind], taken, most, over=fewest)
    a_second = _a_second(taken, DUE)
    show(f"the same, {kind}", a_second, unit="claims a second")
    judge(TO_JOBS, a_second, most, over=JOBS)


def _together(kind: str, gathered: dict[str, Crowd], *, rounds: int) -> None:
    """One and four workers, in processes of their own."""
    with ExitStack() as stack:
        turns: dict[str, Turn] = {}
        for name, crowd in gathered.items():
            for count in (1, 4):
                together = stack.enter_context(claimers(crowd.url, count))
                workers = f"{name}, {count} worker{'s' if count > 1 else ''}"
                turns[workers] = partial(crowd.claimed_by, together.claim_all, due=DUE)
        show(
            f"{DUE:,} due, one and four processes, {kind} ({TOGETHER[kind]})",
            _a_second(in_turn(turns, rounds=rounds), DUE),
            unit="claims a second",
        )


def _minute(kind: str, crowd: Crowd, *, rounds: int) -> None:
    """A tenth of everybody at one moment. A worker's tick, ten seconds at the most, comes on top of this lateness."""
    due = crowd.people // ONE_IN
    with ExitStack() as stack:
        turns: dict[str, Turn] = {}
        for count in (1, 4):
            together = stack.enter_context(claimers(crowd.url, count))
            turns[f"{count} worker{'s' if count > 1 else ''}"] = partial(_lateness, crowd, together, due)
        taken = in_turn(turns, rounds=rounds)
    show(
        f"{due:,} of {crowd.people:,} due at one moment, {kind}; 99 in 100 claimed after",
        taken,
        unit="seconds",
    )
    for name, seconds in taken.figures.items():
        print(f"  {name}: {median(seconds):.2f} s; {LATENESS_S.verdict(median(seconds))}")
    rates = {name: [due * 0.99 / one for one in seconds] for name, seconds in taken.figures.items()}
    show(f"the same, {kind}", Taken(rates), unit="claims a second")


def _lateness(crowd: Crowd, together: Claimers, due: int) -> float:
    crowd.claimed_by(together.claim_all, due=due)
    return together.p99_lateness_s


def _a_second(taken: Taken, due: int) -> Taken:
    return Taken({name: [due / one * 1e3 for one in all_of] for name, all_of in taken.figures.items()})


def claim_all(database: Database) -> int:
    """Claim everything that is due as the worker does, in this process; how many there were."""
    claimed = 0
    while True:
        with database.unit_of_work() as db:
            batch = claim_due_reminders(db, worker="bench", now=MOMENT, limit=BATCH)
        if not batch.taken:
            return claimed
        claimed += len(batch.to_send)


if __name__ == "__main__":
    compare(int(sys.argv[1]), crowds=tuple(int(people) for people in sys.argv[2:]))
