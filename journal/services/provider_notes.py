"""Writing notes about a patient: by a provider, for themselves or for the colleagues who see that patient too.

Who may open the page is decided at the edge, through consents; every note is then read through one that lives. A note
is its author's to change and to remove; that somebody looked again, anybody may say who reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from journal.domain import provider_notes as rules
from journal.domain.days import local_day
from journal.domain.errors import CHANGED_MEANWHILE, NotFound, Refused
from journal.domain.provider_notes import ProviderNote
from journal.services.writers import Writer, write_down
from journal.storage import clinics, provider_notes
from journal.storage.audit import Act
from journal.storage.base import new_public_id
from journal.storage.patients import Patient


@dataclass(frozen=True, slots=True)
class Said:
    """What a filled-in form says."""

    text: str
    for_colleagues: bool = False
    look_again_on: date | None = None


def notes_about(
    db: Session, patient: Patient, *, provider_id: int, zone: str, now: datetime
) -> tuple[list[ProviderNote], date]:
    """The notes that a provider may read, those that are due first, and the date it is at their clinic in ``zone``."""
    today = local_day(now, zone)
    found = provider_notes.notes_seen(db, patient.id, provider_id, now=now)
    return rules.in_order(found, today), today


def write_note(
    db: Session,
    patient: Patient,
    said: Said,
    *,
    provider_id: int,
    actor_account_id: int | None,
    now: datetime,
) -> ProviderNote:
    """Add a note at its author's clinic. Refuses what ``journal.domain.provider_notes.checked`` refuses."""
    workplace = clinics.workplace_of(db, provider_id)
    note = ProviderNote(
        public_id=new_public_id(),
        author_id=provider_id,
        text=rules.checked(said.text, said.look_again_on, today=local_day(now, workplace.zone)),
        for_colleagues=said.for_colleagues,
        look_again_on=said.look_again_on,
        written_at=now,
    )
    provider_notes.add_note(db, patient.id, note, clinic_id=workplace.clinic_id)
    by = Writer(actor_account_id, provider_id)
    write_down(db, patient, Act.NOTE_WRITTEN, by, subject=note.public_id, now=now)
    return note


def change_note(
    db: Session,
    patient: Patient,
    public_id: str,
    said: Said,
    *,
    seen_version: int,
    provider_id: int,
    actor_account_id: int | None,
    now: datetime,
) -> None:
    """Change a note of one's own; with another date it is waited for again.

    NotFound for a colleague's; refuses ``changed_meanwhile`` when somebody was faster, and what :func:`write_note`
    refuses.
    """
    before = own_note(db, patient, public_id, provider_id=provider_id, now=now, to_change=True)
    today = local_day(now, clinics.workplace_of(db, provider_id).zone)
    text = rules.checked(said.text, said.look_again_on, today=today, before=before.look_again_on)
    note = replace(before, text=text, for_colleagues=said.for_colleagues, look_again_on=said.look_again_on)
    if note == before:
        return
    if note.look_again_on != before.look_again_on:
        note = replace(note, done_at=None, done_by_id=None)
    note = replace(note, changed_at=now)
    if not provider_notes.change_note(db, patient.id, note, seen_version=seen_version):
        raise Refused(CHANGED_MEANWHILE, field="text")
    by = Writer(actor_account_id, provider_id)
    write_down(db, patient, Act.NOTE_CHANGED, by, subject=note.public_id, now=now)


def set_done(
    db: Session,
    patient: Patient,
    public_id: str,
    *,
    provider_id: int,
    actor_account_id: int | None,
    now: datetime,
) -> None:
    """Say that one looked again; nothing where somebody has, or no date waits. NotFound for what one may not read."""
    note = provider_notes.note_seen(db, patient.id, public_id, provider_id, now=now, to_change=True)
    if note is None:
        raise NotFound
    if note.look_again_on is None or note.done_at is not None:
        return
    done = replace(note, done_at=now, done_by_id=provider_id)
    if provider_notes.change_note(db, patient.id, done, seen_version=note.version):
        by = Writer(actor_account_id, provider_id)
        write_down(db, patient, Act.NOTE_LOOKED_AT, by, subject=done.public_id, now=now)


def remove_note(
    db: Session,
    patient: Patient,
    public_id: str,
    *,
    provider_id: int,
    actor_account_id: int | None,
    now: datetime,
) -> None:
    """Remove a note of one's own. NotFound for a colleague's."""
    note = own_note(db, patient, public_id, provider_id=provider_id, now=now, to_change=True)
    provider_notes.remove_note(db, patient.id, public_id)
    by = Writer(actor_account_id, provider_id)
    write_down(db, patient, Act.NOTE_REMOVED, by, subject=note.public_id, now=now)


def own_note(
    db: Session, patient: Patient, public_id: str, *, provider_id: int, now: datetime, to_change: bool = False
) -> ProviderNote:
    """A note of one's own; NotFound for everybody else's, and without a consent that lives."""
    note = provider_notes.note_seen(db, patient.id, public_id, provider_id, now=now, to_change=to_change)
    if note is None or note.author_id != provider_id:
        raise NotFound
    return note
