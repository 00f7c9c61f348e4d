"""Beginning a journal: everything a new patient needs from the first minute."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain.checkins import CHIP_PRESETS
from journal.domain.days import known_zone, local_day
from journal.domain.errors import Refused
from journal.storage import checkins, patients
from journal.storage.base import new_public_id
from journal.storage.patients import Patient
from journal.storage.sealing import make_patient_key

NAME_LENGTH = 120


def begin_journal(
    db: Session, account_id: int, *, display_name: str, zone: str, now: datetime, region: str = ""
) -> Patient:
    """Make the patient of an account: their row, data key, activity chips and empty caseload row.

    ``zone`` is an IANA name; refuses ``zone_unknown``, ``name_missing`` and ``text_too_long``.
    """
    name = display_name.strip()
    if not name:
        raise Refused("name_missing", field="display_name")
    if len(name) > NAME_LENGTH:
        raise Refused("text_too_long", field="display_name", most=NAME_LENGTH)
    if not known_zone(zone):
        raise Refused("zone_unknown", field="zone")
    patient = Patient(
        public_id=new_public_id(),
        account_id=account_id,
        display_name=name,
        zone=zone,
        first_day=local_day(now, zone),
        region=region,
        preferences={},
    )
    db.add(patient)
    db.flush()
    make_patient_key(db, patient.id, now=now)
    patients.add_empty_summary(db, patient.id)
    checkins.add_preset_chips(db, patient.id, presets=tuple(CHIP_PRESETS))
    return patient
