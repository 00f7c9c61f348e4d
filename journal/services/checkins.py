"""Recording, changing and deleting check-ins so that nothing a person said is lost, doubled or brought back.

Every act is one transaction of the caller's: the check-in, the patient's summary and the audit row stand or fall
together. What may be recorded and which body counts is decided in ``journal.domain.checkins``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from journal.domain.checkins import (
    CheckIn,
    CheckInBody,
    KeptBody,
    Times,
    Via,
    Why,
    Written,
    check,
    newest,
    reckon,
)
from journal.domain.days import local_day
from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.services import summaries
from journal.storage import activities, audit, check_in_versions, checkins, submissions
from journal.storage.audit import Act
from journal.storage.base import new_public_id
from journal.storage.patients import Patient

KEY_LENGTH = 64


class Outcome(StrEnum):
    """What became of something that was sent."""

    NEW = "new"
    EDITED = "edited"
    AGAIN = "again"  # said before: the first answer, nothing changed
    CONFLICT = "conflict"  # both are kept, the newest counts
    DELETED = "deleted"  # its check-in was deleted and stays so


@dataclass(frozen=True, slots=True)
class Recorded:
    """The answer to a sending: the check-in's public id and the version that now counts (0 where it was deleted)."""

    outcome: Outcome
    check_in_id: str
    version: int


def record_check_in(
    db: Session, patient: Patient, *, body: CheckInBody, written: Written, now: datetime
) -> Recorded:
    """Record a check-in exactly once per ``written.client_key``, however often and in whatever order it arrives.

    The same key with the same body gives the first answer again; with another body both are kept and the newest
    counts; the key of a deleted check-in brings nothing back. Refuses with :class:`RefusedFields` what
    ``domain.checkins.check`` refuses, ``key_missing`` without a usable key, and an activity that is not the patient's;
    the key is then taken only if the caller commits all the same.
    """
    if not 0 < len(written.client_key) <= KEY_LENGTH:
        raise Refused("key_missing")
    times = reckon(body, written, received_at=now, first_day=patient.first_day)
    fingerprint = _fingerprint(db, patient, body, written)
    public_id = new_public_id()
    is_first = submissions.add_submission(
        db,
        patient_id=patient.id,
        client_key=written.client_key,
        body_hash=fingerprint,
        public_id=public_id,
        received_at=now,
    )
    if not is_first:
        return _recorded_before(db, patient, body, written, times=times, fingerprint=fingerprint, now=now)
    # Only now: what was accepted once is answered again, whatever could be recorded by this time.
    _check_fits(db, patient, body, times, zone=written.zone)
    check_in = _as_it_came(public_id, body, written, times=times, version=1, now=now)
    checkins.add_check_in(db, patient.id, check_in)
    summaries.check_in_added(
        db, patient.id, local_date=times.local_date, mood=body.mood, recorded_at=times.recorded_at
    )
    _audit(db, patient, Act.CHECK_IN_RECORDED, public_id, now=now)
    return Recorded(Outcome.NEW, public_id, 1)


def check_fits(patient: Patient, body: CheckInBody, written: Written, *, now: datetime) -> None:
    """Refuse as :func:`record_check_in` would, without recording: for a form that has other things to fix as well."""
    times = reckon(body, written, received_at=now, first_day=patient.first_day)
    _check_times(body, times, zone=written.zone)


def amend_check_in(
    db: Session,
    patient: Patient,
    *,
    check_in_id: str,
    seen_version: int,
    body: CheckInBody,
    recorded_at: datetime,
    now: datetime,
    sent_at: datetime | None = None,
) -> Recorded:
    """Change what a check-in says; the earlier body is kept for its writer.

    An edit that changes the mood takes the edit's time, any other edit keeps it; the day never changes. If
    ``seen_version`` no longer counts, both bodies are kept and the newest counts. Raises :class:`NotFound`, refuses
    what ``domain.checkins.check`` refuses; there is no age limit.
    """
    present = checkins.check_in_of(db, patient.id, check_in_id, to_change=True)
    if present is None:
        raise NotFound
    kept = check_in_versions.versions_of(db, patient.id, check_in_id)
    saw = _saw(present, kept, seen_version)
    body = replace(body, local_date=(saw or present).body.local_date)
    check(body, written_on=None)
    _check_activities(db, patient, body)
    is_newest_seen = seen_version == present.version
    if body == present.body or (not is_newest_seen and any(body == other.body for other in kept)):
        return Recorded(Outcome.AGAIN, check_in_id, present.version)
    written = Written(
        client_key=present.client_key,
        via=Via.WEB,
        zone=patient.zone,
        recorded_at=recorded_at,
        sent_at=sent_at,
        day_chosen=True,
    )
    times = reckon(body, written, received_at=now, first_day=patient.first_day, day_stands=True)
    candidate = _edited(present, body, times=times, zone=written.zone, saw=saw, now=now)
    if is_newest_seen:
        version = _supersede(db, patient, present, candidate, why=Why.EDIT, now=now)
        outcome = Outcome.EDITED
    else:
        version = _settle(db, patient, present, candidate, device="", now=now)
        outcome = Outcome.CONFLICT
    _audit(db, patient, Act.CHECK_IN_EDITED, check_in_id, now=now)
    summaries.refresh(db, patient.id)
    return Recorded(outcome, check_in_id, version)


def delete_check_in(db: Session, patient: Patient, *, check_in_id: str, now: datetime) -> None:
    """Remove a check-in and every body kept of it, for good; only the fact stays, in the audit.

    Deleting what was deleted before changes nothing. Raises :class:`NotFound` for what never was this patient's.
    """
    if checkins.remove_check_in(db, patient.id, check_in_id, now=now):
        _audit(db, patient, Act.CHECK_IN_DELETED, check_in_id, now=now)
        summaries.refresh(db, patient.id)
    elif not submissions.was_deleted(db, patient.id, check_in_id):
        raise NotFound


def _check_fits(db: Session, patient: Patient, body: CheckInBody, times: Times, *, zone: str) -> None:
    _check_times(body, times, zone=zone)
    _check_activities(db, patient, body)


def _check_times(body: CheckInBody, times: Times, *, zone: str) -> None:
    check(replace(body, local_date=times.local_date), written_on=local_day(times.recorded_at, zone))


def _check_activities(db: Session, patient: Patient, body: CheckInBody) -> None:
    if body.activity_type and not set(body.activity_type) <= activities.activity_codes(db, patient.id):
        raise RefusedFields([Refused("not_a_choice", field="activity_type")])


def _fingerprint(db: Session, patient: Patient, body: CheckInBody, written: Written) -> str:
    """The hash of what the person said. A date they did not choose is the clock's, and may differ in a replay."""
    said = body if written.day_chosen else replace(body, local_date=date.min)
    return submissions.fingerprint_of(db, patient.id, said)


def _recorded_before(
    db: Session,
    patient: Patient,
    body: CheckInBody,
    written: Written,
    *,
    times: Times,
    fingerprint: str,
    now: datetime,
) -> Recorded:
    first = submissions.first_answer(db, patient.id, written.client_key)
    if first is None:
        raise NotFound  # the patient is being erased at this moment
    if first.deleted:
        return Recorded(Outcome.DELETED, first.check_in_id, 0)
    present = checkins.check_in_of(db, patient.id, first.check_in_id, to_change=True)
    if present is None:
        return Recorded(Outcome.DELETED, first.check_in_id, 0)
    if first.body_hash == fingerprint:
        return Recorded(Outcome.AGAIN, present.public_id, present.version)
    body = replace(body, local_date=times.local_date)
    kept = check_in_versions.versions_of(db, patient.id, present.public_id)
    if any(_says_the_same(body, other, written) for other in (present.body, *(one.body for one in kept))):
        return Recorded(Outcome.CONFLICT, present.public_id, present.version)
    _check_fits(db, patient, body, times, zone=written.zone)
    candidate = _as_it_came(present.public_id, body, written, times=times, version=0, now=now)
    version = _settle(db, patient, present, candidate, device=written.device, now=now)
    _audit(db, patient, Act.CHECK_IN_EDITED, present.public_id, now=now)
    summaries.refresh(db, patient.id)
    return Recorded(Outcome.CONFLICT, present.public_id, version)


def _as_it_came(
    check_in_id: str, body: CheckInBody, written: Written, *, times: Times, version: int, now: datetime
) -> CheckIn:
    """A body of this key, placed in time as it was reckoned and not edited. ``version`` 0: it does not count yet."""
    return CheckIn(
        public_id=check_in_id,
        client_key=written.client_key,
        version=version,
        body=replace(body, local_date=times.local_date),
        recall=times.recall,
        felt_at=times.felt_at,
        recorded_at=times.recorded_at,
        received_at=now,
        clock_skew_s=times.clock_skew_s,
        zone=written.zone,
        utc_offset_min=times.utc_offset_min,
        via=written.via,
    )


def _says_the_same(body: CheckInBody, other: CheckInBody, written: Written) -> bool:
    return body == (other if written.day_chosen else replace(other, local_date=body.local_date))


def _saw(present: CheckIn, kept: list[KeptBody], seen_version: int) -> CheckIn | KeptBody | None:
    """What the person had before them when they edited; None if no version bears that number."""
    if seen_version == present.version:
        return present
    return next((one for one in kept if 0 < one.version == seen_version), None)


def _edited(
    present: CheckIn,
    body: CheckInBody,
    *,
    times: Times,
    zone: str,
    saw: CheckIn | KeptBody | None,
    now: datetime,
) -> CheckIn:
    edited_at = times.recorded_at
    if saw is not None:
        # The person had read what it replaces, so it comes after it, whatever a clock says.
        edited_at = max(edited_at, saw.edited_at or saw.recorded_at)
    edited = replace(present, version=0, body=body, received_at=now, edited_at=edited_at)
    clock: CheckIn | KeptBody | Times = saw or present
    if body.mood != (saw or present).body.mood:
        clock, edited = times, replace(edited, zone=zone)
    return replace(
        edited,
        recall=clock.recall,
        felt_at=clock.felt_at,
        recorded_at=clock.recorded_at,
        clock_skew_s=clock.clock_skew_s,
        utc_offset_min=clock.utc_offset_min,
    )


def _settle(
    db: Session, patient: Patient, present: CheckIn, candidate: CheckIn, *, device: str, now: datetime
) -> int:
    """Keep both of two bodies and let the newest count; the version that counts then."""
    if newest(present.rank, candidate.rank) == 1:
        return _supersede(db, patient, present, candidate, why=Why.CONFLICT, now=now)
    _keep(db, patient, candidate, why=Why.CONFLICT, device=device, now=now)
    return present.version


def _supersede(
    db: Session, patient: Patient, present: CheckIn, candidate: CheckIn, *, why: Why, now: datetime
) -> int:
    _keep(db, patient, present, why=why, device="", now=now)
    version = present.version + 1
    checkins.replace_check_in(db, patient.id, replace(candidate, version=version))
    return version


def _keep(db: Session, patient: Patient, check_in: CheckIn, *, why: Why, device: str, now: datetime) -> None:
    check_in_versions.add_version(
        db,
        patient.id,
        check_in.public_id,
        KeptBody(
            version=check_in.version,
            body=check_in.body,
            why=why,
            recall=check_in.recall,
            felt_at=check_in.felt_at,
            recorded_at=check_in.recorded_at,
            received_at=check_in.received_at,
            replaced_at=now,
            utc_offset_min=check_in.utc_offset_min,
            clock_skew_s=check_in.clock_skew_s,
            edited_at=check_in.edited_at,
            device=device,
        ),
    )


def _audit(db: Session, patient: Patient, act: Act, check_in_id: str, *, now: datetime) -> None:
    audit.record(
        db, act, now=now, actor_account_id=patient.account_id, patient_id=patient.id, subject=check_in_id
    )
