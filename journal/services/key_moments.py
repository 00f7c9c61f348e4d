"""Writing down key moments, by the patient or by a provider to whom sessions are open.

Who may open the page is decided at the edge, through consents. What a provider writes here the patient reads; what the
patient writes is private until they share it. Each side changes and removes its own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain import key_moments as rules
from journal.domain.days import local_day
from journal.domain.errors import CHANGED_MEANWHILE, NotFound, Refused
from journal.domain.key_moments import KeyMoment
from journal.domain.treatments import Source
from journal.services.writers import Writer, people_of, write_down
from journal.storage import key_moments
from journal.storage.audit import Act
from journal.storage.base import new_public_id
from journal.storage.key_moments import KeptMoment
from journal.storage.patients import Patient


def add_moment(
    db: Session, patient: Patient, said: KeyMoment, *, writer: Writer, now: datetime
) -> KeptMoment:
    """Add a moment; its id and source are made here.

    Refuses what ``journal.domain.key_moments.check`` refuses, and ``day_not_shared``.
    """
    kept = KeptMoment(_as_said(said, new_public_id(), writer.source), by_provider_id=writer.provider_id)
    _check(patient, kept.moment, writer=writer, now=now)
    key_moments.add_moment(db, patient.id, kept, now=now)
    write_down(db, patient, Act.MOMENT_ADDED, writer, subject=kept.moment.public_id, now=now)
    return kept


def change_moment(
    db: Session,
    patient: Patient,
    public_id: str,
    said: KeyMoment,
    *,
    seen_version: int,
    writer: Writer,
    now: datetime,
) -> None:
    """Change a moment of the writer's own side.

    NotFound for the other side's; refuses ``changed_meanwhile`` when somebody was faster, and what
    :func:`add_moment` refuses.
    """
    before = own_moment(db, patient, public_id, writer=writer)
    moment = _as_said(said, public_id, before.moment.source)
    _check(patient, moment, writer=writer, now=now)
    if moment == before.moment:
        return
    if not key_moments.change_moment(db, patient.id, moment, seen_version=seen_version):
        raise Refused(CHANGED_MEANWHILE, field="label")
    write_down(db, patient, Act.MOMENT_CHANGED, writer, subject=public_id, now=now)


def remove_moment(db: Session, patient: Patient, public_id: str, *, writer: Writer, now: datetime) -> None:
    """Remove a moment of the writer's own side. NotFound for the other side's."""
    own_moment(db, patient, public_id, writer=writer)
    key_moments.remove_moment(db, patient.id, public_id)
    write_down(db, patient, Act.MOMENT_REMOVED, writer, subject=public_id, now=now)


def own_moment(db: Session, patient: Patient, public_id: str, *, writer: Writer) -> KeptMoment:
    """A moment of the writer's own side, on a day that is open to them; NotFound for everything else."""
    kept = key_moments.moment_of(db, patient.id, public_id)
    if kept is None or not is_own(kept, writer=writer, people=people_of(db, writer)):
        raise NotFound
    return kept


def is_own(kept: KeptMoment, *, writer: Writer, people: Collection[int]) -> bool:
    """Whether the writer's own side wrote it down, on a day that is open to them; ``people`` is that side's."""
    if writer.provider_id is None:
        return kept.moment.source is Source.PATIENT
    return kept.by_provider_id in people and writer.sight.reaches(kept.moment.local_date)


def _as_said(said: KeyMoment, public_id: str, source: Source) -> KeyMoment:
    # A provider's is read by the patient anyway: it has no switch.
    shared = said.shared and source is Source.PATIENT
    return replace(said, public_id=public_id, source=source, shared=shared)


def _check(patient: Patient, moment: KeyMoment, *, writer: Writer, now: datetime) -> None:
    rules.check(moment, today=local_day(now, patient.zone))
    writer.sight.check_reaches(moment.local_date, field="local_date")
