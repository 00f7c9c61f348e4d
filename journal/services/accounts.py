"""Letting people in and out: by a mailed link or code, by a password, for the first time, and never again.

Nothing here says whether an address has an account; what is answered to the person is the same either way. Mail is
sent by the edge, after the commit. How many tries there may be is counted in ``throttles``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import email_validator
from sqlalchemy.orm import Session

from journal.domain.access_limits import (
    PASSWORD_LONGEST,
    PATIENT_SESSION_LASTS,
    PATIENT_SESSION_UNREMEMBERED,
    SET_UP_LINK_LASTS,
    SIGN_IN_CODE_DIGITS,
    SIGN_IN_LINK_LASTS,
    STAFF_SESSION_LASTS,
    WRONG_CODES_MOST,
)
from journal.domain.days import known_zone
from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.domain.passwords import check_password
from journal.languages import Language, spoken
from journal.services import flag_reviews
from journal.services.digests import begin_notes
from journal.services.links import code_fingerprint, fingerprint, new_code, new_token
from journal.services.passwords import hash_password, is_right, needs_new_hash
from journal.services.patients import NAME_LENGTH, begin_journal, problems_of_newcomer
from journal.storage import accounts, audit, clinics, consents, push, staff
from journal.storage.accounts import Account, Purpose, Role
from journal.storage.audit import Act
from journal.storage.clinics import Clinic, Kind
from journal.storage.patients import Patient

CLINIC_NAME_LENGTH = 200
CREDENTIALS_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for by mail. ``to`` is empty where nobody has the address: the page must not let that show.

    ``language`` is the one that the mail's reader has chosen; for nobody's address the one being spoken.
    """

    token: str
    code: str
    to: str
    language: Language


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody who is now signed in: the secret of their web session, and whether the browser is to keep it."""

    token: str
    role: Role
    is_remembered: bool


def read_address(text: str, *, field: str | None = None) -> str:
    """``text`` as an e-mail address in the one form in which addresses are kept. Nothing is asked of the network.

    Refuses ``email_wrong``, for the ``field`` it was typed into.
    """
    try:
        found = email_validator.validate_email(text.strip(), check_deliverability=False)
    except email_validator.EmailNotValidError:
        raise Refused("email_wrong", field=field) from None
    return found.normalized.casefold()


# Signing in --------------------------------------------------------------------------------------------------


def ask_to_sign_in(db: Session, email: str, *, browser: str, now: datetime) -> Request:
    """Make the link and the code for ``email``, for the page with the secret ``browser``.

    What that page asked for before is over, for this address or any other. For an address that nobody has, or whose
    account is closed, as much is written, and the answer's ``to`` is empty.
    """
    token, code = new_token(), new_code(SIGN_IN_CODE_DIGITS)
    accounts.end_links_of_browser(db, fingerprint(browser), now=now)
    account = accounts.account_by_email(db, email)
    if account is None or account.disabled_at is not None:
        _refused(db, account, now=now)
        return Request(token=token, code=code, to="", language=spoken())
    accounts.add_link(
        db,
        account.id,
        Purpose.SIGN_IN,
        token_hash=fingerprint(token),
        code_hash=code_fingerprint(code, browser),
        browser=fingerprint(browser),
        now=now,
        ends_at=now + SIGN_IN_LINK_LASTS,
    )
    return Request(token=token, code=code, to=account.email, language=account.language)


def sign_in_by_link(
    db: Session, token: str, *, remember: bool, now: datetime, instead_of: str | None = None
) -> Entered | None:
    """Spend a mailed link; None if it does not work any more. ``instead_of``: the web session this browser had."""
    account_id = accounts.spend_link(db, fingerprint(token), Purpose.SIGN_IN, now=now)
    return _enter(db, account_id, remember=remember, now=now, instead_of=instead_of)


def sign_in_by_code(
    db: Session, code: str, *, browser: str, remember: bool, now: datetime, instead_of: str | None = None
) -> Entered | None:
    """Spend a mailed code on the page that asked for it; None if it is wrong or over. Five wrong ones end it.

    The caller must commit either way: the wrong ones count.
    """
    account_id = accounts.spend_code(
        db,
        code_fingerprint(code, browser),
        browser=fingerprint(browser),
        now=now,
        wrong_codes_most=WRONG_CODES_MOST,
    )
    if account_id is None:
        accounts.end_tried_out(db, browser=fingerprint(browser), wrong_codes_most=WRONG_CODES_MOST, now=now)
    return _enter(db, account_id, remember=remember, now=now, instead_of=instead_of)


def sign_in_by_password(
    db: Session,
    account: Account | None,
    password: str,
    *,
    is_right: bool,
    remember: bool,
    now: datetime,
    instead_of: str | None = None,
) -> Entered | None:
    """Let in whoever gave the right password of ``account``; None otherwise. The caller commits either way.

    Comparing is slow on purpose and happens before the transaction (``password_fits``); here it counts only if the
    account still has the password that was compared. A hash made at a lower cost than today's is made anew.
    """
    present = accounts.account_by_id(db, account.id) if account else None
    if present is None or account is None or not is_right or present.password_hash != account.password_hash:
        _refused(db, present, now=now)
        return None
    if present.password_hash is not None and needs_new_hash(present.password_hash):
        accounts.set_password_hash(db, present.id, hash_password(password))
    return _enter(db, present.id, remember=remember, now=now, instead_of=instead_of)


def password_fits(account: Account | None, password: str) -> bool:
    """Whether this is the account's password; takes as long when there is no account or no password."""
    password_hash = account.password_hash if account is not None and account.disabled_at is None else None
    return is_right(password_hash, password) and len(password) <= PASSWORD_LONGEST


def sign_out(db: Session, token: str, *, account_id: int, now: datetime) -> None:
    """Forget the browser: a copy of its cookie is worth nothing from now on."""
    accounts.end_web_session(db, fingerprint(token))
    _note(db, Act.SIGNED_OUT, account_id, now=now)


# The first time ----------------------------------------------------------------------------------------------


def start_journal(
    db: Session, email: str, *, display_name: str, zone: str, browser: str, now: datetime
) -> Request:
    """Begin a journal for ``email`` if nobody has the address, and make the sign-in request either way.

    It goes on in the language it was begun in. The new account has no password until its mailbox was shown to be
    theirs. Refuses what ``begin_journal`` refuses, before it is looked whether the address is taken.
    """
    problems = problems_of_newcomer(display_name, zone)
    if problems:
        raise RefusedFields(problems)
    if accounts.account_by_email(db, email) is None:
        account = accounts.add_account(db, email, Role.PATIENT, now=now, language=spoken())
        begin_journal(db, account.id, display_name=display_name, zone=zone, now=now)
    return ask_to_sign_in(db, email, browser=browser, now=now)


def begin_patient(
    db: Session, email: str, *, display_name: str, zone: str, password: str, now: datetime
) -> Patient:
    """The account and journal of somebody whose mailbox is known to be theirs; ``password`` may be empty.

    ``email`` must be free. Refuses what ``begin_journal`` and ``check_password`` refuse.
    """
    if password:
        check_password(password, email=email)
    account = accounts.add_account(
        db,
        email,
        Role.PATIENT,
        now=now,
        password_hash=hash_password(password) if password else None,
        language=spoken(),
    )
    return begin_journal(db, account.id, display_name=display_name, zone=zone, now=now)


def enter(db: Session, account_id: int, *, remember: bool, now: datetime, instead_of: str | None) -> Entered:
    """Sign in the owner of an account whose proof the caller has just seen."""
    entered = _enter(db, account_id, remember=remember, now=now, instead_of=instead_of)
    if entered is None:
        raise NotFound
    return entered


def create_admin(db: Session, email: str, *, now: datetime) -> str:
    """Add an administrator; the secret of the link with which they choose their password. Refuses ``email_taken``."""
    return make_set_up_link(db, _new_account(db, email, Role.ADMIN, now=now).id, now=now)


def create_provider(
    db: Session,
    email: str,
    *,
    name: str,
    kind: Kind,
    clinic: clinics.Clinic,
    now: datetime,
    actor_account_id: int | None,
    credentials: str = "",
) -> tuple[clinics.Provider, str]:
    """Add a provider to ``clinic``: them, and the secret of the link with which they choose their password.

    Refuses ``email_taken``, ``name_missing`` and ``text_too_long``.
    """
    name = _name(name, field="name", most=NAME_LENGTH)
    if len(credentials) > CREDENTIALS_LENGTH:
        raise Refused("text_too_long", field="credentials", most=CREDENTIALS_LENGTH)
    account = _new_account(db, email, Role.PROVIDER, now=now)
    provider = clinics.add_provider(
        db, account.id, clinic_id=clinic.id, kind=kind, display_name=name, credentials=credentials
    )
    begin_notes(db, account.id, now=now)
    audit.record(
        db,
        Act.PROVIDER_CREATED,
        now=now,
        actor_account_id=actor_account_id,
        provider_id=provider.id,
        subject=provider.public_id,
    )
    return provider, make_set_up_link(db, account.id, now=now)


def found_clinic(db: Session, name: str, *, zone: str, now: datetime) -> clinics.Clinic:
    """The clinic of this name, made if there is none.

    Refuses ``clinic_missing``, ``text_too_long`` and ``zone_unknown``.
    """
    name = name.strip()
    if not name:
        raise Refused("clinic_missing", field="clinic_name")
    if len(name) > CLINIC_NAME_LENGTH:
        raise Refused("text_too_long", field="clinic_name", most=CLINIC_NAME_LENGTH)
    if not known_zone(zone):
        raise Refused("zone_unknown", field="zone")
    return clinics.clinic_by_name(db, name) or clinics.add_clinic(db, name=name, zone=zone, now=now)


def clinic_named(db: Session, name: str, *, zone: str, now: datetime) -> clinics.Clinic:
    """As :func:`found_clinic`; without a name the only clinic there is, and ``clinic_missing`` if there are more."""
    everyone = clinics.clinics(db)
    if not name.strip() and len(everyone) == 1:
        return everyone[0]
    return found_clinic(db, name, zone=zone, now=now)


def make_set_up_link(db: Session, account_id: int, *, now: datetime) -> str:
    """A new secret for choosing a password (72 h); the one before is dead. Refuses ``account_closed``."""
    if not accounts.is_open(db, account_id):
        raise Refused("account_closed")
    accounts.end_links_of(db, account_id, now=now, purpose=Purpose.SET_UP)
    token = new_token()
    accounts.add_link(
        db,
        account_id,
        Purpose.SET_UP,
        token_hash=fingerprint(token),
        now=now,
        ends_at=now + SET_UP_LINK_LASTS,
    )
    return token


def set_up(
    db: Session, token: str, password: str, *, now: datetime, instead_of: str | None = None
) -> Entered | None:
    """Spend a set-up link by choosing a password; None if it does not work any more.

    Every other browser of the account is signed out. Refuses what ``check_password`` refuses, and then the link is
    not spent.
    """
    account = accounts.account_of_link(db, fingerprint(token), Purpose.SET_UP, now=now)
    if account is None:
        return None
    check_password(password, email=account.email)
    if accounts.spend_link(db, fingerprint(token), Purpose.SET_UP, now=now) is None:
        return None
    _keep_password(db, account.id, password, now=now)
    return _enter(db, account.id, remember=False, now=now, instead_of=instead_of)


# Changing and ending -----------------------------------------------------------------------------------------


def change_password(
    db: Session, account_id: int, password: str, *, remember: bool, now: datetime, instead_of: str
) -> Entered:
    """Choose another password, or the first one; every browser is signed out and this one in again.

    Whether the present password was given is checked by the caller. Refuses what ``check_password`` refuses.
    """
    account = accounts.account_by_id(db, account_id)
    if account is None:
        raise NotFound
    check_password(password, email=account.email)
    _keep_password(db, account_id, password, now=now)
    return enter(db, account_id, remember=remember, now=now, instead_of=instead_of)


def disable(db: Session, account_id: int, *, actor_account_id: int | None, now: datetime) -> Clinic | None:
    """Close an account: its browsers, links and open invitations are dead at the next request. Twice is once.

    The clinic that named its owner as who looks at flags, and where nobody is named from now on; None where none did.
    """
    member = staff.member_of_account(db, account_id)
    left = None
    if member is not None and member.disabled_at is None:
        left = flag_reviews.end_with(db, member.provider_id, actor_account_id=actor_account_id, now=now)
    if not accounts.disable_account(db, account_id, now=now):
        return None
    accounts.end_web_sessions_of(db, account_id)
    accounts.end_links_of(db, account_id, now=now)
    push.forget_all(db, account_id)
    if member is not None:
        consents.withdraw_all(db, member.provider_id, now=now)
    audit.record(
        db,
        Act.ACCOUNT_DISABLED,
        now=now,
        actor_account_id=actor_account_id,
        provider_id=member.provider_id if member else None,
        patient_id=accounts.patient_id_of(db, account_id),
    )
    return left


def _enter(
    db: Session, account_id: int | None, *, remember: bool, now: datetime, instead_of: str | None
) -> Entered | None:
    account = None if account_id is None else accounts.account_by_id(db, account_id)
    if account is None or account.disabled_at is not None:
        _refused(db, account, now=now)
        return None
    if instead_of is not None:
        accounts.end_web_session(db, fingerprint(instead_of))
    role = Role(account.role)
    is_remembered = remember and role is Role.PATIENT
    lasts = STAFF_SESSION_LASTS
    if role is Role.PATIENT:
        lasts = PATIENT_SESSION_LASTS if is_remembered else PATIENT_SESSION_UNREMEMBERED
    token = new_token()
    accounts.begin_web_session(db, account.id, token_hash=fingerprint(token), now=now, ends_at=now + lasts)
    _note(db, Act.SIGNED_IN, account.id, now=now)
    return Entered(token=token, role=role, is_remembered=is_remembered)


def _refused(db: Session, account: Account | None, *, now: datetime) -> None:
    # Nobody knows who tried: the account is what it was about, not who did it.
    audit.record(
        db,
        Act.SIGN_IN_REFUSED,
        now=now,
        actor_account_id=None,
        patient_id=accounts.patient_id_of(db, account.id) if account else None,
        subject=account.public_id if account else None,
    )


def _note(db: Session, act: Act, account_id: int, *, now: datetime) -> None:
    """Write the act where the person can read it: a patient's own log has their sign-ins in it."""
    audit.record(
        db, act, now=now, actor_account_id=account_id, patient_id=accounts.patient_id_of(db, account_id)
    )


def _keep_password(db: Session, account_id: int, password: str, *, now: datetime) -> None:
    accounts.set_password_hash(db, account_id, hash_password(password))
    accounts.end_web_sessions_of(db, account_id)
    accounts.end_links_of(db, account_id, now=now)
    push.forget_all(db, account_id)  # a browser that is still somebody's own says so again by itself


def _new_account(db: Session, email: str, role: Role, *, now: datetime) -> Account:
    if accounts.account_by_email(db, email) is not None:
        raise Refused("email_taken", field="email")
    return accounts.add_account(db, email, role, now=now, language=spoken())


def _name(text: str, *, field: str, most: int) -> str:
    name = text.strip()
    if not name:
        raise Refused("name_missing", field=field)
    if len(name) > most:
        raise Refused("text_too_long", field=field, most=most)
    return name
