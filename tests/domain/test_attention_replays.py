"""A rule tried on the past says on each day what it would have said on that day."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from journal.domain.attention import Facts, Kind, Shown, attention_of, shown_lines
from journal.domain.attention_replays import history_on, replay
from journal.domain.benefits import EndReason, Interruption
from journal.domain.insights import History
from journal.domain.long_term_flags import LongTermFlag, Watched
from journal.domain.pauses import Pause
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.trends import DaySummary
from tests.domain.test_attention import FIRST_DAY, LOST, QUIET, course, history, on

FAINTED = SideEffect(
    "s", SideEffectCode.FAINTING, Severity.MILD, on(3), resolved_at=datetime(2026, 1, 6, 9, tzinfo=UTC)
)


def gone_on(effect: SideEffect) -> date | None:
    return None if effect.resolved_at is None else effect.resolved_at.date()


def replayed(
    found: History,
    *effects: SideEffect,
    shown: Shown | None = None,
    first: date = FIRST_DAY,
    reported: Mapping[date, LongTermFlag] | None = None,
) -> dict[Kind, list[date]]:
    def reported_on(day: date) -> list[LongTermFlag]:
        return [flag for said, flag in (reported or {}).items() if said == day]

    return replay(found, effects, shown or Shown(), first=first, resolved_on=gone_on, reported_on=reported_on)


def test_a_silence_is_listed_on_the_days_on_which_it_was_long_enough() -> None:
    quiet = replace(QUIET, until=on(22))
    assert replayed(quiet, shown=Shown(silence_days=10)) == {Kind.SILENCE: [on(20), on(21), on(22)]}


def test_a_loss_is_listed_from_the_day_that_confirms_it() -> None:
    found = replayed(history(LOST, course(15), until=on(32)), shown=Shown(signal=False))
    assert found == {Kind.FADING: [on(32)]}


def test_a_side_effect_is_listed_until_the_day_on_which_it_was_closed() -> None:
    assert replayed(QUIET, FAINTED) == {Kind.WATCHED: [on(3), on(4), on(5)]}


def test_what_was_reported_over_the_weeks_is_listed_on_the_days_on_which_it_was_true() -> None:
    craving = {on(day): LongTermFlag(Watched.CRAVING, (on(2),)) for day in (2, 3)}
    assert replayed(QUIET, reported=craving) == {Kind.WATCHED: [on(2), on(3)]}
    assert replayed(QUIET, reported=craving, shown=Shown(watched=False)) == {}


def test_days_before_the_period_and_before_the_journal_are_not_looked_at() -> None:
    never = history([], until=on(5))
    assert replayed(never, shown=Shown(silence_days=3), first=date(2025, 12, 1)) == {
        Kind.SILENCE: [on(3), on(4), on(5)]
    }
    assert replayed(never, shown=Shown(silence_days=3), first=on(5)) == {Kind.SILENCE: [on(5)]}


def test_each_day_equals_what_the_rules_say_of_a_journal_that_ends_there() -> None:
    """A journal is cut by hand, days and sessions apart, and its last day compared with the replay of the whole."""
    chance = random.Random(7)
    for _ in range(12):
        days = [
            DaySummary(on(number), mood, round(mood), round(mood), 1, 1)
            for number in range(1, 91)
            if chance.random() < 0.8
            for mood in [float(chance.choice([2, 3, 5, 6, 7, 8]))]
        ]
        sessions = sorted(chance.sample(range(10, 90), 3))
        stopped = Interruption(on(chance.randrange(20, 90)), None, EndReason.PAUSED)
        paused = Pause(on(40), on(44))
        whole = history(days, course(*sessions, interruptions=(stopped,)), until=on(90), pauses=(paused,))
        found = replayed(whole, shown=Shown(silence_days=3))
        for number in range(1, 91, 7):
            by_hand = history(
                [day for day in days if day.local_date <= on(number)],
                course(
                    *(one for one in sessions if one <= number),
                    interruptions=(stopped,) if stopped.first <= on(number) else (),
                ),
                until=on(number),
                pauses=(paused,) if number >= 40 else (),
            )
            expected = {
                line.kind for line in shown_lines(attention_of(Facts(by_hand)), Shown(silence_days=3))
            }
            assert {kind for kind, dates in found.items() if on(number) in dates} == expected


def test_what_comes_after_a_day_is_not_known_on_it() -> None:
    whole = history(LOST, course(15), until=on(32), medication_changes=(on(20), on(31)))
    cut = history_on(whole, on(20))
    assert (cut.until, cut.days[-1].local_date) == (on(20), on(20))
    assert cut.medication_changes == (on(20),)
    assert history_on(whole, on(14)).courses[0].sessions == ()
