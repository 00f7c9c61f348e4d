"""What a clinic says to its patients before and after a session: a checklist and a few short texts, in its own words.

Every part that the clinic has not written yet is a neutral example, and is shown as one: an example instructs nobody.
The fixed words of the aftercare card stand in the pages; the clinic adds to them and takes nothing away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from journal.domain.checkins import NOT_TEXT
from journal.domain.errors import Refused, RefusedFields
from journal.domain.treatment_records import CHECKLIST_MOST
from journal.domain.words import translatable

ITEM_LENGTH = 160
TEXT_LENGTH = 2_000

ESCORT, FASTING = "escort", "fasting_ok"
"""The ids of the two items that are fields of a session's record too, whatever words a clinic gives them."""

EXAMPLE_ITEMS: dict[str, str] = {
    ESCORT: translatable("Someone will take me home"),
    FASTING: translatable("I know when to stop eating and drinking"),
    "medicines": translatable("I’ve asked which medicines to take that day"),
    "quiet": translatable("A quiet evening, nothing planned"),
    "comfort": translatable("Music, blanket, eye mask"),
}
EXAMPLE_TEXTS: dict[str, str] = {
    "what_to_expect": translatable(
        "You are awake the whole time. Some people feel calm or floaty, some feel far away from their body or the"
        " room, some feel little at all. It usually passes soon after the session. Someone is there with you, and"
        " you can say how you are at any time. Results vary from person to person, and from session to session."
    ),
    "ask_first": translatable(
        "Tell your clinic before the session if something about your health has changed: your blood pressure, heart"
        " or liver, a pregnancy or breastfeeding, your medicines, alcohol or other substances, or how you have been"
        " feeling. They decide with you what it means."
    ),
    "food_and_drink": translatable(
        "Ask your clinic when to stop eating and drinking, and which of your medicines to take that day."
    ),
    "aftercare": translatable("Rest, drink some water, eat something light, and keep the evening free."),
}
"""One sentence or a few for each text of a template, by the name of its field."""

TEXTS = tuple(EXAMPLE_TEXTS)

_ITEM_ID = re.compile(r"[A-Za-z0-9_-]{1,24}")


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line to tick. Its id stays when its words change: what a patient has ticked stays ticked."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class ClinicTemplate:
    """A clinic’s own words. None: not written yet, and the example stands there; empty: the clinic says nothing."""

    checklist: tuple[ChecklistItem, ...] | None = None
    what_to_expect: str | None = None
    ask_first: str | None = None
    food_and_drink: str | None = None
    aftercare: str | None = None

    @property
    def examples(self) -> frozenset[str]:
        """The parts, by their names, that are still examples."""
        return frozenset(field.name for field in fields(self) if getattr(self, field.name) is None)


def check(template: ClinicTemplate) -> None:
    """Refuse, all at once as :class:`RefusedFields`, what is too long, too much or no text."""
    problems = []
    items = template.checklist or ()
    ids = [item.id for item in items]
    if len(items) > CHECKLIST_MOST:
        problems.append(Refused("checklist_too_long", field="checklist", most=CHECKLIST_MOST))
    if len(set(ids)) < len(ids) or not all(_ITEM_ID.fullmatch(one) for one in ids):
        problems.append(Refused("not_a_choice", field="checklist"))
    for item in items:
        problems += _text_problems(f"item-{item.id}", item.text, ITEM_LENGTH)
    for name in TEXTS:
        problems += _text_problems(name, getattr(template, name) or "", TEXT_LENGTH)
    if problems:
        raise RefusedFields(problems)


def _text_problems(field: str, text: str, most: int) -> list[Refused]:
    if len(text) > most:
        return [Refused("text_too_long", field=field, most=most)]
    return [Refused("text_unreadable", field=field)] if NOT_TEXT.search(text) else []
