"""What the forms of a treatment session have in common on both sides: choices, and what became of a form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from journal.domain.doses import DoseUnit
from journal.domain.side_effects import OFFERED
from journal.domain.treatment_checks import Doubt
from journal.domain.treatment_records import Measured, MedicineTaken, Setting
from journal.domain.treatments import Route, TreatmentSession
from journal.languages import gettext as _
from journal.languages import pgettext
from journal.services.treatment_records import Doubted, name_of
from journal.web.attempts import Attempt
from journal.web.forms.treatments import SURE_BREAK, TreatmentForm
from journal.web.labels import STATUSES, route_words, status_words
from journal.web.treatment_words import (
    SEVERITIES,
    doubt_words,
    measured_words,
    medicine_words,
    setting_words,
    severity_words,
    side_effect_words,
    unit_words,
)

_FIELDS = {"ended_at": "ended", "ready_to_leave_at": "ready_to_leave"}
"""Where a form asks for less than an instant, the field has a name of its own."""


class SessionAttempt(Attempt):
    """One try to keep a session's form, of which a third thing may come: ``doubts``, to be asked about once more."""

    def __init__(self) -> None:
        super().__init__()
        self.doubts: tuple[Doubt, ...] = ()

    @property
    def status(self) -> int:
        """422 for a form that was not kept."""
        return 422 if self.doubts else super().status

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Do what is asked for within; the fields of what is refused are named as the form names them."""
        try:
            with super().trying():
                yield
        except Doubted as fault:
            self.doubts = fault.doubts
        self.errors = {_FIELDS.get(field, field): sentence for field, sentence in self.errors.items()}


def asked(form: TreatmentForm, attempt: SessionAttempt) -> dict[str, object]:
    """What every page with a session's form shows."""
    return {
        "form": form,
        "errors": attempt.errors,
        "doubts": [(doubt.field, doubt_words(doubt)) for doubt in attempt.doubts],
        "sure": SURE_BREAK.join(name_of(doubt) for doubt in attempt.doubts),
        "statuses": [(status.value, status_words(status)) for status in STATUSES],
        "routes": [
            ("", _("Not sure, or rather not say")),
            *((route.value, route_words(route)) for route in Route),
        ],
        "units": [("", pgettext("dose", "Choose")), *((unit.value, unit_words(unit)) for unit in DoseUnit)],
    }


def choices() -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in the rest of the record, in the language being spoken."""
    return {
        "settings": [("", _("Not said")), *((one.value, setting_words(one)) for one in Setting)],
        "measured": [(one.value, measured_words(one)) for one in Measured],
        "medicines": [(one.value, medicine_words(one)) for one in MedicineTaken],
        "codes": [
            ("", pgettext("side effect", "None")),
            *((one.value, side_effect_words(one)) for one in OFFERED),
        ],
        "severities": [("", pgettext("severity", "Choose")), *_severities()],
    }


def now_there(faster: TreatmentSession | None) -> dict[str, object]:
    """What the record says now, where somebody changed it while this form was open."""
    if faster is None:
        return {"faster": None}
    said = (status_words(faster.status), route_words(faster.route))
    return {"faster": faster, "faster_says": ", ".join(part for part in said if part)}


def _severities() -> list[tuple[str, str]]:
    return [(str(one.value), severity_words(one)) for one in SEVERITIES]
