"""What a provider writes for the days after a visit: who may read it, and when it wants to be looked at again.

Such a note is its author's and nobody else's, unless the author shares it with the colleagues of the same clinic whom
the patient lets read too. The patient is not shown it, and it is in no export.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from journal.domain.checkins import NOT_TEXT
from journal.domain.errors import Refused, RefusedFields

NOTE_LENGTH = 4_000
REACHES_AHEAD = timedelta(days=731)
"""A date to look again lies within this of today, as an appointment does."""


@dataclass(frozen=True, slots=True)
class ProviderNote:
    """One note. ``look_again_on`` is a date of the clinic's calendar; ``done_at``: when somebody had looked again.

    ``author_id`` and ``done_by_id`` are providers. ``version`` counts what the author changed.
    """

    public_id: str
    author_id: int
    text: str
    for_colleagues: bool
    look_again_on: date | None
    written_at: datetime
    changed_at: datetime | None = None
    done_at: datetime | None = None
    done_by_id: int | None = None
    version: int = 1

    def is_due(self, today: date) -> bool:
        """Whether it wants a look: its date has come, and nobody has said that they looked."""
        return self.look_again_on is not None and self.look_again_on <= today and self.done_at is None


def checked(text: str, look_again_on: date | None, *, today: date, before: date | None = None) -> str:
    """The text as it is kept, without spaces around it. ``before`` is the date that stood there already.

    Refuses, all at once as :class:`RefusedFields`: ``follow_up_missing``, ``text_too_long``, ``text_unreadable`` on
    ``text``; ``day_past``, ``day_out_of_reach`` on ``look_again_on``. A date that only stays may have passed.
    """
    text = text.replace("\r\n", "\n").strip()
    problems = []
    if not text:
        problems.append(Refused("follow_up_missing", field="text"))
    elif len(text) > NOTE_LENGTH:
        problems.append(Refused("text_too_long", field="text", most=NOTE_LENGTH))
    elif NOT_TEXT.search(text):
        problems.append(Refused("text_unreadable", field="text"))
    if look_again_on is not None and look_again_on != before:
        if look_again_on < today:
            problems.append(Refused("day_past", field="look_again_on"))
        elif look_again_on > today + REACHES_AHEAD:
            problems.append(Refused("day_out_of_reach", field="look_again_on", year=look_again_on.year))
    if problems:
        raise RefusedFields(problems)
    return text


def in_order(notes: Iterable[ProviderNote], today: date) -> list[ProviderNote]:
    """Those that are due first, the one that waits longest on top; then the others, the latest written first."""
    found = list(notes)
    due = sorted(
        (note for note in found if note.is_due(today)),
        key=lambda note: (note.look_again_on or today, note.written_at, note.public_id),
    )
    others = (note for note in found if not note.is_due(today))
    return [*due, *sorted(others, key=lambda note: (note.written_at, note.public_id), reverse=True)]
