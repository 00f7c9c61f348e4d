"""The form of the two-weekly questions: one answer each, any of them left out."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField

from journal.domain.errors import Refused, RefusedFields
from journal.domain.side_effects import Severity, SideEffectCode
from journal.storage.long_term_checks import ASKED


class CheckUpForm(FlaskForm):
    """What was chosen for each question, as sent; empty where nothing was, or rather not."""

    urinary_urgency_frequency = StringField()
    pain_on_urination = StringField()
    blood_in_urine = StringField()
    lower_abdominal_pain = StringField()
    memory_trouble = StringField()
    craving_or_extra_use = StringField()

    def answers(self) -> dict[SideEffectCode, Severity]:
        """What was answered. Refuses what no such question has as an answer."""
        found: dict[SideEffectCode, Severity] = {}
        problems = []
        for code in ASKED:
            text = self[code.value].data or ""
            if not text:
                continue
            try:
                found[code] = Severity(int(text))
            except ValueError:
                problems.append(Refused("not_a_choice", field=code.value))
        if problems:
            raise RefusedFields(problems)
        return found
