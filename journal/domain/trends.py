"""Series over days: what one day amounts to, where a gap is, how complete a period is, and how two periods
compare.

Everything here works on values and dates; nothing is smoothed and nothing is filled in. Drawing is done in
``journal.web.charts.days``; words for what is found in ``journal.web.charts.words``. What may be concluded about
ketamine sessions (response, loss of benefit) does not live here.

A day is *logged* for its mood when it has a number, and *logged* for completeness when it has any check-in at
all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from operator import attrgetter
from statistics import fmean
from typing import NamedTuple

from journal.domain import insight_limits
from journal.domain.moods import Provenance, Reading, day_mood
from journal.domain.pauses import Pause, paused_dates

DAY = timedelta(days=1)
WEEK_NEEDS = int(insight_limits.WEEK_NEEDS.value)
"""A week is summarised from at least this many of its seven days, otherwise it stays a gap."""
DAILY_UNTIL = 366
"""Ranges of up to this many days show every day; longer ones show weekly means."""
PERIOD_NEEDS = 4
"""Two periods are compared in words only with at least this many days with a value in each."""
TAIL_DAYS = 28
AROUND_DAYS = 7
"""A session is held against so many days on each side of it, wherever the picture of it begins."""
LONGEST_NIGHT_MIN = 16 * 60
CLOSE = 1e-9
"""A value this near to a threshold counts as equal to it."""

_RANK = {Provenance.SAME_DAY: 0, Provenance.NEXT_DAY: 1, Provenance.LATER: 2}


class Item(StrEnum):
    """What a series can be about; each is the name of a :class:`DaySummary` field."""

    MOOD = "mood"
    SLEEP_HOURS = "sleep_hours"
    SLEEP_QUALITY = "sleep_quality"
    ACTIVITY_MIN = "activity_min"
    ANXIETY = "anxiety"
    ENERGY = "energy"
    INTEREST = "interest"


LOWER_IS_BETTER = frozenset({Item.ANXIETY})
NO_DIRECTION = frozenset({Item.SLEEP_HOURS, Item.ACTIVITY_MIN})
"""Longer is not called better: more sleep or more activity can be either."""


class DaySummary(NamedTuple):
    """One local date from all its check-ins.

    ``mood`` is the mean of the day's numbers (0–10) and ``n`` how many there were; ``logged`` counts every
    check-in, also the unsure ones. Every other item is the one in the latest check-in of the day that has it.
    ``provenance`` is the latest of the day's: *later* before *next day* before *same day*.
    """

    local_date: date
    mood: float | None
    mood_min: int | None
    mood_max: int | None
    n: int
    logged: int
    sleep_hours: float | None = None
    sleep_quality: int | None = None
    activity_min: int | None = None
    anxiety: int | None = None
    energy: int | None = None
    interest: int | None = None
    provenance: Provenance = Provenance.SAME_DAY


def days_of(readings: Iterable[Reading]) -> list[DaySummary]:
    """One summary per local date that has a check-in, in date order. The order of ``readings`` does not
    matter."""
    by_day: dict[date, list[Reading]] = defaultdict(list)
    for reading in readings:
        by_day[reading.local_date].append(reading)
    return [_summary(day, by_day[day]) for day in sorted(by_day)]


def window(days: Sequence[DaySummary], first: date, last: date) -> list[DaySummary]:
    """The days from ``first`` to ``last``, both included."""
    return [day for day in days if first <= day.local_date <= last]


def sleep_minutes(
    bed_time: time | None, wake_time: time | None, *, sol_min: int | None = None, waso_min: int | None = None
) -> int | None:
    """Minutes asleep: from bed to waking, less falling asleep (``sol_min``) and lying awake (``waso_min``).

    The consensus sleep diary's arithmetic: time in bed is ``wake_time`` − ``bed_time`` modulo 24 hours, so
    midnight needs no thought. None without both times, and where they cannot be a night: more than 16 hours
    in bed, or more minutes awake than in bed. The night belongs to the date of waking.
    """
    if bed_time is None or wake_time is None:
        return None
    in_bed = (_minute(wake_time) - _minute(bed_time)) % (24 * 60)
    asleep = in_bed - (sol_min or 0) - (waso_min or 0)
    return asleep if in_bed <= LONGEST_NIGHT_MIN and asleep >= 0 else None


def sleep_efficiency(
    bed_time: time | None, wake_time: time | None, *, sol_min: int | None = None, waso_min: int | None = None
) -> float | None:
    """Percent of the time in bed that was slept: 100·TST/TIB. None wherever :func:`sleep_minutes` is, so also for a
    night of which only the hours slept were said."""
    asleep = sleep_minutes(bed_time, wake_time, sol_min=sol_min, waso_min=waso_min)
    in_bed = sleep_minutes(bed_time, wake_time)
    return 100 * asleep / in_bed if asleep is not None and in_bed else None


# Periods ----------------------------------------------------------------------------------------------------


class Range(StrEnum):
    """How far back a person looks at their own trend."""

    FOUR_WEEKS = "4w"
    THREE_MONTHS = "3m"
    YEAR = "1y"
    EVERYTHING = "all"

    def first_date(self, today: date, first_day: date) -> date:
        """The first date shown when ``today`` is the last: 28, 91 or 365 dates, or all from ``first_day`` on.

        *Everything* is never shorter than four weeks, so that a first dot does not fill the page.
        """
        four_weeks_ago = today - timedelta(days=27)
        if self is Range.FOUR_WEEKS:
            return four_weeks_ago
        if self is Range.THREE_MONTHS:
            return today - timedelta(days=90)
        if self is Range.YEAR:
            return today - timedelta(days=364)
        return min(first_day, four_weeks_ago)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Days with any check-in, of the days on which there could have been one. ``share`` is 0–1, None for no
    days. Dates with reminders paused are neither, also where there was a check-in."""

    logged: int
    eligible: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of dates without a check-in. ``days`` are those of them on which reminders were not paused, and the first
    and the last are such."""

    first: date
    last: date
    days: int


def first_day_of(days: Sequence[DaySummary], accepted_on: date, *, visible_from: date | None = None) -> date:
    """The first date that counts: acceptance or the first check-in's day, the earlier; never before
    ``visible_from``."""
    first = min([accepted_on, *(day.local_date for day in days[:1])])
    return first if visible_from is None else max(first, visible_from)


def coverage(
    days: Sequence[DaySummary],
    first_day: date,
    *,
    today: date,
    last: int | None = None,
    pauses: Iterable[Pause] = (),
) -> Coverage:
    """How many of the eligible dates have a check-in: ``first_day`` to ``today``, or their ``last`` 7 or 28
    dates."""
    start = first_day if last is None else max(first_day, today - timedelta(days=last - 1))
    return covered(days, start, today, pauses=pauses)


def covered(days: Sequence[DaySummary], first: date, last: date, *, pauses: Iterable[Pause] = ()) -> Coverage:
    """The coverage of the dates ``first`` to ``last``; none at all when ``last`` lies before ``first``."""
    paused = paused_dates(pauses, first, last)
    eligible = max(0, (last - first).days + 1) - len(paused)
    logged = sum(1 for day in days if first <= day.local_date <= last and day.local_date not in paused)
    return Coverage(logged=logged, eligible=eligible, share=logged / eligible if eligible else None)


def longest_gap(
    days: Sequence[DaySummary], first_day: date, *, today: date, pauses: Iterable[Pause] = ()
) -> Gap | None:
    """The longest run of eligible dates without a check-in, the latest of equals; None where there is
    none.

    A pause does not end a run, it only does not count; a check-in ends it, also one in a pause. ``today`` is not
    over, so it is in no run.
    """
    paused = paused_dates(pauses, first_day, today)
    longest: Gap | None = None
    expected = first_day
    ends = [*(day.local_date for day in days if first_day <= day.local_date <= today), today]
    for end in ends:
        if (end - expected).days >= (1 if longest is None else longest.days):
            missing = sorted(_dates(expected, end - DAY) - paused)
            if missing and (longest is None or len(missing) >= longest.days):
                longest = Gap(first=missing[0], last=missing[-1], days=len(missing))
        expected = end + DAY
    return longest


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with what it was computed from: ``n`` days with a value, ``of`` days that could have had one."""

    value: float | None
    n: int
    of: int


def mean_of(days: Sequence[DaySummary], item: Item, *, of: int | None = None) -> Mean:
    """The mean over days, each day counting once; ``of`` is the number of days looked at (default: ``days``
    given)."""
    values = [value for day in days if (value := getattr(day, item)) is not None]
    return Mean(value=fmean(values) if values else None, n=len(values), of=len(days) if of is None else of)


# Series -----------------------------------------------------------------------------------------------------


class TrendPoint(NamedTuple):
    """A day's value, or a week's mean of its days.

    ``low`` and ``high`` are the day's range (a week's equal its mean), ``n`` the day's numbers or the week's
    days.
    """

    first: date
    last: date
    value: float
    low: float
    high: float
    n: int
    provenance: Provenance = Provenance.SAME_DAY


@dataclass(frozen=True, slots=True)
class Trend:
    """One item from ``first`` to ``last``: a point for each day (or week) with a value, in date order.

    ``blanks`` are the first dates of the eligible days (or weeks) that stay a gap. A day whose only answer
    was "Not sure" has a check-in, so for mood it is neither a point nor a blank.
    """

    item: str
    first: date
    last: date
    weekly: bool
    points: tuple[TrendPoint, ...]
    blanks: tuple[date, ...]


def trend(
    days: Sequence[DaySummary], item: Item, *, first: date, last: date, first_day: date | None = None
) -> Trend:
    """The series of ``item`` over ``first`` to ``last``: daily up to 366 days, weekly means beyond.

    Days before ``first_day`` (default ``first``) are no gaps: nobody asked yet. Neither is ``last`` itself:
    the day is not over.
    """
    shown = window(days, first, last)
    begins = max(first, min([first_day or first, *(day.local_date for day in shown[:1])]))
    if is_weekly(first, last):
        pairs = [(day.local_date, value) for day in shown if (value := getattr(day, item)) is not None]
        return weekly_means(pairs, item, first=begins, last=last)
    points = [point for day in shown if (point := _day_point(day, item)) is not None]
    # For mood a day of "Not sure" is no gap either: the person was there.
    present = {day.local_date for day in shown} if item is Item.MOOD else {point.first for point in points}
    return Trend(
        item=item,
        first=first,
        last=last,
        weekly=False,
        points=tuple(points),
        blanks=tuple(sorted(_dates(begins, last - DAY) - present)),
    )


def is_weekly(first: date, last: date) -> bool:
    """Whether these dates are too many to show one by one."""
    return (last - first).days >= DAILY_UNTIL


def weekly_means(values: Iterable[tuple[date, float]], item: str, *, first: date, last: date) -> Trend:
    """Monday-to-Sunday means of daily values; a week with fewer than four of its days is a blank, not a
    point.

    The first week is the one that holds ``first``, the last the one that holds ``last``; that one is no blank
    while it is still going on.
    """
    by_week: dict[date, list[float]] = defaultdict(list)
    for day, value in values:
        by_week[day - timedelta(days=day.weekday())].append(value)
    points, blanks = [], []
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        week = by_week.get(monday, [])
        if len(week) >= WEEK_NEEDS:
            mean = fmean(week)
            points.append(TrendPoint(monday, monday + 6 * DAY, mean, mean, mean, len(week)))
        elif monday + 6 * DAY < last:
            blanks.append(monday)
        monday += 7 * DAY
    return Trend(item=item, first=first, last=last, weekly=True, points=tuple(points), blanks=tuple(blanks))


def runs(points: Sequence[TrendPoint]) -> list[list[TrendPoint]]:
    """The points cut wherever a day (or week) lies between two of them: a line is drawn within a run, never
    across."""
    cut: list[list[TrendPoint]] = []
    for point in points:
        if cut and cut[-1][-1].last + DAY == point.first:
            cut[-1].append(point)
        else:
            cut.append([point])
    return cut


@dataclass(frozen=True, slots=True)
class ImportedReading:
    """One mood brought in from another app, on that app's own scale (higher is better)."""

    local_date: date
    source: str
    value: float
    scale_min: float
    scale_max: float


@dataclass(frozen=True, slots=True)
class ImportedDay:
    """One date's mean of one source on its own scale. It enters no other figure."""

    local_date: date
    source: str
    value: float
    scale_min: float
    scale_max: float
    n: int


def imported_days(readings: Iterable[ImportedReading]) -> list[ImportedDay]:
    """A mean for each date, source and scale, in that order: never one mean over two sources or two
    scales."""
    groups: dict[tuple[date, str, float, float], list[float]] = defaultdict(list)
    for reading in readings:
        groups[reading.local_date, reading.source, reading.scale_min, reading.scale_max].append(reading.value)
    return [ImportedDay(*key[:2], fmean(groups[key]), *key[2:], len(groups[key])) for key in sorted(groups)]


# Findings ---------------------------------------------------------------------------------------------------


class Finding(StrEnum):
    """What happened to an item between two periods. Never why."""

    ROSE = "rose"
    HELD = "held"
    FELL = "fell"
    SAME = "about_the_same"


@dataclass(frozen=True, slots=True)
class Takeaway:
    """A finding with the numbers behind it.

    ``before`` and ``after`` are means over ``n_before`` and ``n_after`` days, the first ending the day before
    ``split``. With ``around_session`` the split is a session's date, left out of both sides, and ``recent`` the
    mean of the latest seven days where all of them lie beyond those after the session. HELD means that it rose and that
    ``recent`` keeps at least half of the rise; ROSE with a ``recent``, that it does not.
    """

    finding: Finding
    item: Item
    before: float
    after: float
    n_before: int
    n_after: int
    split: date
    around_session: bool = False
    recent: float | None = None
    n_recent: int = 0


def takeaway(
    days: Sequence[DaySummary], item: Item, *, first: date, last: date, treated_on: Iterable[date] = ()
) -> Takeaway | None:
    """What the dates ``first`` to ``last`` say about ``item``, by fixed rules; None with too few days to say
    it.

    For mood, the latest session in them with at least four days with a number among the seven before it and the
    seven after it (each ending where another session begins). The seven before may lie before ``first``: ``days``
    should hold them, or one session would have two "weeks before" in two ranges. Otherwise, and for every other item,
    the first half of the dates against the second, with at least four days with a value in each.
    """
    shown = window(days, first, last)
    if item is Item.MOOD:
        found = _around_session(
            window(days, first - AROUND_DAYS * DAY, last),
            sorted({day for day in treated_on if day <= last}),
            first=first,
            last=last,
        )
        if found is not None:
            return found
    split = first + timedelta(days=((last - first).days + 1) // 2)
    before = mean_of(window(shown, first, split - DAY), item)
    after = mean_of(window(shown, split, last), item)
    if before.value is None or after.value is None or min(before.n, after.n) < PERIOD_NEEDS:
        return None
    return Takeaway(
        finding=compare(item, before.value, after.value),
        item=item,
        before=before.value,
        after=after.value,
        n_before=before.n,
        n_after=after.n,
        split=split,
    )


def compare(item: Item, before: float, after: float) -> Finding:
    """ROSE, FELL or SAME. About the same is a difference of up to 0.5 in mood and 0.3 hours in sleep.

    The other limits are ours: half a step for the worded items, as for mood, and 30 % for minutes of
    activity, the change at which the list of things to talk about names it.
    """
    if item is Item.SLEEP_HOURS:
        limit = 0.3
    elif item is Item.ACTIVITY_MIN:
        limit = 0.3 * before
    else:
        limit = 0.5
    change = after - before
    if abs(change) <= limit + CLOSE:
        return Finding.SAME
    return Finding.ROSE if change > 0 else Finding.FELL


@dataclass(frozen=True, slots=True)
class Change:
    """One item now and in the period before. ``finding`` is None unless both have at least four days with a
    value."""

    item: Item
    now: Mean
    before: Mean
    finding: Finding | None


# The tail a summary row keeps -------------------------------------------------------------------------------

TailRow = list[str | float | None]
"""``[ISO date, mean mood or None, numbers, check-ins]``: plain JSON."""


@dataclass(frozen=True, slots=True)
class TailDay:
    """One date of a tail: its mean mood (0–10) or None, how many numbers, how many check-ins."""

    local_date: date
    mood: float | None
    n: int
    logged: int


def tail_of(days: Sequence[DaySummary]) -> list[TailRow]:
    """The days among the 28 dates that end with the last logged one, as JSON holds them exactly."""
    if not days:
        return []
    earliest = days[-1].local_date - (TAIL_DAYS - 1) * DAY
    return [
        [day.local_date.isoformat(), day.mood, day.n, day.logged]
        for day in days
        if day.local_date >= earliest
    ]


def days_of_tail(tail: Iterable[TailRow], *, today: date, visible_from: date | None = None) -> list[TailDay]:
    """The tail's days among the 28 dates that end ``today``, none before ``visible_from``."""
    earliest = today - (TAIL_DAYS - 1) * DAY
    if visible_from is not None:
        earliest = max(earliest, visible_from)
    days = []
    for iso, mood, n, logged in tail:
        day = date.fromisoformat(str(iso))
        if earliest <= day <= today:
            number = float(mood) if isinstance(mood, int | float) else None
            days.append(TailDay(day, number, int(n or 0), int(logged or 0)))
    return days


# Details ----------------------------------------------------------------------------------------------------


def _summary(day: date, readings: list[Reading]) -> DaySummary:
    if len(readings) == 1:
        return _single(day, readings[0])
    readings = sorted(readings, key=attrgetter("recorded_at"))
    mood = day_mood([reading.mood for reading in readings])
    sleep_min = _latest(readings, "sleep_min")
    return DaySummary(
        local_date=day,
        mood=mood.mean,
        mood_min=mood.low,
        mood_max=mood.high,
        n=mood.numbers,
        logged=mood.logged,
        sleep_hours=None if sleep_min is None else sleep_min / 60,
        sleep_quality=_latest(readings, "sleep_quality"),
        activity_min=_latest(readings, "activity_min"),
        anxiety=_latest(readings, "anxiety"),
        energy=_latest(readings, "energy"),
        interest=_latest(readings, "interest"),
        provenance=max((reading.provenance for reading in readings), key=_RANK.__getitem__),
    )


def _single(day: date, only: Reading) -> DaySummary:
    """Most days have one check-in; ten years of them are summarised on every look at the patient's page."""
    mood = only.mood
    return DaySummary(
        day,
        None if mood is None else float(mood),
        mood,
        mood,
        0 if mood is None else 1,
        1,
        None if only.sleep_min is None else only.sleep_min / 60,
        only.sleep_quality,
        only.activity_min,
        only.anxiety,
        only.energy,
        only.interest,
        only.provenance,
    )


def _latest(readings: Sequence[Reading], name: str) -> int | None:
    for reading in reversed(readings):
        value: int | None = getattr(reading, name)
        if value is not None:
            return value
    return None


def _day_point(day: DaySummary, item: Item) -> TrendPoint | None:
    value = getattr(day, item)
    if value is None:
        return None
    low, high, n = value, value, 1
    if item is Item.MOOD and day.mood_min is not None and day.mood_max is not None:
        low, high, n = day.mood_min, day.mood_max, day.n
    return TrendPoint(day.local_date, day.local_date, value, low, high, n, day.provenance)


def _around_session(
    shown: Sequence[DaySummary], treated_on: Sequence[date], *, first: date, last: date
) -> Takeaway | None:
    for index in range(len(treated_on) - 1, -1, -1):
        treated = treated_on[index]
        if treated < first:
            return None
        earlier = treated_on[index - 1] + DAY if index else treated - 7 * DAY
        later = treated_on[index + 1] - DAY if index + 1 < len(treated_on) else last
        before = mean_of(window(shown, max(earlier, treated - 7 * DAY), treated - DAY), Item.MOOD)
        ends = min(later, treated + 7 * DAY)
        after = mean_of(window(shown, treated + DAY, ends), Item.MOOD)
        if before.value is None or after.value is None or min(before.n, after.n) < PERIOD_NEEDS:
            continue
        finding = compare(Item.MOOD, before.value, after.value)
        recent = mean_of(window(shown, last - 6 * DAY, last), Item.MOOD)
        if later != last or ends >= last - 6 * DAY or recent.n < PERIOD_NEEDS:
            recent = Mean(value=None, n=0, of=0)
        if finding is Finding.ROSE and recent.value is not None:
            kept = recent.value - before.value + CLOSE >= (after.value - before.value) / 2
            finding = Finding.HELD if kept else finding
        return Takeaway(
            finding=finding,
            item=Item.MOOD,
            before=before.value,
            after=after.value,
            n_before=before.n,
            n_after=after.n,
            split=treated,
            around_session=True,
            recent=recent.value,
            n_recent=recent.n,
        )
    return None


def _dates(first: date, last: date) -> set[date]:
    return set(map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1)))


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
