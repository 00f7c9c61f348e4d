"""Mood names: how two spellings are compared, which levels Daylio's own names have, which names ask for attention.

A name that is not in ``DAYLIO_DEFAULTS`` has no level here: it is asked for, never guessed.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping

from journal.domain.errors import Refused
from journal.interop.tables import clean_cell, one_line

LOWEST, HIGHEST = 1, 5
"""The ends of a five-level mood scale; 5 is best."""

DAYLIO_DEFAULTS: Mapping[str, int] = {
    "rad": 5,
    "good": 4,
    "meh": 3,
    "bad": 2,
    "awful": 1,
    "super": 5,
    "gut": 4,
    "ok": 3,
    "schlecht": 2,
    "lausig": 1,
}
"""The names Daylio starts with in English and in German. Other languages are left out until somebody has seen them."""

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u0060": "'", "\u00b4": "'"})

# Word beginnings without accents, each at the start of a word. Wide on purpose: a name is only listed for its owner to
# look at, and a word too many costs nothing. By language: en de es fr it pt nl sv da/nb fi pl cs ru uk el ro hu tr.
_WORRYING = (
    r"suicid|self.?harm|self.?injur|kill(ing)? (myself|me)|hurt(ing)? myself|cut(ting)? myself|cutting|end(ing)? it all"
    r"|(want|wish|wanna|going|ready) to die|wanna die|better off dead|(want|wish) (to be|i was|i were) dead|dying"
    r"|no reason to live|unalive|kms|kys",
    r"suizid|selbstmord|selbsttotung|selbstverletz|selbstschadig|lebensmude|umbringen|sterben|ritzen|todeswunsch"
    r"|tot sein",
    r"autoles|autolit|morir|matarme|quitarme la vida|cortarme|hacerme dano",
    r"automutil|me tuer|mourir|en finir|envie de mort|me faire du mal",
    r"autolesion|uccidermi|ammazzarmi|morire|farla finita|farmi del male",
    r"automutila|me matar|morrer|me cortar",
    r"zelfmoord|zelfdod|zelfbeschadig|zelfverminking|zelfverwonding|dood willen|dood zijn|doodgaan|sterven",
    r"sjalvmord|sjalvskad|vill do\b|vilja do\b|ta livet av mig",
    r"selvmord|selvskad|vil (gerne |bare )?do\b|lyst til at do\b|ta livet mitt",
    r"itsemurha|itsetuho|haluan kuolla|viiltely",
    r"samoboj|zabic sie|umrzec|samookalecz|nie chce zyc",
    r"sebevra|sebeposkoz|chci umrit|zabit se",
    r"суицид|самоуби|самоповр|селфхарм|умереть|убить себя|не хочу жить",
    r"самогуб|самоушкодж|померти|вбити себе",
    r"αυτοκτον|αυτοτραυματ|να πεθανω|να σκοτωθω",
    r"sinucid|automutil|vreau sa mor",
    r"ongyilk|onsert|meg akarok halni",
    r"intihar|olmek ist|kendime zarar",
)
_WORRYING_NAME = re.compile(r"\b(?:" + "|".join(_WORRYING) + ")")


def mood_name(cell: str) -> str:
    """The name as it is shown and stored: the person's own spelling, one blank between words, none around them."""
    return one_line(clean_cell(cell))


def mood_key(name: str) -> str:
    """What makes two names the same: neither case, nor blanks around them, nor the shape of the apostrophe."""
    return mood_name(name).translate(_APOSTROPHES).casefold()


def sounds_like_self_harm(name: str) -> bool:
    """Whether a name should be pointed out to the person who wrote it: a list of words, not a judgement."""
    unaccented = "".join(
        letter for letter in unicodedata.normalize("NFD", mood_key(name)) if not unicodedata.combining(letter)
    )
    return _WORRYING_NAME.search(unaccented.replace("ø", "o").replace("ł", "l")) is not None


def read_mood_map(content: bytes) -> dict[str, int | None]:
    """The mood levels of a mapping file, ``{"moods": {"name": 1 to 5}}``, by the name as the file spells it.

    5 is best. ``null`` keeps a mood as a word without a level. Other top-level names are left for other importers.
    Refused: ``map_not_json``, ``map_without_moods``, ``map_level``.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Refused("map_not_json", field="map") from error
    moods = document.get("moods") if isinstance(document, dict) else None
    if not isinstance(moods, dict):
        raise Refused("map_without_moods", field="map")
    for level in moods.values():
        _check_level(level)
    return moods


def levels_by_key(moods: Mapping[str, int | None] | None) -> dict[str, int | None]:
    """The known default names and the person's own mapping together; where both name a mood, the person decides.

    Refused: ``map_level`` (not a whole number from 1 to 5 and not None), ``map_names_clash`` (two spellings of one name
    with different levels).
    """
    own: dict[str, int | None] = {}
    for name, level in (moods or {}).items():
        _check_level(level)
        key = mood_key(name)
        if key in own and own[key] != level:
            raise Refused("map_names_clash", field="map")
        own[key] = level
    return {**DAYLIO_DEFAULTS, **own}


def _check_level(level: object) -> None:
    if level is None:
        return
    if isinstance(level, bool) or not isinstance(level, int) or not LOWEST <= level <= HIGHEST:
        raise Refused("map_level", field="map", low=LOWEST, high=HIGHEST)
