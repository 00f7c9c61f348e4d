"""People who sign in, the browsers they are signed in with, and the one-time links that let them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.unlocking import Lock
from journal.languages import Language, known
from journal.storage.base import Base, Identified, UTCDateTime, new_public_id, one_of
from journal.storage.clinics import Provider
from journal.storage.patients import Patient
from journal.storage.prepared import Question


class Role(StrEnum):
    """What an account is. One role each."""

    PATIENT = "patient"
    PROVIDER = "provider"
    ADMIN = "admin"


class Purpose(StrEnum):
    """What a one-time link is for; a link for one purpose opens no other door."""

    SIGN_IN = "sign_in"
    SET_UP = "set_up"
    UNLOCK = "unlock"


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

    @property
    def language(self) -> Language:
        """What its owner reads; English where that is not spoken here."""
        return known(self.locale) or Language.ENGLISH


class WebSession(Base):
    """A signed-in browser. Only the hash of its token is kept, so a copied database signs nobody in.

    ``used_at``, ``proved_at`` and ``stays_open`` are a patient's ``Lock``.
    """

    __tablename__ = "web_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    stays_open: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


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
    """Who is behind a request: the account with the row it plays its role with (patient or provider).

    ``display_name`` is empty for an administrator.

    ``patient`` is for reading: it belongs to no unit of work, so nothing that is set on it is ever written.
    """

    account_id: int
    account_public_id: str
    email: str
    role: Role
    locale: str
    web_session_id: int
    seen_at: datetime
    lock: Lock
    patient: Patient | None
    provider_id: int | None
    display_name: str

    @property
    def patient_id(self) -> int | None:
        """The patient's id, for a patient."""
        return None if self.patient is None else self.patient.id


# Asked at every request, so everything at once: whose browser it is, and the patient whose pages follow.
_PATIENT: sa.Table = Patient.__table__  # type: ignore[assignment,explicit-any]
_SIGNED_IN = Question(
    sa.select(
        Account.id,
        Account.public_id,
        Account.email,
        Account.role,
        Account.locale,
        WebSession.id,
        WebSession.seen_at,
        WebSession.used_at,
        WebSession.proved_at,
        WebSession.stays_open,
        Provider.id,
        Provider.display_name,
        *_PATIENT.c,
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
    found = _SIGNED_IN.rows(db, {"token_hash": token_hash, "now": now})
    if not found:
        return None
    account_id, public_id, email, role, locale, web_session_id, seen_at, *rest = found[0]
    used_at, proved_at, stays_open, provider_id, name, *columns = rest
    named = dict(zip(_PATIENT.c.keys(), columns, strict=True))
    patient = None if named["id"] is None else Patient(**named)
    return SignedIn(
        account_id=account_id,
        account_public_id=public_id,
        email=email,
        role=Role(role),
        locale=locale,
        web_session_id=web_session_id,
        seen_at=seen_at,
        lock=Lock(used_at=used_at, proved_at=proved_at, stays_open=stays_open),
        patient=patient,
        provider_id=provider_id,
        display_name=patient.display_name if patient else name or "",
    )


def begin_web_session(
    db: Session, account_id: int, *, token_hash: str, now: datetime, ends_at: datetime
) -> None:
    """Remember a browser that has just signed in, and is unlocked by that."""
    db.execute(
        sa.insert(WebSession).values(
            account_id=account_id,
            token_hash=token_hash,
            began_at=now,
            seen_at=now,
            ends_at=ends_at,
            used_at=now,
            proved_at=now,
            stays_open=False,
        )
    )


def touch_web_session(
    db: Session, web_session_id: int, *, now: datetime, while_unlocked: bool = False
) -> None:
    """Write down that a web session was used, and that it was unlocked then."""
    used = {"used_at": now} if while_unlocked else {}
    db.execute(sa.update(WebSession).where(WebSession.id == web_session_id).values(seen_at=now, **used))


def unlock_web_session(db: Session, token_hash: str, *, new_token_hash: str, now: datetime) -> bool:
    """Unlock a web session, with another secret from now on; when it ends stays as it was. False if it has ended."""
    return _renew(db, token_hash, now=now, token_hash=new_token_hash, used_at=now, proved_at=now)


def keep_open(db: Session, token_hash: str, *, new_token_hash: str, now: datetime) -> bool:
    """Never lock a web session for being idle, and give it another secret. False if it has ended."""
    return _renew(db, token_hash, now=now, token_hash=new_token_hash, stays_open=True)


def lock_when_idle(db: Session, token_hash: str, *, now: datetime) -> bool:
    """Lock a web session again when it has been idle, counted from now. False if it has ended."""
    return _renew(db, token_hash, now=now, used_at=now, stays_open=False)


def _renew(db: Session, held: str, *, now: datetime, **values: datetime | str | bool) -> bool:
    """Change the web session that has this token's hash. Of two who do so at once, the second finds another token."""
    changed = db.execute(
        sa.update(WebSession)
        .where(WebSession.token_hash == held, WebSession.ends_at > now)
        .values(seen_at=now, **values)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


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
    db: Session,
    email: str,
    role: Role,
    *,
    now: datetime,
    password_hash: str | None = None,
    language: Language = Language.ENGLISH,
) -> Account:
    """Add an account that is spoken to in ``language``, and give it back with its id."""
    account = Account(
        public_id=new_public_id(),
        email=email.strip().casefold(),
        role=role.value,
        locale=language.value,
        created_at=now,
        password_hash=password_hash,
    )
    db.add(account)
    db.flush()
    return account


def forget_ended(db: Session, *, now: datetime) -> int:
    """Remove web sessions and one-time links that have ended; how many."""
    gone = 0
    for table in (WebSession, OneTimeLink):
        gone += db.execute(sa.delete(table).where(table.ends_at < now)).rowcount  # type: ignore[attr-defined]
    return gone


def set_language(db: Session, account_id: int, language: Language) -> None:
    """From now on speak ``language`` with the owner of an account."""
    db.execute(sa.update(Account).where(Account.id == account_id).values(locale=language.value))


def account_by_id(db: Session, account_id: int) -> Account | None:
    """The account with this id."""
    return db.get(Account, account_id)


def is_open(db: Session, account_id: int) -> bool:
    """Whether an account exists and was not closed."""
    return bool(
        db.scalar(sa.select(sa.exists().where(Account.id == account_id, Account.disabled_at.is_(None))))
    )


def any_account(db: Session) -> bool:
    """Whether anybody has an account here."""
    return bool(db.scalar(sa.select(sa.exists().select_from(Account))))


def set_password_hash(db: Session, account_id: int, password_hash: str) -> None:
    """Keep another hash; it may be of the same password, made at a higher cost."""
    db.execute(sa.update(Account).where(Account.id == account_id).values(password_hash=password_hash))


def disable_account(db: Session, account_id: int, *, now: datetime) -> bool:
    """Close an account that is open; whether it was. From the next request on its browsers are strangers."""
    closed = db.execute(
        sa.update(Account)
        .where(Account.id == account_id, Account.disabled_at.is_(None))
        .values(disabled_at=now)
    )
    return bool(closed.rowcount)  # type: ignore[attr-defined]


def patient_id_of(db: Session, account_id: int) -> int | None:
    """The patient behind an account, if it is a patient's."""
    return db.scalar(sa.select(Patient.id).where(Patient.account_id == account_id))


# One-time links ----------------------------------------------------------------------------------------------


def add_link(
    db: Session,
    account_id: int,
    purpose: Purpose,
    *,
    token_hash: str,
    now: datetime,
    ends_at: datetime,
    code_hash: str | None = None,
    browser: str | None = None,
) -> None:
    """Remember a one-time link; ``browser`` is the hash of the secret of the page that asked for its code."""
    db.execute(
        sa.insert(OneTimeLink).values(
            account_id=account_id,
            purpose=purpose.value,
            token_hash=token_hash,
            code_hash=code_hash,
            browser=browser,
            wrong_codes=0,
            made_at=now,
            ends_at=ends_at,
        )
    )


def end_links_of_browser(db: Session, browser: str, *, now: datetime) -> None:
    """What one browser asked for before is over: it has one request at a time, whoever it was for."""
    db.execute(
        sa.update(OneTimeLink)
        .where(OneTimeLink.browser == browser, OneTimeLink.spent_at.is_(None))
        .values(spent_at=now)
    )


def end_links_of(db: Session, account_id: int, *, now: datetime, purpose: Purpose | None = None) -> None:
    """End an account's open links, of one purpose or of all."""
    query = sa.update(OneTimeLink).where(OneTimeLink.account_id == account_id, OneTimeLink.spent_at.is_(None))
    if purpose is not None:
        query = query.where(OneTimeLink.purpose == purpose.value)
    db.execute(query.values(spent_at=now))


def account_of_link(db: Session, token_hash: str, purpose: Purpose, *, now: datetime) -> Account | None:
    """Whose link this is, if it still works. Asking spends nothing: programs open links in mails before people do."""
    return db.scalar(
        sa.select(Account)
        .join(OneTimeLink, OneTimeLink.account_id == Account.id)
        .where(*_is_live(purpose, now), OneTimeLink.token_hash == token_hash, Account.disabled_at.is_(None))
    )


def spend_link(db: Session, token_hash: str, purpose: Purpose, *, now: datetime) -> int | None:
    """Use a link up; the id of its account, or None if it does not work any more. Of many at once, one gets it."""
    return db.scalar(
        sa.update(OneTimeLink)
        .where(*_is_live(purpose, now), OneTimeLink.token_hash == token_hash)
        .values(spent_at=now)
        .returning(OneTimeLink.account_id)
    )


def spend_code(
    db: Session,
    code_hash: str,
    *,
    browser: str,
    now: datetime,
    wrong_codes_most: int,
    purpose: Purpose = Purpose.SIGN_IN,
) -> int | None:
    """Use up the request of a browser by its code; the id of its account, or None.

    A try is counted before it is compared, so that many tries at once are still counted one by one.
    """
    tried = db.execute(
        sa.update(OneTimeLink)
        .where(
            *_is_live(purpose, now),
            OneTimeLink.browser == browser,
            OneTimeLink.wrong_codes < wrong_codes_most,
        )
        .values(wrong_codes=OneTimeLink.wrong_codes + 1)
        .returning(OneTimeLink.account_id, OneTimeLink.code_hash)
    ).all()
    # A button pressed twice can make two requests at once, and neither has seen the other to end it.
    for request in tried:
        if request.code_hash == code_hash:
            end_links_of_browser(db, browser, now=now)
            return int(request.account_id)
    return None


def end_tried_out(db: Session, *, browser: str, wrong_codes_most: int, now: datetime) -> None:
    """After too many wrong codes the request is over, and its link with it."""
    db.execute(
        sa.update(OneTimeLink)
        .where(
            OneTimeLink.browser == browser,
            OneTimeLink.spent_at.is_(None),
            OneTimeLink.wrong_codes >= wrong_codes_most,
        )
        .values(spent_at=now)
    )


def _is_live(purpose: Purpose, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        OneTimeLink.purpose == purpose.value,
        OneTimeLink.spent_at.is_(None),
        OneTimeLink.ends_at > now,
    )
