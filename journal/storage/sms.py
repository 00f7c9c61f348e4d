"""Numbers that take text messages, sealed, and how each was proven to be its person's.

A number stands nowhere in the open: it is sealed for its row, and looked up by a keyed fingerprint.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.storage.accounts import Account
from journal.storage.base import Base, Identified, new_public_id
from journal.storage.patients import Patient
from journal.storage.sealing import installation_sealer

_SEALED = "sms_number.sealed"
_NUMBER_HASH = "sms_number.number_hash"
_CODE_HASH = "sms_number.code_hash"
_STAYS = frozenset({"id", "account_id"})


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


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """The number of one account, opened: E.164 (``+4917612345678``). ``code_ends_at``: until when a code is live."""

    number: str
    added_at: datetime
    code_ends_at: datetime | None
    verified_at: datetime | None
    stopped_at: datetime | None

    @property
    def ending(self) -> str:
        """Its last two digits: enough for its owner to know it, and no more than a page needs to say."""
        return self.number[-2:]

    @property
    def takes_messages(self) -> bool:
        """Whether anything may be sent to it but the code."""
        return self.verified_at is not None and self.stopped_at is None

    def waits_for_code(self, now: datetime) -> bool:
        """Whether a code was sent to it that still works."""
        return self.verified_at is None and self.code_ends_at is not None and now < self.code_ends_at


@dataclass(frozen=True, slots=True)
class Writer:
    """The patient whose verified number a text message came from."""

    account_id: int
    patient_id: int
    locale: str
    stopped: bool


def number_of(db: Session, account_id: int) -> KnownNumber | None:
    """The number of an account, whatever has become of it."""
    row = db.scalar(sa.select(SmsNumber).where(SmsNumber.account_id == account_id))
    if row is None:
        return None
    return KnownNumber(
        number=installation_sealer(db).open(row.sealed, column=_SEALED, row=row.public_id),
        added_at=row.added_at,
        code_ends_at=row.code_ends_at,
        verified_at=row.verified_at,
        stopped_at=row.stopped_at,
    )


def fingerprint_of(db: Session, number: str) -> str:
    """What a number is looked up and counted by. Without the key nobody can try out which one it is."""
    return installation_sealer(db).fingerprint(number, column=_NUMBER_HASH)


def keep(
    db: Session, account_id: int, *, number: str, code: str, code_ends_at: datetime, now: datetime
) -> None:
    """Keep ``number`` for an account, not yet verified, in place of whatever it had; only ``code`` is live now.

    A number that asked to be left alone stays so, also when it is written down anew.
    """
    sealer, public_id, number_hash = installation_sealer(db), new_public_id(), fingerprint_of(db, number)
    begin = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    adding = begin(SmsNumber).values(
        account_id=account_id,
        public_id=public_id,
        number_hash=number_hash,
        sealed=sealer.seal(number, column=_SEALED, row=public_id),
        added_at=now,
        code_hash=_code_hash(db, account_id, code),
        code_ends_at=code_ends_at,
        code_tries=0,
        verified_at=None,
        stopped_at=now if is_stopped(db, number_hash) else None,
    )
    new = {column.name: column for column in adding.excluded if column.name not in _STAYS}
    db.execute(adding.on_conflict_do_update(index_elements=[SmsNumber.account_id], set_=new))


def verify(db: Session, account_id: int, *, code: str, most: int, now: datetime) -> bool:
    """Spend the live code: whether it was the right one, which makes the number verified.

    Counted and compared in one statement, so of guesses that come at the same moment ``most`` are looked at and no
    more. The code is then over for good, right or not. Whoever else had this number has it no longer.
    """
    is_right = SmsNumber.code_hash == _code_hash(db, account_id, code)
    is_last = SmsNumber.code_tries + 1 >= most
    asked = (
        sa.update(SmsNumber)
        .where(
            SmsNumber.account_id == account_id,
            SmsNumber.code_hash.is_not(None),
            SmsNumber.code_ends_at > now,
            SmsNumber.code_tries < most,
        )
        .values(
            code_tries=SmsNumber.code_tries + 1,
            verified_at=sa.case((is_right, now), else_=SmsNumber.verified_at),
            code_hash=sa.case((sa.or_(is_right, is_last), None), else_=SmsNumber.code_hash),
            code_ends_at=sa.case((sa.or_(is_right, is_last), None), else_=SmsNumber.code_ends_at),
        )
        .returning(SmsNumber.verified_at, SmsNumber.number_hash)
        .execution_options(synchronize_session=False)
    )
    row = db.execute(asked).one_or_none()
    if row is None or row.verified_at is None:
        return False
    others = sa.delete(SmsNumber).where(
        SmsNumber.number_hash == row.number_hash, SmsNumber.account_id != account_id
    )
    db.execute(others)
    return True


def forget(db: Session, account_id: int) -> bool:
    """Remove the number of an account; whether there was one."""
    gone = db.execute(sa.delete(SmsNumber).where(SmsNumber.account_id == account_id))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def forget_unproven(db: Session, *, added_before: datetime) -> int:
    """Remove numbers that were written down before then and never proven; how many. Not those that said STOP."""
    gone = sa.delete(SmsNumber).where(
        SmsNumber.verified_at.is_(None),
        SmsNumber.stopped_at.is_(None),
        SmsNumber.added_at < added_before,
    )
    return int(db.execute(gone).rowcount)  # type: ignore[attr-defined]


def stop(db: Session, number_hash: str, *, now: datetime) -> None:
    """Send nothing more to a number, whoever has it, until :func:`start`. Also to one that is not verified yet."""
    stopping = sa.update(SmsNumber).where(
        SmsNumber.number_hash == number_hash, SmsNumber.stopped_at.is_(None)
    )
    db.execute(stopping.values(stopped_at=now))


def start(db: Session, number_hash: str) -> None:
    """Take :func:`stop` back."""
    db.execute(sa.update(SmsNumber).where(SmsNumber.number_hash == number_hash).values(stopped_at=None))


def is_stopped(db: Session, number_hash: str) -> bool:
    """Whether a number asked to be left alone, through whichever account."""
    asked = sa.exists().where(SmsNumber.number_hash == number_hash, SmsNumber.stopped_at.is_not(None))
    return bool(db.scalar(sa.select(asked)))


def writer_of(db: Session, number_hash: str) -> Writer | None:
    """Whose verified number this is, if it is that of a patient whose account is open."""
    row = db.execute(
        sa.select(SmsNumber.account_id, Patient.id, Account.locale, SmsNumber.stopped_at)
        .join(Account, Account.id == SmsNumber.account_id)
        .join(Patient, Patient.account_id == Account.id)
        .where(
            SmsNumber.number_hash == number_hash,
            SmsNumber.verified_at.is_not(None),
            Account.disabled_at.is_(None),
        )
        .order_by(SmsNumber.verified_at.desc())
    ).first()
    return row and Writer(row.account_id, row.id, row.locale, row.stopped_at is not None)


def _code_hash(db: Session, account_id: int, code: str) -> str:
    """Keyed, and bound to the account: six digits are few, and a copied database must not give them away."""
    return installation_sealer(db).fingerprint(f"{account_id}:{code}", column=_CODE_HASH)
