"""What to talk about on a brief: what the patient brings along, and the lines that fixed rules find in what was read.

The rules are ``journal.domain.briefs``, the words ``journal.web.talking_points``. No web framework inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from journal.domain.briefs import points_of, shown
from journal.domain.consents import Scope
from journal.domain.days import local_day
from journal.domain.periods import Choice, Landmarks, period
from journal.domain.talking_points import OpenFlag, Seen, StarredNote, StarredNotes, StillOpen, TalkingPoint
from journal.languages import gettext as _
from journal.services.long_term_flags import Reported
from journal.web.brief.rows import BriefRows
from journal.web.charts.words import period_words
from journal.web.talking_points import TalkLine, talk_lines


@dataclass(frozen=True, slots=True)
class Talk:
    """``topics`` are the patient's own words, ``lines`` what the rules found, ``dates`` what they looked at.

    ``hidden`` are the lines that the patient leaves out: for the patient's preview alone, and empty anywhere else.
    ``quoted`` are the check-ins whose notes stand among the lines, ``left_out`` those of notes whose line is left out:
    no page says which.
    """

    topics: tuple[str, ...]
    lines: list[TalkLine]
    hidden: list[TalkLine]
    dates: str
    quoted: frozenset[str]
    left_out: frozenset[str]


def talk_of(rows: BriefRows, reported: Sequence[Reported], *, is_preview: bool = False) -> Talk:
    """The talk of what was read; ``reported`` are the long-term flags that stand on the same page.

    Lines look back to the last visit whatever else the page shows, so that one that was left out stays the same one.
    """
    wanted = period("", Landmarks(rows.today, rows.first_day, last_visit=rows.last_visit))
    points = points_of(
        Seen(
            period=wanted,
            notes=[StarredNote(note.check_in_id, note.local_date) for note in rows.notes if note.starred],
            days=rows.days,
            details=rows.details,
            benefits=rows.insights.course.benefits if rows.sight.opens(Scope.SCORES, Scope.SESSIONS) else (),
            questionnaires=[one for one in rows.scores if one.day <= rows.today],
            effects=[one for one in rows.side_effects if one.is_open and one.onset <= rows.today],
            flags=[*_waiting(rows), *(OpenFlag(one.flag.dates, one.flag) for one in reported)],
        )
    )
    hidden = rows.prepared.hidden
    kept: Sequence[TalkingPoint] = shown(points, hidden=hidden)
    left_out = [point for point in points if point.key in hidden] if is_preview else []
    if is_preview:
        kept, left_out = _without_flags(kept), _without_flags(left_out)
    return Talk(
        topics=tuple(topic.text for topic in rows.prepared.topics),
        lines=talk_lines(kept, notes=rows.notes, until=rows.today),
        hidden=talk_lines(left_out, notes=rows.notes, until=rows.today),
        dates=period_words(wanted, first_day=rows.first_day)
        if wanted.choice is Choice.SINCE_VISIT
        else _("The last four weeks, %(dates)s", dates=period_words(wanted, first_day=rows.first_day)),
        quoted=_noted_in(kept),
        left_out=_noted_in(point for point in points if point.key in hidden),
    )


def _noted_in(points: Iterable[TalkingPoint]) -> frozenset[str]:
    """The check-ins whose notes stand in these lines."""
    return frozenset(
        note.check_in_id for point in points if isinstance(point, StarredNotes) for note in point.notes
    )


def _without_flags(points: Iterable[TalkingPoint]) -> list[TalkingPoint]:
    """What a patient reads of it: what a clinician is asked to look at is a line of theirs alone."""
    own = [replace(point, flags=()) if isinstance(point, StillOpen) else point for point in points]
    return [point for point in own if not isinstance(point, StillOpen) or point.effects]


def _waiting(rows: BriefRows) -> list[OpenFlag]:
    """Answers that wait for a look, by the dates on which they were given; several of one date are one."""
    dates = sorted(
        {
            day
            for seen in rows.flags
            if (day := local_day(seen.flag.created_at, rows.patient.zone)) <= rows.today
        }
    )
    return [OpenFlag(tuple(dates))] if dates else []
