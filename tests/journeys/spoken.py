"""What a page says, and whether it says it in its language: no English left where the catalogue knows better.

Everything counts that the page holds: what is folded, what a screen reader hears, what waits in a template for its
script. What people wrote themselves is theirs, and so is what says of itself that it is in another language.
"""

from __future__ import annotations

import functools
import re

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from playwright.sync_api import Page

from journal.languages import Language
from tests.house.source import ROOT

_READ = """
() => {
  const own = ".words, .quote, [data-step] p, textarea, script, style";
  const lang = document.documentElement.lang;
  const texts = document.title.split(" · ");
  const read = root => {
    for (const one of root.querySelectorAll("*")) {
      if (one.localName === "template") read(one.content);
      if (one.closest(own) || (one.closest("[lang]")?.lang ?? lang) !== lang) continue;
      for (const name of ["aria-label", "title", "placeholder", "alt", "data-done"]) {
        if (one.hasAttribute(name)) texts.push(one.getAttribute(name));
      }
      for (const node of one.childNodes) if (node.nodeType === Node.TEXT_NODE) texts.push(node.data);
    }
  };
  read(document.documentElement);
  const heads = [...document.querySelectorAll("h1")].filter(one => one.checkVisibility());
  return { lang, heads: heads.length, texts };
}
"""
_GAP = re.compile(r"%\(\w+\)s|\{\w+\}")
_TAG = re.compile(r"<[^>]+>")
_WORD = re.compile(r"[^\W\d_]{2,}")
_TELLING = re.compile(r"\b(?!with\b)[^\W\d_]{4,}")
"""What a text with gaps has between them at least: “%(first)s of %(last)s” would fit the Isle of Man, and
“%(kind)s with %(name)s” an evening with friends."""
_SURELY_A_SENTENCE = 3
"""So many words in a row, and they are English wherever they stand; fewer must be all that a text says."""


def misspoken(page: Page, language: Language) -> list[str]:
    """What is wrong with the words of the page as it stands: its language, its heading, what it says in English."""
    said = page.evaluate(_READ)
    found = []
    if said["lang"] != language:
        found.append(f"calls itself {said['lang']!r}")
    if said["heads"] != 1:
        found.append(f"{said['heads']} h1")
    texts = {" ".join(text.split()) for text in said["texts"]}
    return found + [f"{text!r} is English" for text in sorted(texts) if _is_english(text, language)]


@functools.cache
def _is_english(text: str, language: Language) -> bool:
    if language is Language.ENGLISH or not _WORD.search(text):
        return False
    whole, within = _english(language)
    return bool(whole.fullmatch(text) or within.search(text))


@functools.cache
def _english(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What is English as a whole text, and what is English anywhere: of the texts that ``language`` says otherwise."""
    with (ROOT / f"journal/catalogues/{language}.po").open("rb") as file:
        known = [one for one in read_po(file, locale=language.value) if one.id]
    same = {part.casefold() for one in known for text in _forms(one.string) for part in _TAG.split(text)}
    parts = {part.strip() for one in known for text in _forms(one.id) for part in _TAG.split(text)}
    parts = {part for part in parts if _tells(part) and part.casefold() not in same}
    whole = [".+?".join(re.escape(literal) for literal in _GAP.split(part)) for part in parts]
    literals = {literal.strip(" .,:;") for part in parts for literal in _GAP.split(part)}
    within = [re.escape(one) for one in literals if len(_WORD.findall(one)) >= _SURELY_A_SENTENCE]
    return re.compile("|".join(whole), re.IGNORECASE), re.compile(rf"\b(?:{'|'.join(within)})\b")


def _tells(part: str) -> bool:
    """Whether English can be told by this."""
    return bool((_TELLING if _GAP.search(part) else _WORD).search(_GAP.sub(" ", part)))


def _forms(text: Message | str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """A text in all its plural forms."""
    return (text,) if isinstance(text, str) else tuple(text)  # type: ignore[arg-type]
