"""The form of the coping plan: what was typed, as typed. What a plan may hold is asked of the domain."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField

from journal.domain.support import CopingPlan
from journal.storage.support import WORDS


class PlanForm(FlaskForm):
    """Everything a person typed, as typed, so that a refused form shows it again."""

    signs = StringField()
    alone = StringField()
    distraction = StringField()
    people = StringField()
    professionals = StringField()
    safer = StringField()
    person_name = StringField()
    person_phone = StringField()
    version = StringField()

    def plan(self) -> CopingPlan:
        """The plan that stands in the form."""
        return CopingPlan(**{name: self[name].data or "" for name in WORDS})

    def seen_version(self) -> int:
        """The version that was open; -1, which no plan has, where somebody removed it."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
