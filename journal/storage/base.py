"""What every table shares: naming, ids for URLs, a time column that cannot be misunderstood. No table lives here."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

# Constraints need fixed names, or migrations cannot alter them on SQLite.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def new_public_id() -> str:
    """A random name for a URL: 128 bits, URL-safe, 22 characters. Made before the row is written."""
    return secrets.token_urlsafe(16)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Refuses naive times on the way in; gives aware UTC times on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal kept to the last digit: text on SQLite, which knows none. Refuses more digits than it keeps."""

    impl = sa.Numeric
    cache_ok = True

    def __init__(self, digits: int, after: int) -> None:
        super().__init__(digits, after)
        self.digits, self.after = digits, after

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:  # type: ignore[explicit-any]
        # two more for the sign and the point
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(self.digits + 2))
        return dialect.type_descriptor(sa.Numeric(self.digits, self.after))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> object:
        if value is None:
            return None
        if value != round(value, self.after):
            raise ValueError("a decimal is never rounded to be stored")
        exact = round(value, self.after)
        return str(exact) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: object, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(str(value))


class Base(DeclarativeBase):
    """The mother of all tables."""

    metadata = sa.MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UTCDateTime(), str: sa.Text()}


class Identified:
    """An ``id`` for inside and a ``public_id`` for URLs."""

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(32), unique=True)


def one_of(column: str, values: type) -> sa.CheckConstraint:
    """A CHECK that ``column`` holds one of an enum's values."""
    listed = ", ".join(f"'{member.value}'" for member in values)  # type: ignore[attr-defined]
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def between(column: str, low: int, high: int) -> sa.CheckConstraint:
    """A CHECK that ``column`` is empty or between ``low`` and ``high``, both included."""
    return sa.CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=f"{column}_range")
