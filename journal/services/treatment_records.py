"""Keeping the whole record of a treatment session with its side effects: who writes what, and what is asked twice.

Whose session it is, its day and status are ``journal.services.treatments``, which calls here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain import side_effects as effect_rules
from journal.domain import treatment_checks as rules
from journal.domain.errors import JournalError, NotFound, Refused, RefusedFields
from journal.domain.side_effects import SideEffect
from journal.domain.treatment_checks import Doubt
from journal.domain.treatment_records import BY_PATIENT, TreatmentRecord, as_said_by
from journal.domain.treatments import Placed, Route, Source, TreatmentSession
from journal.services import reminders
from journal.storage import audit, patients, side_effects, treatment_records, treatments
from journal.storage.audit import Act
from journal.storage.patients import Patient

NOTHING = TreatmentRecord()


class Doubted(JournalError):
    """Nothing is wrong, but something deserves a second look before it is kept: see ``doubts``."""

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        super().__init__(", ".join(doubt.code for doubt in doubts))
        self.doubts = tuple(doubts)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of one session beside its body.

    ``effects`` are all the side effects that this side recorded; None leaves them as they are. ``sure`` holds the names
    (:func:`name_of`) of the doubts that were looked at a second time; None asks nothing.
    """

    record: TreatmentRecord = NOTHING
    effects: tuple[SideEffect, ...] | None = None
    sure: frozenset[str] | None = None


def name_of(doubt: Doubt) -> str:
    """A doubt with its figures: another dose is another doubt."""
    return f"{doubt.code}:{doubt.field}:{'/'.join(f'{value.normalize():f}' for value in doubt.value)}"


def checked(
    db: Session,
    patient: Patient,
    said: Said,
    *,
    side: Source,
    before: TreatmentRecord,
    placed: Placed,
    route: Route | None,
    now: datetime,
) -> TreatmentRecord:
    """The record as this ``side`` may leave it.

    Refuses, all at once as RefusedFields, what cannot be so; raises :class:`Doubted` for what nobody was asked about
    once more. What was so ``before`` is not asked about again.
    """
    alone = side is Source.PATIENT and not patients.readers_of(db, patient.id, now=now)
    record = as_said_by(side, before, said.record, alone=alone)
    problems: list[Refused] = []
    doubts: list[Doubt] = []
    try:
        doubts = rules.check(record, placed=placed, route=route, home=patient.zone, now=now)
    except RefusedFields as fault:
        problems += fault.problems
    for index, effect in enumerate(said.effects or ()):
        try:
            effect_rules.check(effect, home=patient.zone, now=now)
        except RefusedFields as fault:
            problems += [_in_row(problem, f"effects-{index}") for problem in fault.problems]
    if problems:
        raise RefusedFields(problems)
    if said.sure is not None:
        known = said.sure | {name_of(doubt) for doubt in rules.doubts_about(before, route)}
        if any(name_of(doubt) not in known for doubt in doubts):
            raise Doubted(doubts)
    return record


def keep(
    db: Session,
    patient: Patient,
    treatment: TreatmentSession,
    said: Said,
    *,
    before: TreatmentRecord,
    after: TreatmentRecord,
    now: datetime,
    side: Source,
    by_provider_id: int | None,
) -> None:
    """Write what changed of a record, and this side's own side effects."""
    treatment_records.write_changes(db, patient.id, treatment.public_id, before=before, after=after)
    if said.effects is not None:
        _keep_effects(db, patient, treatment, said.effects, side=side, by_provider_id=by_provider_id, now=now)


def write_own_part(
    db: Session,
    patient: Patient,
    public_id: str,
    *,
    said: TreatmentRecord,
    actor_account_id: int | None,
    now: datetime,
) -> list[Doubt]:
    """Let a patient write their own part (``BY_PATIENT``) of any of their sessions, also one that a clinic recorded.

    Everything else of ``said`` is passed over, and the version stays: nobody else writes these fields. NotFound without
    such a session; refuses what ``journal.domain.treatment_checks.check`` refuses; what deserves a second look.
    """
    treatment = treatments.treatment_of(db, patient.id, public_id)
    before = treatment_records.record_of(db, patient.id, public_id)
    if treatment is None or before is None:
        raise NotFound
    own = {one.name: getattr(said, one.name) for one in fields(said) if one.name in BY_PATIENT}
    after = replace(before, **own)
    placed = Placed(treatment.local_date, treatment.started_at)
    doubts = rules.check(after, placed=placed, route=treatment.route, home=patient.zone, now=now)
    treatment_records.write_changes(db, patient.id, public_id, before=before, after=after)
    reminders.replan(db, patient.account_id, now=now)
    audit.record(
        db,
        Act.TREATMENT_CHANGED,
        now=now,
        actor_account_id=actor_account_id,
        patient_id=patient.id,
        subject=public_id,
    )
    return [doubt for doubt in doubts if doubt.field in BY_PATIENT]


def _keep_effects(
    db: Session,
    patient: Patient,
    treatment: TreatmentSession,
    effects: Sequence[SideEffect],
    *,
    side: Source,
    by_provider_id: int | None,
    now: datetime,
) -> None:
    kept = side_effects.side_effects_of(db, patient.id, treatment=treatment.public_id)
    own: Collection[str] = {one.public_id for one in kept if one.source is side}
    still_there = set()
    for said in effects:
        effect = replace(said, treatment=treatment.public_id, source=side)
        if effect.public_id in own:
            still_there.add(effect.public_id)
            side_effects.change_side_effect(db, patient.id, effect)
        else:
            side_effects.add_side_effect(db, patient.id, effect, now=now, by_provider_id=by_provider_id)
    side_effects.remove_side_effects(db, patient.id, set(own) - still_there)


def _in_row(problem: Refused, row: str) -> Refused:
    return Refused(problem.code, field=f"{row}-{problem.field}", **problem.details)
