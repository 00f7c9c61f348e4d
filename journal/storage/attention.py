"""What providers set aside until a date, and what a clinic wants to be shown first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.attention import SILENCE_LEAST, SILENCE_MOST, Kind, Shown
from journal.storage.base import Base, between
from journal.storage.consents import Consent
from journal.storage.patients import Patient
from journal.storage.prepared import Question

_CAN_WAIT = tuple(kind.value for kind in Kind if kind is not Kind.FLAG)


class SetAside(Base):
    """One provider does not want to be shown one kind of one patient until a date (that day not included)."""

    __tablename__ = "set_aside"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {_CAN_WAIT!r}", name="kind_known"),
        sa.UniqueConstraint("provider_id", "patient_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id", ondelete="CASCADE"))
    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(16))
    until: Mapped[date]
    set_at: Mapped[datetime]


class ClinicAttention(Base):
    """Which rules a clinic has switched on, and after how many days of silence it wants to know."""

    __tablename__ = "clinic_attention"
    __table_args__ = (between("silence_days", SILENCE_LEAST, SILENCE_MOST),)

    clinic_id: Mapped[int] = mapped_column(
        sa.ForeignKey("clinic.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    watched: Mapped[bool]
    signal: Mapped[bool]
    fading: Mapped[bool]
    silence: Mapped[bool]
    silence_days: Mapped[int]
    version: Mapped[int]
    changed_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class KeptShown:
    """A clinic's choice; ``version`` counts the changes, 0 where nobody made one."""

    shown: Shown
    version: int = 0
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something a provider set aside, of somebody who still shares with them."""

    patient_public_id: str
    patient_name: str
    kind: Kind
    until: date


_KINDS = ("watched", "signal", "fading", "silence")
_IS_ASIDE = (
    SetAside.provider_id == sa.bindparam("provider_id", type_=sa.Integer()),
    SetAside.until > sa.bindparam("today", type_=sa.Date()),
)
_ASIDE = Question(sa.select(SetAside.patient_id, SetAside.kind, SetAside.until).where(*_IS_ASIDE))
_HOW_MANY = Question(sa.select(sa.func.count()).select_from(SetAside).where(*_IS_ASIDE))
_SHOWN = Question(
    sa.select(
        ClinicAttention.watched,
        ClinicAttention.signal,
        ClinicAttention.fading,
        ClinicAttention.silence,
        ClinicAttention.silence_days,
        ClinicAttention.version,
        ClinicAttention.changed_at,
    ).where(ClinicAttention.clinic_id == sa.bindparam("clinic_id", type_=sa.Integer()))
)


def shown_at(db: Session, clinic_id: int) -> KeptShown:
    """What a clinic wants to be shown; everything, after the usual days of silence, where it said nothing."""
    rows = _SHOWN.rows(db, {"clinic_id": clinic_id})
    if not rows:
        return KeptShown(Shown())
    watched, signal, fading, silence, days, version, at = rows[0]
    return KeptShown(Shown(watched, signal, fading, silence, days), version, at)


def put_shown(db: Session, clinic_id: int, shown: Shown, *, seen_version: int, now: datetime) -> bool:
    """Keep a clinic's choice if it still has the version that was seen; whether it did."""
    row: dict[str, object] = {name: getattr(shown, name) for name in _KINDS} | {
        "silence_days": shown.silence_days,
        "version": seen_version + 1,
        "changed_at": now,
    }
    if seen_version == 0:
        if db.scalar(sa.select(sa.exists().where(ClinicAttention.clinic_id == clinic_id))):
            return False
        db.execute(sa.insert(ClinicAttention).values(clinic_id=clinic_id, **row))
        return True
    changed = db.execute(
        sa.update(ClinicAttention)
        .where(ClinicAttention.clinic_id == clinic_id, ClinicAttention.version == seen_version)
        .values(**row)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def set_aside_by(db: Session, provider_id: int, *, today: date) -> dict[int, dict[Kind, date]]:
    """What a provider has set aside beyond ``today``: of each patient, each kind and until when."""
    found: dict[int, dict[Kind, date]] = {}
    for patient_id, kind, until in _ASIDE.rows(db, {"provider_id": provider_id, "today": today}):
        found.setdefault(patient_id, {})[Kind(kind)] = until
    return found


def count_set_aside(db: Session, provider_id: int, *, today: date) -> int:
    """How many kinds of how many patients a provider has set aside beyond ``today``, all in all."""
    ((number,),) = _HOW_MANY.rows(db, {"provider_id": provider_id, "today": today})
    return number


def waiting_for(db: Session, provider_id: int, *, today: date, now: datetime) -> list[Waiting]:
    """The same with the names of those who share with the provider at ``now``, what comes back first first."""
    rows = db.execute(
        sa.select(Patient.public_id, Patient.display_name, SetAside.kind, SetAside.until)
        .join(Patient, Patient.id == SetAside.patient_id)
        .join(
            Consent,
            sa.and_(Consent.patient_id == SetAside.patient_id, Consent.provider_id == SetAside.provider_id),
        )
        .where(
            SetAside.provider_id == provider_id,
            SetAside.until > today,
            Consent.ended_at.is_(None),
            Consent.granted_at <= now,
            Consent.expires_at > now,
        )
        .order_by(SetAside.until, sa.func.lower(Patient.display_name), SetAside.id)
    )
    return [Waiting(public_id, name, Kind(kind), until) for public_id, name, kind, until in rows]


def put_aside(
    db: Session, provider_id: int, patient_id: int, kind: Kind, *, until: date, now: datetime
) -> None:
    """Set one kind of one patient aside, in place of whatever date it had."""
    take_back(db, provider_id, patient_id, kind)
    db.execute(
        sa.insert(SetAside).values(
            provider_id=provider_id, patient_id=patient_id, kind=kind.value, until=until, set_at=now
        )
    )


def take_back(db: Session, provider_id: int, patient_id: int, kind: Kind) -> bool:
    """Let it be shown again; whether it was set aside."""
    removed = db.execute(
        sa.delete(SetAside).where(
            SetAside.provider_id == provider_id,
            SetAside.patient_id == patient_id,
            SetAside.kind == kind.value,
        )
    )
    return bool(removed.rowcount)  # type: ignore[attr-defined]


def forget_past(db: Session, *, before: date) -> int:
    """Remove what came back before a date; how many."""
    removed = db.execute(sa.delete(SetAside).where(SetAside.until < before))
    return int(removed.rowcount)  # type: ignore[attr-defined]
