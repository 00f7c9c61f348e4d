"""What to talk about in words: one short line each, with the rows that it opens. No web framework inside.

Every line is a fact with its numbers of days; none says why, and none says better or worse. The lines are
``journal.domain.talking_points``; the words of a note come from the notes that the same reader was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from journal.domain.clinical_limits import WORSE_DAYS
from journal.domain.insight_limits import SHORT_NIGHT
from journal.domain.talking_points import (
    Compared,
    Daytime,
    Duration,
    Held,
    ItemChanges,
    LowDay,
    LowDays,
    Measure,
    OpenFlag,
    Sleep,
    StarredNotes,
    StillOpen,
    TalkingPoint,
)
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.storage.checkins import SharedNote
from journal.web.assessment_words import name_of
from journal.web.charts.durability import held_words
from journal.web.charts.words import amount, figure, span
from journal.web.labels import session_label
from journal.web.long_term_lines import reported_words
from journal.web.treatment_words import severity_words, side_effect_words
from journal.wording import listed, on_the_clock, short_day, whole


@dataclass(frozen=True, slots=True)
class RowTable:
    """The rows behind a line: ``caption`` for whoever listens, headings, and as many cells a row.

    ``is_english``: the first cell of a row is a questionnaire's own words.
    """

    caption: str
    columns: list[str]
    rows: list[list[str]]
    is_english: bool = False


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One line. ``quotes`` are (a note's words, whose and when); ``facts`` are (what, since when)."""

    key: str
    words: str
    tables: list[RowTable]
    quotes: list[tuple[str, str]]
    facts: list[tuple[str, str]]


def talk_lines(points: Iterable[TalkingPoint], *, notes: Sequence[SharedNote], until: date) -> list[TalkLine]:
    """The lines of ``points`` in their order.

    ``notes`` are those that the same reader may read; ``until`` is the last day that was looked at.
    """
    texts = {note.check_in_id: note.text for note in notes}
    return [_line(point, texts, until) for point in points]


def _line(point: TalkingPoint, texts: Mapping[str, str], until: date) -> TalkLine:
    match point:
        case StarredNotes():
            return _starred(point, texts)
        case LowDays():
            return _low_days(point)
        case Held():
            return _held(point, until)
        case ItemChanges():
            return _items(point)
        case Sleep() | Daytime():
            return _compared(point)
        case StillOpen():
            return _still_open(point)
    raise TypeError(point)


def _starred(point: StarredNotes, texts: Mapping[str, str]) -> TalkLine:
    quotes = [
        (texts[note.check_in_id], _("%(day)s · starred and shared", day=short_day(note.local_date)))
        for note in point.notes
        if note.check_in_id in texts
    ]
    words = ngettext("%(num)s starred note", "%(num)s starred notes", len(point.notes))
    return TalkLine(point.key, words, [], quotes, [])


def _low_days(point: LowDays) -> TalkLine:
    if len(point.days) == 1:
        (day,) = point.days
        words = ngettext(
            "Mood was %(mood)s on %(day)s; the median of the %(num)s logged day in the week before was %(usual)s",
            "Mood was %(mood)s on %(day)s; the median of the %(num)s logged days in the week before was %(usual)s",
            day.n,
            mood=amount(day.mood),
            day=short_day(day.local_date),
            usual=amount(day.usual),
        )
    else:
        listed_days = listed(
            [
                _("%(day)s (%(mood)s, median %(usual)s)", day=short_day(day.local_date), **_moods(day))
                for day in point.days
            ]
        )
        words = (
            _("Days at least 2 below the median of the week before: %(days)s", days=listed_days)
            if point.found == len(point.days)
            else _(
                "The %(shown)s deepest of %(all)s days at least 2 below the median of the week before: %(days)s",
                shown=len(point.days),
                all=point.found,
                days=listed_days,
            )
        )
    table = RowTable(
        caption=_("Low days, and the days each is held against"),
        columns=[_("Day"), _("Mood"), _("Median before"), _("Logged days before")],
        rows=[
            [
                short_day(day.local_date),
                amount(day.mood),
                amount(day.usual),
                ", ".join(f"{short_day(one.local_date)}: {amount(one.mood or 0.0)}" for one in day.against),
            ]
            for day in point.days
        ],
    )
    return TalkLine(point.key, words, [table], [], [])


def _moods(day: LowDay) -> dict[str, str]:
    return {"mood": amount(day.mood), "usual": amount(day.usual)}


def _held(point: Held, until: date) -> TalkLine:
    words = _(
        "Benefit of %(session)s: %(held)s; before it: %(earlier)s",
        session=session_label(point.last.label),
        held=_how_long(point.last, until),
        earlier=listed([_duration(one, until) for one in point.earlier]),
    )
    table = RowTable(
        caption=_("How long the benefit of these sessions held"),
        columns=[pgettext("ketamine", "Session"), _("Held"), _("Logged days that count")],
        rows=[
            [
                f"{session_label(one.label)}, {short_day(one.local_date)}",
                _how_long(one, until),
                whole(one.n),
            ]
            for one in (*point.earlier, point.last)
        ],
    )
    return TalkLine(point.key, words, [table], [], [])


def _duration(one: Duration, until: date) -> str:
    """S7 15 d."""
    return f"{session_label(one.label)} {_how_long(one, until)}"


def _how_long(one: Duration, until: date) -> str:
    """15 d; 17+ d, still holding."""
    return ", ".join(filter(None, held_words(one.benefit, until=until)))


def _items(point: ItemChanges) -> TalkLine:
    days = {"now": short_day(point.now.day), "before": short_day(point.before.day)}
    words = ngettext(
        "%(name)s: %(num)s answer changed by 2 or more from %(before)s to %(now)s",
        "%(name)s: %(num)s answers changed by 2 or more from %(before)s to %(now)s",
        len(point.changes),
        name=name_of(point.now.instrument),
        **days,
    )
    known = point.now.known_as()
    table = RowTable(
        caption=_("The answers that changed, 0 to 3"),
        columns=[_("Question"), days["before"], days["now"]],
        rows=[
            [
                f"{one.item}. {known.item(one.item).text}" if known else one.item,
                str(one.before),
                str(one.now),
            ]
            for one in point.changes
        ],
        is_english=True,
    )
    return TalkLine(point.key, words, [table], [], [])


def _compared(point: Sleep | Daytime) -> TalkLine:
    words = ". ".join(_compared_words(one) for one in point.compared)
    # Mean and short nights are of the same nights, which are shown once.
    tables = {table.caption: table for table in map(_days_table, point.compared)}
    return TalkLine(point.key, words, list(tables.values()), [], [])


def _compared_words(one: Compared) -> str:
    counts = {"n": one.n, "n_before": one.n_before}
    if one.measure is Measure.SLEEP_HOURS:
        return _(
            "Sleep %(now)s h on average (%(n)s nights), before %(before)s h (%(n_before)s)",
            now=figure(one.now),
            before=figure(one.before),
            **counts,
        )
    if one.measure is Measure.WAKING_SPREAD:
        return _(
            "Waking times vary by %(now)s min (SD, %(n)s mornings), before by %(before)s min (%(n_before)s)",
            now=whole(round(one.now)),
            before=whole(round(one.before)),
            **counts,
        )
    if one.measure is Measure.SHORT_NIGHTS:
        return _(
            "Under %(hours)s h on %(now)s of %(n)s nights, before on %(before)s of %(n_before)s",
            hours=whole(int(SHORT_NIGHT.value)),
            now=whole(round(one.now)),
            before=whole(round(one.before)),
            **counts,
        )
    if one.measure is Measure.ACTIVITY_MIN:
        return _(
            "Activity %(now)s min a day on average (%(n)s days), before %(before)s min (%(n_before)s)",
            now=whole(round(one.now)),
            before=whole(round(one.before)),
            **counts,
        )
    return _(
        "Time with somebody on %(now)s of %(n)s days, before on %(before)s of %(n_before)s",
        now=whole(round(one.now * one.n)),
        before=whole(round(one.before * one.n_before)),
        **counts,
    )


def _days_table(one: Compared) -> RowTable:
    """The days of both sides, the latest first."""
    rows = [*reversed(one.days), *reversed(one.days_before)]
    heading = {
        Measure.SLEEP_HOURS: _("Sleep, h"),
        Measure.SHORT_NIGHTS: _("Sleep, h"),
        Measure.WAKING_SPREAD: _("Woke at"),
        Measure.ACTIVITY_MIN: _("Active, min"),
        Measure.COMPANY: _("With somebody"),
    }[one.measure]
    return RowTable(
        caption=_(
            "%(what)s, %(now)s and %(before)s",
            what=heading,
            now=_span(one.days),
            before=_span(one.days_before),
        ),
        columns=[_("Day"), heading],
        rows=[[short_day(day), _day_value(one.measure, value)] for day, value in rows],
    )


def _span(days: Sequence[tuple[date, float]]) -> str:
    return span(days[0][0], days[-1][0])


def _day_value(measure: Measure, value: float) -> str:
    if measure is Measure.WAKING_SPREAD:
        return on_the_clock(time(int(value) // 60, int(value) % 60))
    if measure is Measure.COMPANY:
        return pgettext("company", "yes") if value else pgettext("company", "no")
    return whole(round(value)) if measure is Measure.ACTIVITY_MIN else amount(value)


def _still_open(point: StillOpen) -> TalkLine:
    facts = [
        (
            " · ".join(filter(None, [side_effect_words(one.code), severity_words(one.severity)])),
            _("since %(day)s", day=short_day(one.onset)),
        )
        for one in point.effects
    ]
    facts += [(_flag_words(one), ", ".join(short_day(day) for day in one.dates)) for one in point.flags]
    words = _("Still open: %(things)s", things="; ".join(what for what, _since in facts))
    return TalkLine(point.key, words, [], [], facts)


def _flag_words(one: OpenFlag) -> str:
    if one.reported is None:
        return ngettext(
            "an answer that waits for a look", "answers of %(num)s days that wait for a look", len(one.dates)
        )
    return reported_words(one.reported.watched, is_of_mood=WORSE_DAYS in one.reported.limits)
