"""Secrets that people carry: tokens in links, codes to type, cookies. Only their hashes are ever stored."""

from __future__ import annotations

import hashlib
import secrets

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U: read aloud and typed without mistakes
_CODE_LENGTH = 27


def new_token() -> str:
    """A token for a link or a cookie: 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def new_code(digits: int) -> str:
    """A code of so many digits to type from a mail."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"


def new_place(letters: int) -> str:
    """So many letters and digits of an address that is typed from another screen."""
    return "".join(secrets.choice(_LETTERS) for _ in range(letters))


def new_paper_code() -> str:
    """A code to print and type: 27 letters and digits (132 bits), written in nine groups of three."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    return "-".join(letters[start : start + 3] for start in range(0, _CODE_LENGTH, 3))


def normal_paper_code(typed: str) -> str:
    """What was typed, in the form it was printed in: capitals, no spaces, dashes in their places."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return "-".join(letters[start : start + 3] for start in range(0, len(letters), 3))


def fingerprint(secret: str) -> str:
    """SHA-256 (hex) of a token or code: what is stored and looked up. Tokens are long, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def code_fingerprint(code: str, browser: str) -> str:
    """The hash of a code that works in one browser alone, the one with the secret ``browser``.

    Eight digits are few: without that secret, which is not stored, a copied database would give them away.
    """
    return fingerprint(f"{browser}:{code}")
