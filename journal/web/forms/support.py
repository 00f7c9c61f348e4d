"""The form of the coping plan: what was typed, as typed. What a plan may hold is asked of the domain."""

from __future__ import annotations

from wtforms import StringField

from journal.domain.support import CopingPlan
from journal.storage.support import WORDS
from journal.web.forms.reading import VersionForm


class PlanForm(VersionForm):
    """Everything a person typed, as typed, so that a refused form shows it again."""

    signs = StringField()
    alone = StringField()
    distraction = StringField()
    people = StringField()
    professionals = StringField()
    safer = StringField()
    person_name = StringField()
    person_phone = StringField()

    def plan(self) -> CopingPlan:
        """The plan that stands in the form."""
        return CopingPlan(**{name: self[name].data or "" for name in WORDS})
