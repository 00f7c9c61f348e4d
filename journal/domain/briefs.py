"""What to talk about at a visit: fixed rules over what one reader may see, each line with the rows behind it.

Facts alone: nothing here says why, what to do, or what a person felt; no word of a note is read. The lines, their
order and their thresholds are the clinical specification's 6.14; the figures stand in ``insight_limits``, the lines
themselves in ``talking_points``.

Two things that 6.14 leaves open are decided here. The spread of waking times (``regularity``) is said from an hour on,
whatever it was before. Company is the share of the days with an answer on which there
was any.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, time, timedelta
from statistics import fmean, median

from journal.domain.assessment_records import AssessmentRecord
from journal.domain.benefits import Benefit
from journal.domain.insight_limits import (
    DAYTIME_CHANGE,
    EARLIER_SESSIONS_SHOWN,
    ITEM_CHANGE,
    LOW_DAY_AGAINST,
    LOW_DAY_BELOW,
    LOW_DAYS_SHOWN,
    SHORT_NIGHT,
    SHORT_NIGHTS_MORE,
    SLEEP_CHANGE,
    TALK_LINES,
    TALK_NEEDS,
    WAKING_SPREAD,
)
from journal.domain.periods import Choice, ComparedPeriod
from journal.domain.regularity import spread_of
from journal.domain.talking_points import (
    Compared,
    Daytime,
    Duration,
    Held,
    ItemChange,
    ItemChanges,
    Kind,
    LowDay,
    LowDays,
    Measure,
    Seen,
    Sleep,
    StarredNotes,
    StillOpen,
    TalkingPoint,
)
from journal.domain.trends import CLOSE, window

PHQ = ("phq9", "phq8")
"""The same eight questions, and in the first a ninth."""
ABOUT_DYING = "9"
"""A change of this one to 0 is in no line: no zero is ever shown as reassurance."""

_DAY = timedelta(days=1)


def points_of(seen: Seen) -> tuple[TalkingPoint, ...]:
    """Every line that there is, in order; :func:`shown` says which of them are shown."""
    rules: tuple[Callable[[Seen], TalkingPoint | None], ...] = (
        _starred,
        _low_days,
        _held,
        _items,
        _sleep,
        _still_open,
        _daytime,
    )
    return tuple(point for rule in rules if (point := rule(seen)) is not None)


def shown(points: Iterable[TalkingPoint], *, hidden: Collection[str] = ()) -> tuple[TalkingPoint, ...]:
    """The first six that the patient did not hide, which are named by key; a hidden one leaves no gap."""
    kept = [point for point in points if point.key not in hidden]
    return tuple(kept[: int(TALK_LINES.value)])


def _starred(seen: Seen) -> StarredNotes | None:
    first = _first_of_words(seen.period)
    notes = [note for note in seen.notes if first <= note.local_date <= seen.period.last]
    if not notes:
        return None
    notes.sort(key=lambda note: (note.local_date, note.check_in_id), reverse=True)
    return StarredNotes(_key(Kind.STARRED, seen.period), tuple(notes))


def _low_days(seen: Seen) -> LowDays | None:
    against, far = int(LOW_DAY_AGAINST.value), float(LOW_DAY_BELOW.value)
    low = []
    for day in window(seen.days, seen.period.first, seen.period.last):
        week = window(seen.days, day.local_date - against * _DAY, day.local_date - _DAY)
        logged = tuple(one for one in week if one.mood is not None)
        if day.mood is None or len(logged) < TALK_NEEDS.value:
            continue
        usual = float(median(one.mood for one in logged if one.mood is not None))
        if usual - day.mood >= far - CLOSE:
            low.append(LowDay(day.local_date, day.mood, usual, logged))
    if not low:
        return None
    # Of two that are as deep, the later one: it is nearer to the visit.
    low.sort(key=lambda one: (-one.below, -one.local_date.toordinal()))
    return LowDays(_key(Kind.LOW_DAYS, seen.period), tuple(low[: int(LOW_DAYS_SHOWN.value)]), len(low))


def _held(seen: Seen) -> Held | None:
    if not seen.benefits or seen.benefits[-1].response is None:
        return None
    last = _duration(seen.benefits[-1])
    told = [_duration(one) for one in seen.benefits[:-1] if one.response is not None]
    # Sessions of an induction lie too close together to say much: where there is a response to be held against, it is.
    earlier = [one for one in told if one.days is not None] or told
    if not earlier or (last.days is None and earlier[0].days is None):
        return None
    if min(last.n, sum(one.n for one in earlier)) < TALK_NEEDS.value:
        return None
    shown_earlier = tuple(earlier[-int(EARLIER_SESSIONS_SHOWN.value) :])
    return Held(f"{Kind.HELD.value}:{last.local_date.isoformat()}", last, shown_earlier)


def _duration(benefit: Benefit) -> Duration:
    days = benefit.loss_day if benefit.loss_day is not None else benefit.observed_days
    return Duration(
        benefit=benefit,
        label=benefit.treatment.label,
        local_date=benefit.treatment.local_date,
        days=days if benefit.response else None,
        is_lost=bool(benefit.response) and not benefit.censored,
        end=benefit.end_reason,
        n=len(benefit.counted),
    )


def _items(seen: Seen) -> ItemChanges | None:
    answered = sorted(
        (one for one in seen.questionnaires if one.instrument in PHQ and one.completed_at is not None),
        key=lambda one: (one.completed_at, one.public_id),
    )
    if len(answered) < 2:
        return None
    before, now = answered[-2:]
    if not _first_of_words(seen.period) <= now.day <= seen.period.last:
        return None
    changes = [one for one in _item_changes(now, before) if abs(one.now - one.before) >= ITEM_CHANGE.value]
    changes = [one for one in changes if not (one.item == ABOUT_DYING and one.now == 0)]
    if not changes:
        return None
    changes.sort(key=lambda one: (-abs(one.now - one.before), int(one.item)))
    return ItemChanges(f"{Kind.ITEMS.value}:{now.public_id}", now, before, tuple(changes))


def _item_changes(now: AssessmentRecord, before: AssessmentRecord) -> Iterable[ItemChange]:
    known, known_before = now.known_as(), before.known_as()
    if known is None or known_before is None:
        return
    scored = {item.key for item in known.items if not item.is_extra}
    for key in scored & {item.key for item in known_before.items}:
        last, earlier = now.answers.get(key), before.answers.get(key)
        if isinstance(last, int) and isinstance(earlier, int):
            yield ItemChange(key, last, earlier)


def _sleep(seen: Seen) -> Sleep | None:
    nights = [(day.local_date, day.sleep_hours) for day in seen.days]
    waking = [
        (one.local_date, None if one.wake_time is None else _minute(one.wake_time)) for one in seen.details
    ]
    found = []
    hours = _sides(seen, Measure.SLEEP_HOURS, nights, fmean)
    if hours and abs(hours.now - hours.before) * 60 >= float(SLEEP_CHANGE.value) - CLOSE:
        found.append(hours)
    spread = _sides(seen, Measure.WAKING_SPREAD, waking, spread_of)
    if spread and spread.now >= float(WAKING_SPREAD.value) - CLOSE:
        found.append(spread)
    short = _sides(seen, Measure.SHORT_NIGHTS, nights, _short)
    if short and short.now - short.before >= float(SHORT_NIGHTS_MORE.value):
        found.append(short)
    return Sleep(_key(Kind.SLEEP, seen.period), tuple(found)) if found else None


def _still_open(seen: Seen) -> StillOpen | None:
    effects, flags = tuple(seen.effects), tuple(seen.flags)
    return StillOpen(_key(Kind.STILL_OPEN, seen.period), effects, flags) if effects or flags else None


def _daytime(seen: Seen) -> Daytime | None:
    minutes = [(day.local_date, day.activity_min) for day in seen.days]
    company = [(one.local_date, None if one.social is None else int(one.social > 0)) for one in seen.details]
    sides = (
        _sides(seen, Measure.ACTIVITY_MIN, minutes, fmean),
        _sides(seen, Measure.COMPANY, company, fmean),
    )
    found = tuple(one for one in sides if one is not None and _changed(one))
    return Daytime(_key(Kind.DAYTIME, seen.period), found) if found else None


def _changed(one: Compared) -> bool:
    change = abs(one.now - one.before)
    return change > CLOSE and change >= float(DAYTIME_CHANGE.value) / 100 * one.before - CLOSE


def _sides(
    seen: Seen,
    measure: Measure,
    values: Iterable[tuple[date, float | None]],
    figure: Callable[[Sequence[float]], float],
) -> Compared | None:
    """The measure of both periods; None with too few days with a value in either."""
    known = [(day, float(value)) for day, value in values if value is not None]
    period = seen.period
    if period.before_first is None or period.before_last is None:
        return None
    now = tuple(one for one in known if period.first <= one[0] <= period.last)
    before = tuple(one for one in known if period.before_first <= one[0] <= period.before_last)
    if min(len(now), len(before)) < TALK_NEEDS.value:
        return None
    return Compared(
        measure,
        figure([value for _day, value in now]),
        figure([value for _day, value in before]),
        now,
        before,
    )


def _short(hours: Sequence[float]) -> float:
    return float(sum(one < float(SHORT_NIGHT.value) - CLOSE for one in hours))


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _first_of_words(period: ComparedPeriod) -> date:
    """From when on words count: the visit's own day is on both sides of it, and nothing said that evening is lost."""
    return period.first - _DAY if period.choice is Choice.SINCE_VISIT else period.first


def _key(kind: Kind, period: ComparedPeriod) -> str:
    """Where there was no visit the dates move on every day, and the line is still the same one."""
    since = period.first.isoformat() if period.choice is Choice.SINCE_VISIT else "4w"
    return f"{kind.value}:{since}"
