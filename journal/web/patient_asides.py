"""What stands beside the figures on a provider's page of one person: what was reported, medicines, key moments.

Only what the consent opens. No web framework inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from journal.domain.consents import Scope, Sight
from journal.domain.days import local_day
from journal.services.long_term_flags import flags_seen
from journal.storage import clinics, key_moments, long_term_checks, medications
from journal.storage.patients import Patient
from journal.web.long_term_lines import FlagLine, flag_lines
from journal.web.medicine_lines import MedicineLine, MomentLine, medicine_list, moment_lines

MOMENTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class PatientAside:
    """Those lists. ``medicines`` are those taken now; ``last_check`` is the date of the latest two-weekly answers."""

    flags: list[FlagLine]
    last_check: date | None
    medicines: list[MedicineLine]
    moments: list[MomentLine]
    shares_sessions: bool


def read_patient_aside(
    db: Session, patient: Patient, sight: Sight, *, provider_id: int, now: datetime
) -> PatientAside:
    """The lists of ``patient`` as ``provider_id`` sees them through ``sight``."""
    workplace = clinics.workplace_of(db, provider_id)
    today = local_day(now, patient.zone)
    checks = long_term_checks.checks_seen(db, patient.id, sight)
    shown = medicine_list(
        medications.medications_seen(db, patient.id, sight), today=today, names=workplace.people
    )
    moments = key_moments.moments_seen(db, patient.id, sight)[:MOMENTS_SHOWN]
    return PatientAside(
        flags=flag_lines(flags_seen(db, patient, sight, clinic_id=workplace.clinic_id, now=now)),
        last_check=checks[-1].local_date if checks else None,
        medicines=shown.now,
        moments=moment_lines(moments, names=workplace.people),
        shares_sessions=sight.opens(Scope.SESSIONS),
    )
