"""Phones that take notifications: their subscriptions, sealed, and the installation's own key.

An address by which a browser can be reached stands nowhere in the open: it is sealed with its keys for its row, and
known again by a keyed fingerprint.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.storage.base import Base, Identified, new_public_id
from journal.storage.sealing import installation_sealer

_SEALED = "push_subscription.sealed"
_ENDPOINT_HASH = "push_subscription.endpoint_hash"
_KEY = {"column": "push_key.sealed", "row": "1"}


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


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How one browser is reached: its address at a push service, and what to encrypt with.

    ``p256dh`` is an uncompressed point of P-256 (65 bytes), ``auth`` the secret beside it (16 bytes). All three are
    as good as a key to that browser, so none of them is shown when this is printed.
    """

    url: str = field(repr=False)
    p256dh: bytes = field(repr=False)
    auth: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Subscription:
    """One browser of an account, opened. ``public_id`` names it without giving anything away."""

    public_id: str
    endpoint: Endpoint


def keep(db: Session, account_id: int, *, endpoint: Endpoint, most: int, now: datetime) -> str:
    """Keep a browser for an account and return its public id; past ``most`` of them the oldest is forgotten.

    A browser has one account: where somebody else was signed in before, their messages must not come here any more.
    """
    sealer, public_id = installation_sealer(db), new_public_id()
    begin = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    adding = begin(PushSubscription).values(
        public_id=public_id,
        account_id=account_id,
        endpoint_hash=sealer.fingerprint(endpoint.url, column=_ENDPOINT_HASH),
        sealed=sealer.seal(_written(endpoint), column=_SEALED, row=public_id),
        added_at=now,
        taken_at=None,
    )
    new = {
        name: adding.excluded[name] for name in ("public_id", "account_id", "sealed", "added_at", "taken_at")
    }
    db.execute(adding.on_conflict_do_update(index_elements=[PushSubscription.endpoint_hash], set_=new))
    newest = (
        sa.select(PushSubscription.id)
        .where(PushSubscription.account_id == account_id)
        .order_by(PushSubscription.added_at.desc(), PushSubscription.id.desc())
    )
    db.execute(sa.delete(PushSubscription).where(PushSubscription.id.in_(newest.offset(most))))
    return public_id


def subscriptions_of(db: Session, account_id: int) -> list[Subscription]:
    """The browsers of an account, the newest first."""
    sealer = installation_sealer(db)
    rows = db.execute(
        sa.select(PushSubscription.public_id, PushSubscription.sealed)
        .where(PushSubscription.account_id == account_id)
        .order_by(PushSubscription.added_at.desc(), PushSubscription.id.desc())
    )
    return [
        Subscription(row.public_id, _read(sealer.open(row.sealed, column=_SEALED, row=row.public_id)))
        for row in rows
    ]


def has_any(db: Session, account_id: int) -> bool:
    """Whether an account has a browser that takes notifications."""
    asked = sa.exists().where(PushSubscription.account_id == account_id)
    return bool(db.scalar(sa.select(asked)))


def mark_taken(db: Session, public_ids: Collection[str], *, now: datetime) -> None:
    """Note that push services took a message for these browsers."""
    taken = sa.update(PushSubscription).where(PushSubscription.public_id.in_(public_ids))
    db.execute(taken.values(taken_at=now))


def forget(db: Session, public_ids: Collection[str]) -> None:
    """Remove browsers by their public ids: those whose push services say that they are gone."""
    db.execute(sa.delete(PushSubscription).where(PushSubscription.public_id.in_(public_ids)))


def forget_own(db: Session, account_id: int, *, url: str) -> None:
    """Remove the browser at ``url``, if it is this account's."""
    known = installation_sealer(db).fingerprint(url, column=_ENDPOINT_HASH)
    db.execute(
        sa.delete(PushSubscription).where(
            PushSubscription.account_id == account_id, PushSubscription.endpoint_hash == known
        )
    )


def forget_all(db: Session, account_id: int) -> None:
    """Remove every browser of an account: nothing is to be sent to any of them."""
    db.execute(sa.delete(PushSubscription).where(PushSubscription.account_id == account_id))


def own_key(db: Session) -> str | None:
    """The installation's private key as it was kept; None before the first need."""
    sealed = db.scalar(sa.select(PushKey.sealed))
    return None if sealed is None else installation_sealer(db).open(sealed, **_KEY)


def keep_own_key(db: Session, key: str, *, now: datetime) -> None:
    """Keep the installation's private key, unless there is one: another process may have been quicker."""
    begin = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    sealed = installation_sealer(db).seal(key, **_KEY)
    db.execute(begin(PushKey).values(id=1, sealed=sealed, made_at=now).on_conflict_do_nothing())


def _written(endpoint: Endpoint) -> str:
    keys = [base64.b64encode(key).decode() for key in (endpoint.p256dh, endpoint.auth)]
    return json.dumps([endpoint.url, *keys])


def _read(text: str) -> Endpoint:
    url, p256dh, auth = json.loads(text)
    return Endpoint(url, base64.b64decode(p256dh), base64.b64decode(auth))
