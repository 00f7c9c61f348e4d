"""Every limit on signing in and being let in, and nothing else. Lengths of time unless a unit is named.

Sources: OWASP ASVS 5.0.0 (chapters 6, 7, 11) and NIST SP 800-63B-4 where a number is theirs; the rest are Tideline's.
"""

from __future__ import annotations

from datetime import timedelta

PASSWORD_SHORTEST = 15
"""Characters, where the password is the only factor (SP 800-63B-4)."""
PASSWORD_LONGEST = 128
"""Characters; longer ones would only cost hashing time."""
PASSWORD_MEMORY_KIB = 47_104
PASSWORD_PASSES = 1
"""argon2id: one pass over 46 MiB (ASVS 5.0.0, appendix C)."""
HASHES_AT_ONCE = 4
"""Passwords hashed at the same time in one process, so that a storm of sign-ins cannot use up its memory."""

SIGN_IN_LINK_LASTS = timedelta(minutes=15)
SIGN_IN_CODE_DIGITS = 8
WRONG_CODES_MOST = 5
SET_UP_LINK_LASTS = timedelta(hours=72)
INVITATION_LASTS = timedelta(hours=72)

PATIENT_SESSION_LASTS = timedelta(days=30)
STAFF_SESSION_LASTS = timedelta(hours=12)
STAFF_SESSION_IDLES = timedelta(minutes=15)
TOUCHED_EVERY = timedelta(minutes=1)
"""How often a web session's last use is written down at the most."""

PATIENT_SESSION_UNREMEMBERED = timedelta(hours=24)
"""A browser that was not asked to remember the patient: at most this long, and no longer than the browser is open."""
UNLOCKED_IDLES = timedelta(minutes=10)
"""A patient's web session without a request for so long is locked (SS-04)."""
PROOF_LASTS = timedelta(minutes=5)
"""How fresh a sign-in or an unlock must be for what wants to be sure who asks (SS-07)."""
UNLOCK_CODE_LASTS = timedelta(minutes=15)
UNLOCK_MAILS = ("10 per hour",)
"""Mailed unlock codes for one account."""
JUST_SENT_IS_SHOWN = timedelta(minutes=10)
"""How long a locked browser is shown the check-in that it has just sent."""
PASSWORD_TRIES = ("5 per minute", "20 per hour", "100 per day")
"""Wrong passwords for one address, from anywhere. The mailed link stays open throughout: nobody can be locked out."""
SIGN_IN_MAILS = ("30 per hour",)
"""Sign-in mails to one address, from anywhere."""

KIOSK_CODE_DIGITS = 4
"""What is typed on a tablet that is handed over; few, so the next two are short as well."""
KIOSK_CODE_LASTS = timedelta(minutes=10)
KIOSK_TRIES_MOST = 5
"""Codes tried for one handing over; then it is over, and a new one is made."""
KIOSK_PLACE_LETTERS = 6
"""Letters in the address that the code is typed at (one of 729 million), so that nobody can end what they never saw."""
KIOSK_OPEN_FOR = timedelta(minutes=45)
"""From the code to the closing of a tablet that nobody gives back; the longest questionnaire takes about ten."""
KIOSK_KEPT_FOR = timedelta(days=1)
"""How long is kept that a tablet was handed over, for the provider who asks how it ended; the log keeps the fact."""
