"""People who sign in, the browsers they are signed in with, and the one-time links that let them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.storage.base import Base, Identified, UTCDateTime, new_public_id, one_of
from journal.storage.clinics import Provider
from journal.storage.patients import Patient


class Role(StrEnum):
    """What an account is. One role each."""

    PATIENT = "patient"
    PROVIDER = "provider"
    ADMIN = "admin"


class Purpose(StrEnum):
    """What a one-time link is for; a link for one purpose opens no other door."""

    SIGN_IN = "sign_in"
    SET_UP = "set_up"


class Account(Identified, Base):
    """Someone who signs in. ``email`` is case-folded."""

    __tablename__ = "account"
    __table_args__ = (one_of("role", Role),)

    email: Mapped[str] = mapped_column(sa.String(320), unique=True)
    password_hash: Mapped[str | None]
    role: Mapped[str] = mapped_column(sa.String(16))
    locale: Mapped[str] = mapped_column(sa.String(16), default="en")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class WebSession(Base):
    """A signed-in browser. Only the hash of its token is kept, so a copied database signs nobody in."""

    __tablename__ = "web_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class OneTimeLink(Base):
    """A link (and, for signing in, a code) that works once, for one purpose, for a while."""

    __tablename__ = "one_time_link"
    __table_args__ = (one_of("purpose", Purpose),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(sa.String(16))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(sa.String(64))
    browser: Mapped[str | None] = mapped_column(sa.String(64))
    wrong_codes: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is behind a request: the account with the row it plays its role with (patient or provider)."""

    account_id: int
    account_public_id: str
    email: str
    role: Role
    locale: str
    web_session_id: int
    seen_at: datetime
    patient_id: int | None
    provider_id: int | None
    display_name: str


_SIGNED_IN = (
    sa.select(
        Account.id,
        Account.public_id,
        Account.email,
        Account.role,
        Account.locale,
        WebSession.id.label("web_session_id"),
        WebSession.seen_at,
        Patient.id.label("patient_id"),
        Patient.display_name.label("patient_name"),
        Provider.id.label("provider_id"),
        Provider.display_name.label("provider_name"),
    )
    .join(Account, Account.id == WebSession.account_id)
    .outerjoin(Patient, Patient.account_id == Account.id)
    .outerjoin(Provider, Provider.account_id == Account.id)
    .where(
        WebSession.token_hash == sa.bindparam("token_hash"),
        WebSession.ends_at > sa.bindparam("now", type_=UTCDateTime()),
        Account.disabled_at.is_(None),
    )
)


def signed_in(db: Session, token_hash: str, *, now: datetime) -> SignedIn | None:
    """Who holds the web session with this token; None when it has ended or the account is closed."""
    row = db.execute(_SIGNED_IN, {"token_hash": token_hash, "now": now}).one_or_none()
    if row is None:
        return None
    return SignedIn(
        account_id=row.id,
        account_public_id=row.public_id,
        email=row.email,
        role=Role(row.role),
        locale=row.locale,
        web_session_id=row.web_session_id,
        seen_at=row.seen_at,
        patient_id=row.patient_id,
        provider_id=row.provider_id,
        display_name=row.patient_name or row.provider_name or "Administrator",
    )


def begin_web_session(
    db: Session, account_id: int, *, token_hash: str, now: datetime, ends_at: datetime
) -> None:
    """Remember a browser that has just signed in."""
    db.execute(
        sa.insert(WebSession).values(
            account_id=account_id, token_hash=token_hash, began_at=now, seen_at=now, ends_at=ends_at
        )
    )


def touch_web_session(db: Session, web_session_id: int, *, now: datetime) -> None:
    """Write down that a web session was used."""
    db.execute(sa.update(WebSession).where(WebSession.id == web_session_id).values(seen_at=now))


def end_web_session(db: Session, token_hash: str) -> None:
    """Forget a browser: a copy of its cookie opens nothing from the next request on."""
    db.execute(sa.delete(WebSession).where(WebSession.token_hash == token_hash))


def end_web_sessions_of(db: Session, account_id: int) -> int:
    """Forget every browser of an account; how many there were."""
    ended = db.execute(sa.delete(WebSession).where(WebSession.account_id == account_id))
    return int(ended.rowcount)  # type: ignore[attr-defined]


def account_by_email(db: Session, email: str) -> Account | None:
    """The account with this address, whatever its capitals."""
    return db.scalar(sa.select(Account).where(Account.email == email.strip().casefold()))


def add_account(
    db: Session, email: str, role: Role, *, now: datetime, password_hash: str | None = None
) -> Account:
    """Add an account and give it back with its id."""
    account = Account(
        public_id=new_public_id(),
        email=email.strip().casefold(),
        role=role.value,
        locale="en",
        created_at=now,
        password_hash=password_hash,
    )
    db.add(account)
    db.flush()
    return account
