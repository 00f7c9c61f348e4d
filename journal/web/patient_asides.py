"""What stands beside the figures on a provider's page of one person: what waits for a look, what was reported, what
the last session's record says, medicines, key moments.

Only what the consent opens. No web framework inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from journal.domain.consents import Scope, Sight
from journal.domain.days import local_day
from journal.domain.side_effects import SideEffect
from journal.domain.treatments import GIVEN
from journal.languages import gettext as _
from journal.services import long_term_flags
from journal.storage import (
    clinics,
    key_moments,
    long_term_checks,
    medications,
    safety_flags,
    side_effects,
    treatment_records,
    treatments,
)
from journal.storage.patients import Patient
from journal.web import flag_lines
from journal.web.long_term_lines import FlagLine
from journal.web.long_term_lines import flag_lines as long_term_lines
from journal.web.medicine_lines import MedicineLine, MomentLine, medicine_list, moment_lines
from journal.web.treatment_words import dose_words, severity_words, side_effect_words

MOMENTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class PatientAside:
    """Those lists. ``medicines`` are those taken now; ``last_check`` is the date of the latest two-weekly answers.

    ``waiting`` are the open flags of this person that the reader may see, ``given`` what the record of the last session
    says in short, as (what, how it was).
    """

    flags: list[FlagLine]
    last_check: date | None
    medicines: list[MedicineLine]
    moments: list[MomentLine]
    shares_sessions: bool
    waiting: list[flag_lines.FlagLine]
    given: list[tuple[str, str]]


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
        flags=long_term_lines(
            long_term_flags.flags_seen(db, patient, sight, clinic_id=workplace.clinic_id, now=now)
        ),
        last_check=checks[-1].local_date if checks else None,
        medicines=shown.now,
        moments=moment_lines(moments, names=workplace.people),
        shares_sessions=sight.opens(Scope.SESSIONS),
        waiting=[
            flag_lines.line_of(
                seen, reader_id=provider_id, names=workplace.people, zone=workplace.zone, now=now
            )
            for seen in safety_flags.flags_seen(db, provider_id, now=now)
            if seen.patient_public_id == patient.public_id and seen.flag.is_open
        ],
        given=_given(db, patient, sight, workplace.people),
    )


def _given(db: Session, patient: Patient, sight: Sight, names: Mapping[int, str]) -> list[tuple[str, str]]:
    """Dose and side effects of the last day with a session; where both sides recorded it, each dose says by whom."""
    seen = [one for one in treatments.treatments_seen(db, patient.id, sight) if one.status in GIVEN]
    last = max((one.local_date for one in seen), default=None)
    of_day = [one for one in seen if one.local_date == last]
    facts = []
    for one in of_day:
        record = treatment_records.record_seen(db, patient.id, one.public_id, sight)
        dose = record.dose(one.route) if record else None
        if dose is not None:
            by = names.get(one.by_provider_id or 0, patient.display_name)
            whose = [_("recorded by %(name)s", name=by)] if len(of_day) > 1 else []
            facts.append((_("Dose"), " · ".join([dose_words(dose), *whose])))
    for one in of_day:
        effects = side_effects.side_effects_seen(db, patient.id, sight, treatment=one.public_id)
        facts += [(_("Side effects"), _effect(effect)) for effect in effects]
    return [(what, how) for what, how in facts if how]


def _effect(one: SideEffect) -> str:
    """What and how strong, and whether anybody said that it went; nothing of what was not there."""
    if one.severity == 0:
        return ""
    still = _("Still there") if one.is_open else ""
    return " · ".join(filter(None, [side_effect_words(one.code), severity_words(one.severity), still]))
