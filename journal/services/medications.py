"""Keeping the list of a patient's medicines, by the patient or by a provider to whom sessions are open.

Who may open the page is decided at the edge, through consents. A list that only its writer could bring up to date would
soon be wrong: either side may say that a medicine ended or goes on in another dose, and it stays written who said so.
What was written down wrongly is mended, or removed, by the side that wrote it alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from journal.domain import medications as rules
from journal.domain.days import local_day
from journal.domain.errors import CHANGED_MEANWHILE, NotFound, Refused
from journal.domain.medications import Medication
from journal.domain.treatments import Source
from journal.services.writers import Writer, people_of, write_down
from journal.storage import medications
from journal.storage.audit import Act
from journal.storage.base import new_public_id
from journal.storage.medications import KeptMedication
from journal.storage.patients import Patient

_DAY = timedelta(days=1)


def add_medicine(
    db: Session, patient: Patient, said: Medication, *, writer: Writer, now: datetime
) -> KeptMedication:
    """Put a medicine on the list; its id and source are made here.

    Refuses what ``journal.domain.medications.check`` refuses, and ``day_not_shared``.
    """
    kept = KeptMedication(
        replace(said, public_id=new_public_id(), source=writer.source),
        by_provider_id=writer.provider_id,
        ended_source=writer.source if said.ended_on else None,
    )
    _check(patient, kept.taken, writer=writer, now=now)
    medications.add_medication(db, patient.id, kept, now=now)
    write_down(db, patient, Act.MEDICINE_ADDED, writer, subject=kept.taken.public_id, now=now)
    return kept


def change_dose(
    db: Session,
    patient: Patient,
    public_id: str,
    *,
    dose: str,
    first_day: date,
    seen_version: int,
    writer: Writer,
    now: datetime,
) -> KeptMedication:
    """Let a medicine go on in another dose from ``first_day`` on: its row ends the day before, and another begins.

    Refuses ``change_not_after_start``, and what :func:`add_medicine` and :func:`stop_medicine` refuse.
    """
    before = taken_now(db, patient, public_id, writer=writer, now=now)
    started = before.taken.started_on
    if started is not None and first_day <= started:
        # Whoever may not see when it began is not told it by a refusal either.
        writer.sight.check_reaches(started, field="started_on")
        raise Refused("change_not_after_start", field="started_on", started=started)
    following = KeptMedication(
        replace(
            before.taken,
            public_id=new_public_id(),
            dose=dose,
            started_on=first_day,
            ended_on=None,
            source=writer.source,
        ),
        by_provider_id=writer.provider_id,
    )
    _check(patient, following.taken, writer=writer, now=now)
    _end(db, patient, before, first_day - _DAY, seen_version=seen_version, writer=writer)
    medications.add_medication(db, patient.id, following, now=now)
    write_down(db, patient, Act.MEDICINE_CHANGED, writer, subject=following.taken.public_id, now=now)
    return following


def stop_medicine(
    db: Session,
    patient: Patient,
    public_id: str,
    *,
    last_day: date,
    seen_version: int,
    writer: Writer,
    now: datetime,
) -> None:
    """Write down the last day with a medicine. Refuses ``changed_meanwhile``, ``last_day_before_first``, and days out
    of reach or not shared."""
    before = taken_now(db, patient, public_id, writer=writer, now=now)
    writer.sight.check_reaches(last_day, field="ended_on")
    rules.check(replace(before.taken, ended_on=last_day), today=local_day(now, patient.zone))
    _end(db, patient, before, last_day, seen_version=seen_version, writer=writer)
    write_down(db, patient, Act.MEDICINE_CHANGED, writer, subject=public_id, now=now)


def mend_medicine(
    db: Session,
    patient: Patient,
    public_id: str,
    said: Medication,
    *,
    seen_version: int,
    writer: Writer,
    now: datetime,
) -> None:
    """Write down rightly what the writer's own side wrote down wrongly. NotFound for the other side's."""
    before = own_medicine(db, patient, public_id, writer=writer)
    after = replace(
        before,
        taken=replace(said, public_id=public_id, source=before.taken.source),
        ended_source=_who_ended(before, said, writer),
    )
    _check(patient, after.taken, writer=writer, now=now)
    if after == before:
        return
    if not medications.change_medication(db, patient.id, after, seen_version=seen_version):
        raise Refused(CHANGED_MEANWHILE, field="name")
    write_down(db, patient, Act.MEDICINE_CHANGED, writer, subject=public_id, now=now)


def remove_medicine(db: Session, patient: Patient, public_id: str, *, writer: Writer, now: datetime) -> None:
    """Remove a medicine that was never taken, written down by the writer's own side. NotFound for the other side's."""
    own_medicine(db, patient, public_id, writer=writer)
    medications.remove_medication(db, patient.id, public_id)
    write_down(db, patient, Act.MEDICINE_REMOVED, writer, subject=public_id, now=now)


def taken_now(
    db: Session, patient: Patient, public_id: str, *, writer: Writer, now: datetime
) -> KeptMedication:
    """A medicine that has not ended, of either side; NotFound for one that has, and for days that are not open."""
    kept = medications.medication_of(db, patient.id, public_id)
    if kept is None or not is_taken(kept, on=local_day(now, patient.zone)):
        raise NotFound
    if kept.taken.ended_on is not None and not writer.sight.reaches(kept.taken.ended_on):
        raise NotFound
    return kept


def own_medicine(db: Session, patient: Patient, public_id: str, *, writer: Writer) -> KeptMedication:
    """A medicine that the writer's own side wrote down, all of it in days that are open to them; else NotFound."""
    kept = medications.medication_of(db, patient.id, public_id)
    if kept is None or not may_mend(kept, writer=writer, people=people_of(db, writer)):
        raise NotFound
    return kept


def may_mend(kept: KeptMedication, *, writer: Writer, people: Collection[int]) -> bool:
    """Whether the writer's own side wrote it down, and all of its days are open to them; ``people`` is that side's."""
    if writer.provider_id is None:
        return kept.taken.source is Source.PATIENT
    if kept.began_earlier or kept.by_provider_id not in people:
        return False
    days = (kept.taken.started_on, kept.taken.ended_on)
    return all(writer.sight.reaches(day) for day in days if day is not None)


def is_taken(kept: KeptMedication, *, on: date) -> bool:
    """Whether it has not ended before ``on``; it may begin later."""
    return kept.taken.ended_on is None or kept.taken.ended_on >= on


def _who_ended(before: KeptMedication, said: Medication, writer: Writer) -> Source | None:
    if said.ended_on is None:
        return None
    return before.ended_source if said.ended_on == before.taken.ended_on else writer.source


def _end(
    db: Session,
    patient: Patient,
    before: KeptMedication,
    last_day: date,
    *,
    seen_version: int,
    writer: Writer,
) -> None:
    ended = replace(before, taken=replace(before.taken, ended_on=last_day), ended_source=writer.source)
    if not medications.change_medication(db, patient.id, ended, seen_version=seen_version):
        raise Refused(CHANGED_MEANWHILE, field="ended_on")


def _check(patient: Patient, taken: Medication, *, writer: Writer, now: datetime) -> None:
    rules.check(taken, today=local_day(now, patient.zone))
    for field, day in (("started_on", taken.started_on), ("ended_on", taken.ended_on)):
        if day is not None:
            writer.sight.check_reaches(day, field=field)
