"""Reading a provider's list: everybody narrowly, to be put in order, and the page that is shown in full.

What each row holds was worked out ahead (``journal.storage.caseload_lines``), as the consent opens it. However many
people there are, it takes the same number of statements.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.domain.caseloads import Person
from journal.domain.consents import Scope, Sight
from journal.storage.appointments import Appointment, AppointmentStatus
from journal.storage.caseload_lines import CaseloadLine, is_behind
from journal.storage.consents import Consent
from journal.storage.courses import Course
from journal.storage.patients import Patient, PatientSummary
from journal.storage.prepared import Among, Question
from journal.storage.sealing import load_patient_keys, patient_sealer


@dataclass(frozen=True, slots=True)
class CaseloadEntry:
    """One patient as one provider's list may show them. ``facts`` are those of the kept line; None: not there yet."""

    consent_id: int
    patient_id: int
    public_id: str
    display_name: str
    zone: str
    sight: Sight
    last_check_in_on: date | None
    last_session_on: date | None
    facts: dict[str, object] | None
    next_visit_at: datetime | None


_PROVIDER = sa.bindparam("provider_id", type_=sa.Integer())
_NOW = sa.bindparam("now", type_=Appointment.starts_at.type)
_STARTS = sa.bindparam("today_starts", type_=Appointment.starts_at.type)
_ENDS = sa.bindparam("today_ends", type_=Appointment.starts_at.type)
_LIVE = (
    Consent.provider_id == _PROVIDER,
    Consent.ended_at.is_(None),
    Consent.granted_at <= _NOW,
    Consent.expires_at > _NOW,
)
_Instant = sa.SQLColumnExpression[date | None] | sa.SQLColumnExpression[datetime | None]


def _as_it_is(column: _Instant | sa.SQLColumnExpression[datetime]) -> sa.ColumnElement[object]:
    """A column as the driver gives it: it is only compared with others of its kind."""
    return sa.type_coerce(column, sa.types.NullType())


_EVERYBODY = Question(
    sa.select(
        Consent.id,
        Consent.patient_id,
        Patient.display_name,
        sa.func.coalesce(CaseloadLine.kinds, 0),
        _as_it_is(CaseloadLine.flag_since),
        CaseloadLine.silent_days,
        _as_it_is(CaseloadLine.last_check_in_on),
        _as_it_is(CaseloadLine.last_session_on),
        CaseloadLine.phq9_change,
        sa.case((is_behind(_NOW), 1), else_=0),
    )
    .select_from(
        sa.join(Consent, Patient, Patient.id == Consent.patient_id)
        .join(PatientSummary, PatientSummary.patient_id == Consent.patient_id)
        .outerjoin(CaseloadLine, CaseloadLine.consent_id == Consent.id)
    )
    .where(*_LIVE)
)
_UPCOMING = Question(
    sa.select(
        Appointment.patient_id,
        sa.cast(Appointment.starts_at < _ENDS, sa.Integer()),
        _as_it_is(Appointment.starts_at),
    )
    .where(
        Appointment.provider_id == _PROVIDER,
        Appointment.starts_at >= _STARTS,
        Appointment.status == sa.literal_column(f"'{AppointmentStatus.PLANNED.value}'"),
    )
    .order_by(Appointment.starts_at.desc())
)
"""Every planned visit, the next one of each patient last: the index has them in this order, no sorting is needed."""
_NEXT_VISIT = (
    sa.select(sa.func.min(Appointment.starts_at))
    .where(
        Appointment.patient_id == Consent.patient_id,
        Appointment.provider_id + 0 == _PROVIDER,  # not by an index over everybody whom the provider sees
        Appointment.starts_at >= _STARTS,
        Appointment.status == sa.literal_column(f"'{AppointmentStatus.PLANNED.value}'"),
    )
    .correlate(Consent)
    .scalar_subquery()
)
_ROWS = Among(
    Consent.id,
    lambda is_one_of_them: (
        sa.select(
            Consent.id,
            Consent.scopes,
            Consent.visible_from,
            Patient.id,
            Patient.public_id,
            Patient.display_name,
            Patient.zone,
            CaseloadLine.last_check_in_on,
            CaseloadLine.last_session_on,
            CaseloadLine.facts,
            _NEXT_VISIT,
        )
        .select_from(
            sa.join(Consent, Patient, Patient.id == Consent.patient_id).outerjoin(
                CaseloadLine, CaseloadLine.consent_id == Consent.id
            )
        )
        .where(is_one_of_them, *_LIVE)
    ),
)


_NO_VISIT = (0, None)
_INDICATIONS = sa.select(Course.patient_id, Course.public_id, Course.indication).where(
    Course.public_id.in_(sa.bindparam("courses", expanding=True)), Course.indication.is_not(None)
)


def everybody_who_shares(
    db: Session, provider_id: int, *, now: datetime, today_starts: datetime, today_ends: datetime
) -> list[Person]:
    """Everybody who shares with a provider at ``now``, in no order. "Today" is two instants: it is the clinic's."""
    asked = {
        "provider_id": provider_id,
        "now": now,
        "today_starts": today_starts,
        "today_ends": today_ends,
    }
    visits = {patient_id: visit for patient_id, *visit in _UPCOMING.rows(db, asked)}
    return [
        Person._make((*row[:3], *visits.get(row[1], _NO_VISIT), *row[3:]))
        for row in _EVERYBODY.rows(db, asked)
    ]


def entries_of(
    db: Session, provider_id: int, consent_ids: Sequence[int], *, now: datetime, today_starts: datetime
) -> list[CaseloadEntry]:
    """The rows of these consents of a provider, in the order in which they are asked for."""
    if not consent_ids:
        return []
    asked = {"provider_id": provider_id, "now": now, "today_starts": today_starts}
    found = {row[0]: _as_entry(row) for row in _ROWS.rows(db, consent_ids, asked)}
    return [found[one] for one in consent_ids if one in found]


def readable_by(
    db: Session, provider_id: int, *, now: datetime, limit: int, offset: int
) -> list[tuple[Patient, Sight]]:
    """Some of the people who share with a provider at ``now``, by name, each with what of them may be seen."""
    rows = db.execute(
        sa.select(Patient, Consent.scopes, Consent.visible_from)
        .join(Consent, Consent.patient_id == Patient.id)
        .where(*_LIVE)
        .order_by(sa.func.lower(Patient.display_name), Patient.id)
        .limit(limit)
        .offset(offset),
        {"provider_id": provider_id, "now": now},
    )
    return [(patient, _sight(scopes, visible_from)) for patient, scopes, visible_from in rows]


def count_readable_by(db: Session, provider_id: int, *, now: datetime) -> int:
    """How many people share with a provider at ``now``."""
    asked = {"provider_id": provider_id, "now": now}
    return db.scalars(sa.select(sa.func.count()).select_from(Consent).where(*_LIVE), asked).one()


def indications_of(db: Session, course_public_ids: Collection[str]) -> dict[str, str]:
    """What each of these courses treats, where somebody wrote it down."""
    if not course_public_ids:
        return {}
    rows = db.execute(_INDICATIONS, {"courses": [*course_public_ids]}).all()
    load_patient_keys(db, {patient_id for patient_id, _course, _text in rows})
    return {
        course: patient_sealer(db, patient_id).open(text, column="course.indication", row=course)
        for patient_id, course, text in rows
    }


_EntryRow = tuple[
    int, str, date | None, int, str, str, str, date | None, date | None, dict[str, object], datetime
]


def _as_entry(row: _EntryRow) -> CaseloadEntry:
    consent_id, scopes, visible_from, patient_id, public_id, name, zone, last_on, session_on, facts, visit = (
        row
    )
    return CaseloadEntry(
        consent_id=consent_id,
        patient_id=patient_id,
        public_id=public_id,
        display_name=name,
        zone=zone,
        sight=_sight(scopes, visible_from),
        last_check_in_on=last_on,
        last_session_on=session_on,
        facts=facts,
        next_visit_at=visit,
    )


def _sight(scopes: str, visible_from: date | None) -> Sight:
    return Sight(_scopes(scopes), visible_from)


@cache
def _scopes(names: str) -> frozenset[Scope]:
    """The scopes that a consent's list names: there are few such lists."""
    return frozenset(Scope(name) for name in names.split(",") if name)
