"""Clinics and the providers who work in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from journal.storage.base import Base, Identified, new_public_id, one_of
from journal.storage.prepared import Question


class Kind(StrEnum):
    """What a provider calls themselves. A label, never a permission."""

    THERAPIST = "therapist"
    PRESCRIBER = "prescriber"


class Clinic(Identified, Base):
    """A practice. It owns providers, invitations and the appointments they make; never a patient.

    ``phone`` is where its patients can call it, as people write a number; empty where it gave none.
    """

    __tablename__ = "clinic"

    name: Mapped[str] = mapped_column(sa.String(200))
    zone: Mapped[str] = mapped_column(sa.String(64), default="UTC")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    created_at: Mapped[datetime]


class Provider(Identified, Base):
    """A clinician. ``credentials`` are the letters after the name, if any."""

    __tablename__ = "provider"
    __table_args__ = (one_of("kind", Kind),)

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(16))
    display_name: Mapped[str] = mapped_column(sa.String(120))
    credentials: Mapped[str] = mapped_column(sa.String(40), default="")


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a provider works: the clinic, its zone, and the names of everybody who works there by id."""

    clinic_id: int
    zone: str
    people: dict[int, str]


_COLLEAGUE = aliased(Provider)
_WORKPLACE = Question(
    sa.select(Clinic.id, Clinic.zone, _COLLEAGUE.id, _COLLEAGUE.display_name)
    .join(Provider, Provider.clinic_id == Clinic.id)
    .join(_COLLEAGUE, _COLLEAGUE.clinic_id == Clinic.id)
    .where(Provider.id == sa.bindparam("provider_id", type_=sa.Integer()))
)


def workplace_of(db: Session, provider_id: int) -> Workplace:
    """The clinic of a provider and the colleagues in it, the provider included."""
    rows = _WORKPLACE.rows(db, {"provider_id": provider_id})
    return Workplace(
        clinic_id=rows[0][0], zone=rows[0][1], people={person: name for _, _, person, name in rows}
    )


def names_of_providers(db: Session, provider_ids: Collection[int]) -> dict[int, str]:
    """The display name of each of these providers."""
    if not provider_ids:
        return {}
    rows = db.execute(sa.select(Provider.id, Provider.display_name).where(Provider.id.in_(provider_ids)))
    return dict(rows.all())


def clinics(db: Session) -> list[Clinic]:
    """Every clinic, by name."""
    return list(db.scalars(sa.select(Clinic).order_by(Clinic.name, Clinic.id)))


def clinic_by_public_id(db: Session, public_id: str) -> Clinic | None:
    """The clinic with this public id."""
    return db.scalar(sa.select(Clinic).where(Clinic.public_id == public_id))


def clinic_by_name(db: Session, name: str) -> Clinic | None:
    """The clinic of this name, whatever its capitals; the oldest of several."""
    wanted = name.strip().casefold()
    return next((clinic for clinic in clinics(db) if clinic.name.casefold() == wanted), None)


def add_clinic(db: Session, *, name: str, zone: str, now: datetime) -> Clinic:
    """Add a clinic and give it back with its id."""
    clinic = Clinic(public_id=new_public_id(), name=name, zone=zone, created_at=now)
    db.add(clinic)
    db.flush()
    return clinic


def add_provider(
    db: Session, account_id: int, *, clinic_id: int, kind: Kind, display_name: str, credentials: str = ""
) -> Provider:
    """Add a provider for an account and give it back with its id."""
    provider = Provider(
        public_id=new_public_id(),
        account_id=account_id,
        clinic_id=clinic_id,
        kind=kind.value,
        display_name=display_name,
        credentials=credentials,
    )
    db.add(provider)
    db.flush()
    return provider


def provider_by_id(db: Session, provider_id: int) -> Provider:
    """The provider with this id, who must exist."""
    return db.get_one(Provider, provider_id)


def zone_of_account(db: Session, account_id: int) -> str | None:
    """The zone of the clinic where the provider of this account works; None for everybody else."""
    return db.scalar(
        sa.select(Clinic.zone)
        .join(Provider, Provider.clinic_id == Clinic.id)
        .where(Provider.account_id == account_id)
    )


def account_of(db: Session, provider_id: int) -> int:
    """The account of a provider who exists."""
    return db.get_one(Provider, provider_id).account_id


def clinic_of(db: Session, provider: Provider) -> Clinic:
    """The clinic where a provider works."""
    return db.get_one(Clinic, provider.clinic_id)
