"""Who wants a look before the others, and why: rules only, each line with what was seen and on which dates.

A line is a prompt to look, never an alert, and gone by itself when it is no longer true. In this order: (1) answers
that nobody has looked at yet; (2) urgent or severe side effects, and what was reported over the weeks; (3) mood that
has drifted below its own steady level; (4) benefit of the last session that began to fade, or was lost, while the
course goes on and mood has not come back; (5) silence.
All of them are Tideline's own decisions, written down in ``docs/insights.md``. How a list of people shows them is
``journal.web.caseloads``'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from journal.domain.baselines import Baseline, baseline_of
from journal.domain.benefits import benefits_of, has_come_back
from journal.domain.clinical_limits import WORSE_DAYS
from journal.domain.control_charts import ControlChart, control_chart
from journal.domain.errors import Refused
from journal.domain.insight_limits import FADE_UNDER, LOSS_UNDER
from journal.domain.insights import CourseHistory, History, own_days, steady_from
from journal.domain.long_term_flags import LongTermFlag, Watched
from journal.domain.pauses import paused_dates
from journal.domain.side_effects import SideEffect, needs_help_now

SILENCE_LEAST, SILENCE_USUAL, SILENCE_MOST = 3, 10, 30
"""Dates without a check-in after which a clinic wants to know (its own choice within these)."""
ASIDE_MOST = timedelta(days=90)
"""So far ahead something can be set aside; longer than that, nobody knows any more why."""
MOOD = "mood"

_DAY = timedelta(days=1)


class Kind(StrEnum):
    """What a line is about, in the order in which people are listed."""

    FLAG = "flag"
    WATCHED = "watched"
    SIGNAL = "signal"
    FADING = "fading"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was seen. ``what`` depends on the kind, as does ``number``.

    flag: ``acute`` or ``open``, and the date on which it was made. watched: the code of a side effect with its severity
    and the date it began, or a ``Watched`` with its dates (worsening of mood as ``worsening:mood``). signal: every date
    of the run of signals that has not ended. fading: ``lost`` or ``faded``, the dates of the session and of the day,
    whose number after it is ``number``. silence: the first silent date and the last, ``number`` of them not paused;
    ``what`` is ``never`` where no check-in is known at all.
    """

    kind: Kind
    what: str
    dates: tuple[date, ...]
    number: int = 0


@dataclass(frozen=True, slots=True)
class OpenFlag:
    """A flag that nobody acknowledged: when it was made, on which date where the patient lives, whether acute."""

    created_at: datetime
    local_date: date
    is_acute: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules ask of, as one reader may see it: what a scope closes is empty, and ``history`` says so."""

    history: History
    flags: Sequence[OpenFlag] = ()
    effects: Sequence[SideEffect] = ()
    reported: Sequence[LongTermFlag] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a clinic wants to be shown. Flags are always shown."""

    watched: bool = True
    signal: bool = True
    fading: bool = True
    silence: bool = True
    silence_days: int = SILENCE_USUAL

    def shows(self, kind: Kind) -> bool:
        """Whether lines of ``kind`` are switched on."""
        return kind is Kind.FLAG or bool(getattr(self, kind.value))

    def says(self, line: Line) -> bool:
        """Whether a line is shown: switched on, and for silence long enough."""
        if line.kind is Kind.SILENCE and line.number < self.silence_days:
            return False
        return self.shows(line.kind)


def attention_of(facts: Facts) -> tuple[Line, ...]:
    """Every line that is true, in order. Silence is among them from its first date: a clinic says how long is long."""
    history = facts.history
    lines = [*_flags(facts.flags), *_effects(facts.effects), *_reported(facts.reported)]
    course = history.courses[-1] if history.courses else None
    if history.shares_scores and history.shares_sessions and course is not None:
        lines += [*_signal(history, course), *_fading(history, course)]
    return (*lines, *_silence(history))


def shown_lines(
    lines: Iterable[Line], shown: Shown, *, aside: Mapping[Kind, date] | None = None
) -> tuple[Line, ...]:
    """Those of ``lines`` that a provider sees: switched on at their clinic, and not set ``aside`` by themselves."""
    waits = (aside or {}).keys() - {Kind.FLAG}
    return tuple(line for line in lines if shown.says(line) and line.kind not in waits)


def check_aside(kind: Kind, until: date, *, today: date) -> None:
    """Refuse what cannot be set aside: flags (``flag_stays``), and a date not ahead or more than 90 days ahead."""
    if kind is Kind.FLAG:
        raise Refused("flag_stays", field="kind")
    if until <= today:
        raise Refused("day_past", field="until")
    if until > today + ASIDE_MOST:
        raise Refused("day_too_far", field="until", most=ASIDE_MOST.days)


def check_shown(shown: Shown) -> None:
    """Refuse a number of silent days outside 3 to 30."""
    if not SILENCE_LEAST <= shown.silence_days <= SILENCE_MOST:
        raise Refused("out_of_range", field="silence_days", low=SILENCE_LEAST, high=SILENCE_MOST)


# The five rules -------------------------------------------------------------------------------------------------------


def _flags(flags: Iterable[OpenFlag]) -> list[Line]:
    ordered = sorted(flags, key=lambda flag: (not flag.is_acute, flag.created_at))
    return [Line(Kind.FLAG, "acute" if flag.is_acute else "open", (flag.local_date,)) for flag in ordered]


def _effects(effects: Iterable[SideEffect]) -> list[Line]:
    found = [one for one in effects if one.deserves_a_look]
    found.sort(key=lambda one: (not needs_help_now(one.code, one.severity), one.onset, one.public_id))
    return [Line(Kind.WATCHED, one.code.value, (one.onset,), int(one.severity or 0)) for one in found]


def _reported(flags: Iterable[LongTermFlag]) -> list[Line]:
    order = list(Watched)
    return [
        Line(Kind.WATCHED, named(flag), flag.dates)
        for flag in sorted(flags, key=lambda flag: order.index(flag.watched))
    ]


def named(flag: LongTermFlag) -> str:
    """What a long-term flag is called in a line: worsening says of what, of mood or of the PHQ-9."""
    is_of_mood = flag.watched is Watched.WORSENING and WORSE_DAYS in flag.limits
    return f"{flag.watched.value}:{MOOD}" if is_of_mood else flag.watched.value


def _signal(history: History, course: CourseHistory) -> list[Line]:
    chart = control_chart(
        own_days(history, course),
        [one.local_date for one in course.sessions],
        steady_from_session=steady_from(course),
        chosen=course.steady,
    )
    if not isinstance(chart, ControlChart) or not chart.is_signalling:
        return []
    run: list[date] = []
    for day in reversed(chart.days):
        if not day.signal:
            break
        run.insert(0, day.local_date)
    return [Line(Kind.SIGNAL, "", tuple(run), len(run))]


def _fading(history: History, course: CourseHistory) -> list[Line]:
    if not course.sessions or not course.begins_in_sight or course.is_over(history.until):
        return []
    last = max(course.sessions, key=lambda one: one.local_date)
    baseline = baseline_of(history.days, course.first_session, window_days=course.baseline_window_days)
    (benefit,) = benefits_of(
        [day for day in own_days(history, course) if day.local_date >= last.local_date],
        [last],
        baseline,
        until=history.until,
        interruptions=course.interruptions,
        medication_changes=history.medication_changes,
    )
    if not isinstance(baseline, Baseline):
        return []
    for what, number, limit in (
        ("lost", benefit.loss_day, LOSS_UNDER),
        ("faded", benefit.began_to_fade_day, FADE_UNDER),
    ):
        if number is not None and not has_come_back(benefit, baseline, since=number, limit=limit):
            return [Line(Kind.FADING, what, (last.local_date, last.local_date + number * _DAY), number)]
    return []


def _silence(history: History) -> list[Line]:
    if not history.shares_scores:
        return []
    never = not history.days
    first = history.first_day if never else history.days[-1].local_date + _DAY
    dates = max(0, (history.until - first).days + 1)
    silent = dates - len(paused_dates(history.pauses, first, history.until))
    if not silent:
        return []
    return [Line(Kind.SILENCE, "never" if never else "", (first, history.until), silent)]
