"""Reading the answers of a questionnaire from a form: text becomes values. What may be answered, the domain says."""

from __future__ import annotations

from collections.abc import Mapping

from journal.domain.assessments import DECLINED, Answer, check
from journal.domain.errors import Refused, RefusedFields
from journal.domain.instruments import Instrument

_LONGEST = 3


def field_of(key: str) -> str:
    """The name of the field of one question; also the id of its first answer."""
    return f"q{key}"


def read_answers(known: Instrument, form: Mapping[str, str]) -> dict[str, Answer]:
    """The answers by the key of their question; what was left open is not among them.

    Refuses ``not_a_choice`` for everything else that stands there, all at once, with the field's name.
    """
    answers: dict[str, Answer] = {}
    problems = []
    for item in known.items:
        name = field_of(item.key)
        text = form.get(name, "")
        if not text:
            continue
        answer: Answer | None = None
        if text == DECLINED.value:
            answer = DECLINED
        elif text.isascii() and text.isdigit() and len(text) <= _LONGEST:
            answer = int(text)
        try:
            if answer is None:
                raise RefusedFields([])
            check(known, {item.key: answer})
        except RefusedFields:
            problems.append(Refused("not_a_choice", field=name))
        else:
            answers[item.key] = answer
    if problems:
        raise RefusedFields(problems)
    return answers
