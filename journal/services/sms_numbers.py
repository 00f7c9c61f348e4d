"""A number of one's own for text messages: reading it, proving it with a code, and taking it away again.

The code is sent by the edge, after the commit; how many may be sent is counted in ``throttles``. Where messages go is
decided by the rule of the reminders.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from journal.domain.errors import Refused
from journal.languages import gettext as _
from journal.services.links import new_code
from journal.storage import sms

CODE_DIGITS = 6
CODE_LASTS = timedelta(minutes=10)
TRIES_MOST = 5
"""Codes typed for one that was sent; then it is over."""
CODES_MOST = ("3 per day",)
"""Sent for one account, and sent to one number through whichever accounts: each costs money and a stranger's peace."""

NUMBER_LENGTH = 40
"""Characters of a number as people write it."""


def read_number(typed: str, *, region: str) -> str:
    """The number in the form in which it is dialled from anywhere (E.164).

    ``region`` (ISO 3166, or "") is where a number without ``+`` is from. Refuses ``sms_number_missing``,
    ``sms_number_unreadable`` (no such number can exist) and ``sms_number_costly`` (premium rate, shared cost).
    """
    import phonenumbers  # here, because it takes longer to load than all of a page

    seen = "".join(
        sign for sign in unicodedata.normalize("NFKC", typed) if unicodedata.category(sign) != "Cf"
    )
    if not seen.strip():
        raise Refused("sms_number_missing", field="number")
    try:
        number = phonenumbers.parse(seen[: NUMBER_LENGTH + 1], region or None)
    except phonenumbers.NumberParseException:
        raise Refused("sms_number_unreadable", field="number") from None
    kind = phonenumbers.number_type(number)
    if kind in {phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.SHARED_COST}:
        raise Refused("sms_number_costly", field="number")
    if len(seen) > NUMBER_LENGTH or number.extension or not phonenumbers.is_valid_number(number):
        raise Refused("sms_number_unreadable", field="number")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def ask_for_code(db: Session, account_id: int, *, number: str, now: datetime) -> str | None:
    """Keep ``number`` for an account, unproven, and return the code to send to it; the one before is over.

    None where STOP came from that number: then nothing may be sent to it, and nobody is told, because whose number it
    is has not been shown.
    """
    code = new_code(CODE_DIGITS)
    sms.keep(db, account_id, number=number, code=code, code_ends_at=now + CODE_LASTS, now=now)
    return None if sms.is_stopped(db, sms.fingerprint_of(db, number)) else code


def prove(db: Session, account_id: int, code: str, *, now: datetime) -> bool:
    """Whether ``code`` is the live one, which makes the number the account's own. The caller commits either way."""
    return sms.verify(db, account_id, code=code, most=TRIES_MOST, now=now)


def remove(db: Session, account_id: int) -> None:
    """Forget the number of an account."""
    sms.forget(db, account_id)


def words_of(code: str) -> str:
    """The message that brings a code: nothing but that, in the language being spoken."""
    return _("%(code)s is your code", code=code)
