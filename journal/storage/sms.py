"""Numbers that take text messages, sealed, and how each was proven to be its person's."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from journal.storage.base import Base, Identified


class SmsNumber(Identified, Base):
    """The number of one account. ``number_hash`` is its keyed fingerprint, by which a reply is known.

    ``verified_at``: the code that was sent to it came back. ``stopped_at``: STOP came from it.
    """

    __tablename__ = "sms_number"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    number_hash: Mapped[str] = mapped_column(sa.String(64), index=True)
    sealed: Mapped[bytes]
    added_at: Mapped[datetime]
    code_hash: Mapped[str | None] = mapped_column(sa.String(64))
    code_ends_at: Mapped[datetime | None]
    code_tries: Mapped[int] = mapped_column(default=0)
    verified_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
