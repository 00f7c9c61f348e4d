"""Phones that take notifications: their subscriptions, sealed, and the installation's own key."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from journal.storage.base import Base, Identified


class PushSubscription(Identified, Base):
    """One browser of one account. Where to send and the keys to encrypt with are sealed together.

    ``endpoint_hash`` is the keyed fingerprint of the address: a browser that subscribes again is known again.
    ``taken_at``: when its push service last took a message.
    """

    __tablename__ = "push_subscription"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), index=True)
    endpoint_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    sealed: Mapped[bytes]
    added_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]


class PushKey(Base):
    """The only row: the private key by which push services know this installation (VAPID), sealed."""

    __tablename__ = "push_key"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    made_at: Mapped[datetime]
