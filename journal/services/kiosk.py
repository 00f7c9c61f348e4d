"""Handing over a tablet: one questionnaire of one patient, opened by a code, ended at the latest after a while.

What is answered there is kept by ``services.assessments``. Who may hand over is decided at the edge, and asked again
here at every use: a consent that ends takes the tablet with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain.access_limits import (
    KIOSK_CODE_DIGITS,
    KIOSK_CODE_LASTS,
    KIOSK_OPEN_FOR,
    KIOSK_PLACE_LETTERS,
    KIOSK_TRIES_MOST,
)
from journal.domain.assessment_choices import BY_HAND, chosen, series
from journal.domain.assessment_records import Via
from journal.domain.assessments import Answers
from journal.domain.consents import Scope
from journal.domain.errors import Refused
from journal.domain.kiosk import Handover, Stage
from journal.services import summaries
from journal.services.assessment_dates import opened_now
from journal.services.assessments import Saved, save_answers
from journal.services.links import code_fingerprint, fingerprint, new_code, new_place, new_token
from journal.services.safety import item_nine_is_read
from journal.storage import accounts, assessments, audit, clinics, consents, kiosk, patients
from journal.storage.audit import Act
from journal.storage.patients import Patient


@dataclass(frozen=True, slots=True)
class Handed:
    """A tablet that waits for its code. ``place`` ends the address at which ``code`` is typed; neither is stored."""

    public_id: str
    place: str
    code: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A browser that was handed over: the secret of its cookie, and the language of the patient's account."""

    token: str
    locale: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A browser that is handed over now, and whose questionnaire it shows."""

    handover: Handover
    patient: Patient
    stage: Stage


def offered(db: Session, patient: Patient, *, now: datetime) -> tuple[str, ...]:
    """The codes of the questionnaires that a tablet can be handed over for: what this patient is asked, by date or by
    hand. Where nobody reads the ninth item, the PHQ-8 is among them and the PHQ-9 is not.
    """
    kept = assessments.choices_of(db, patient.id)
    by_date = series(kept, item_nine_is_read=item_nine_is_read(db, patient.id, now=now))
    asked = [code for one in by_date for code in one.asked]
    return (*asked, *(code for code in sorted(BY_HAND) if chosen(kept, code).is_enabled))


def hand_over(
    db: Session,
    patient: Patient,
    *,
    instrument: str,
    provider_id: int,
    actor_account_id: int,
    now: datetime,
) -> Handed:
    """Make the code that opens ``instrument`` once, on any browser. Every earlier one for this patient is over.

    Refuses ``not_a_choice`` where the questionnaire is not ``offered``.
    """
    place, code = new_place(KIOSK_PLACE_LETTERS), new_code(KIOSK_CODE_DIGITS)
    public_id = _begin(
        db,
        patient,
        instrument=instrument,
        provider_id=provider_id,
        actor_account_id=actor_account_id,
        now=now,
        place_hash=fingerprint(place),
        code_hash=code_fingerprint(code, place),
    )
    return Handed(public_id, place, code)


def hand_over_here(
    db: Session,
    patient: Patient,
    *,
    instrument: str,
    provider_id: int,
    actor_account_id: int,
    now: datetime,
) -> Opened:
    """The same for the browser that asks, without a code. The caller signs its owner out in the same transaction."""
    public_id = _begin(
        db,
        patient,
        instrument=instrument,
        provider_id=provider_id,
        actor_account_id=actor_account_id,
        now=now,
        place_hash=None,
        code_hash=None,
    )
    found = kiosk.handover_of(db, patient_id=patient.id, provider_id=provider_id, public_id=public_id)
    opened = None if found is None else _open(db, found, now=now)
    if opened is None:
        raise RuntimeError("a handing over that was made is not there")
    return opened


def open_by_code(db: Session, place: str, code: str, *, now: datetime) -> Opened | None:
    """Spend a code at its place; None if it is wrong, over, or was used. The fifth wrong one ends it.

    The caller must commit either way: the wrong ones count.
    """
    place = place.upper()
    found = kiosk.try_code(
        db, fingerprint(place), code_fingerprint(code, place), most=KIOSK_TRIES_MOST, now=now
    )
    if found is None or not _may_still(db, found, now=now):
        return None
    return _open(db, found, now=now)


def standing(db: Session, token: str, *, now: datetime) -> Standing | None:
    """What the browser with this secret was handed over for, while that stands."""
    found = kiosk.handover_by_token(db, fingerprint(token))
    if found is None or found.stage(now) is Stage.OVER or not _may_still(db, found, now=now):
        return None
    return Standing(found, db.get_one(Patient, found.patient_id), found.stage(now))


def was_saved(db: Session, token: str) -> bool:
    """Whether the browser with this secret has saved something, however long ago it was closed."""
    found = kiosk.handover_by_token(db, fingerprint(token))
    return found is not None and found.saved_at is not None


def save(db: Session, here: Standing, answers: Answers, *, now: datetime) -> Saved:
    """Add ``answers`` to the patient's questionnaire as ``save_answers`` does: to the one that waits, or to a new one.

    Refuses what ``save_answers`` refuses.
    """
    consents.hold(
        db, here.patient.id
    )  # first, as save_answers does; of two presses at once, the second finds one
    summaries.hold(db, here.patient.id)
    handover = kiosk.handover_by_id(db, here.handover.id) or here.handover
    public_id = handover.assessment
    if public_id is None:
        public_id = opened_now(db, here.patient, handover.instrument, now=now).public_id
    saved = save_answers(
        db,
        here.patient,
        public_id,
        answers,
        shown=handover.instrument,
        actor_account_id=None,
        now=now,
        via=Via.KIOSK,
    )
    kiosk.note_saved(db, handover.id, assessment=public_id, now=now)
    return saved


def end(db: Session, handover: Handover, *, now: datetime) -> None:
    """Close it: its code and its browser open nothing from the next request on. Twice is once."""
    kiosk.end(db, handover.id, now=now)


def _begin(
    db: Session,
    patient: Patient,
    *,
    instrument: str,
    provider_id: int,
    actor_account_id: int,
    now: datetime,
    place_hash: str | None,
    code_hash: str | None,
) -> str:
    if instrument not in offered(db, patient, now=now):
        raise Refused("not_a_choice", field="instrument")
    kiosk.end_all_of(db, patient.id, now=now)
    public_id = kiosk.add_handover(
        db,
        patient_id=patient.id,
        provider_id=provider_id,
        instrument=instrument,
        place_hash=place_hash,
        code_hash=code_hash,
        now=now,
        expires_at=now + KIOSK_CODE_LASTS,
    )
    audit.record(
        db,
        Act.HANDED_OVER,
        now=now,
        actor_account_id=actor_account_id,
        patient_id=patient.id,
        provider_id=provider_id,
        subject=public_id,
    )
    return public_id


def _open(db: Session, handover: Handover, *, now: datetime) -> Opened | None:
    token = new_token()
    if not kiosk.open_for(
        db, handover.id, token_hash=fingerprint(token), now=now, expires_at=now + KIOSK_OPEN_FOR
    ):
        return None
    account = accounts.account_by_id(db, db.get_one(Patient, handover.patient_id).account_id)
    return Opened(token, account.locale if account is not None else "")


def _may_still(db: Session, handover: Handover, *, now: datetime) -> bool:
    """Whether whoever handed it over may still read this patient's questionnaires, and works here."""
    patient = db.get_one(Patient, handover.patient_id)
    found = patients.patient_visible_to(db, handover.provider_id, patient.public_id, now=now)
    return (
        found is not None
        and found[1].opens(Scope.ASSESSMENTS)
        and accounts.is_open(db, clinics.account_of(db, handover.provider_id))
    )
