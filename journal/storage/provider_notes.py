"""What providers write about the people who share with them: the table, and every question asked of it.

The text is sealed with the key of the patient it is about, so that it ends with that. Every question goes through a
consent that lives, and answers an author about their own notes and a colleague of the same clinic about those that the
author shares. Patients are told nothing of it, and no export asks here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from journal.domain import provider_notes as values
from journal.storage.base import Base, Identified
from journal.storage.clinics import Provider
from journal.storage.consents import Consent
from journal.storage.prepared import Question
from journal.storage.sealing import patient_sealer

_TEXT = "provider_note.text"


class ProviderNote(Identified, Base):
    """One note. ``look_again_on`` is a date of the clinic's calendar; with ``done_at`` it is waited for no more."""

    __tablename__ = "provider_note"
    __table_args__ = (
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL) AND (done_at IS NULL OR look_again_on IS NOT NULL)",
            name="done_by_name",
        ),
        sa.Index(
            "ix_provider_note_look_again",
            "clinic_id",
            "look_again_on",
            sqlite_where=sa.text("look_again_on IS NOT NULL AND done_at IS NULL"),
            postgresql_where=sa.text("look_again_on IS NOT NULL AND done_at IS NULL"),
        ),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id"))
    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id"))
    text: Mapped[bytes]
    for_colleagues: Mapped[bool]
    look_again_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("provider.id"))
    version: Mapped[int] = mapped_column(default=1)
    written_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class LookAgain:
    """What a list of patients says of one of them: the date that waits longest, and how many notes have come due."""

    since: date
    notes: int


def notes_seen(db: Session, patient_id: int, provider_id: int, *, now: datetime) -> list[values.ProviderNote]:
    """The notes about a patient that a provider may read, in no particular order; none without a consent that lives."""
    rows = db.scalars(_readable(provider_id, now=now).where(ProviderNote.patient_id == patient_id))
    return [_as_note(db, row) for row in rows]


def note_seen(
    db: Session, patient_id: int, public_id: str, provider_id: int, *, now: datetime, to_change: bool = False
) -> values.ProviderNote | None:
    """One of them. ``to_change``: who changes it, or ends the consent, at this moment waits."""
    asked = _readable(provider_id, now=now).where(
        ProviderNote.patient_id == patient_id, ProviderNote.public_id == public_id
    )
    if to_change:
        # The consent as a page holds it that is read through it: of two pages that do, neither could take it alone.
        db.scalar(asked.with_for_update(read=True, of=Consent))
        asked = asked.with_for_update(of=ProviderNote)
    row = db.scalar(asked)
    return None if row is None else _as_note(db, row)


def due_notes(db: Session, provider_id: int, *, today: date, now: datetime) -> dict[int, LookAgain]:
    """What wants another look by ``today``, a date of the clinic's calendar, by patient id.

    Dates alone: no text is opened for a list of people.
    """
    asked = {"provider_id": provider_id, "now": now, "today": today}
    return {
        patient_id: LookAgain(since, notes)
        for patient_id, since, notes in _DUE.rows(db, asked)
        if since is not None
    }


def is_any_due(db: Session, account_id: int, *, by: date, now: datetime) -> bool:
    """Whether the provider of an account has a note to look at again by ``by``."""
    provider_id = db.scalar(sa.select(Provider.id).where(Provider.account_id == account_id))
    if provider_id is None:
        return False
    asked = _readable(provider_id, now=now).where(*_waiting(by))
    return bool(db.scalar(sa.select(asked.exists())))


def add_note(db: Session, patient_id: int, note: values.ProviderNote, *, clinic_id: int) -> None:
    """Add a note under its public id, written at its author's clinic."""
    db.execute(
        sa.insert(ProviderNote).values(
            public_id=note.public_id,
            patient_id=patient_id,
            author_id=note.author_id,
            clinic_id=clinic_id,
            version=note.version,
            written_at=note.written_at,
            **_written(db, patient_id, note),
        )
    )


def change_note(db: Session, patient_id: int, note: values.ProviderNote, *, seen_version: int) -> bool:
    """Replace what a note says if it still has the version that its author saw; whether it did."""
    changed = db.execute(
        sa.update(ProviderNote)
        .where(
            ProviderNote.patient_id == patient_id,
            ProviderNote.public_id == note.public_id,
            ProviderNote.version == seen_version,
        )
        .values(version=seen_version + 1, **_written(db, patient_id, note))
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def remove_note(db: Session, patient_id: int, public_id: str) -> None:
    """Remove a note for good."""
    db.execute(
        sa.delete(ProviderNote).where(
            ProviderNote.patient_id == patient_id, ProviderNote.public_id == public_id
        )
    )


def _readable(
    provider_id: int | sa.BindParameter[int], *, now: datetime | sa.BindParameter[datetime]
) -> sa.Select[ProviderNote]:
    reader = aliased(Provider)
    return (
        sa.select(ProviderNote)
        .join(Consent, Consent.patient_id == ProviderNote.patient_id)
        .join(reader, reader.id == Consent.provider_id)
        .where(
            reader.id == provider_id,
            Consent.ended_at.is_(None),
            Consent.granted_at <= now,
            Consent.expires_at > now,
            sa.or_(
                ProviderNote.author_id == reader.id,
                sa.and_(ProviderNote.for_colleagues, ProviderNote.clinic_id == reader.clinic_id),
            ),
        )
        .execution_options(populate_existing=True)
    )


def _waiting(today: date | sa.BindParameter[date]) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        ProviderNote.look_again_on.is_not(None),
        ProviderNote.look_again_on <= today,
        ProviderNote.done_at.is_(None),
    )


def _written(db: Session, patient_id: int, note: values.ProviderNote) -> dict[str, object]:
    return {
        "text": patient_sealer(db, patient_id).seal(note.text, column=_TEXT, row=note.public_id),
        "for_colleagues": note.for_colleagues,
        "look_again_on": note.look_again_on,
        "changed_at": note.changed_at,
        "done_at": note.done_at,
        "done_by_id": note.done_by_id,
    }


def _as_note(db: Session, row: ProviderNote) -> values.ProviderNote:
    return values.ProviderNote(
        public_id=row.public_id,
        author_id=row.author_id,
        text=patient_sealer(db, row.patient_id).open(row.text, column=_TEXT, row=row.public_id),
        for_colleagues=row.for_colleagues,
        look_again_on=row.look_again_on,
        written_at=row.written_at,
        changed_at=row.changed_at,
        done_at=row.done_at,
        done_by_id=row.done_by_id,
        version=row.version,
    )


_DUE = Question(
    _readable(
        sa.bindparam("provider_id", type_=sa.Integer()),
        now=sa.bindparam("now", type_=Consent.granted_at.type),
    )
    .with_only_columns(
        ProviderNote.patient_id, sa.func.min(ProviderNote.look_again_on), sa.func.count(ProviderNote.id)
    )
    .where(*_waiting(sa.bindparam("today", type_=ProviderNote.look_again_on.type)))
    .group_by(ProviderNote.patient_id)
)
"""For a list that is asked for all day long."""
