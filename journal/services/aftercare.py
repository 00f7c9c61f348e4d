"""What a patient writes before and after a session: getting ready, looking back, and what a check-in asks of it.

Each is the patient's own part of the session's record, whoever began that: nobody else writes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from journal.domain.aftercare import (
    SMALL_STEP_SHOWN_AFTER,
    DissociationAsked,
    before_is_open,
    dissociation_asked_on,
    reflection_is_open,
)
from journal.domain.clinic_templates import ESCORT, FASTING
from journal.domain.clinical_limits import SIDE_EFFECT_DAYS
from journal.domain.days import local_day
from journal.domain.errors import NotFound, Refused
from journal.domain.reminder_prompts import SessionDay
from journal.domain.side_effects import (
    OFFERED,
    Asked,
    Severity,
    SideEffect,
    SideEffectCode,
    asked_on,
    needs_help_now,
)
from journal.domain.treatment_records import TreatmentRecord
from journal.domain.treatments import GIVEN, Status, TreatmentSession
from journal.services import side_effects as effects_of_patient
from journal.services.checkins import Outcome, Recorded
from journal.services.treatment_records import write_own_part
from journal.storage import checkins, clinic_items, side_effects, treatment_records, treatments
from journal.storage.patients import Patient

_DAY = timedelta(days=1)
_LATELY = timedelta(days=int(SIDE_EFFECT_DAYS.value))
_ASKED_BACK = timedelta(days=max(SMALL_STEP_SHOWN_AFTER))


@dataclass(frozen=True, slots=True)
class Ready:
    """What was written before a session. ``asked``: the ids of the checklist that stood on the page."""

    asked: tuple[str, ...]
    checklist: tuple[str, ...]
    escort_name: str = ""
    escort_phone: str = ""
    intention: str = ""
    intention_shared: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of the days after a session.

    ``effects``: how strong each is now, :attr:`Severity.NOT_PRESENT` for one that has gone, None for one that has no
    strength. ``gone``: whether the detached feeling has, after ``minutes``; None was not answered.
    """

    effects: Mapping[SideEffectCode, Severity | None]
    peak: int | None = None
    gone: bool | None = None
    minutes: int | None = None


NOTHING_TOLD = Told({})


@dataclass(frozen=True, slots=True)
class LookingBack:
    """The page after a session as it was sent: all of it, so that an answer can be taken back."""

    told: Told
    valence: int | None = None
    words: tuple[str, ...] = ()
    note: str = ""
    small_step: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class AskedAfter:
    """What a check-in about one day asks beside the usual: of side effects, of feeling detached, of more energy."""

    effects: Asked
    dissociation: DissociationAsked
    elevated: bool

    @property
    def anything(self) -> bool:
        """Whether there is anything to ask but the day's own item."""
        feeling = self.dissociation
        return bool(self.effects.offered or self.effects.carried or feeling.peak_of or feeling.lasting)


Given = Sequence[tuple[SessionDay, TreatmentRecord]]


def given_lately(
    db: Session, patient: Patient, found: Sequence[TreatmentSession], *, today: date
) -> list[tuple[SessionDay, TreatmentRecord]]:
    """The given sessions among ``found`` that may still be asked or told about, with their records, oldest first."""
    given = {one.public_id: one for one in found if one.status in GIVEN and one.local_date <= today}
    records = treatment_records.records_lately(db, patient.id, since=today - _ASKED_BACK) if given else {}
    lately = [
        (SessionDay(name, given[name].local_date, record.ended_at), record)
        for name, record in records.items()
        if name in given
    ]
    return sorted(lately, key=lambda one: (one[0].local_date, one[0].id))


def begun_lately(
    db: Session, patient: Patient, found: Sequence[TreatmentSession], *, today: date, now: datetime
) -> list[tuple[SessionDay, TreatmentRecord]]:
    """Today's planned sessions whose time has come, and yesterday's, with their records.

    Nobody has said yet that one took place, and whoever comes home from it, or wakes up the day after, reads what to
    take care of all the same.
    """
    begun = []
    for one in found:
        if one.status is not Status.PLANNED or one.local_date not in (today, today - _DAY):
            continue
        record = treatment_records.record_of(db, patient.id, one.public_id)
        if record is not None and (one.started_at is None or one.started_at <= now):
            begun.append((SessionDay(one.public_id, one.local_date, record.ended_at), record))
    return begun


def asked_after(
    db: Session, patient: Patient, local_date: date, *, given: Given, now: datetime, is_treated: bool = True
) -> AskedAfter:
    """What a check-in about ``local_date`` asks of the sessions before it.

    ``is_treated``: whether the patient has any session; without one there are no side effects to look for.
    """
    on = clinic_items.items_asked(db, patient.id, now=now)
    open_ones = side_effects.open_side_effects_of(db, patient.id) if is_treated else []
    days = [day for day, _record in given]
    return AskedAfter(
        effects=asked_on(local_date, days, open_ones, zone=patient.zone, now=now),
        dissociation=dissociation_asked_on(
            local_date, given, always_daily=on.detached, zone=patient.zone, now=now
        ),
        elevated=on.elevated,
    )


def urgent_now(db: Session, patient: Patient, *, today: date) -> list[SideEffectCode]:
    """What is there, came up lately and should not wait: its page says whom to call, first of all."""
    return [
        one.code
        for one in side_effects.open_side_effects_of(db, patient.id)
        if needs_help_now(one.code, one.severity) and one.onset >= today - _LATELY
    ]


def get_ready(
    db: Session, patient: Patient, public_id: str, ready: Ready, *, actor_account_id: int, now: datetime
) -> None:
    """Keep what was written before a session. What its page did not ask stays ticked as it was.

    NotFound without such a session; refuses ``before_is_over`` once it is no longer ahead, and what
    ``domain.treatment_checks.check`` refuses.
    """
    treatment, before = _own(db, patient, public_id)
    if not before_is_open(treatment, local_day(now, patient.zone)):
        raise Refused("before_is_over")
    ticked = set(ready.checklist) & set(ready.asked) | set(before.checklist) - set(ready.asked)
    said = replace(
        before,
        checklist=tuple(sorted(ticked)),
        escort=_ticked(ESCORT, ready, before.escort),
        fasting_ok=_ticked(FASTING, ready, before.fasting_ok),
        escort_name=" ".join(ready.escort_name.split()),
        escort_phone=" ".join(ready.escort_phone.split()),
        intention=ready.intention,
        intention_shared=ready.intention_shared and bool(ready.intention),
    )
    write_own_part(db, patient, public_id, said=said, actor_account_id=actor_account_id, now=now)


def look_back(
    db: Session, patient: Patient, public_id: str, said: LookingBack, *, actor_account_id: int, now: datetime
) -> None:
    """Keep what was written after a session.

    NotFound without such a session; refuses ``after_is_closed`` outside its week, and what
    ``domain.treatment_checks.check`` refuses.
    """
    treatment, before = _own(db, patient, public_id)
    today = local_day(now, patient.zone)
    day = SessionDay(public_id, treatment.local_date, before.ended_at)
    if not reflection_is_open(treatment, day, zone=patient.zone, today=today, now=now):
        raise Refused("after_is_closed")
    told = said.told
    anything = said.words or said.valence is not None or said.note or said.small_step
    after = replace(
        _with_feeling(before, told),
        dissociation_peak=told.peak,
        experience_valence=said.valence,
        experience_words=said.words,
        integration_note=said.note,
        small_step=" ".join(said.small_step.split()),
        reflection_shared=said.shared and bool(anything),
    )
    write_own_part(db, patient, public_id, said=after, actor_account_id=actor_account_id, now=now)
    there = [one for one in side_effects.side_effects_of(db, patient.id, treatment=public_id) if one.is_open]
    asked = Asked(public_id, OFFERED, tuple(there))
    _keep_effects(db, patient, told, asked, onset=today, is_first=True, now=now)


def tell_after(
    db: Session,
    patient: Patient,
    told: Told,
    recorded: Recorded,
    *,
    actor_account_id: int,
    now: datetime,
) -> bool:
    """Keep what came with the check-in that was ``recorded``, and was asked about its day; whether it needs help now.

    Anything else is passed over. A sending that came before brings nothing back that was closed meanwhile, one of a
    deleted check-in nothing at all.
    """
    kept = checkins.check_in_of(db, patient.id, recorded.check_in_id) if told != NOTHING_TOLD else None
    if kept is None:
        return False
    local_date, is_first = kept.body.local_date, recorded.outcome is Outcome.NEW
    given = given_lately(db, patient, treatments.treatments_of(db, patient.id), today=local_date)
    asked = asked_after(db, patient, local_date, given=given, now=now)
    feeling = asked.dissociation
    for day, before in given:
        said = before
        if day.id == feeling.peak_of:
            said = replace(_with_feeling(before, told), dissociation_peak=told.peak)
        elif day.id in feeling.lasting:
            said = _with_feeling(before, told)
        if said != before:
            write_own_part(db, patient, day.id, said=said, actor_account_id=actor_account_id, now=now)
    return _keep_effects(db, patient, told, asked.effects, onset=local_date, is_first=is_first, now=now)


def _own(db: Session, patient: Patient, public_id: str) -> tuple[TreatmentSession, TreatmentRecord]:
    treatment = treatments.treatment_of(db, patient.id, public_id)
    record = treatment_records.record_of(db, patient.id, public_id)
    if treatment is None or record is None:
        raise NotFound
    return treatment, record


def _ticked(name: str, ready: Ready, before: bool | None) -> bool | None:
    """Ticked is yes. Not ticked is no answer: nobody is said to have nobody."""
    if name not in ready.asked:
        return before
    return True if name in ready.checklist else None


def _with_feeling(before: TreatmentRecord, told: Told) -> TreatmentRecord:
    """The record with what was said of whether the detached feeling has gone; as it was where nothing was."""
    if told.gone is None:
        return before
    return replace(
        before,
        dissociation_lasts=not told.gone,
        dissociation_resolved_min=told.minutes if told.gone else None,
    )


def _keep_effects(
    db: Session,
    patient: Patient,
    told: Told,
    asked: Asked,
    *,
    onset: date,
    is_first: bool,
    now: datetime,
) -> bool:
    is_urgent = False
    known = side_effects.side_effects_of(db, patient.id)
    for code, severity in told.effects.items():
        carried = [one for one in asked.carried if one.code is code]
        for one in carried:
            if severity is Severity.NOT_PRESENT:
                effects_of_patient.close(db, patient, one.public_id, now=now)
            elif severity is not one.severity:
                effects_of_patient.report(db, patient, replace(one, severity=severity), now=now)
        was_there = any(one.code is code and one.treatment == asked.treatment for one in known)
        is_new = not carried and code in asked.offered and severity is not Severity.NOT_PRESENT
        if is_new and asked.treatment is not None and (is_first or not was_there):
            effect = SideEffect(asked.treatment, code, severity, onset)
            effects_of_patient.report(db, patient, effect, now=now)
        is_urgent |= (bool(carried) or is_new) and needs_help_now(code, severity)
    return is_urgent
