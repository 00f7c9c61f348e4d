"""Words after which a page says where people are. Nothing else follows from them, ever.

A plain list, compared without capitals and accents: it finds what is harmless and misses what is not, so what it says
is never kept, shown to anybody, counted, or taken for anything. In every language at once: people
write in the one they feel in.
"""

from __future__ import annotations

import re
import unicodedata

WORDS = (
    # English
    "suicid", "kill myself", "killing myself", "end my life", "ending my life", "end it all", "want to die",
    "wanted to die", "wish i was dead", "wish i were dead", "better off dead", "better off without me",
    "better without me", "hurt myself", "hurting myself", "harm myself", "self-harm", "self harm",
    "cut myself", "cutting myself", "do not want to live", "don't want to live", "don't want to be here",
    "no reason to live", "can't go on", "cannot go on",
    # Spanish
    "matarme", "quitarme la vida", "acabar con mi vida", "acabar con todo", "quiero morir", "quisiera morir",
    "ganas de morir", "no quiero vivir", "no quiero seguir viviendo", "mejor muert", "mejor sin mi",
    "hacerme daño", "cortarme", "autolesi", "no puedo seguir", "no puedo mas",
    # Greek
    "αυτοκτον", "να πεθάνω", "να σκοτωθώ", "να σκοτώσω τον εαυτό", "να δώσω τέλος", "να τελειώνουν όλα",
    "δε θέλω να ζω", "δεν θέλω να ζω", "δε θέλω να ζήσω", "δεν θέλω να ζήσω", "καλύτερα νεκρ",
    "καλύτερα χωρίς εμένα", "κακό στον εαυτό μου", "αυτοτραυματι", "να κοπώ", "δεν αντέχω άλλο",
)  # fmt: skip


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.casefold().replace("’", "'"))
    without = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(without.split())


_FOUND = re.compile(r"\b(?:" + "|".join(re.escape(_plain(word)) for word in WORDS) + ")")


def mentions_hard_thoughts(text: str) -> bool:
    """Whether one of the words begins anywhere in ``text``. For the page being drawn, and for nothing else."""
    return _FOUND.search(_plain(text)) is not None
