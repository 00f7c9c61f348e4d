"""Which clinics have said that a named person looks at flags every weekday, who that is, and whose day it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.consents import Scope
from journal.storage.base import Base, UTCDateTime, between
from journal.storage.clinics import Clinic, Provider
from journal.storage.consents import Consent

# A table whose module needs ``patients``, which needs others before it.
_ACCOUNT = sa.table("account", sa.column("id", sa.Integer()), sa.column("disabled_at", UTCDateTime()))

WORKING_WEEK = range(1, 6)
"""Monday to Friday, as ISO counts weekdays."""


class FlagReview(Base):
    """A clinic's word that ``reviewer`` looks at flags every weekday: who gave it, and when. No row: it did not."""

    __tablename__ = "flag_review"

    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id", ondelete="CASCADE"), primary_key=True)
    reviewer_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id", ondelete="CASCADE"))
    stated_by_account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id", ondelete="SET NULL"))
    stated_at: Mapped[datetime]
    sends_notes: Mapped[bool]


class FlagRota(Base):
    """Whose day a weekday is (1 Monday to 7 Sunday). A clinic without rows has no rota."""

    __tablename__ = "flag_rota"
    __table_args__ = (between("weekday", 1, 7),)

    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id", ondelete="CASCADE"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    provider_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id", ondelete="CASCADE"))


_PROVIDER: sa.Table = Provider.__table__  # type: ignore[assignment,explicit-any]
_REVIEWER, _HER_ACCOUNT = _PROVIDER.alias(), _ACCOUNT.alias()
_READING = (
    sa.select(_PROVIDER.c.clinic_id, Consent.scopes)
    .join(Consent, Consent.provider_id == _PROVIDER.c.id)
    .join(_ACCOUNT, _ACCOUNT.c.id == _PROVIDER.c.account_id)
    .join(FlagReview, FlagReview.clinic_id == _PROVIDER.c.clinic_id)
    .join(_REVIEWER, _REVIEWER.c.id == FlagReview.reviewer_id)
    .join(_HER_ACCOUNT, _HER_ACCOUNT.c.id == _REVIEWER.c.account_id)
    .where(
        Consent.patient_id == sa.bindparam("patient_id"),
        Consent.ended_at.is_(None),
        Consent.granted_at <= sa.bindparam("now", type_=UTCDateTime()),
        Consent.expires_at > sa.bindparam("now", type_=UTCDateTime()),
        _ACCOUNT.c.disabled_at.is_(None),
        _HER_ACCOUNT.c.disabled_at.is_(None),
        _REVIEWER.c.clinic_id == _PROVIDER.c.clinic_id,
    )
)


@dataclass(frozen=True, slots=True)
class Review:
    """What a clinic has said. ``rota``: provider by weekday, those who have left not among them.

    ``wants_notes`` is what somebody chose; notes are sent only where ``sends_notes`` says so too.
    """

    clinic_id: int
    reviewer_id: int
    reviewer_name: str
    stated_by_account_id: int | None
    stated_at: datetime
    wants_notes: bool
    rota: dict[int, int] = field(default_factory=dict)

    @property
    def has_rota(self) -> bool:
        """Whether every day of the working week is somebody's."""
        return all(weekday in self.rota for weekday in WORKING_WEEK)

    @property
    def sends_notes(self) -> bool:
        """Whether providers are told by mail that there is something to read: never without a whole rota."""
        return self.wants_notes and self.has_rota


def review_of(db: Session, clinic_id: int) -> Review | None:
    """What a clinic has said, while the person it named still works there; else None, as if nothing was said."""
    row = db.execute(
        sa.select(FlagReview, Provider.display_name)
        .join(Provider, Provider.id == FlagReview.reviewer_id)
        .join(_ACCOUNT, _ACCOUNT.c.id == Provider.account_id)
        .where(
            FlagReview.clinic_id == clinic_id,
            Provider.clinic_id == clinic_id,
            _ACCOUNT.c.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    said, name = row
    return Review(
        clinic_id=clinic_id,
        reviewer_id=said.reviewer_id,
        reviewer_name=name,
        stated_by_account_id=said.stated_by_account_id,
        stated_at=said.stated_at,
        wants_notes=said.sends_notes,
        rota=_rota(db, clinic_id),
    )


def is_named(db: Session, provider_id: int) -> bool:
    """Whether a clinic has said that this provider looks at flags every weekday."""
    return bool(db.scalar(sa.select(sa.exists().where(FlagReview.reviewer_id == provider_id))))


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who works at a clinic and can sign in."""

    provider_id: int
    public_id: str
    name: str


def working_at(db: Session, clinic_id: int) -> list[Worker]:
    """Everybody who works at a clinic now, by name."""
    rows = db.execute(
        sa.select(Provider.id, Provider.public_id, Provider.display_name)
        .join(_ACCOUNT, _ACCOUNT.c.id == Provider.account_id)
        .where(Provider.clinic_id == clinic_id, _ACCOUNT.c.disabled_at.is_(None))
        .order_by(Provider.display_name, Provider.id)
    )
    return [Worker(provider_id, public_id, name) for provider_id, public_id, name in rows]


def put_phone(db: Session, clinic_id: int, phone: str) -> None:
    """Write down where a clinic's patients can call it; empty for nowhere."""
    db.execute(sa.update(Clinic).where(Clinic.id == clinic_id).values(phone=phone))


def put_review(
    db: Session, clinic_id: int, *, reviewer_id: int, stated_by_account_id: int | None, now: datetime
) -> None:
    """Write down a clinic's word, in place of the one before. Notes begin switched off."""
    take_back_review(db, clinic_id)
    db.execute(
        sa.insert(FlagReview).values(
            clinic_id=clinic_id,
            reviewer_id=reviewer_id,
            stated_by_account_id=stated_by_account_id,
            stated_at=now,
            sends_notes=False,
        )
    )


def take_back_review(db: Session, clinic_id: int) -> bool:
    """Forget a clinic's word; whether there was one."""
    gone = db.execute(sa.delete(FlagReview).where(FlagReview.clinic_id == clinic_id))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def put_rota(db: Session, clinic_id: int, rota: dict[int, int]) -> None:
    """Write down whose day each weekday is, in place of what was."""
    db.execute(sa.delete(FlagRota).where(FlagRota.clinic_id == clinic_id))
    if rota:
        db.execute(
            sa.insert(FlagRota),
            [
                {"clinic_id": clinic_id, "weekday": weekday, "provider_id": provider_id}
                for weekday, provider_id in sorted(rota.items())
            ],
        )


def put_notes(db: Session, clinic_id: int, *, wanted: bool) -> None:
    """Write down whether notes are wanted, where the clinic has given its word."""
    db.execute(sa.update(FlagReview).where(FlagReview.clinic_id == clinic_id).values(sends_notes=wanted))


def reading_clinics(db: Session, patient_id: int, *, now: datetime) -> list[int]:
    """The clinics that look at this patient's flags: they said so, whom they named is still there, and the patient
    opens ``assessments`` to somebody who works there. Empty: nobody would look.
    """
    rows = db.execute(_READING, {"patient_id": patient_id, "now": now})
    return sorted({clinic_id for clinic_id, scopes in rows if Scope.ASSESSMENTS.value in scopes.split(",")})


def _rota(db: Session, clinic_id: int) -> dict[int, int]:
    rows = db.execute(
        sa.select(FlagRota.weekday, FlagRota.provider_id)
        .join(Provider, Provider.id == FlagRota.provider_id)
        .join(_ACCOUNT, _ACCOUNT.c.id == Provider.account_id)
        .where(
            FlagRota.clinic_id == clinic_id,
            Provider.clinic_id == clinic_id,
            _ACCOUNT.c.disabled_at.is_(None),
        )
    )
    return dict(rows.all())


def clinic_phones(
    db: Session, patient_id: int, *, now: datetime, at_clinic_of: int | None = None
) -> list[tuple[str, str]]:
    """Name and number of every clinic where somebody reads this patient now and that gave a number, by name.

    ``at_clinic_of``: of these, only the one where this provider works.
    """
    theirs = sa.select(Provider.clinic_id).where(Provider.id == at_clinic_of).scalar_subquery()
    rows = db.execute(
        sa.select(Clinic.name, Clinic.phone)
        .join(Provider, Provider.clinic_id == Clinic.id)
        .join(Consent, Consent.provider_id == Provider.id)
        .where(
            Consent.patient_id == patient_id,
            Consent.ended_at.is_(None),
            Consent.granted_at <= now,
            Consent.expires_at > now,
            Clinic.phone != "",
            sa.true() if at_clinic_of is None else Clinic.id == theirs,
        )
        .distinct()
        .order_by(Clinic.name, Clinic.phone)
    )
    return [(name, phone) for name, phone in rows]
