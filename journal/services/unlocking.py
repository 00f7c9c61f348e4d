"""Unlocking a browser that is signed in and locked: by the password, or by a fresh code from the mail.

The same shows who asks before the few acts that want to be sure of it. An unlock gives the web session another
secret; when it ends stays as it was. How many tries there may be is counted in ``throttles``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain.access_limits import SIGN_IN_CODE_DIGITS, UNLOCK_CODE_LASTS, WRONG_CODES_MOST
from journal.services.links import code_fingerprint, fingerprint, new_code, new_token
from journal.storage import accounts, audit
from journal.storage.accounts import Account, Purpose
from journal.storage.audit import Act


def ask_for_code(db: Session, account_id: int, *, token: str, now: datetime) -> str:
    """A code for the browser with the web session's secret ``token``; what it asked for before is over.

    It is bound to that secret, so it works in no other browser, and not here once something else has unlocked it.
    """
    code = new_code(SIGN_IN_CODE_DIGITS)
    accounts.end_links_of_browser(db, fingerprint(token), now=now)
    accounts.add_link(
        db,
        account_id,
        Purpose.UNLOCK,
        token_hash=fingerprint(new_token()),  # a link that nobody is sent
        code_hash=code_fingerprint(code, token),
        browser=fingerprint(token),
        now=now,
        ends_at=now + UNLOCK_CODE_LASTS,
    )
    return code


def unlock_by_code(db: Session, account_id: int, code: str, *, token: str, now: datetime) -> str | None:
    """Unlock with a mailed code: the web session's new secret; None if the code is wrong or over.

    Five wrong ones end it. The caller commits either way: the wrong ones count.
    """
    browser = fingerprint(token)
    spent_by = accounts.spend_code(
        db,
        code_fingerprint(code, token),
        browser=browser,
        now=now,
        wrong_codes_most=WRONG_CODES_MOST,
        purpose=Purpose.UNLOCK,
    )
    if spent_by is None:
        accounts.end_tried_out(db, browser=browser, wrong_codes_most=WRONG_CODES_MOST, now=now)
    return _unlock(db, account_id, token=token, is_right=spent_by == account_id, now=now)


def unlock_by_password(
    db: Session, account: Account, *, is_right: bool, token: str, now: datetime
) -> str | None:
    """Unlock with the password: the web session's new secret; None if it was wrong. The caller commits either way.

    Comparing is slow on purpose and happens before the transaction (``accounts.password_fits``); here it counts only
    if the account still has the password that was compared.
    """
    present = accounts.account_by_id(db, account.id)
    still = present is not None and present.password_hash == account.password_hash
    return _unlock(db, account.id, token=token, is_right=is_right and still, now=now)


def stay_open(db: Session, account_id: int, *, token: str, now: datetime) -> str | None:
    """Lock this browser no more for being idle: the web session's new secret; None if it has ended.

    Whether its owner has just shown who they are is checked by the caller.
    """
    new = new_token()
    if not accounts.keep_open(db, fingerprint(token), new_token_hash=fingerprint(new), now=now):
        return None
    _note(db, Act.KEPT_OPEN, account_id, now=now)
    return new


def lock_again(db: Session, account_id: int, *, token: str, now: datetime) -> None:
    """Lock this browser again when it has been idle. Anybody who holds it may: it takes nothing away."""
    if accounts.lock_when_idle(db, fingerprint(token), now=now):
        _note(db, Act.LOCKS_AGAIN, account_id, now=now)


def _unlock(db: Session, account_id: int, *, token: str, is_right: bool, now: datetime) -> str | None:
    if not is_right:
        # Nobody knows who tried: the journal is what it was about, not who did it.
        audit.record(
            db,
            Act.UNLOCK_REFUSED,
            now=now,
            actor_account_id=None,
            patient_id=accounts.patient_id_of(db, account_id),
        )
        return None
    new = new_token()
    if not accounts.unlock_web_session(db, fingerprint(token), new_token_hash=fingerprint(new), now=now):
        return None
    _note(db, Act.UNLOCKED, account_id, now=now)
    return new


def _note(db: Session, act: Act, account_id: int, *, now: datetime) -> None:
    audit.record(
        db, act, now=now, actor_account_id=account_id, patient_id=accounts.patient_id_of(db, account_id)
    )
