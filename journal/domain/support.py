"""A person's own plan for hard days: six steps in their own words, and one person to call.

The steps follow the published elements of such plans (Stanley and Brown 2012, doi:10.1016/j.cbpra.2011.01.001) in
Tideline's own words. Nothing is required, nothing is rated, and nobody but its owner reads it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields, replace

from journal.domain.checkins import NOT_TEXT
from journal.domain.errors import Refused, RefusedFields

STEPS = ("signs", "alone", "distraction", "people", "professionals", "safer")
"""The steps, in their order."""
STEP_LENGTH = 2_000
PERSON_NAME_LENGTH = 80
PERSON_PHONE_LENGTH = 40
PHONE = r"\+?[0-9()./ \-]*"
"""A number as people write one: digits, and what they put between them."""

_PHONE = re.compile(PHONE)
_DIGITS_LEAST = 3
_DASHES = str.maketrans("‐‑‒–—", "-----")


@dataclass(frozen=True, slots=True)
class CopingPlan:
    """What is written in a plan. An empty text was left empty; ``person_phone`` is a number as its owner writes it."""

    signs: str = ""
    alone: str = ""
    distraction: str = ""
    people: str = ""
    professionals: str = ""
    safer: str = ""
    person_name: str = ""
    person_phone: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written in it."""
        return self == CopingPlan()

    @property
    def dial(self) -> str:
        """The number as a phone dials it: digits, after a plus if there is one. Empty where there is no number."""
        return dialled(self.person_phone)


def dialled(number: str) -> str:
    """A number, written as people do, as a phone dials it: digits, after a plus if there is one."""
    if number.startswith("+"):
        number = number.replace("(0)", "")  # dialled at home alone
    return re.sub(r"(?!^\+)[^0-9]", "", number)


def can_be_dialled(number: str) -> bool:
    """Whether a phone could dial what is written there."""
    return bool(_PHONE.fullmatch(number)) and len(dialled(number).lstrip("+")) >= _DIGITS_LEAST


def tidied(plan: CopingPlan) -> CopingPlan:
    """``plan`` without what nobody typed on purpose.

    Browsers send line ends as CRLF; a number copied from a list of contacts comes with marks that cannot be seen.
    """
    said = {step: getattr(plan, step).replace("\r\n", "\n").strip() for step in STEPS}
    seen = "".join(sign for sign in plan.person_phone if unicodedata.category(sign) != "Cf")
    return replace(
        plan,
        **said,
        person_name=" ".join(plan.person_name.split()),
        person_phone=" ".join(seen.translate(_DASHES).split()),
    )


def check(plan: CopingPlan) -> None:
    """Refuse, all at once, texts that are too long or hold no text, and a number that no phone could dial."""
    most = dict.fromkeys(STEPS, STEP_LENGTH) | {
        "person_name": PERSON_NAME_LENGTH,
        "person_phone": PERSON_PHONE_LENGTH,
    }
    problems = []
    for field in fields(plan):
        name, text = field.name, getattr(plan, field.name)
        if len(text) > most[name]:
            problems.append(Refused("text_too_long", field=name, most=most[name]))
        elif NOT_TEXT.search(text):
            problems.append(Refused("text_unreadable", field=name))
        elif name == "person_phone" and text and not can_be_dialled(text):
            problems.append(Refused("phone_unreadable", field=name))
    if problems:
        raise RefusedFields(problems)
