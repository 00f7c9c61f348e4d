"""Which language a request is answered in, and templates that can speak it.

Somebody signed in has said so in their settings; before that the browser does, or what was chosen here before.
"""

from __future__ import annotations

import flask
import jinja2

from journal import languages
from journal.languages import Language

_LANGUAGE = "language"
_SAYS_NOTHING = frozenset({"static_files.show", "health.livez"})


def choose() -> None:
    """Before a request is answered: what this browser remembers, else the first that it prefers and we speak."""
    if flask.request.endpoint in _SAYS_NOTHING:
        return
    kept = languages.known(str(flask.session.get(_LANGUAGE, "")))
    languages.speak(kept or languages.preferred(list(flask.request.accept_languages.values())))


def speak_with(locale: str) -> None:
    """Go on in the language of an account, and remember it here for the pages that ask nobody."""
    language = languages.known(locale) or Language.ENGLISH
    languages.speak(language)
    if flask.session.get(_LANGUAGE) != language.value:
        flask.session[_LANGUAGE] = language.value


def teach(environment: jinja2.Environment) -> None:
    """Give templates ``_``, ``ngettext`` and ``trans``; a ``trans`` block is one line, however it is broken."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals.update(spoken=languages.spoken, own_languages=tuple(languages.OWN_NAMES.items()))
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        languages.say, languages.say_plural, newstyle=True, pgettext=languages.pgettext
    )
