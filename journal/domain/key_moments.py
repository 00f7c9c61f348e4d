"""A date and a few words on the timeline, by the patient or a provider. It is shared as a note is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from journal.domain.checkins import NOT_TEXT
from journal.domain.errors import Refused, RefusedFields
from journal.domain.treatments import REACHES_AHEAD, REACHES_BACK, Source

LABEL_LENGTH = 120


@dataclass(frozen=True, slots=True)
class KeyMoment:
    """What happened on ``local_date``, in a few words. Private until ``shared``."""

    public_id: str
    local_date: date
    label: str
    shared: bool
    source: Source


def check(moment: KeyMoment, *, today: date) -> None:
    """Refuse, all at once as :class:`RefusedFields`, words that are missing or too long, and a slip in the year."""
    problems = []
    if not moment.label.strip():
        problems.append(Refused("moment_label_missing", field="label"))
    elif len(moment.label) > LABEL_LENGTH:
        problems.append(Refused("text_too_long", field="label", most=LABEL_LENGTH))
    elif NOT_TEXT.search(moment.label):
        problems.append(Refused("text_unreadable", field="label"))
    if not today - REACHES_BACK <= moment.local_date <= today + REACHES_AHEAD:
        problems.append(Refused("day_out_of_reach", field="local_date", year=moment.local_date.year))
    if problems:
        raise RefusedFields(problems)
