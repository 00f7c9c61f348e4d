"""What an administrator sees: the people who work here, how their accounts stand, and nothing of any journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.languages import Language, known
from journal.storage.accounts import Account
from journal.storage.clinics import Clinic, Kind, Provider


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A provider with the account they sign in with. ``is_set_up`` means that they have chosen a password."""

    account_id: int
    provider_id: int
    public_id: str
    name: str
    credentials: str
    kind: Kind
    clinic_name: str
    email: str
    language: Language
    is_set_up: bool
    disabled_at: datetime | None


_STAFF = (
    sa.select(
        Account.id.label("account_id"),
        Provider.id.label("provider_id"),
        Provider.public_id,
        Provider.display_name,
        Provider.credentials,
        Provider.kind,
        Clinic.name.label("clinic_name"),
        Account.email,
        Account.locale,
        Account.password_hash.is_not(None).label("is_set_up"),
        Account.disabled_at,
    )
    .join(Provider, Provider.account_id == Account.id)
    .join(Clinic, Clinic.id == Provider.clinic_id)
    .order_by(Provider.display_name, Provider.id)
)


def everyone(db: Session) -> list[StaffMember]:
    """Every provider of every clinic, by name."""
    return [_as_member(row) for row in db.execute(_STAFF).mappings()]


def member(db: Session, public_id: str) -> StaffMember | None:
    """One provider by the public id."""
    row = db.execute(_STAFF.where(Provider.public_id == public_id)).mappings().one_or_none()
    return None if row is None else _as_member(row)


def member_of_account(db: Session, account_id: int) -> StaffMember | None:
    """The provider who signs in with this account."""
    row = db.execute(_STAFF.where(Account.id == account_id)).mappings().one_or_none()
    return None if row is None else _as_member(row)


def _as_member(row: sa.RowMapping) -> StaffMember:
    return StaffMember(
        account_id=row["account_id"],
        provider_id=row["provider_id"],
        public_id=row["public_id"],
        name=row["display_name"],
        credentials=row["credentials"],
        kind=Kind(row["kind"]),
        clinic_name=row["clinic_name"],
        email=row["email"],
        language=known(row["locale"]) or Language.ENGLISH,
        is_set_up=bool(row["is_set_up"]),
        disabled_at=row["disabled_at"],
    )
