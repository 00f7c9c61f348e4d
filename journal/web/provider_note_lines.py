"""Providers' notes in lines: whose, when, and when to look again. No web framework inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from journal.domain.days import local_day
from journal.domain.provider_notes import NOTE_LENGTH, ProviderNote
from journal.languages import gettext as _
from journal.languages import pgettext
from journal.services import provider_notes
from journal.storage import clinics
from journal.storage.clinics import Workplace
from journal.storage.patients import Patient
from journal.wording import short_day_and_year

SHOWN = 3
"""Notes on the page before a visit beside those that are due; all of them stand on a page of their own."""


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One note. ``about`` is by whom and when, ``look_again`` what is said of that date; ``is_due``: it has come."""

    public_id: str
    text: str
    about: str
    look_again: str
    is_due: bool
    is_own: bool
    is_shared: bool


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The notes about one patient that a reader may read: those that are due, then all others, the latest first.

    ``today`` is the clinic's date, the first that may be chosen to look again.
    """

    patient_public_id: str
    name: str
    today: date
    due: list[NoteLine]
    others: list[NoteLine]
    most: int = NOTE_LENGTH

    @property
    def on_brief(self) -> list[NoteLine]:
        """What of the others stands on the page before a visit."""
        return self.others[:SHOWN]


def read_follow_up(
    db: Session,
    patient: Patient,
    *,
    provider_id: int,
    now: datetime,
    workplace: Workplace | None = None,
) -> FollowUp:
    """The notes about ``patient`` for ``provider_id``; dates are their workplace's, which may be known already."""
    workplace = workplace or clinics.workplace_of(db, provider_id)
    notes, today = provider_notes.notes_about(
        db, patient, provider_id=provider_id, zone=workplace.zone, now=now
    )
    names = {**workplace.people, provider_id: pgettext("recorded by", "you")}
    lines = [_line(note, names, reader_id=provider_id, today=today, zone=workplace.zone) for note in notes]
    return FollowUp(
        patient_public_id=patient.public_id,
        name=patient.display_name,
        today=today,
        due=[line for line in lines if line.is_due],
        others=[line for line in lines if not line.is_due],
    )


def _line(
    note: ProviderNote, names: Mapping[int, str], *, reader_id: int, today: date, zone: str
) -> NoteLine:
    def when(moment: datetime) -> str:
        return short_day_and_year(local_day(moment, zone))

    about = [
        _(
            "%(day)s · by %(name)s",
            day=when(note.written_at),
            name=names.get(note.author_id, _("a colleague")),
        )
    ]
    if note.changed_at is not None:
        about.append(_("changed %(day)s", day=when(note.changed_at)))
    if note.for_colleagues:
        about.append(_("shared with colleagues"))
    return NoteLine(
        public_id=note.public_id,
        text=note.text,
        about=" · ".join(about),
        look_again=_look_again(note, names, when(note.done_at) if note.done_at else ""),
        is_due=note.is_due(today),
        is_own=note.author_id == reader_id,
        is_shared=note.for_colleagues,
    )


def _look_again(note: ProviderNote, names: Mapping[int, str], done_on: str) -> str:
    if note.look_again_on is None:
        return ""
    day = short_day_and_year(note.look_again_on)
    if note.done_by_id is None:
        return _("Look again on %(day)s", day=day)
    return _(
        "Look again on %(day)s: done %(done)s by %(name)s",
        day=day,
        done=done_on,
        name=names.get(note.done_by_id, _("a colleague")),
    )
