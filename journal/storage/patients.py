"""Patients, who may read them, and the one row per patient from which a caseload is drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from journal.domain import consents as rules
from journal.domain.consents import Scope, Sight, sight
from journal.domain.safety_flags import is_reached
from journal.domain.trends import TailRow
from journal.storage.appointments import Appointment, AppointmentStatus
from journal.storage.base import Base, Identified, UTCDateTime
from journal.storage.checkins import CheckIn
from journal.storage.clinics import Kind, Provider
from journal.storage.consents import Consent, as_consent
from journal.storage.prepared import Question

# A table whose module needs this one, so that its class cannot be imported here.
_ACCOUNT = sa.table("account", sa.column("id", sa.Integer()), sa.column("disabled_at", UTCDateTime()))


class Patient(Identified, Base):
    """The person treated. Belongs to no clinic: only a consent connects. ``zone`` is an IANA name."""

    __tablename__ = "patient"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    display_name: Mapped[str] = mapped_column(sa.String(120))
    zone: Mapped[str] = mapped_column(sa.String(64))
    first_day: Mapped[date]
    region: Mapped[str] = mapped_column(sa.String(8), default="")
    preferences: Mapped[dict[str, object]] = mapped_column(sa.JSON, default=dict)


class PatientSummary(Base):
    """What a caseload shows of one patient, kept up in the same transaction as its cause.

    A pure function of the patient's own check-ins, sessions and flags, not of the clock: ``tail`` holds the 28 dates
    that end at the last logged one, from which the figures of any later day follow. Imported entries are not in it.
    ``revision`` grows with everything that a caseload's line is made of, by triggers and by each new check-in: a line
    that was worked out at another revision is behind (``journal.storage.caseload_lines``).
    """

    __tablename__ = "patient_summary"

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), primary_key=True)
    last_check_in_on: Mapped[date | None] = mapped_column(index=True)
    last_check_in_at: Mapped[datetime | None]
    tail: Mapped[list[object]] = mapped_column(sa.JSON, default=list)
    last_session_on: Mapped[date | None]
    session_dates: Mapped[list[object]] = mapped_column(sa.JSON, default=list)
    open_flags: Mapped[list[object]] = mapped_column(sa.JSON, default=list)
    revision: Mapped[int] = mapped_column(default=0)


def patient_of_account(db: Session, account_id: int) -> Patient | None:
    """The patient who signs in with this account."""
    return db.scalar(sa.select(Patient).where(Patient.account_id == account_id))


def patient_visible_to(
    db: Session, provider_id: int, public_id: str, *, now: datetime
) -> tuple[Patient, Sight] | None:
    """A patient as one provider may see them: found only through a live consent, together with what it opens.

    Who ends the consent at this moment waits until the transaction is over: what was checked is what is then read.
    """
    row = db.execute(
        sa.select(Patient, Consent)
        .join(Consent, Consent.patient_id == Patient.id)
        .where(Patient.public_id == public_id, Consent.provider_id == provider_id, Consent.ended_at.is_(None))
        .with_for_update(read=True, of=Consent)
    ).one_or_none()
    if row is None:
        return None
    patient, consent = row
    seen = sight([as_consent(consent)], patient_id=patient.id, provider_id=provider_id, now=now)
    return None if seen is None else (patient, seen)


def add_empty_summary(db: Session, patient_id: int) -> None:
    """The caseload row of somebody who has not written yet."""
    db.execute(
        sa.insert(PatientSummary).values(patient_id=patient_id, tail=[], session_dates=[], open_flags=[])
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """A provider who may read a patient now, and what of them."""

    provider_id: int
    public_id: str
    name: str
    sight: Sight
    kind: Kind
    consent_id: str


def readers_of(db: Session, patient_id: int, *, now: datetime) -> list[Reader]:
    """Everybody who may read a patient at ``now``, in the order of their names; nobody who has left."""
    rows = db.execute(
        sa.select(Consent, Provider.public_id, Provider.display_name, Provider.kind)
        .join(Provider, Provider.id == Consent.provider_id)
        .join(_ACCOUNT, _ACCOUNT.c.id == Provider.account_id)
        .where(Consent.patient_id == patient_id, Consent.ended_at.is_(None), _ACCOUNT.c.disabled_at.is_(None))
        .order_by(Provider.display_name, Provider.id)
    )
    readers = []
    for row, public_id, name, kind in rows:
        seen = sight([as_consent(row)], patient_id=patient_id, provider_id=row.provider_id, now=now)
        if seen is not None:
            readers.append(Reader(row.provider_id, public_id, name, seen, Kind(kind), row.public_id))
    return readers


# The caseload ------------------------------------------------------------------------------------------------


class CaseloadOrder(StrEnum):
    """What a provider sorts by. Whoever has nothing there, or does not share it, comes last."""

    NEXT_VISIT = "next_visit"
    LAST_CHECK_IN = "last_check_in"  # the longest ago first
    LAST_SESSION = "last_session"  # the longest ago first
    NAME = "name"


@dataclass(frozen=True, slots=True)
class CaseloadEntry:
    """One patient as one provider's list may show them: what a scope does not open, or lies too early, is not here."""

    patient_id: int
    public_id: str
    display_name: str
    zone: str
    first_day: date
    sight: Sight
    last_check_in_on: date | None
    last_check_in_at: datetime | None
    tail: list[TailRow]
    last_session_on: date | None
    session_dates: list[date]
    open_flags: int
    next_visit_at: datetime | None


@dataclass(frozen=True, slots=True)
class Caseload:
    """One page of a provider's list, with how many people share, match the search, and come today."""

    entries: list[CaseloadEntry]
    people: int
    matching: int
    visits_today: int


def caseload(
    db: Session,
    provider_id: int,
    *,
    now: datetime,
    today_starts: datetime,
    today_ends: datetime,
    order: CaseloadOrder,
    limit: int,
    offset: int,
    search: str = "",
) -> Caseload:
    """One page of the patients who share with a provider: those with a visit today first, each group in ``order``.

    "Today" is given by two instants, because it is the clinic's. The number of statements does not depend on the
    number of patients. ``search`` finds a part of a name, whatever its capitals and accents.
    """
    live = (
        Consent.provider_id == provider_id,
        Consent.ended_at.is_(None),
        Consent.granted_at <= now,
        Consent.expires_at > now,
    )
    planned = (
        Appointment.provider_id == provider_id,
        Appointment.starts_at >= today_starts,
        Appointment.status == AppointmentStatus.PLANNED,
    )
    people = db.scalars(sa.select(sa.func.count()).select_from(Consent).where(*live)).one()
    visits_today = db.scalars(
        sa.select(sa.func.count(Appointment.patient_id.distinct()))
        .join(Consent, Consent.patient_id == Appointment.patient_id)
        .where(*live, *planned, Appointment.starts_at < today_ends)
    ).one()
    upcoming = (
        sa.select(Appointment.patient_id, sa.func.min(Appointment.starts_at).label("starts_at"))
        .where(*planned)
        .group_by(Appointment.patient_id)
        .subquery()
    )
    # Everybody is sorted, so what is sorted is narrow; whole rows are read for one page only.
    page = (
        sa.select(Consent.id, upcoming.c.starts_at)
        .join(Patient, Patient.id == Consent.patient_id)
        .outerjoin(upcoming, upcoming.c.patient_id == Consent.patient_id)
        .where(*live)
        .order_by(
            sa.case((upcoming.c.starts_at < today_ends, 1), else_=0).desc(),
            *_sorted_by(order, upcoming.c.starts_at),
            sa.func.lower(Patient.display_name),
            Patient.id,
        )
        .limit(limit)
        .offset(offset)
    )
    if order in _SORTED_BY_SUMMARY:
        page = page.join(PatientSummary, PatientSummary.patient_id == Consent.patient_id)
    matching = people
    if search:
        names = db.execute(
            sa.select(Patient.id, Patient.display_name)
            .join(Consent, Consent.patient_id == Patient.id)
            .where(*live)
        )
        found = [patient_id for patient_id, name in names if _folded(search) in _folded(name)]
        matching = len(found)
        page = page.where(Patient.id.in_(found))
    next_visits: dict[int, datetime | None] = dict(db.execute(page).all())
    return Caseload(
        entries=_entries(db, next_visits), people=people, matching=matching, visits_today=visits_today
    )


def starred_counts(db: Session, since: Mapping[int, date]) -> dict[int, int]:
    """How many starred notes each patient shared about days from a date on. A private note is never counted."""
    values: dict[str, object] = {}
    for number, (patient_id, first) in enumerate(since.items()):
        values |= {f"patient{number}": patient_id, f"first{number}": first}
    return dict(_starred_notes(len(since)).rows(db, values)) if since else {}


@cache
def _starred_notes(people: int) -> Question[int, int]:
    """The question for so many people, each from a date of their own: building it anew takes longer than its answer."""
    of_each = (
        sa.and_(
            CheckIn.patient_id == sa.bindparam(f"patient{number}"),
            CheckIn.local_date >= sa.bindparam(f"first{number}"),
        )
        for number in range(people)
    )
    return Question(
        sa.select(CheckIn.patient_id, sa.func.count())
        .where(sa.or_(*of_each), CheckIn.starred, CheckIn.note_shared, CheckIn.note.is_not(None))
        .group_by(CheckIn.patient_id)
    )


_SORTED_BY_SUMMARY = {CaseloadOrder.LAST_CHECK_IN, CaseloadOrder.LAST_SESSION}


def _sorted_by(
    order: CaseloadOrder, next_visit: sa.ColumnElement[datetime]
) -> list[sa.UnaryExpression[date | None] | sa.UnaryExpression[datetime]]:
    if order is CaseloadOrder.NEXT_VISIT:
        return [next_visit.asc().nulls_last()]
    if order is CaseloadOrder.LAST_CHECK_IN:
        return [_if_seen(PatientSummary.last_check_in_on, Scope.SCORES).asc().nulls_last()]
    if order is CaseloadOrder.LAST_SESSION:
        return [_if_seen(PatientSummary.last_session_on, Scope.SESSIONS).asc().nulls_last()]
    return []


def _if_seen(column: InstrumentedAttribute[date | None], scope: Scope) -> sa.ColumnElement[date | None]:
    """The column where the consent opens it: even the order of a list must not tell what is closed."""
    open_ = Consent.scopes.contains(scope.value)
    reached = sa.or_(Consent.visible_from.is_(None), column >= Consent.visible_from)
    return sa.case((sa.and_(open_, reached), column), else_=None)


def _entries(db: Session, next_visits: Mapping[int, datetime | None]) -> list[CaseloadEntry]:
    """The patients behind these consents, in the order of ``next_visits``."""
    rows = db.execute(
        sa.select(Patient, Consent, PatientSummary)
        .join(Consent, Consent.patient_id == Patient.id)
        .join(PatientSummary, PatientSummary.patient_id == Patient.id)
        .where(Consent.id.in_(next_visits))
    )
    found = {
        consent.id: _as_entry(patient, as_consent(consent), summary, next_visits[consent.id])
        for patient, consent, summary in rows
    }
    return [found[consent_id] for consent_id in next_visits]


def _as_entry(
    patient: Patient, consent: rules.Consent, summary: PatientSummary, next_visit_at: datetime | None
) -> CaseloadEntry:
    seen = Sight(scopes=consent.scopes, visible_from=consent.visible_from)
    scores, sessions = seen.opens(Scope.SCORES), seen.opens(Scope.SESSIONS)
    last_on = summary.last_check_in_on
    checked_in = scores and last_on is not None and seen.reaches(last_on)
    tail = cast(list[TailRow], summary.tail) if scores else []
    last_session = summary.last_session_on
    treated = sessions and last_session is not None and seen.reaches(last_session)
    dates = [date.fromisoformat(str(day)) for day in summary.session_dates] if sessions else []
    return CaseloadEntry(
        patient_id=patient.id,
        public_id=patient.public_id,
        display_name=patient.display_name,
        zone=patient.zone,
        first_day=patient.first_day,
        sight=seen,
        last_check_in_on=last_on if checked_in else None,
        last_check_in_at=summary.last_check_in_at if checked_in else None,
        tail=tail
        if seen.visible_from is None
        else [row for row in tail if seen.reaches(date.fromisoformat(str(row[0])))],
        last_session_on=last_session if treated else None,
        session_dates=[day for day in dates if seen.reaches(day)],
        open_flags=_flags_seen(summary, patient.zone, consent),
        next_visit_at=next_visit_at,
    )


def _flags_seen(summary: PatientSummary, zone: str, consent: rules.Consent) -> int:
    """How many of a patient's open flags the reader with ``consent`` may see."""
    if Scope.ASSESSMENTS not in consent.scopes:
        return 0
    made = (
        datetime.fromisoformat(str(at)) for at, _acute in cast(list[tuple[str, bool]], summary.open_flags)
    )
    return sum(
        is_reached(at, zone=zone, visible_from=consent.visible_from, granted_at=consent.granted_at)
        for at in made
    )


def _folded(text: str) -> str:
    """Without capitals and accents, so that “lucia” finds Lucía."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).strip()
