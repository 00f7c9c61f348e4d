"""Side effects that a patient reports with a check-in or a session's page, and closes again.

Those of a clinic come with its record of the session: ``journal.services.treatment_records``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain.errors import NotFound
from journal.domain.side_effects import SideEffect, check
from journal.domain.treatments import Source
from journal.storage import side_effects
from journal.storage.patients import Patient


def report(db: Session, patient: Patient, effect: SideEffect, *, now: datetime) -> SideEffect:
    """Add what the patient reports to the session that it names, and give it back as it is kept.

    The same code that is still open is not added twice: its strength is what counts now. NotFound without such a
    session; refuses what ``journal.domain.side_effects.check`` refuses.
    """
    said = replace(effect, source=Source.PATIENT)
    check(said, home=patient.zone, now=now)
    for one in side_effects.side_effects_of(db, patient.id, treatment=said.treatment):
        if one.code is said.code and one.source is Source.PATIENT and one.resolved_at is None:
            kept = replace(one, severity=said.severity, resolved_at=said.resolved_at)
            side_effects.change_side_effect(db, patient.id, kept)
            return kept
    public_id = side_effects.add_side_effect(db, patient.id, said, now=now)
    if public_id is None:
        raise NotFound
    return replace(said, public_id=public_id)


def close(
    db: Session, patient: Patient, public_id: str, *, now: datetime, gone_at: datetime | None = None
) -> SideEffect:
    """Say that a side effect is gone, since ``gone_at`` or by now; the patient may close a clinic's too.

    NotFound without such a one; refuses what ``journal.domain.side_effects.check`` refuses.
    """
    found = side_effects.side_effect_of(db, patient.id, public_id)
    if found is None:
        raise NotFound
    closed = replace(found, resolved_at=gone_at or now)
    check(closed, home=patient.zone, now=now)
    side_effects.change_side_effect(db, patient.id, closed)
    return closed
