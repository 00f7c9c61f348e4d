"""Clinics and the providers who work in them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from journal.storage.base import Base, Identified, one_of


class Kind(StrEnum):
    """What a provider calls themselves. A label, never a permission."""

    THERAPIST = "therapist"
    PRESCRIBER = "prescriber"


class Clinic(Identified, Base):
    """A practice. It owns providers, invitations and the appointments they make; never a patient."""

    __tablename__ = "clinic"

    name: Mapped[str] = mapped_column(sa.String(200))
    zone: Mapped[str] = mapped_column(sa.String(64), default="UTC")
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
