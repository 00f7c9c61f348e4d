"""Two records of one date, the patient's and the clinic's: finding the other one, and putting both together.

Nothing is put together by itself. Whoever asks for it keeps one whole record; what only the patient can have written
goes over into the clinic's.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain.consents import WHOLE, Sight
from journal.domain.errors import NotFound
from journal.domain.treatment_records import BY_PATIENT, TreatmentRecord
from journal.domain.treatments import Source, Status, TreatmentSession
from journal.services import reminders, summaries
from journal.services.treatment_records import NOTHING
from journal.storage import audit, side_effects, treatment_records, treatments
from journal.storage.audit import Act
from journal.storage.patients import Patient

_DISSOCIATION = ("dissociation_peak", "dissociation_resolved_min", "dissociation_lasts")
_REFLECTION = ("experience_valence", "experience_words", "integration_note", "small_step")


def other_record(
    db: Session, patient: Patient, public_id: str, *, sight: Sight = WHOLE
) -> TreatmentSession | None:
    """The record that the other side has of the same date; of several the first. None where there is none."""
    found = treatments.treatments_seen(db, patient.id, sight)
    this = next((one for one in found if one.public_id == public_id), None)
    if this is None or this.status is Status.CANCELLED:
        return None
    others = [
        one
        for one in found
        if one.local_date == this.local_date
        and one.source is not this.source
        and one.status is not Status.CANCELLED
    ]
    return others[-1] if others else None


def put_together(
    db: Session, patient: Patient, own_id: str, *, into: str, actor_account_id: int | None, now: datetime
) -> None:
    """Let the clinic's record ``into`` stand for the patient's ``own_id`` of the same date, which goes.

    The patient's own part, their note and side effects go over; where both have a text, one follows the other, and is
    shared only if both were. Everything else stays as the clinic recorded it. NotFound for any other two.
    """
    own = treatments.treatment_of(db, patient.id, own_id)
    other = other_record(db, patient, own_id)
    if own is None or own.source is not Source.PATIENT or other is None or other.public_id != into:
        raise NotFound
    said = treatment_records.record_of(db, patient.id, own_id) or NOTHING
    before = treatment_records.record_of(db, patient.id, into) or NOTHING
    after = _with_own_part(before, _with_note(said, own.note, shared=own.note_shared))
    treatment_records.write_changes(db, patient.id, into, before=before, after=after)
    side_effects.move_side_effects(db, patient.id, source=Source.PATIENT, from_=own_id, to=into)
    treatments.remove_treatment(db, patient.id, own_id)
    summaries.refresh(db, patient.id)
    reminders.replan(db, patient.account_id, now=now)
    for act, subject in ((Act.TREATMENT_CHANGED, into), (Act.TREATMENT_REMOVED, own_id)):
        audit.record(
            db, act, now=now, actor_account_id=actor_account_id, patient_id=patient.id, subject=subject
        )


def _with_note(record: TreatmentRecord, note: str, *, shared: bool) -> TreatmentRecord:
    """The record with the session's note among what stayed."""
    if not note:
        return record
    return _reflecting(record, replace(NOTHING, integration_note=note, reflection_shared=shared))


def _with_own_part(clinics: TreatmentRecord, own: TreatmentRecord) -> TreatmentRecord:
    taken = {
        name: getattr(own, name)
        for name in BY_PATIENT - {*_DISSOCIATION, *_REFLECTION, "reflection_shared", "intention_shared"}
        if getattr(clinics, name) == getattr(NOTHING, name)
    }
    after = replace(clinics, **taken)
    if all(getattr(clinics, name) == getattr(NOTHING, name) for name in _DISSOCIATION):
        after = replace(after, **{name: getattr(own, name) for name in _DISSOCIATION})
    after = replace(
        after,
        intention=_joined(clinics.intention, own.intention),
        intention_shared=_both_share(
            (clinics.intention_shared, bool(clinics.intention)), (own.intention_shared, bool(own.intention))
        ),
    )
    return _reflecting(after, own)


def _reflecting(first: TreatmentRecord, second: TreatmentRecord) -> TreatmentRecord:
    """``first`` with what ``second`` says about the session afterwards."""
    return replace(
        first,
        experience_valence=second.experience_valence
        if first.experience_valence is None
        else first.experience_valence,
        experience_words=tuple(dict.fromkeys((*first.experience_words, *second.experience_words))),
        integration_note=_joined(first.integration_note, second.integration_note),
        small_step=_joined(first.small_step, second.small_step),
        reflection_shared=_both_share(
            (first.reflection_shared, _reflects(first)), (second.reflection_shared, _reflects(second))
        ),
    )


def _reflects(record: TreatmentRecord) -> bool:
    return any(getattr(record, name) != getattr(NOTHING, name) for name in _REFLECTION)


def _both_share(*parts: tuple[bool, bool]) -> bool:
    """Whether everything that there is was shared; each part says whether it was, and whether it is there at all."""
    there = [shared for shared, is_there in parts if is_there]
    return bool(there) and all(there)


def _joined(first: str, second: str) -> str:
    return "\n\n".join(dict.fromkeys(text for text in (first, second) if text))
