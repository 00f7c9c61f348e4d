"""Dates on which a patient had their reminders paused: they count neither as days with a check-in nor as days without.

Whether a message goes out is decided from the rule alone, in ``journal.domain.reminder_decisions``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """Reminders were paused from ``first`` to ``last`` (both included). ``last`` may lie ahead."""

    first: date
    last: date


def paused_dates(pauses: Iterable[Pause], first: date, last: date) -> frozenset[date]:
    """The dates from ``first`` to ``last``, both included, that lie in any of the pauses."""
    return frozenset(
        date.fromordinal(on)
        for pause in pauses
        for on in range(max(pause.first, first).toordinal(), min(pause.last, last).toordinal() + 1)
    )


def pause_after(open_pause: Pause | None, *, paused_until: date | None, today: date) -> Pause | None:
    """What becomes of the pause that a person is in, when their rule says ``paused_until`` on the date ``today``.

    ``paused_until`` is the first date on which reminders come again; None, or a date that is not ahead, ends it: the
    date on which they come again is no longer paused. A pause begins on the date on which it is set. None: there is,
    or was, no pause at all.
    """
    last = (paused_until if paused_until is not None and paused_until > today else today) - _DAY
    first = today if open_pause is None else open_pause.first
    return Pause(first=first, last=last) if first <= last else None
