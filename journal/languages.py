"""The languages Tideline speaks, and the one it is speaking now.

English stands in the code and is the key; ``journal/catalogues`` holds the others, one ``.po`` file a language, read
when first spoken. The present language belongs to the request or the task that is going on (a context variable), so
web, jobs and mail say everything in the same way. How dates and numbers are written is ``journal.wording``.
"""

from __future__ import annotations

import functools
import gettext as catalogues
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from importlib import resources

from babel import Locale
from babel.core import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


class Language(StrEnum):
    """What an interface can be read in, by its ISO 639-1 code."""

    ENGLISH = "en"
    SPANISH = "es"
    GREEK = "el"


OWN_NAMES = {Language.ENGLISH: "English", Language.SPANISH: "Español", Language.GREEK: "Ελληνικά"}
"""Each language as its speakers call it: who cannot read the page finds it all the same."""

_spoken: ContextVar[Language] = ContextVar("language", default=Language.ENGLISH)


def spoken() -> Language:
    """The language that is being spoken."""
    return _spoken.get()


def speak(language: Language) -> None:
    """From here on, in this request or task, speak ``language``."""
    _spoken.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak ``language`` for the length of the block: a letter to somebody else than who is asking."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def known(code: str | None) -> Language | None:
    """The language with this code, whatever its region (``es-MX`` is Spanish); None for one not spoken here."""
    try:
        return Language((code or "").replace("_", "-").split("-")[0].lower())
    except ValueError:
        return None


def preferred(wanted: Sequence[str]) -> Language:
    """The first of the ``wanted`` codes that is spoken here; English where none is."""
    found = negotiate_locale([code.replace("-", "_") for code in wanted], list(Language))
    return known(found) or Language.ENGLISH


def locale() -> Locale:
    """Babel's knowledge of the language that is being spoken."""
    return _locale(spoken())


def gettext(text: str, **facts: object) -> str:
    """``text`` in the language being spoken, its ``%(name)s`` filled from ``facts``. Without facts a % is a %."""
    said = say(text)
    return said % facts if facts else said


def ngettext(one: str, many: str, count: int, **facts: object) -> str:
    """The form that goes with ``count``, which fills ``%(num)s`` as it is."""
    return say_plural(one, many, count) % {"num": count, **facts}


def say(text: str) -> str:
    """``text`` in the language being spoken, its gaps as they are: for templates, which fill them themselves."""
    return catalogue(spoken()).gettext(text)


def say_plural(one: str, many: str, count: int) -> str:
    """The form that goes with ``count``, its gaps as they are."""
    return catalogue(spoken()).ngettext(one, many, count)


def pgettext(context: str, text: str) -> str:
    """``text`` as it is said of ``context``: the “good” of a night is not the “good” of a mood everywhere."""
    return catalogue(spoken()).pgettext(context, text)


@functools.cache
def catalogue(language: Language) -> catalogues.NullTranslations:
    """Everything that can be said in ``language``. English says what stands in the code."""
    if language is Language.ENGLISH:
        return catalogues.NullTranslations()
    text = resources.files("journal").joinpath(f"catalogues/{language}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(text), locale=language.value))
    compiled.seek(0)
    return catalogues.GNUTranslations(compiled)


@functools.cache
def _locale(language: Language) -> Locale:
    return Locale.parse(language.value)
