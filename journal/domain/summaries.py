"""The one row per patient from which a list of patients is drawn: what is in it, and how it follows a new check-in.

It is a function of the patient's check-ins, given sessions and open flags alone, never of the clock; what it means on a
certain day (means over 7 and 28 dates, silence) is worked out from it in ``journal.domain.trends``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from journal.domain.trends import TAIL_DAYS, DaySummary, TailRow, tail_of

OpenFlag = tuple[str, bool]
"""When a flag was made (ISO, UTC), and whether it is acute."""


@dataclass(frozen=True, slots=True)
class Summary:
    """``tail``: the logged days among the 28 dates that end with the last logged one. ``session_dates``: the given
    sessions (ISO dates) that any picture of 28 dates can still need. ``last_check_in_at``: the latest writing about
    ``last_check_in_on``; when an earlier day was written about is nothing that a reader of later days may see.
    ``open_flags``: of each flag that nobody has acknowledged, when it was made and whether it is acute.
    """

    last_check_in_on: date | None = None
    last_check_in_at: datetime | None = None
    tail: tuple[TailRow, ...] = ()
    last_session_on: date | None = None
    session_dates: tuple[str, ...] = ()
    open_flags: tuple[OpenFlag, ...] = ()


def summary_of(
    days: Sequence[DaySummary],
    *,
    last_check_in_at: datetime | None,
    given_on: Sequence[date],
    open_flags: Sequence[tuple[datetime, bool]] = (),
) -> Summary:
    """The summary from nothing. ``days``: at least the logged days of the last 28 dates; ``given_on`` and
    ``open_flags``: in order.
    """
    return _trimmed(
        Summary(
            last_check_in_on=days[-1].local_date if days else None,
            last_check_in_at=last_check_in_at,
            tail=tuple(tail_of(days)),
            last_session_on=given_on[-1] if given_on else None,
            session_dates=tuple(day.isoformat() for day in given_on),
            open_flags=tuple((at.astimezone(UTC).isoformat(), acute) for at, acute in open_flags),
        )
    )


def with_check_in(summary: Summary, *, local_date: date, mood: int | None, recorded_at: datetime) -> Summary:
    """The summary after one more check-in: exactly what :func:`summary_of` gives for all of them.

    A day's numbers are whole and few, so the sum behind its mean is got back without loss.
    """
    earliest = _earliest(max(summary.last_check_in_on or local_date, local_date))
    rows = {str(row[0]): row for row in summary.tail if str(row[0]) >= earliest}
    day = local_date.isoformat()
    if day >= earliest:
        rows[day] = _one_more(rows.get(day, [day, None, 0, 0]), mood)
    last_on, last_at = summary.last_check_in_on, summary.last_check_in_at
    if last_on is None or last_at is None or local_date > last_on:
        last_on, last_at = local_date, recorded_at
    elif local_date == last_on:
        last_at = max(last_at, recorded_at)
    return _trimmed(
        replace(
            summary,
            last_check_in_on=last_on,
            last_check_in_at=last_at,
            tail=tuple(rows[key] for key in sorted(rows)),
        )
    )


def _one_more(row: TailRow, mood: int | None) -> TailRow:
    day, mean, n, logged = row
    numbers, check_ins = int(n or 0), int(logged or 0) + 1
    if mood is None:
        return [day, mean, numbers, check_ins]
    total = round(float(mean or 0) * numbers) + mood
    return [day, total / (numbers + 1), numbers + 1, check_ins]


def _trimmed(summary: Summary) -> Summary:
    # Nobody looks from a day before the last check-in or the last session.
    last = max((day for day in (summary.last_check_in_on, summary.last_session_on) if day), default=None)
    if last is None:
        return summary
    earliest = _earliest(last)
    return replace(summary, session_dates=tuple(day for day in summary.session_dates if day >= earliest))


def _earliest(last: date) -> str:
    return (last - timedelta(days=TAIL_DAYS - 1)).isoformat()
